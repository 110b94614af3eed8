"""The working role: publish the log, keep the read tables and the search rows."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import asyncpg
from chassis.area import Areas
from chassis.bus.outlet import Outlet
from chassis.bus.relay import Relay
from chassis.clock import SystemClock
from chassis.log.execute import Executor
from chassis.log.follow import Apply, Follower
from chassis.log.leader import Leader
from chassis.log.store import Log, Recorded
from chassis.run import metrics
from chassis.run.settings import Settings

from registry import app, criteria, projections
from registry.carrying import Carrying
from registry.erasing import Erasing
from registry.places import Places
from registry.publish import publish
from registry.search.table import Filling


async def work(settings: Settings) -> None:
    """Do all of it, each in one process at a time, until cancelled."""
    stores = await app.open_stores(settings, "work", size=10)
    outlet = outlet_of(stores.pool, settings)
    filling = Filling(stores.vault(SystemClock()))
    executor = app.executing(outlet.log, SystemClock())
    timed = settings.recorded_at_allowed
    decisions = carrying_out(executor, settings.province, timed=timed).tasks()
    erasures = Erasing(executor, stores.vault(SystemClock()), timed=timed).tasks()
    await executor.start()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Relay(outlet).run())
            follower = read_tables(outlet.log)
            group.create_task(keep(outlet.log, "read tables", follower.run))
            rows = search_rows(outlet.log, stores.vault_pool, filling)
            group.create_task(keep(outlet.log, "search rows", rows.run))
            group.create_task(keep(outlet.log, "decisions", decisions.run))
            group.create_task(keep(outlet.log, "erasures", erasures.run))
    finally:
        await executor.drain()
        await stores.close()


def outlet_of(pool: asyncpg.Pool, settings: Settings) -> Outlet:
    """This service's log and the topic it is published on."""
    log = Log(pool, settings.log_name)
    return Outlet(pool, log, settings.require("kafka_bootstrap"), settings.topic, publish)


def read_tables(log: Log) -> Follower:
    """What lists are read from, in the service's own database."""
    return Follower(log, log.pool, app.READ_TABLES, measured(log, projections.apply))


def search_rows(log: Log, vault_pool: asyncpg.Pool, filling: Filling) -> Follower:
    """What people are found by, in the vault's database."""
    return Follower(log, vault_pool, app.SEARCH, filling.apply)


def carrying_out(executor: Executor, province: str, *, timed: bool) -> Carrying:
    """What gives the titles of decisions."""
    places = Places(executor.log, Areas.of_province(province))
    return Carrying(executor, places, criteria.load(), timed=timed)


def measured(log: Log, apply: Apply) -> Apply:
    """The same, showing how far it has come."""
    newest = metrics.LOG_POSITION.labels(log.name)

    async def applied(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
        await apply(connection, events)
        newest.set(events[-1].position)

    return applied


async def keep(log: Log, name: str, doing: Callable[[], Coroutine[Any, Any, None]]) -> None:
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
