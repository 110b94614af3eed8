"""The working role: publish the log, keep the read tables and the search rows."""

import asyncpg
from chassis.area import Areas
from chassis.bus.relay import Relay
from chassis.clock import SystemClock
from chassis.log.execute import Executor
from chassis.log.follow import Follower
from chassis.log.store import Log
from chassis.run.settings import Settings
from chassis.wiring import working
from chassis.wiring.recording import executing, recording
from chassis.wiring.stores import open_stores
from chassis.wiring.working import led, outlet_of, side_by_side

from registry import app, criteria, projections
from registry.carrying import Carrying
from registry.codec import CODEC
from registry.erasing import Erasing
from registry.places import Places
from registry.publish import publish
from registry.search.table import Filling


async def work(settings: Settings) -> None:
    """Do all of it, each in one process at a time, until cancelled."""
    async with await open_stores(settings, "work", size=10, vault_size=10) as stores:
        outlet, keyed = outlet_of(stores.pool, settings, publish), stores.vault(SystemClock())
        log, timed = outlet.log, settings.recorded_at_allowed
        executor = executing(log, CODEC, SystemClock())
        doing = {
            "read tables": read_tables(log).run,
            "search rows": search_rows(log, stores.vault_pool, Filling(keyed)).run,
            "decisions": carrying_out(executor, settings.province, timed=timed).tasks().run,
            "erasures": Erasing(executor, keyed, timed=timed).tasks().run,
        }
        async with recording(executor):
            await side_by_side(
                Relay(outlet).run(), *(led(log, name, part) for name, part in doing.items())
            )


def read_tables(log: Log) -> Follower:
    """What lists are read from, in the service's own database."""
    return working.read_tables(log, app.READ_TABLES, projections.apply)


def search_rows(log: Log, vault_pool: asyncpg.Pool, filling: Filling) -> Follower:
    """What people are found by, in the vault's database."""
    return Follower(log, vault_pool, app.SEARCH, filling.apply)


def carrying_out(executor: Executor, province: str, *, timed: bool) -> Carrying:
    """What gives the titles of decisions."""
    places = Places(executor.log, Areas.of_province(province))
    return Carrying(executor, places, criteria.load(), timed=timed)
