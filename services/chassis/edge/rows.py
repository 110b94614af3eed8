"""Many commands in one body (NDJSON): every row decided alone, one verdict line each."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec
import structlog
from starlette.types import Send

from chassis.edge import problems
from chassis.edge.body import NDJSON
from chassis.edge.decode import LONGEST_KEY, key_of
from chassis.edge.sentences import grouped
from chassis.edge.session import Asked
from chassis.errors import Refusal, TooLarge
from chassis.log.execute import Decide, Executor, Order, Outcome

MOST_ROWS = 10_000
_CHUNK = 500
_BREATH = 100  # rows read before other requests get a turn
_log = structlog.get_logger("edge.rows")

Row = tuple[str, Order, Decide]
"""The row's key, its order, and how to decide it."""


class Chunk(Protocol):
    """Some rows that are made ready together before the first of them is decided."""

    def row(self, raw: bytes) -> Row:
        """One row as an order and how to decide it; a refusal is this row's alone."""

    async def prepare(self) -> None:
        """Fetch at once what the decisions of the rows read so far have need of."""


Open = Callable[[], Chunk]


@dataclass(slots=True)
class _Line:
    """A row on its way: its number in the body (from 1), and either an order or a refusal."""

    number: int
    key: str | None = None
    order: tuple[Order, Decide] | None = None
    verdict: Outcome | Refusal | None = None


@dataclass(slots=True)
class _Tally:
    accepted: int = 0
    replayed: int = 0
    refused: int = 0
    position: int = 0

    def line(self) -> bytes:
        counts = f'"accepted":{self.accepted},"replayed":{self.replayed},"refused":{self.refused}'
        return f'{{"summary":{{{counts},"position":{self.position or "null"}}}}}\n'.encode()


class Batch:
    """The rows of a body, all of it in hand before the first is decided.

    Raises:
        TooLarge: there are more than 10,000; nothing is accepted.
    """

    def __init__(self, raw: bytes) -> None:
        self._rows = deque(
            (number, row) for number, row in enumerate(raw.split(b"\n"), 1) if row.strip()
        )
        if len(self._rows) > MOST_ROWS:
            (en, vi), (most_en, most_vi) = grouped(len(self._rows)), grouped(MOST_ROWS)
            raise TooLarge(
                f"{en} rows; at most {most_en} at once, and nothing was accepted",
                f"có {vi} dòng; mỗi lần gửi nhiều nhất {most_vi} dòng, chưa có gì được ghi nhận",
            )
        self._tally = _Tally()

    async def answer(self, asked: Asked, begin: Open, executor: Executor, send: Send) -> None:
        """Decide the rows in order and send a verdict line for each, then the summary line.

        While one chunk is decided and stored the next one is read and prepared. A failure of our
        own ends the answer without a summary: the caller sends the same body again.
        """
        headers = [(b"content-type", NDJSON.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            await self._decide_all(asked, begin, executor, send)
            last = self._tally.line()
        except Exception as error:  # noqa: BLE001  # the head of the answer is already out
            _log.error("a batch stayed unfinished", exc_info=error, trace_id=asked.trace_id)
            last = b""
        await send({"type": "http.response.body", "body": last})

    async def _decide_all(self, asked: Asked, begin: Open, executor: Executor, send: Send) -> None:
        under_way: asyncio.Task[list[_Line]] | None = None
        try:
            for rows in self._chunks():
                chunk = begin()
                lines = await _read_chunk(chunk, rows)
                await chunk.prepare()
                if under_way:
                    await self._send(await under_way, asked, send)
                under_way = asyncio.create_task(_decided(executor, lines))
            if under_way:
                await self._send(await under_way, asked, send)
        finally:
            if under_way and not under_way.done():
                under_way.cancel()

    def _chunks(self) -> Iterator[Sequence[tuple[int, bytes]]]:
        while self._rows:  # what is read is let go: a body may be 16 MiB
            yield [self._rows.popleft() for _ in range(min(_CHUNK, len(self._rows)))]

    async def _send(self, lines: list[_Line], asked: Asked, send: Send) -> None:
        text = "".join([self._verdict(line, asked) for line in lines])
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    def _verdict(self, line: _Line, asked: Asked) -> str:
        key = msgspec.json.encode(line.key).decode()
        verdict, tally = line.verdict, self._tally
        if isinstance(verdict, Outcome):
            said = "replayed" if verdict.replayed else "accepted"
            tally.accepted += not verdict.replayed
            tally.replayed += verdict.replayed
            tally.position = max(tally.position, verdict.position)
            named = f'"id":"{verdict.id}","version":{verdict.version}'
            return (
                f'{{"row":{line.number},"key":{key},"verdict":"{said}",{named},'
                f'"position":{verdict.position},"problem":null}}\n'
            )
        assert verdict is not None
        tally.refused += 1
        problem = problems.encode(problems.document(verdict, asked.language, asked.trace_id))
        return (
            f'{{"row":{line.number},"key":{key},"verdict":"refused","id":null,"version":null,'
            f'"position":null,"problem":{problem.decode()}}}\n'
        )


async def _read_chunk(chunk: Chunk, rows: Sequence[tuple[int, bytes]]) -> list[_Line]:
    lines = []
    for at, (number, raw) in enumerate(rows):
        if at % _BREATH == _BREATH - 1:
            await asyncio.sleep(0)
        lines.append(_line(chunk, number, raw))
    return lines


def _line(chunk: Chunk, number: int, raw: bytes) -> _Line:
    try:
        key, order, decide = chunk.row(raw)
    except Refusal as refusal:
        return _Line(number, _shown_key(raw), verdict=refusal)
    return _Line(number, key, (order, decide))


def _shown_key(raw: bytes) -> str | None:
    key = key_of(raw)
    return key if isinstance(key, str) and len(key) <= LONGEST_KEY else None


async def _decided(executor: Executor, lines: list[_Line]) -> list[_Line]:
    orders = [line.order for line in lines if line.order]
    verdicts = iter(await executor.execute_all(orders, problems.as_refusal) if orders else [])
    for line in lines:
        if line.order:
            line.verdict = next(verdicts)
    return lines
