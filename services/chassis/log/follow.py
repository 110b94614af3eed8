"""Read tables beside the log, a few milliseconds behind: a batch and its progress, one commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg
import structlog

from chassis.log.lending import LOST
from chassis.log.pace import Pace
from chassis.log.record import Recorded
from chassis.log.store import Log

_BATCH = 1000
_AFTER_ERROR = 1.0  # seconds
_logger = structlog.get_logger(__name__)

Apply = Callable[[Any, Sequence[Recorded]], Awaitable[None]]


class GapInLog(RuntimeError):  # noqa: N818  # its name says what is wrong
    """Positions do not follow on; the tables must not be moved past it."""


async def position(connection: Any, name: str) -> int:
    """How far the read tables of that name have come; 0 before the first event."""
    found = await connection.fetchval("SELECT position FROM progress WHERE name = $1", name)
    return int(found or 0)


class Follower:
    """Applies the log's events to read tables in the same database, each exactly once, in order."""

    def __init__(self, log: Log, pool: asyncpg.Pool, name: str, apply: Apply) -> None:
        self._log = log
        self._pool = pool
        self.name = name
        self._apply = apply

    async def run(self) -> None:
        """Follow until cancelled. An error is logged and tried again; nothing is skipped."""
        pace = Pace()
        while True:
            try:
                if await self.step():
                    pace.found()
                else:
                    await pace.rest()
            except (*LOST, asyncpg.PostgresError) as error:
                _logger.warning("read tables wait", name=self.name, error=type(error).__name__)
                await asyncio.sleep(_AFTER_ERROR)

    async def step(self) -> int:
        """Apply one batch and give its size; two followers of one name take turns."""
        done = await position(self._pool, self.name)
        events = await self._log.read(done, _BATCH)
        if not events:
            return 0
        if [e.position for e in events] != list(range(done + 1, done + 1 + len(events))):
            raise GapInLog(f"after position {done} of {self._log.name} comes {events[0].position}")
        async with self._pool.acquire() as connection, connection.transaction():
            if not await self._move(connection, done, events[-1].position):
                return len(events)
            await self._apply(connection, events)
        return len(events)

    async def _move(self, connection: Any, before: int, after: int) -> bool:
        """Take the progress row from one position to another, unless somebody was first."""
        await connection.execute(
            "INSERT INTO progress (name, position) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING",
            self.name,
        )
        moved = await connection.fetchval(
            "UPDATE progress SET position = $3 WHERE name = $1 AND position = $2 RETURNING true",
            self.name,
            before,
            after,
        )
        return bool(moved)
