"""A batch in one transaction: place locked, rows written, failures parked, place moved."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

import asyncpg
import msgspec

from chassis.bus import parking, sources
from chassis.bus.cursor import Place, Sifted
from chassis.bus.envelope import Envelope
from chassis.bus.parking import FAILED, FOLLOWS, Aside
from chassis.bus.reading import Read, said
from chassis.failpoint import reach

Rows = TypeVar("Rows")
Project = Callable[[Envelope], Rows]
"""Pure: what an event comes to, asked before the events ahead of it are written. Whatever it raises
parks the event."""
Write = Callable[[Any, Sequence[tuple[Envelope, Rows]]], Awaitable[None]]
"""Writes what events come to, on a connection in the transaction that moves the place."""

BAD_DATA = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What writing may raise because of an event; anything else is trouble of the database's own."""

DATABASE_AWAY = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection cut at an unlucky moment
    OSError,
)
"""What a database raises that is stopped, restarted or cut off; the same may work later."""


class Applier(Generic[Rows]):
    """Applies what was sifted from a topic, exactly once whoever else tries."""

    def __init__(self, pool: asyncpg.Pool, write: Write[Rows]) -> None:
        self.pool, self.write = pool, write

    async def apply(self, place: Place, sifted: Sifted, published: int) -> Place:
        """Keep everything of the batch and the place after it, or nothing.

        Raises:
            Overtaken: another worker was faster. Refused: the source is in a fork alarm.
            asyncpg.PostgresError, asyncpg.InterfaceError, OSError: the database is away.
        """
        try:
            return await self._keep(place, sifted, published, self._write_all)
        except BAD_DATA:
            return await self._keep(place, sifted, published, self._write_each)

    async def _keep(
        self,
        place: Place,
        sifted: Sifted,
        published: int,
        write: Callable[[Any, list[Read]], Awaitable[list[Aside]]],
    ) -> Place:
        tip = sifted.tip(place)
        if sifted.fork:
            tip = msgspec.structs.replace(tip, alarm=sifted.fork)
        async with self.pool.acquire() as connection, connection.transaction():
            await sources.hold(connection, place)
            sound, aside = _sort(sifted.events, await parking.keys(connection, place.log))
            if sound:
                aside += await write(connection, sound)
            reach("consume.written")
            await parking.park(connection, aside)
            await parking.park_unreadable(connection, place.log, tip.position, sifted)
            await sources.move(connection, tip, published)
        reach("consume.committed")
        return tip

    async def _write_all(self, connection: Any, sound: list[Read]) -> list[Aside]:
        await self.write(connection, [(event.envelope, event.rows) for event in sound])
        return []

    async def _write_each(self, connection: Any, sound: list[Read]) -> list[Aside]:
        """Write in halves, and halves of halves, until those that cannot be written stand alone."""
        try:
            async with connection.transaction():
                return await self._write_all(connection, sound)
        except BAD_DATA as error:
            if len(sound) == 1:
                return [_aside(sound[0], FAILED, said(error))]
        middle = len(sound) // 2
        aside = await self._write_each(connection, sound[:middle])
        rest, followers = _sort(sound[middle:], {event.envelope.stream for event in aside})
        return aside + followers + (await self._write_each(connection, rest) if rest else [])


def _sort(events: list[Read], held: set[str]) -> tuple[list[Read], list[Aside]]:
    """What can be written, and what must stand aside with the streams that already do."""
    if not held and all(event.error is None for event in events):
        return events, []
    sound, aside, held = [], [], set(held)
    for event in events:
        if event.envelope.stream in held:
            aside.append(_aside(event, FOLLOWS, "an earlier event of its key is parked"))
        elif event.error is not None:
            held.add(event.envelope.stream)
            aside.append(_aside(event, FAILED, event.error))
        else:
            sound.append(event)
    return sound, aside


def _aside(event: Read, reason: str, detail: str) -> Aside:
    return Aside(event.record.offset, event.record.value or b"", event.envelope, reason, detail)
