"""The composition root: settings in, running roles out."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import asyncpg
from chassis import log as chassis_log
from chassis.area import Areas
from chassis.bus import consumer, maps, places
from chassis.bus import outlet as bus
from chassis.bus.relay import Relay
from chassis.clock import Clock, SystemClock
from chassis.edge.auth import Verifier
from chassis.edge.commands import Commands
from chassis.edge.log_rpc import log_service
from chassis.edge.replay import Replay
from chassis.edge.web import create_app
from chassis.log import follow, vault
from chassis.log.store import Log
from chassis.run import database
from chassis.run.settings import Settings
from chassis.wiring import following, serving, stores
from chassis.wiring.following import follower, learning
from chassis.wiring.recording import executing
from chassis.wiring.serving import Serving
from chassis.wiring.stores import ready
from chassis.wiring.working import led, outlet_of, read_tables, side_by_side
from fastapi import APIRouter

from training import api, projections
from training.codec import CODEC
from training.labels import LABELS
from training.publish import publish
from training.rpc import training_service

SERVICE = "training"
ABOUT = "Courses and classes: enrolment, sessions, attendance, completion; headcounts."
READ_TABLES = "training"
"""The name under which the read tables' progress is kept."""

MIGRATIONS = (
    Path(chassis_log.__file__).with_name("migrations"),
    bus.MIGRATIONS,
    consumer.MIGRATIONS,
    places.MIGRATIONS,
    Path(__file__).with_name("migrations"),
)


def assemble(
    pool: asyncpg.Pool,
    verifier: Verifier,
    *,
    province: str,
    digest: Callable[[bytes], bytes],
    local: bool = False,
    clock: Clock | None = None,
    areas: Areas | None = None,
) -> Serving:
    """Everything that answers, over an open pool; nothing is started yet."""
    clock, areas = clock or SystemClock(), areas or Areas.of_province(province)
    log, router = Log(pool, f"{province}.{SERVICE}"), APIRouter()
    executor, replay = executing(log, CODEC, clock), Replay(log, publish)
    commands = Commands(
        router, executor, verifier=verifier, areas=areas, log=log.name, digest=digest,
        clock=clock, local=local,
    )  # fmt: skip
    api.accept(commands)
    reads = api.things(executor.repository), api.lists(pool, executor.repository)
    web = create_app(
        SERVICE,
        verifier=verifier,
        areas=areas,
        routers=[router, *reads],
        commands=[commands],
        replay=replay,
        position=partial(followed, log),
        ready=partial(ready, (pool, MIGRATIONS)),
        labels=LABELS,
        clock=clock,
        description=ABOUT,
    )
    course = training_service(executor.repository, areas, clock)
    return Serving(verifier, web, (course, log_service(replay, areas, clock)), executor)


async def followed(log: Log) -> Mapping[str, int]:
    """How far the read tables have come."""
    return {log.name: await follow.position(log.pool, READ_TABLES)}


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer over HTTP and gRPC until stopped; then finish what is under way."""
    keys = vault.KeyEncryptionKeys.load(Path(settings.require("key_file")))
    areas = Areas.of_province(settings.province).copy()
    pool = await database.open_pool(
        settings.database_url, application_name="training-serve", max_size=8
    )
    assembled = assemble(
        pool,
        Verifier(settings.issuer_url),
        province=settings.province,
        digest=partial(vault.request_digest, keys.request_key),
        local=settings.recorded_at_allowed,
        areas=areas,
    )
    try:
        async with learning(pool, areas):
            await serving.serve(assembled, settings, stop)
    finally:
        await pool.close()


async def work(settings: Settings) -> None:
    """Publish the log, keep the read tables and follow the registry's places, until cancelled."""
    pool = await database.open_pool(
        settings.database_url, application_name="training-work", max_size=6
    )
    outlet = outlet_of(pool, settings, publish)
    tables = read_tables(outlet.log, READ_TABLES, projections.apply)
    try:
        await side_by_side(
            Relay(outlet).run(),
            led(outlet.log, "read tables", tables.run),
            follower(pool, settings, maps.change, places.keep).run(),
        )
    finally:
        await pool.close()


async def retry(settings: Settings) -> str:
    """Go through what is parked of the registry's events, in order."""
    return await following.retry(settings, maps.change, places.keep)


async def migrate(settings: Settings) -> list[str]:
    """Bring the service's database and its vault to their heads; give the files applied."""
    return await stores.migrate(settings, MIGRATIONS, [vault.MIGRATIONS])
