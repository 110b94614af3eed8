"""The log as read: by position, by stream, by command. Appending goes through the batcher only."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from chassis import domain
from chassis.log import arrays
from chassis.log.lending import LOST, out_of_reach
from chassis.log.record import Head, NewEvent, Receipt, Recorded

# A row of a batch has its ids hashed dozens of times; the driver's are hashed in C.
domain.ids_are(asyncpg.pgproto.pgproto.UUID)

# Seconds between attempts. A pool may hold as many dead connections as it has.
_PAUSES = (0, 0, 0, 0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8)
_COLUMNS = "position, stream, version, type, recorded_at, command, payload::text, meta::text"


class Log:
    """One service's log. ``name`` is its public name, like ``14.training``."""

    def __init__(self, pool: asyncpg.Pool, name: str) -> None:
        self.pool = pool
        self.name = name
        self._asked: dict[UUID, asyncio.Future[Receipt | None]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        """Read rows. What is lost with its connection is read again: reading changes nothing.

        Raises:
            Busy: the database cannot be reached.
        """
        for pause in _PAUSES:
            try:
                return list(await self.pool.fetch(statement, *values))
            except TimeoutError:
                raise
            except LOST:
                await asyncio.sleep(pause)
        raise out_of_reach()

    async def head(self) -> Head:
        """The newest event's position and time."""
        rows = await self.fetch(
            "SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1"
        )
        return Head(rows[0][0], rows[0][1]) if rows else Head(0, None)

    async def read(
        self,
        after: int,
        limit: int = 1000,
        *,
        until: int | None = None,
        stream: UUID | None = None,
        types: Sequence[str] = (),
    ) -> list[Recorded]:
        """Events with a position above ``after``, at most ``until``, oldest first."""
        where, values = ["position > $1"], [after]
        _narrow(where, values, "position <= ${}", until)
        _narrow(where, values, "stream = ${}", stream)
        _narrow(where, values, "type = ANY(${})", list(types) or None)
        rows = await self.fetch(
            f"SELECT {_COLUMNS} FROM event WHERE {' AND '.join(where)} "
            f"ORDER BY position LIMIT {int(limit)}",
            *values,
        )
        return [recorded(row) for row in rows]

    async def load(self, stream: UUID, *, after_version: int = 0) -> list[Recorded]:
        """One stream's events, oldest first."""
        rows = await self.fetch(
            f"SELECT {_COLUMNS} FROM event WHERE stream = $1 AND version > $2 ORDER BY version",
            stream,
            after_version,
        )
        return [recorded(row) for row in rows]

    async def versions(self, streams: Collection[UUID]) -> dict[UUID, int]:
        """The newest version of each of the streams that exist."""
        rows = await self.fetch(
            "SELECT s, (SELECT version FROM event WHERE stream = s ORDER BY version DESC LIMIT 1) "
            "FROM unnest($1::text::uuid[]) AS s",
            arrays.plain(streams),
        )
        return {row[0]: row[1] for row in rows if row[1] is not None}

    async def receipt(self, command: UUID) -> Receipt | None:
        """What a command was answered; None if it was never accepted. Askers share a query."""
        waiter = self._asked.get(command)
        if waiter is None:
            waiter = self._asked[command] = asyncio.get_running_loop().create_future()
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look_up())
        return await asyncio.shield(waiter)

    async def _look_up(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                found = await self.receipts(list(asked))
            except Exception as error:  # noqa: BLE001  # it is the askers' to meet
                _answer_all(asked, error)
                continue
            except BaseException as error:
                _answer_all(asked, error)
                raise
            for command, waiter in asked.items():
                if not waiter.done():
                    waiter.set_result(found.get(command))

    async def receipts(self, commands: Sequence[UUID]) -> dict[UUID, Receipt]:
        """The receipts of those of the commands that were accepted."""
        rows = await self.fetch(
            "SELECT command_id, digest, named, version, first_position, last_position, recorded_at "
            "FROM command WHERE command_id = ANY($1::text::uuid[])",
            arrays.plain(commands),
        )
        return {row[0]: Receipt(*row) for row in rows}


def _narrow(where: list[str], values: list[Any], clause: str, value: Any) -> None:
    if value is not None:
        values.append(value)
        where.append(clause.format(len(values)))


def _answer_all(asked: dict[UUID, "asyncio.Future[Receipt | None]"], error: BaseException) -> None:
    for waiter in asked.values():
        if not waiter.done():
            waiter.set_exception(error)
            waiter.exception()  # the asker may have gone; nobody is to be told a second time


def recorded(row: Any) -> Recorded:
    """A row of the event table, its JSON columns as text, as a value."""
    position, stream, version, type_, at, command, payload, meta = row
    return Recorded(position, stream, version, type_, at, command, payload.encode(), meta.encode())


__all__ = ["Head", "Log", "NewEvent", "Receipt", "Recorded", "recorded"]
