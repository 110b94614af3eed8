"""The composition root: settings in, running roles out."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from chassis import log as chassis_log
from chassis.area import Areas
from chassis.bus import consumer
from chassis.bus import outlet as bus
from chassis.bus.outlet import Outlet
from chassis.bus.relay import Relay
from chassis.clock import Clock, SystemClock
from chassis.edge import rpc
from chassis.edge.auth import Verifier
from chassis.edge.commands import Commands
from chassis.edge.log_rpc import log_service
from chassis.edge.replay import Replay
from chassis.edge.web import Web, create_app
from chassis.errors import Busy
from chassis.log import follow, vault
from chassis.log.append import Append
from chassis.log.batcher import Watch
from chassis.log.execute import Executor
from chassis.log.leader import Leader
from chassis.log.repository import Repository
from chassis.log.store import Log, Recorded
from chassis.run import database, metrics
from chassis.run.http import serve_http
from chassis.run.process import settle
from chassis.run.settings import Settings
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
    Path(__file__).with_name("migrations"),
)


@dataclass(frozen=True, slots=True)
class Serving:
    """What answers: the HTTP application and the gRPC services, over one executor."""

    executor: Executor
    verifier: Verifier
    web: Web
    services: Sequence[rpc.Service]


def assemble(
    pool: asyncpg.Pool,
    people: vault.Vault,
    verifier: Verifier,
    *,
    province: str,
    digest: Callable[[bytes], bytes],
    local: bool = False,
    clock: Clock | None = None,
) -> Serving:
    """Everything that answers, over an open pool; nothing is started yet."""
    clock, areas = clock or SystemClock(), Areas.of_province(province)
    log, router = Log(pool, f"{province}.{SERVICE}"), APIRouter()
    executor, replay = executing(log, clock), Replay(log, publish)
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
        ready=partial(ready, pool),
        labels=LABELS,
        clock=clock,
        description=ABOUT,
    )
    funds = funds_service(executor.repository, opening, areas, clock)
    return Serving(executor, verifier, web, (funds, log_service(replay, areas, clock)))


def reads(pool: asyncpg.Pool, repository: Repository, opening: Opening) -> Iterator[APIRouter]:
    """Everything that is only read."""
    yield api.things(repository, opening)
    yield api.books(pool, repository, publish)
    yield api.lists(pool, repository)


async def followed(log: Log) -> Mapping[str, int]:
    """How far the read tables have come."""
    return {log.name: await follow.position(log.pool, READ_TABLES)}


async def ready(pool: asyncpg.Pool) -> None:
    """Pass when the database is there and at the head of its migrations; `Busy` otherwise."""
    if lacking := await database.missing(pool, MIGRATIONS):
        files = ", ".join(lacking)
        raise Busy(
            f"the database lacks {files}; run migrate",
            f"cơ sở dữ liệu còn thiếu {files}; cần chạy migrate",
        )


def executing(log: Log, clock: Clock) -> Executor:
    """The one writer of this process, its appends measured."""
    return Executor(log, CODEC, clock, watch=watching(log.name))


def watching(log: str) -> Watch:
    """Measures each call of the append function."""
    seconds = metrics.APPEND_SECONDS.labels(log)
    events = metrics.APPEND_BATCH_EVENTS.labels(log)

    def watch(batch: Sequence[Append], took: float) -> None:
        seconds.observe(took)
        events.observe(sum(len(append.events) for append in batch))

    return watch


@dataclass(frozen=True, slots=True)
class Stores:
    """The service's own database and its vault, open."""

    pool: asyncpg.Pool
    vault_pool: asyncpg.Pool
    keys: vault.KeyEncryptionKeys

    @property
    def people(self) -> vault.Vault:
        return vault.Vault(self.vault_pool, self.keys, SystemClock())

    async def close(self) -> None:
        await self.pool.close()
        await self.vault_pool.close()


async def open_stores(settings: Settings, role: str, size: int) -> Stores:
    """Both databases, for one role; nothing is left open when one cannot be reached."""
    keys = vault.KeyEncryptionKeys.load(Path(settings.require("key_file")))
    name = f"{SERVICE}-{role}"
    pool = await database.open_pool(settings.database_url, application_name=name, max_size=size)
    try:
        url = settings.require("vault_url")
        vault_pool = await database.open_pool(url, application_name=name, max_size=4)
    except BaseException:
        await pool.close()
        raise
    return Stores(pool, vault_pool, keys)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer over HTTP and gRPC until stopped; then finish what is under way."""
    stores = await open_stores(settings, "serve", size=8)
    serving = assemble(
        stores.pool,
        stores.people,
        Verifier(settings.issuer_url),
        province=settings.province,
        digest=partial(vault.request_digest, stores.keys.request_key),
        local=settings.recorded_at_allowed,
    )
    try:
        await answer(serving, settings, stop)
    finally:
        await stores.close()


async def answer(serving: Serving, settings: Settings, stop: asyncio.Event) -> None:
    """Run both servers; the last append is stored after the last request was taken."""
    await serving.executor.start()
    server = None
    if settings.grpc_address:
        server = rpc.create_server(serving.verifier, serving.services, settings.grpc_address)
        await server.start()
    settle()
    try:
        await serve_http(serving.web, settings.http_address)(stop)
    finally:
        if server:
            await server.stop()
        await serving.executor.drain()


async def work(settings: Settings) -> None:
    """Publish the log, keep the read tables and follow the registry, until cancelled."""
    stores = await open_stores(settings, "work", size=8)
    outlet = outlet_of(stores.pool, settings)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Relay(outlet).run())
            group.create_task(keep_read_tables(outlet.log))
            group.create_task(following(stores.pool, stores.people, settings).run())
    finally:
        await stores.close()


def outlet_of(pool: asyncpg.Pool, settings: Settings) -> Outlet:
    """This service's log and the topic it is published on."""
    log = Log(pool, settings.log_name)
    return Outlet(pool, log, settings.require("kafka_bootstrap"), settings.topic, publish)


async def keep_read_tables(log: Log) -> None:
    """Follow the log for as long as this process leads, and stand again when it no longer does."""
    newest = metrics.LOG_POSITION.labels(log.name)

    async def apply(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
        await projections.apply(connection, events)
        newest.set(events[-1].position)

    follower = follow.Follower(log, log.pool, READ_TABLES, apply)
    while True:
        async with Leader(log.pool, f"read tables {log.name}") as term:
            keeping = asyncio.create_task(follower.run())
            lost = asyncio.create_task(term.lost.wait())
            try:
                await asyncio.wait({keeping, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                lost.cancel()
                keeping.cancel()
                await asyncio.wait({keeping})
            if keeping.done() and not keeping.cancelled():
                keeping.result()


async def migrate(settings: Settings) -> list[str]:
    """Bring the service's database and its vault to their heads; give the files applied."""
    applied = await database.migrate(settings.require("owner_url"), MIGRATIONS, settings.app_role)
    vault_role = urlsplit(settings.require("vault_url")).username or SERVICE
    applied += await database.migrate(
        settings.require("vault_owner_url"), [vault.MIGRATIONS], vault_role
    )
    return applied
