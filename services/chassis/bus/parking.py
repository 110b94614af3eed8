"""What cannot be read or applied is set aside with everything of its key that follows, and shown.

Nothing is dropped: a command goes through what is parked, key by key, in the order of the log.
"""

from collections.abc import Iterable
from datetime import datetime

import asyncpg
import msgspec

from chassis.bus.cursor import Sifted
from chassis.bus.envelope import Envelope
from chassis.bus.reading import DETAIL

FAILED, FOLLOWS, UNREADABLE = "failed", "follows", "unreadable"

_COLUMNS = "log, record_offset, position, stream, type, reason, detail, value, applied"


class Parked(msgspec.Struct, frozen=True):
    """A record set aside. Without a position not even its envelope could be read: it takes none."""

    position: int | None
    offset: int
    stream: str | None
    type: str | None
    reason: str
    detail: str
    parked_at: datetime


class Aside(msgspec.Struct, frozen=True):
    """An event to be set aside, and why: it ``failed``, or it ``follows`` one of its key."""

    offset: int
    value: bytes
    envelope: Envelope
    reason: str
    detail: str


async def keys(connection: asyncpg.Connection, log: str) -> set[str]:
    """The streams of which something is parked."""
    rows = await connection.fetch(
        "SELECT DISTINCT stream FROM parked WHERE log = $1 AND stream IS NOT NULL", log
    )
    return {row[0] for row in rows}


async def park(connection: asyncpg.Connection, events: Iterable[Aside]) -> None:
    """Set events aside, in the transaction that moves the position over them."""
    for aside in events:
        envelope = aside.envelope
        await connection.execute(
            f"INSERT INTO parked ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $3)",
            envelope.log,
            aside.offset,
            envelope.position,
            envelope.stream,
            envelope.type,
            aside.reason,
            aside.detail,
            aside.value,
        )


async def park_unreadable(
    connection: asyncpg.Connection, log: str, applied: int, sifted: Sifted
) -> None:
    """Set records aside that take no position; one met again on the way is there already."""
    for offset, value, detail in sifted.unreadable:
        await connection.execute(
            f"INSERT INTO parked ({_COLUMNS}) "
            "VALUES ($1, $2, NULL, NULL, NULL, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            log,
            offset,
            UNREADABLE,
            detail[:DETAIL],
            value,
            applied,
        )


async def parked(
    connection: asyncpg.Connection | asyncpg.Pool, log: str, limit: int
) -> list[Parked]:
    """What is parked of a log, oldest first."""
    rows = await connection.fetch(
        "SELECT position, record_offset, stream, type, reason, detail, parked_at FROM parked "
        "WHERE log = $1 ORDER BY applied, record_offset LIMIT $2",
        log,
        limit,
    )
    return [Parked(*row) for row in rows]
