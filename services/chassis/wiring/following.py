"""A service that follows the registry's topic, and the maps it learns from there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from chassis.area import Areas
from chassis.bus import retrying
from chassis.bus.applying import Project, Rows, Write
from chassis.bus.consumer import Consumer
from chassis.bus.kafka import Membership
from chassis.bus.places import Places
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
