"""The composition root: settings in, running roles out."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import asyncpg
from chassis import log as chassis_log
from chassis.area import Areas
from chassis.bus import consumer, places
from chassis.bus import outlet as bus
from chassis.bus.relay import Relay
from chassis.clock import Clock, SystemClock
from chassis.edge.auth import Verifier
from chassis.edge.commands import Commands
from chassis.edge.log_rpc import log_service
from chassis.edge.replay import Replay
from chassis.edge.web import create_app
from chassis.log import follow, vault
from chassis.log.repository import Repository
from chassis.log.store import Log
from chassis.run.settings import Settings
from chassis.wiring import serving, stores
from chassis.wiring.following import learning
from chassis.wiring.recording import executing
from chassis.wiring.serving import Serving
from chassis.wiring.stores import open_stores, ready
from chassis.wiring.working import led, outlet_of, read_tables, side_by_side
from fastapi import APIRouter

from funds import api, projections
from funds.codec import CODEC
from funds.following import following
from funds.labels import LABELS
from funds.opening import Opening
from funds.persons import Persons
from funds.publish import publish
from funds.queries import READ_TABLES
from funds.rpc import funds_service

SERVICE = "funds"
ABOUT = "Funds: contributions, awards, payments and their reversals; what each fund holds."
MIGRATIONS = (
    Path(chassis_log.__file__).with_name("migrations"),
    bus.MIGRATIONS,
    consumer.MIGRATIONS,
    places.MIGRATIONS,
    Path(__file__).with_name("migrations"),
)


def assemble(
    pool: asyncpg.Pool,
    people: vault.Vault,
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
    opening = Opening(executor.repository, people)
    api.accept(commands, Persons(people, executor, province))
    web = create_app(
        SERVICE,
        verifier=verifier,
        areas=areas,
        routers=[router, *reads(pool, executor.repository, opening)],
        commands=[commands],
        replay=replay,
        position=partial(followed, log),
        ready=partial(ready, (pool, MIGRATIONS)),
        labels=LABELS,
        clock=clock,
        description=ABOUT,
    )
    funds = funds_service(executor.repository, opening, areas, clock)
    return Serving(verifier, web, (funds, log_service(replay, areas, clock)), executor)


def reads(pool: asyncpg.Pool, repository: Repository, opening: Opening) -> Iterator[APIRouter]:
    """Everything that is only read."""
    yield api.things(repository, opening)
    yield api.books(pool, repository, publish)
    yield api.lists(pool, repository)


async def followed(log: Log) -> Mapping[str, int]:
    """How far the read tables have come."""
    return {log.name: await follow.position(log.pool, READ_TABLES)}


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer over HTTP and gRPC until stopped; then finish what is under way."""
    areas = Areas.of_province(settings.province).copy()
    async with await open_stores(settings, "serve", size=8) as opened:
        assembled = assemble(
            opened.pool,
            opened.vault(SystemClock()),
            Verifier(settings.issuer_url),
            province=settings.province,
            digest=opened.digest,
            local=settings.recorded_at_allowed,
            areas=areas,
        )
        async with learning(opened.pool, areas):
            await serving.serve(assembled, settings, stop)


async def work(settings: Settings) -> None:
    """Publish the log, keep the read tables and follow the registry, until cancelled."""
    async with await open_stores(settings, "work", size=8) as opened:
        outlet = outlet_of(opened.pool, settings, publish)
        tables = read_tables(outlet.log, READ_TABLES, projections.apply)
        await side_by_side(
            Relay(outlet).run(),
            led(outlet.log, "read tables", tables.run),
            following(opened.pool, opened.vault(SystemClock()), settings).run(),
        )


async def migrate(settings: Settings) -> list[str]:
    """Bring the service's database and its vault to their heads; give the files applied."""
    return await stores.migrate(settings, MIGRATIONS, [vault.MIGRATIONS])
