"""How far each log is included in the figures, what is parked, and what was withdrawn."""

import asyncpg
import msgspec
from chassis.bus import sources as bus
from msgspec import UNSET, UnsetType

from reporting.answer import Origin, SourcePosition, instant
from reporting.ask import Query
from reporting.known import Known

_POSITIONS = """
SELECT log, position, recorded_at,
    (SELECT count(*) FROM parked WHERE parked.log = source.log) AS parked
FROM source ORDER BY log
"""
_WITHDRAWN = """
SELECT DISTINCT ON (log) log, above, known_after, accepted_at FROM withdrawal
WHERE (known_after IS NULL OR known_after < $1) AND $1 <= accepted_at
ORDER BY log, accepted_at DESC
"""


class Parked(msgspec.Struct, kw_only=True, frozen=True):
    """A record set aside. Without a position not even its envelope could be read."""

    position: int | None
    type: str | None
    reason: str
    detail: str
    parked_at: str


class Source(msgspec.Struct, kw_only=True, frozen=True):
    """One log as reporting has read it.

    ``lag_s`` is the age of the last event read while more are waiting, in seconds. ``parked``
    holds the first hundred of ``parked_events``. Each alarm is a sentence that says how to go on.
    """

    log: str
    position: int
    recorded_at: str | None
    published: int
    lag_events: int
    lag_s: float
    parked_events: int
    parked: tuple[Parked, ...] = ()
    alarms: tuple[str, ...] = ()
    origin: int = 1


async def sources(pool: asyncpg.Pool) -> tuple[Source, ...]:
    """Every log that reporting reads, by name."""
    return tuple(_source(state) for state in await bus.told(pool))


async def known_positions(
    connection: asyncpg.Connection, query: Query
) -> tuple[Query, Known, dict[str, SourcePosition]]:
    """The question with its known time settled, and the positions of this snapshot."""
    found = await connection.fetch(_POSITIONS)
    newest = [row["recorded_at"] for row in found if row["recorded_at"] is not None]
    if query.known_now:
        query = msgspec.structs.replace(query, known_at=max([query.known_at, *newest]))
    at = query.known_at
    passed = all(
        row["recorded_at"] and row["recorded_at"] <= at for row in found if row["position"]
    )
    withdrawn = {row["log"]: row for row in await connection.fetch(_WITHDRAWN, at)}
    positions = {
        row["log"]: SourcePosition(
            position=row["position"],
            recorded_at=instant(row["recorded_at"]) if row["recorded_at"] else None,
            parked=row["parked"],
            origin=_origin(withdrawn.get(row["log"])),
        )
        for row in found
    }
    return query, Known(at, passed), positions


def _origin(row: asyncpg.Record | None) -> Origin | UnsetType:
    if row is None:
        return UNSET
    after, accepted = row["known_after"], row["accepted_at"]
    return Origin(
        at=row["above"],
        known_after=instant(after) if after else None,
        accepted_at=instant(accepted),
    )


def _source(state: bus.SourceState) -> Source:
    return Source(
        log=state.log,
        position=state.position,
        recorded_at=instant(state.recorded_at) if state.recorded_at else None,
        published=state.published,
        lag_events=state.lag_events,
        lag_s=round(state.lag_s, 3),
        parked_events=state.parked_events,
        parked=tuple(
            Parked(
                position=one.position,
                type=one.type,
                reason=one.reason,
                detail=one.detail,
                parked_at=instant(one.parked_at),
            )
            for one in state.parked
        ),
        alarms=(state.alarm["detail"],) if state.alarm else (),
        origin=state.origin,
    )
