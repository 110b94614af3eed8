"""JSON read strictly: no field twice, no endless number; what cannot be read at all is said."""

import json
import re
from typing import Any

from chassis.edge import sentences
from chassis.edge.sentences import Digits
from chassis.errors import Fault, Invalid, Malformed

_LONGEST_NUMBER = 100  # digits read of a number that is refused anyway
_BYTE = re.compile(r"byte (\d+)")


class DuplicateFieldError(ValueError):
    """A JSON object names a field twice (RFC 8259 leaves open which one would count)."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field[:40]!r} is given twice")
        self.field = field


def refuse_duplicates(raw: bytes, canonical: bytes, left_out: int = 0) -> None:
    """Pass silently when no object in a document names a field twice.

    ``canonical`` is what was read from it, written again with every field at most once and without
    ``left_out`` of those that were given.

    Raises:
        DuplicateFieldError: one does.
    """
    # Each name given has a colon, and so has each kept. As many of them in both, and none in a text
    # hidden behind an escape (\u003a): no name came twice. Otherwise look closely.
    if raw.count(b":") != canonical.count(b":") + left_out or b"u003" in raw:
        decode(raw)


def decode(raw: bytes) -> Any:
    """What a document holds, as Python's own values; a number may be :class:`Digits`.

    Raises:
        ValueError, RecursionError: to be handed to :func:`unreadable`.
    """
    return _strict.decode(raw.decode())


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise DuplicateFieldError(next(name for name in names if names.count(name) > 1))
    return found


def _number(text: str) -> int | Digits:
    return int(text) if len(text) <= _LONGEST_NUMBER else Digits(text)


_strict = json.JSONDecoder(parse_int=_number, object_pairs_hook=_distinct)


def unreadable(error: Exception, raw: bytes) -> Malformed | Invalid:
    """Why a whole body cannot be read, from the error; of a decoder's words only the place."""
    if isinstance(error, RecursionError):
        return Malformed(
            "the JSON is nested too deeply", "nội dung JSON lồng vào nhau quá nhiều tầng"
        )
    if isinstance(error, UnicodeDecodeError):
        return Malformed("the text is not in UTF-8", "chữ gửi lên không theo bảng mã UTF-8")
    if isinstance(error, DuplicateFieldError):
        said = sentences.given_twice(error.field)
        return Invalid(*said, faults=[Fault("", "duplicate-field", *said)])
    at = _letter(error, raw)
    if at is None:
        return Malformed(
            "this is not JSON: it is not whole", "nội dung gửi lên không phải là JSON trọn vẹn"
        )
    return Malformed(
        f"this is not JSON: look at character {at}",
        f"nội dung gửi lên không đúng cách ghi JSON: xem lại ký tự thứ {at}",
    )


def _letter(error: Exception, raw: bytes) -> int | None:
    """Which character, from 1, a decoder stumbled over."""
    if isinstance(error, json.JSONDecodeError):
        return error.pos + 1
    found = _BYTE.search(str(error))
    return len(raw[: int(found[1])].decode(errors="replace")) + 1 if found else None
