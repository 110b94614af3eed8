"""Bringing both databases to their heads, and the maps into an empty log as its first events."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

import asyncpg
from chassis.area import Areas
from chassis.clock import Clock, SystemClock
from chassis.log.execute import Decide, Order, UnitOfWork
from chassis.log.store import Log
from chassis.run import database
from chassis.run.settings import Settings
from chassis.wiring import stores
from chassis.wiring.recording import executing

from registry import app
from registry.codec import CODEC
from registry.domain.area import AreaUnit, first_areas

KNOWN_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
NOBODY = UUID(int=0)
"""Whose act the first maps are: they stand in the data files."""


async def migrate(settings: Settings) -> list[str]:
    """Apply what is missing and, to an empty log, the first maps; give what was applied."""
    applied = await stores.migrate(settings, app.MIGRATIONS, app.VAULT_MIGRATIONS)
    pool = await database.open_pool(settings.database_url, application_name="registry-migrate")
    try:
        events = await first_maps(pool, settings.province)
    finally:
        await pool.close()
    return [*applied, f"{events} events of areas"] if events else applied


async def first_maps(pool: asyncpg.Pool, province: str, clock: Clock | None = None) -> int:
    """Append the maps of the data files to an empty log, in one append; give how many events.

    They count as known since 2000. Whoever runs at the same time makes the same append.
    """
    log = Log(pool, f"{province}.{app.SERVICE}")
    if (await log.head()).position:
        return 0
    executor = executing(log, CODEC, clock or SystemClock())
    order = Order(uuid5(NOBODY, f"first maps of {log.name}"), b"maps", NOBODY, None, KNOWN_SINCE)
    await executor.start()
    try:
        outcome = await executor.execute(order, _maps_of(province))
    finally:
        await executor.drain()
    return outcome.position


def _maps_of(province: str) -> Decide:
    async def decide(work: UnitOfWork) -> AreaUnit:
        return work.save(*first_areas(Areas.of_province(province)))

    return decide
