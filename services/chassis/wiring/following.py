"""A service that follows the registry's topic, and the maps it learns from there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import asyncpg

from chassis.area import Areas
from chassis.bus import retrying, withdrawing
from chassis.bus.applying import Project, Rows, Write
from chassis.bus.consumer import Consumer
from chassis.bus.kafka import Membership
from chassis.bus.places import Places, withdraw
from chassis.errors import Invalid
from chassis.run.database import open_pool
from chassis.run.settings import Settings

REGISTRY = "registry"


def follower(
    pool: asyncpg.Pool, settings: Settings, project: Project[Rows], write: Write[Rows]
) -> Consumer[Rows]:
    """What reads the registry's topic; its place is kept in this service's own database."""
    topic = settings.topic_of(REGISTRY)
    membership = Membership(
        bootstrap=settings.require("kafka_bootstrap"),
        group=f"khuyenhoc.{settings.province}.{settings.service}",
        topics=(topic,),
    )
    logs = {topic: f"{settings.province}.{REGISTRY}"}
    return Consumer(pool, membership, logs, project, write)


async def retry(settings: Settings, project: Project[Rows], write: Write[Rows]) -> str:
    """Go through what is parked, key by key, in order; what came of it in a line."""
    name = f"{settings.service}-operator"
    pool = await open_pool(settings.database_url, application_name=name)
    try:
        return said(await retrying.retry(pool, project, write))
    finally:
        await pool.close()


async def accept_loss(settings: Settings, at: int, log: str) -> str:
    """Take back the places that came of what the registry's log no longer holds above a position.

    Erasures stay: what was destroyed does not come back. A running worker goes on by itself.

    Raises:
        Invalid: another log is named, or it was not read as far as that.
    """
    followed = f"{settings.province}.{REGISTRY}"
    if log != followed:
        raise Invalid(f"--log {log!r} is not {followed}", f"--log {log!r} không phải là {followed}")
    pool = await open_pool(settings.database_url, application_name=f"{settings.service}-operator")
    try:
        place = await withdrawing.accept_loss(pool, log, at, _take_back, datetime.now(UTC))
    finally:
        await pool.close()
    return f"{place.log} is read on from position {place.position}"


async def _take_back(connection: asyncpg.Connection, log: str, *, above: int, at: datetime) -> None:
    del log, at  # the only one, and when makes no difference here
    await withdraw(connection, above)


def said(done: retrying.Retried) -> str:
    return f"applied {done.applied}, cleared {done.cleared}, still parked {done.left}"


@asynccontextmanager
async def learning(pool: asyncpg.Pool, areas: Areas) -> AsyncIterator[None]:
    """Within the block ``areas`` knows what is kept of places, and goes on learning.

    Before its migrations a service starts all the same: it says itself that it is not ready.
    """
    places = Places(pool, areas)
    with suppress(asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        await places.catch_up()
    following = asyncio.create_task(places.follow())
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
