"""Bodies on the wire: refused before they are read, and the refusal arrives."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from asking import HE
from noticeboard import OFFICER, Noticeboard, over_the_wire


@pytest.fixture(params=["httptools", "h11"])
async def address(board, request) -> AsyncIterator[str]:
    async with over_the_wire(board.app, http=request.param) as address:
        yield address


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """The rest of an answer: by its length where it has one, else to the end."""
    try:
        fields = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as ended:
        return ended.partial
    length = re.search(rb"content-length: (\d+)", fields, re.IGNORECASE)
    return fields + (await reader.readexactly(int(length[1])) if length else await reader.read())


async def raw(address: str, head: list[str], *body: bytes) -> tuple[str, bytes]:
    """Speaks HTTP by hand; gives the status line and the rest of the answer."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write("\r\n".join([*head, "", ""]).encode())
        for piece in body:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(20):
            status = (await reader.readline()).decode().strip()
            return status, await rest_of(reader)
    finally:
        writer.close()


def head(board: Noticeboard, *more: str, kind: str = "application/json") -> list[str]:
    token = board.issuer.token(OFFICER)
    return [
        "POST /v1/notices HTTP/1.1",
        "Host: noticeboard",
        f"Authorization: Bearer {token}",
        f"Content-Type: {kind}",
        "Idempotency-Key: k1",
        *more,
    ]


async def test_a_body_that_announces_too_much_is_refused_before_it_is_read(board, address):
    status, rest = await raw(address, head(board, "Content-Length: 99999999999"))
    assert " 413 " in status
    assert b'"too-large"' in rest


async def test_the_refusal_reaches_somebody_who_is_still_sending(board, address):
    size = 24 << 20
    pieces = [b"x" * 65_536] * (size // 65_536)
    status, rest = await raw(address, head(board, f"Content-Length: {size}"), *pieces)
    assert " 413 " in status
    assert b'"too-large"' in rest


async def test_a_body_in_pieces_is_counted_while_it_comes(board, address):
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    lines = head(board, "Transfer-Encoding: chunked")
    status, rest = await raw(address, lines, *[piece] * 40, b"0\r\n\r\n")
    assert " 413 " in status
    assert b'"too-large"' in rest


async def test_a_body_in_pieces_within_the_limit_is_taken(board, address):
    body = json.dumps(HE).encode()
    pieces = [b"%x\r\n%s\r\n" % (len(each), each) for each in (body[:9], body[9:])]
    lines = head(board, "Transfer-Encoding: chunked", "Connection: close")
    status, _ = await raw(address, lines, *pieces, b"0\r\n\r\n")
    assert " 201 " in status


async def test_a_batch_over_16_mib_is_refused_and_nothing_of_it_is_accepted(board, address):
    row = json.dumps(HE | {"key": "r", "title": "x" * 150}).encode() + b"\n"
    body = row * ((16 << 20) // len(row) + 1)
    lines = head(board, f"Content-Length: {len(body)}", kind="application/x-ndjson")
    status, _ = await raw(address, lines, body)
    assert " 413 " in status
    assert await board.events() == []


async def test_who_asks_before_sending_is_told_to_go_on_or_why_not(board, address):
    body = json.dumps(HE).encode()
    lines = head(board, f"Content-Length: {len(body)}", "Expect: 100-continue")
    status, rest = await raw(address, [*lines, "Connection: close"], body)
    assert " 100 " in status
    assert b" 201 " in rest
    status, rest = await raw(
        address, [*head(board, "Content-Length: 99999999"), "Expect: 100-continue"]
    )
    assert " 413 " in status


async def test_a_stranger_is_refused_before_the_body_is_read(board, address):
    lines = [line for line in head(board, "Content-Length: 16000000") if "Bearer" not in line]
    status, rest = await raw(address, lines, b"x" * 16_000_000)
    assert " 401 " in status
    assert b'"unauthenticated"' in rest


async def test_somebody_who_hangs_up_half_way_leaves_nothing_behind(board, address):
    host, port = address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    lines = head(board, "Content-Length: 1000", kind="application/x-ndjson")
    writer.write(("\r\n".join([*lines, "", ""]) + '{"key":"half').encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    status, _ = await raw(address, ["GET /livez HTTP/1.1", "Host: x", "Connection: close"])
    assert " 200 " in status
    assert await board.events() == []


async def test_rows_come_back_over_the_wire_with_their_summary(board, address):
    rows = [HE | {"key": f"r{n}"} for n in range(1_200)]
    body = b"\n".join(json.dumps(row).encode() for row in rows)
    lines = head(board, f"Content-Length: {len(body)}", kind="application/x-ndjson")
    status, rest = await raw(address, [*lines, "Connection: close"], body)
    assert " 200 " in status
    assert rest.count(b'"accepted","id"') == 1_200
    assert b'"summary":{"accepted":1200,' in rest
    assert UUID(json.loads(rest[rest.index(b'{"row":1,') :].split(b"\n")[0])["id"])
