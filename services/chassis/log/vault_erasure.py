"""Erasure in two steps: an order that stands on record, then the destruction of the key."""

from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.log.vault_faults import ErasureNotOrdered

_ORDER = """
INSERT INTO erasure (subject, ordered_at) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING
"""
_TAKE = "SELECT fingerprint FROM erasure WHERE subject = $1 FOR UPDATE"
_DESTROY = "DELETE FROM data_key WHERE subject = $1 RETURNING fingerprint"
_FORGET = "DELETE FROM blind_index WHERE subject = $1"
_DONE = """
UPDATE erasure
SET destroyed_at = coalesce(destroyed_at, $2), fingerprint = coalesce(fingerprint, $3)
WHERE subject = $1
RETURNING fingerprint
"""


async def order(pool: asyncpg.Pool, subject: UUID, now: datetime) -> None:
    """Put the order on record; the first one counts."""
    await pool.execute(_ORDER, subject, now)


async def destroy(connection: asyncpg.Connection, subject: UUID, now: datetime) -> bytes | None:
    """Delete the key and the blind-index rows inside the caller's transaction.

    Returns the key's fingerprint. A second time, after the key came back with a restored backup,
    the key is destroyed again and the fingerprint is the first one.

    Raises:
        ErasureNotOrdered: there is no order.
    """
    if await connection.fetchrow(_TAKE, subject) is None:
        raise ErasureNotOrdered(f"no erasure of {subject} was ordered")
    fingerprint = await connection.fetchval(_DESTROY, subject)
    await connection.execute(_FORGET, subject)
    done: bytes | None = await connection.fetchval(_DONE, subject, now, fingerprint)
    return done
