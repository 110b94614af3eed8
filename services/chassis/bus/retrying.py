"""The command that goes through what is parked: key by key, each in the order of the log."""

from typing import Any

import asyncpg
import msgspec

from chassis.bus import sources
from chassis.bus.applying import BAD_DATA, Project, Rows, Write
from chassis.bus.envelope import decode
from chassis.bus.parking import FAILED
from chassis.bus.reading import said


class Retried(msgspec.Struct, frozen=True):
    """``applied`` events are no longer parked; ``cleared`` records turned out to be no event;
    ``left`` remain.
    """

    applied: int
    cleared: int
    left: int


async def retry(pool: asyncpg.Pool, project: Project[Rows], write: Write[Rows]) -> Retried:
    """Apply parked events, each key in its own transaction, up to the first that fails again.

    The worker may go on meanwhile: each key is applied under the lock on its log's place.
    """
    keys = await pool.fetch(
        "SELECT log, stream FROM parked WHERE stream IS NOT NULL "
        "GROUP BY log, stream ORDER BY log, min(position)"
    )
    applied = 0
    for log, stream in keys:
        async with pool.acquire() as connection, connection.transaction():
            await sources.lock(connection, log)
            applied += await _replay(connection, log, stream, project, write)
    cleared = await _clear_unreadable(pool)
    left = await pool.fetchval("SELECT count(*) FROM parked")
    return Retried(applied, cleared, left)


async def _replay(
    connection: Any, log: str, stream: str, project: Project[Rows], write: Write[Rows]
) -> int:
    events = await connection.fetch(
        "SELECT position, value FROM parked WHERE log = $1 AND stream = $2 ORDER BY position",
        log,
        stream,
    )
    for done, (position, value) in enumerate(events):
        try:
            envelope = decode(log, value)
            rows = project(envelope)
        except Exception as error:  # noqa: BLE001  (whatever a projection raises, it stays parked)
            await _explain(connection, log, position, said(error))
            return done
        try:
            async with connection.transaction():
                await write(connection, [(envelope, rows)])
        except BAD_DATA as error:
            await _explain(connection, log, position, said(error))
            return done
        await connection.execute(
            "DELETE FROM parked WHERE log = $1 AND position = $2", log, position
        )
    return len(events)


async def _explain(connection: Any, log: str, position: int, detail: str) -> None:
    await connection.execute(
        "UPDATE parked SET reason = $3, detail = $4 WHERE log = $1 AND position = $2",
        log,
        position,
        FAILED,
        detail,
    )


async def _clear_unreadable(pool: asyncpg.Pool) -> int:
    """Remove records that took no position once the positions have gone on without them.

    Positions are dense: if the event that came next was applied, no event was in that record.
    """
    return int(
        await pool.fetchval(
            "WITH gone AS (DELETE FROM parked USING source WHERE parked.log = source.log "
            "AND parked.position IS NULL AND source.position > parked.applied RETURNING 1) "
            "SELECT count(*) FROM gone"
        )
    )
