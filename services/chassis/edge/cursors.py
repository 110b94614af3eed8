"""Where a list goes on: opaque, versioned, and refused when garbled or used on another list."""

import base64
import zlib
from typing import Any, TypeVar

import msgspec

from chassis.errors import Invalid

T = TypeVar("T")
_VERSION = b"\x01"
_LONGEST = 512
_CHECK_BYTES = 4


def encode(values: Any, *, of: str) -> str:
    """The cursor behind a row, made of its sort values; ``of`` names the list and its filters."""
    content = msgspec.json.encode(values)
    packed = _VERSION + _check(content, of) + content
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(cursor: str, type_: type[T], *, of: str) -> T:
    """The sort values of a cursor that ``encode`` made for the same list.

    Raises:
        Invalid: it is garbled, of another version, or of a list with other filters.
    """
    try:
        return _unpacked(cursor, type_, of)
    except (ValueError, RecursionError):
        raise Invalid.at(
            "?cursor",
            "the cursor is not one that this list gave out; begin again without it",
            "dấu trang này không phải do danh sách này đưa ra; vui lòng xem lại từ trang đầu",
        ) from None


def _unpacked(cursor: str, type_: type[T], of: str) -> T:
    if len(cursor) > _LONGEST:
        raise ValueError("too long")
    packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    check, content = packed[1 : 1 + _CHECK_BYTES], packed[1 + _CHECK_BYTES :]
    if packed[:1] != _VERSION or check != _check(content, of):
        raise ValueError("another version or another list")
    return msgspec.json.decode(content, type=type_)


def _check(content: bytes, of: str) -> bytes:
    """Against accidents, not against malice: a cursor opens nothing a query could not ask for."""
    return zlib.crc32(content, zlib.crc32(of.encode())).to_bytes(_CHECK_BYTES, "big")
