"""Bodies: read within a limit, refused before they are read when they announce too much."""

import asyncio

from starlette.types import Message, Receive, Scope, Send

from chassis.edge.sentences import grouped
from chassis.errors import Malformed, TooLarge, UnsupportedMedia

ONE = 1 << 20
MANY = 16 << 20
JSON = "application/json"
NDJSON = "application/x-ndjson"
_DISCARDED = 64 << 20
_DISCARDING_S = 10.0
_IN_FLIGHT = 1 << 16

Headers = dict[bytes, bytes]


class Gone(Exception):  # noqa: N818  # nobody is left to be told
    """The caller hung up before the whole body had come."""


def media_type(headers: Headers) -> str:
    """``application/json`` or ``application/x-ndjson``.

    Raises:
        UnsupportedMedia: it is anything else, or another charset than UTF-8.
    """
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise UnsupportedMedia(
            "send the body without a content encoding", "vui lòng gửi nội dung không nén"
        )
    given = headers.get(b"content-type", b"")
    if given == b"application/json":
        return JSON
    kind, _, parameters = given.decode("latin-1").partition(";")
    kind = kind.strip().lower()
    charset = parameters.strip().lower().replace('"', "")
    if kind not in (JSON, NDJSON) or charset not in ("", "charset=utf-8"):
        raise UnsupportedMedia(
            f"send {JSON} or {NDJSON} in UTF-8, not {kind[:60]!r}",
            f"vui lòng gửi {JSON} hoặc {NDJSON} theo bảng mã UTF-8, không phải {kind[:60]!r}",
        )
    return kind


def check_announced(headers: Headers, limit: int) -> None:
    """Refuse a body by its ``Content-Length``, before a byte of it is read.

    Raises:
        TooLarge: it announces more than ``limit`` bytes.
        Malformed: the header is not a number.
    """
    length = headers.get(b"content-length")
    if length is None:
        return
    if not length.isdigit():
        raise Malformed.at(
            "Content-Length", "Content-Length is not a number", "Content-Length không phải là số"
        )
    if int(length) > limit:
        raise _too_large(limit)


async def read(receive: Receive, limit: int) -> bytes:
    """The whole body, counted while it comes.

    Raises:
        TooLarge: there is more than ``limit`` bytes of it.
        Gone: the caller hung up.
    """
    message = await receive()
    body = _piece(message)
    if not message.get("more_body"):
        return _within(body, limit)
    pieces, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        pieces.append(_piece(message))
        size += len(pieces[-1])
        if size > limit:
            raise _too_large(limit)
    return b"".join(pieces)


def _piece(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise Gone
    body: bytes = message.get("body", b"")
    return body


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int) -> TooLarge:
    en, vi = grouped(limit)
    return TooLarge(
        f"the body may have at most {en} bytes; nothing of it was accepted",
        f"nội dung gửi lên nhiều nhất là {vi} byte; chưa có gì được ghi nhận",
    )


def still_coming(headers: Headers) -> bool:
    """Whether so much of a body may be under way that a refusal could be lost behind it."""
    length = headers.get(b"content-length", b"")
    return (
        b"transfer-encoding" in headers
        or b"expect" in headers
        or (length.isdigit() and int(length) > _IN_FLIGHT)
    )


async def answer_and_discard(
    scope: Scope, receive: Receive, send: Send, start: Message, body: bytes
) -> None:
    """Answer, then take in what the caller is still sending, so that the answer reaches them.

    Closing at once would reset the connection under a caller that is still writing, and the
    answer would be lost. What comes is thrown away; there is a limit to how long and how much.
    """
    start["headers"] = [*start["headers"], (b"connection", b"close")]
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": True})
    expects = any(name == b"expect" for name, _ in scope["headers"])
    if not expects:  # it was never told to go on, so it sends nothing
        try:
            async with asyncio.timeout(_DISCARDING_S):
                await _discard(receive)
        except TimeoutError:
            pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _discard(receive: Receive) -> None:
    taken, more = 0, True
    while more and taken < _DISCARDED:
        message = await receive()
        taken += len(message.get("body", b""))
        more = message.get("more_body", False)
