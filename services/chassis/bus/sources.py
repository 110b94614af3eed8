"""The rows that say how far each log is applied: locked, moved, told."""

from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from chassis.bus import alarms
from chassis.bus.alarms import Alarm, Fork, Identity, Refused
from chassis.bus.cursor import Place
from chassis.bus.envelope import instant, microseconds
from chassis.bus.parking import Parked, parked

SILENT_SECONDS = 5.0
SHOWN = 100

_PLACE = "position, stream, version, recorded_at, next_offset, origin, alarm::text"


class Overtaken(Exception):  # noqa: N818  # another worker's success
    """Another worker has moved the place; what is in hand is not ours to write."""


class SourceState(msgspec.Struct, frozen=True):
    """What is known of one log, for `/v1/sources`.

    ``lag_s`` is the age of the last event applied while more are waiting, or how long the topic has
    not been heard of when that is above five seconds, else 0. ``parked`` holds the first hundred.
    """

    log: str
    position: int
    recorded_at: datetime | None
    published: int
    lag_events: int
    lag_s: float
    parked_events: int
    parked: list[Parked]
    origin: int
    seen_at: datetime | None
    alarm: dict[str, Any] | None
    alarm_since: datetime | None


async def load(connection: asyncpg.Connection | asyncpg.Pool, log: str) -> Place:
    """The place of a log; a log never heard of gets its row."""
    row = await connection.fetchrow(f"SELECT {_PLACE} FROM source WHERE log = $1", log)
    if row is None:
        await connection.execute("INSERT INTO source (log) VALUES ($1) ON CONFLICT DO NOTHING", log)
        return await load(connection, log)
    return _place(log, row)


async def lock(connection: asyncpg.Connection, log: str) -> Place:
    """The place, held until the transaction ends, so that one writer at a time moves it."""
    row = await connection.fetchrow(f"SELECT {_PLACE} FROM source WHERE log = $1 FOR UPDATE", log)
    return _place(log, row)


async def hold(connection: asyncpg.Connection, place: Place) -> None:
    """Lock the place and see that it is where the caller believes.

    Raises:
        Overtaken, Refused.
    """
    held = await lock(connection, place.log)
    if isinstance(held.alarm, Fork):
        raise Refused(held.alarm)
    if (held.position, held.next_offset, held.origin) != (
        place.position,
        place.next_offset,
        place.origin,
    ):
        raise Overtaken(f"{place.log} is at {held.position}, not {place.position}")


async def move(connection: asyncpg.Connection, place: Place, published: int) -> None:
    """Keep a locked place."""
    identity = place.identity
    await connection.execute(
        "UPDATE source SET position = $2, stream = $3, version = $4, recorded_at = $5, "
        "next_offset = $6, origin = $7, published = $8, seen_at = now(), alarm = $9, "
        "alarm_since = CASE WHEN $9::json IS NOT NULL THEN coalesce(alarm_since, now()) END "
        "WHERE log = $1",
        place.log,
        place.position,
        identity and identity.stream,
        identity and identity.version,
        identity and instant(identity.recorded_at),
        place.next_offset,
        place.origin,
        published,
        alarms.stored(place.alarm),
    )


async def hear(pool: asyncpg.Pool, place: Place, published: int, alarm: Alarm | None) -> None:
    """Note that the topic was heard of and how it stands, unless the place was moved meanwhile."""
    await pool.execute(
        "UPDATE source SET published = $4, seen_at = now(), alarm = $5, "
        "alarm_since = CASE WHEN $5::json IS NOT NULL THEN coalesce(alarm_since, now()) END "
        "WHERE log = $1 AND position = $2 AND origin = $3 "
        "AND coalesce(alarm->>'kind', '') <> 'fork'",
        place.log,
        place.position,
        place.origin,
        published,
        alarms.stored(alarm),
    )


async def told(pool: asyncpg.Pool) -> list[SourceState]:
    """Every source as it stands, by log."""
    rows = await pool.fetch(
        "SELECT log, position, recorded_at, published, origin, seen_at, alarm::text, alarm_since, "
        "(SELECT count(*) FROM parked WHERE parked.log = source.log) AS parked_events, "
        "greatest(published - position, 0) AS lag_events, "
        "extract(epoch FROM now() - recorded_at)::float8 AS age, "
        "extract(epoch FROM now() - seen_at)::float8 AS silence FROM source ORDER BY log"
    )
    return [_state(row, await parked(pool, row["log"], SHOWN)) for row in rows]


def _state(row: Any, events: list[Parked]) -> SourceState:
    age = row["age"] or 0.0 if row["lag_events"] else 0.0
    silence = row["silence"] or 0.0
    return SourceState(
        log=row["log"],
        position=row["position"],
        recorded_at=row["recorded_at"],
        published=max(row["published"], row["position"]),
        lag_events=row["lag_events"],
        lag_s=max(age, silence if silence > SILENT_SECONDS else 0.0),
        parked_events=row["parked_events"],
        parked=events,
        origin=row["origin"],
        seen_at=row["seen_at"],
        alarm=alarms.told(alarms.restored(row["alarm"])),
        alarm_since=row["alarm_since"],
    )


def _place(log: str, row: Any) -> Place:
    position, stream, version, recorded_at, next_offset, origin, alarm = row
    identity = None
    if stream is not None:
        identity = Identity(stream, version, microseconds(recorded_at))
    return Place(log, position, identity, next_offset, origin, alarms.restored(alarm))
