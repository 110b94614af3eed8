"""A reader accepts that a log lost its newest events: what came of them is withdrawn."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import asyncpg

from chassis.bus import sources
from chassis.bus.cursor import Place
from chassis.errors import Invalid

Withdraw = Callable[..., Awaitable[None]]
"""``await withdraw(connection, log, above=M, at=now)``: undo what events above M came to."""


async def accept_loss(
    pool: asyncpg.Pool, log: str, at: int, withdraw: Withdraw, now: datetime
) -> Place:
    """Take everything of a log above position ``at`` back and read on from there, as a new origin.

    To be done after the log's own service accepted the loss and its topic holds the new history:
    what is still on the topic above ``at`` is applied again. One transaction; a running worker
    goes on by itself. Accepting the same loss twice changes nothing the second time.

    Raises:
        Invalid: ``at`` is above what was applied.
    """
    async with pool.acquire() as connection, connection.transaction():
        await sources.load(connection, log)
        place = await sources.lock(connection, log)
        if at > place.position or at < 0:
            raise Invalid(
                f"{log} is applied up to {place.position}; it lost nothing above {at}",
                f"{log} mới đọc đến vị trí {place.position}; không mất gì ở trên {at}",
            )
        if at == place.position and place.alarm is None:
            return place
        await withdraw(connection, log, above=at, at=now)
        await connection.execute("DELETE FROM parked WHERE log = $1 AND applied > $2", log, at)
        await _record(connection, place, at, now)
        accepted = Place(log, at, None, 0, place.origin + 1)
        await sources.move(connection, accepted, at)
    return accepted


async def _record(connection: Any, place: Place, at: int, now: datetime) -> None:
    await connection.execute(
        "INSERT INTO source_loss (log, origin, above, reached, accepted_at) "
        "VALUES ($1, $2, $3, $4, $5)",
        place.log,
        place.origin + 1,
        at,
        place.position,
        now,
    )
