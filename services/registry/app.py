"""The composition root: settings in, running roles out."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
from chassis import log as chassis_log
from chassis.area import Areas
from chassis.bus import outlet as bus
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
from chassis.log.store import Log
from chassis.log.vault import Vault
from chassis.run import database, metrics
from chassis.run.http import serve_http
from chassis.run.process import settle
from chassis.run.settings import Settings
from fastapi import APIRouter

from registry import api, criteria, reads, title_reads
from registry.carrying import Progress
from registry.codec import CODEC
from registry.commands.decisions import Decisions
from registry.commands.office import Office
from registry.labels import LABELS
from registry.listing import Listing
from registry.people import People
from registry.places import Places
from registry.publish import publish
from registry.queries import Queries
from registry.rpc import registry_service
from registry.search.table import Search
from registry.title_queries import TitleQueries

SERVICE = "registry"
ABOUT = "Places, subjects, their cases from registration to recognition, decisions and titles."
READ_TABLES = "registry"
"""The name under which the read tables' progress is kept."""
SEARCH = "search"
"""The name under which the search rows' progress is kept, in the vault's database."""

MIGRATIONS = (
    Path(chassis_log.__file__).with_name("migrations"),
    bus.MIGRATIONS,
    Path(__file__).with_name("migrations"),
)
VAULT_MIGRATIONS = (vault.MIGRATIONS, Path(__file__).with_name("vault_migrations"))


@dataclass(frozen=True, slots=True)
class Stores:
    """The service's database and its vault, open."""

    pool: asyncpg.Pool
    vault_pool: asyncpg.Pool
    keys: vault.KeyEncryptionKeys

    def vault(self, clock: Clock) -> Vault:
        return Vault(self.vault_pool, self.keys, clock)

    async def close(self) -> None:
        await self.pool.close()
        await self.vault_pool.close()


@dataclass(frozen=True, slots=True)
class Serving:
    """What answers: the HTTP application and the gRPC services, over one executor."""

    executor: Executor
    verifier: Verifier
    places: Places
    web: Web
    services: Sequence[rpc.Service]


def assemble(
    stores: Stores,
    verifier: Verifier,
    *,
    province: str,
    local: bool = False,
    clock: Clock | None = None,
) -> Serving:
    """Everything that answers, over open pools; nothing is started yet."""
    clock, log = clock or SystemClock(), Log(stores.pool, f"{province}.{SERVICE}")
    executor, keyed = executing(log, clock), stores.vault(clock)
    places = Places(log, Areas.of_province(province))
    office = Office(executor, keyed, places, People(keyed, executor), criteria.load())
    queries = Queries(executor.repository, keyed, office.criteria)
    titles = TitleQueries(executor.repository, keyed, stores.pool)
    commands, router = _commands(office, verifier, stores, clock, local=local)
    replay = Replay(log, publish)
    web = create_app(
        SERVICE,
        verifier=verifier,
        areas=places.areas,
        routers=[router, *_reads(office, stores, queries, titles)],
        commands=[commands],
        replay=replay,
        position=partial(followed, log, stores.vault_pool),
        ready=partial(ready, stores),
        labels=LABELS,
        clock=clock,
        description=ABOUT,
    )
    services = (
        registry_service(queries, titles, places, clock),
        log_service(replay, places.areas, clock),
    )
    return Serving(executor, verifier, places, web, services)


def _commands(
    office: Office, verifier: Verifier, stores: Stores, clock: Clock, *, local: bool
) -> tuple[Commands, APIRouter]:
    router = APIRouter()
    commands = Commands(
        router,
        office.executor,
        verifier=verifier,
        areas=office.places.areas,
        log=office.executor.log.name,
        digest=partial(vault.request_digest, stores.keys.request_key),
        clock=clock,
        local=local,
    )
    repository, log = office.executor.repository, office.executor.log
    decisions = Decisions(office, Listing(log, READ_TABLES), Progress(repository))
    api.accept(commands, office, decisions)
    return commands, router


def _reads(
    office: Office, stores: Stores, queries: Queries, titles: TitleQueries
) -> Sequence[APIRouter]:
    places = office.places
    return (
        reads.searching(Search(stores.vault_pool), places, office.vault),
        reads.things(queries, places),
        reads.lists(stores.pool, places, office.criteria),
        title_reads.titles(titles, places),
    )


async def followed(log: Log, vault_pool: asyncpg.Pool) -> Mapping[str, int]:
    """How far both the read tables and the search rows have come."""
    tables, rows = await asyncio.gather(
        follow.position(log.pool, READ_TABLES), follow.position(vault_pool, SEARCH)
    )
    return {log.name: min(tables, rows)}


async def ready(stores: Stores) -> None:
    """Pass when both databases are at the head of their migrations; `Busy` otherwise."""
    lacking = await database.missing(stores.pool, MIGRATIONS)
    lacking += await database.missing(stores.vault_pool, VAULT_MIGRATIONS)
    if lacking:
        files = ", ".join(lacking)
        raise Busy(f"the database lacks {files}; run migrate", f"cơ sở dữ liệu còn thiếu {files}")


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


async def open_stores(settings: Settings, role: str, *, size: int) -> Stores:
    """Both databases of the service, and the keys of its key file."""
    keys = vault.KeyEncryptionKeys.load(Path(settings.require("key_file")))
    open_pool: Callable[..., asyncpg.Pool] = partial(
        database.open_pool, application_name=f"{SERVICE}-{role}", max_size=size
    )
    return Stores(
        await open_pool(settings.database_url), await open_pool(settings.require("vault_url")), keys
    )


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer over HTTP and gRPC until stopped; then finish what is under way."""
    stores = await open_stores(settings, "serve", size=8)
    serving = assemble(
        stores,
        Verifier(settings.issuer_url),
        province=settings.province,
        local=settings.recorded_at_allowed,
    )
    try:
        await answer(serving, settings, stop)
    finally:
        await stores.close()


async def answer(serving: Serving, settings: Settings, stop: asyncio.Event) -> None:
    """Run both servers; the last append is stored after the last request was taken."""
    await serving.executor.start()
    following = asyncio.create_task(serving.places.follow())
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
        following.cancel()
        await serving.executor.drain()
