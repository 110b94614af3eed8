"""The working role: each part in one process at a time, all of them side by side."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import asyncpg

from chassis.bus.outlet import Outlet, Publish
from chassis.log.follow import Apply, Follower
from chassis.log.leader import Leader
from chassis.log.store import Log, Recorded
from chassis.run import metrics
from chassis.run.settings import Settings

Work = Coroutine[Any, Any, None]


def outlet_of(pool: asyncpg.Pool, settings: Settings, publish: Publish) -> Outlet:
    """A service's log and the topic it is published on."""
    log = Log(pool, settings.log_name)
    return Outlet(pool, log, settings.require("kafka_bootstrap"), settings.topic, publish)


def read_tables(log: Log, name: str, apply: Apply) -> Follower:
    """What lists are read from, in the service's own database; metrics show how far it has come."""
    newest = metrics.LOG_POSITION.labels(log.name)

    async def applied(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
        await apply(connection, events)
        newest.set(events[-1].position)

    return Follower(log, log.pool, name, applied)


async def side_by_side(*parts: Work) -> None:
    """All parts until cancelled; when one fails the others end with it."""
    async with asyncio.TaskGroup() as group:
        for part in parts:
            group.create_task(part)


async def led(log: Log, name: str, doing: Callable[[], Work]) -> None:
    """Do it for as long as this process leads, and stand again when it no longer does."""
    while True:
        async with Leader(log.pool, f"{name} {log.name}") as term:
            working = asyncio.create_task(doing())
            lost = asyncio.create_task(term.lost.wait())
            try:
                await asyncio.wait({working, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                lost.cancel()
                working.cancel()
                await asyncio.wait({working})
            if working.done() and not working.cancelled():
                working.result()
