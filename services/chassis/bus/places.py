"""The places the registry opens, closes and lets succeed one another, in a service that follows it.

``work`` keeps what the topic tells in a table; every process of the service reads it into its maps.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal

import asyncpg
import msgspec
import structlog
from khuyenhoc.registry.v1 import events_pb2 as registry

from chassis.area import Area, AreaKind, Areas, Unit
from chassis.bus.applying import DATABASE_AWAY
from chassis.bus.envelope import Envelope
from chassis.errors import UnknownArea

MIGRATIONS = Path(__file__).parent / "migrations" / "places"
_POLL_S = 0.2
_KEEP = """
insert into area_change (position, change, area, kind, name, other, ended_on)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
"""
_COUNT = "select count(*) from area_change"
_UNKNOWN = """
select position, change, area, kind, name, other, ended_on
from area_change where position <> all($1::bigint[]) order by position
"""
_logger = structlog.get_logger("chassis.places")


class Change(msgspec.Struct, frozen=True):
    """``other`` is the exact parent of what opened, or the exact successor of what ended."""

    change: Literal["opened", "closed", "succeeded"]
    area: str
    kind: str = ""
    name: str = ""
    other: str = ""
    ended_on: date | None = None


def change(envelope: Envelope) -> Change | None:
    """Pure: what a published event changes on the map; ``None`` for every other event.

    Raises:
        ValueError: it names no area, no kind of place or no day.
    """
    told = _TOLD.get(envelope.type)
    return told(envelope.data) if told else None


def _opened(data: bytes) -> Change:
    it = registry.AreaOpened.FromString(data)
    _sound(it.area, it.parent)
    return Change("opened", it.area, AreaKind(it.kind), it.name, it.parent)


def _village(data: bytes) -> Change:
    it = registry.VillageOpened.FromString(data)
    _sound(it.village, it.commune)
    return Change("opened", it.village, AreaKind.VILLAGE, it.name, it.commune)


def _closed(data: bytes) -> Change:
    it = registry.AreaClosed.FromString(data)
    _sound(it.area)
    return Change("closed", it.area, ended_on=date.fromisoformat(it.closed_on))


def _succeeded(data: bytes) -> Change:
    it = registry.AreaSucceeded.FromString(data)
    _sound(it.area, it.successor)
    return Change("succeeded", it.area, other=it.successor)


def _sound(*areas: str) -> None:
    for area in areas:
        Area.parse(area)


_TOLD: Mapping[str, Callable[[bytes], Change]] = {
    registry.AreaOpened.DESCRIPTOR.full_name: _opened,
    registry.VillageOpened.DESCRIPTOR.full_name: _village,
    registry.AreaClosed.DESCRIPTOR.full_name: _closed,
    registry.AreaSucceeded.DESCRIPTOR.full_name: _succeeded,
}


async def keep(connection: Any, events: Sequence[tuple[Envelope, object]]) -> None:
    """Write what of these changes the map; safe to repeat."""
    rows = [
        (at.position, it.change, it.area, it.kind, it.name, it.other, it.ended_on)
        for at, it in events
        if isinstance(it, Change)
    ]
    if rows:
        await connection.executemany(_KEEP, rows)


class Places:
    """Lets one process's ``areas`` learn what is kept in the database of its service."""

    def __init__(self, pool: asyncpg.Pool, areas: Areas) -> None:
        self.areas = areas
        self._pool = pool
        self._known: list[int] = []

    async def follow(self) -> None:
        """Learn of changes within a fraction of a second, until cancelled."""
        while True:
            try:
                await self.catch_up()
            except (*DATABASE_AWAY, asyncpg.UndefinedTableError) as error:
                _logger.warning("places wait", error=type(error).__name__)
            await asyncio.sleep(_POLL_S)

    async def catch_up(self) -> None:
        """Learn of everything kept by now.

        What was parked and is tried again is kept later than what followed it on the topic, so how
        far we have come is no position.
        """
        if await self._pool.fetchval(_COUNT) == len(self._known):
            return
        for position, *told in await self._pool.fetch(_UNKNOWN, self._known):
            try:
                apply(self.areas, Change(*told))
            except UnknownArea as error:
                _logger.warning("no_such_place", position=position, what=str(error))
            else:
                self._known.append(position)


def apply(areas: Areas, it: Change) -> None:
    """Change the map. What the data files say of a place already known stays.

    Raises:
        UnknownArea: what closes was never opened.
    """
    area, other = areas.exact(it.area), areas.exact(it.other) if it.other else None
    if it.change == "closed" and it.ended_on is not None:
        areas.close(area, it.ended_on)
    elif it.change == "succeeded" and other is not None:
        areas.succeed(area, other)
    elif it.change == "opened":
        with suppress(UnknownArea):
            areas.unit(area)
            return
        areas.add(Unit(area, it.name, AreaKind(it.kind), parent=other))
