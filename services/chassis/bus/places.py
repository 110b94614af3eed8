"""The places the registry opens, closes and lets succeed one another, in a service that follows it.

``work`` keeps what the topic tells in a table; every process of the service reads it into its maps.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import structlog

from chassis.area import Areas
from chassis.bus.applying import DATABASE_AWAY
from chassis.bus.envelope import Envelope, instant
from chassis.bus.maps import Change, drawn

MIGRATIONS = Path(__file__).parent / "migrations" / "places"
_POLL_S = 0.2
_KEEP = """
insert into area_change (position, recorded_at, change, area, kind, name, other, ended_on)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing
"""
VERSION = "(select max(kept) from area_change) as kept, (select sum(origin) from source) as origin"
"""Two columns that differ whenever what is kept does: a loss accepted is another origin."""
_ALL = """
select recorded_at, change, area, kind, name, other, ended_on from area_change order by position
"""
_logger = structlog.get_logger("chassis.places")


class Version(NamedTuple):
    """What is kept of places, told apart from what was kept before."""

    kept: int | None
    origin: int | None


class Kept(NamedTuple):
    """A change of the map, and when the registry recorded it."""

    recorded_at: datetime
    change: Change


async def keep(connection: Any, events: Sequence[tuple[Envelope, object]]) -> None:
    """Write what of these changes the map; safe to repeat."""
    rows = [
        (
            at.position, instant(at.recorded_at), it.change, it.area, it.kind, it.name, it.other,
            it.ended_on,
        )
        for at, it in events
        if isinstance(it, Change)
    ]  # fmt: skip
    if rows:
        await connection.executemany(_KEEP, rows)


async def withdraw(connection: Any, above: int) -> None:
    """Take back what events of the registry above a position changed: its log lost them."""
    await connection.execute("delete from area_change where position > $1", above)


async def kept(connection: asyncpg.Connection | asyncpg.Pool) -> list[Kept]:
    """Everything kept, in the order of the registry's log."""
    return [Kept(at, Change(*told)) for at, *told in await connection.fetch(_ALL)]


class Places:
    """Lets one process's ``areas`` learn what is kept in the database of its service."""

    def __init__(self, pool: asyncpg.Pool, areas: Areas) -> None:
        self.areas = areas
        self._pool, self._base = pool, areas.copy()
        self._version = Version(None, None)

    async def follow(self) -> None:
        """Learn of changes within a fraction of a second, until cancelled."""
        while True:
            try:
                await self.catch_up()
            except DATABASE_AWAY as error:  # or not migrated yet
                _logger.warning("places wait", error=type(error).__name__)
            await asyncio.sleep(_POLL_S)

    async def catch_up(self) -> None:
        """Learn of everything kept by now, and forget what was taken back."""
        version = Version(*await self._pool.fetchrow(f"select {VERSION}"))
        if version != self._version:
            changes = [each.change for each in await kept(self._pool)]
            self.areas.become(drawn(self._base, changes))
            self._version = version
