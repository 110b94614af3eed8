"""The working role: publish the log, keep the read tables and the search rows."""

import asyncio
from collections.abc import Sequence

import asyncpg
from chassis.bus.outlet import Outlet
from chassis.bus.relay import Relay
from chassis.clock import SystemClock
from chassis.log.follow import Apply, Follower
from chassis.log.leader import Leader
from chassis.log.store import Log, Recorded
from chassis.run import metrics
from chassis.run.settings import Settings

from registry import app, projections
from registry.publish import publish
from registry.search.table import Filling


async def work(settings: Settings) -> None:
    """Do all of it, each in one process at a time, until cancelled."""
    stores = await app.open_stores(settings, "work", size=6)
    outlet = outlet_of(stores.pool, settings)
    filling = Filling(stores.vault(SystemClock()))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Relay(outlet).run())
            group.create_task(keep(read_tables(outlet.log)))
            group.create_task(keep(search_rows(outlet.log, stores.vault_pool, filling)))
    finally:
        await stores.close()


def outlet_of(pool: asyncpg.Pool, settings: Settings) -> Outlet:
    """This service's log and the topic it is published on."""
    log = Log(pool, settings.log_name)
    return Outlet(pool, log, settings.require("kafka_bootstrap"), settings.topic, publish)


def read_tables(log: Log) -> tuple[Log, Follower]:
    """What lists are read from, in the service's own database."""
    return log, Follower(log, log.pool, app.READ_TABLES, measured(log, projections.apply))


def search_rows(log: Log, vault_pool: asyncpg.Pool, filling: Filling) -> tuple[Log, Follower]:
    """What people are found by, in the vault's database."""
    return log, Follower(log, vault_pool, app.SEARCH, filling.apply)


def measured(log: Log, apply: Apply) -> Apply:
    """The same, showing how far it has come."""
    newest = metrics.LOG_POSITION.labels(log.name)

    async def applied(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
        await apply(connection, events)
        newest.set(events[-1].position)

    return applied


async def keep(followed: tuple[Log, Follower]) -> None:
    """Follow the log for as long as this process leads, and stand again when it no longer does."""
    log, follower = followed
    while True:
        async with Leader(log.pool, f"{follower.name} of {log.name}") as term:
            following = asyncio.create_task(follower.run())
            lost = asyncio.create_task(term.lost.wait())
            try:
                await asyncio.wait({following, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                lost.cancel()
                following.cancel()
                await asyncio.wait({following})
            if following.done() and not following.cancelled():
                following.result()
