"""The composition root: settings in, running roles out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
from chassis import log as chassis_log
from chassis.area import Areas
from chassis.bus import outlet as bus
from chassis.clock import Clock, SystemClock
from chassis.edge.auth import Verifier
from chassis.edge.commands import Commands
from chassis.edge.log_rpc import log_service
from chassis.edge.replay import Replay
from chassis.edge.web import create_app
from chassis.log import follow, vault
from chassis.log.store import Log
from chassis.run.settings import Settings
from chassis.wiring import serving
from chassis.wiring.recording import executing
from chassis.wiring.stores import Stores, open_stores, ready
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
from registry.search.finding import Search
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
class Serving(serving.Serving):
    """What answers and records, with the maps it knows."""

    places: Places


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
    executor, keyed = executing(log, CODEC, clock), stores.vault(clock)
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
        ready=partial(ready, (stores.pool, MIGRATIONS), (stores.vault_pool, VAULT_MIGRATIONS)),
        labels=LABELS,
        clock=clock,
        description=ABOUT,
    )
    services = (
        registry_service(queries, titles, places, clock),
        log_service(replay, places.areas, clock),
    )
    return Serving(verifier, web, services, executor, places)


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
        digest=stores.digest,
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


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer over HTTP and gRPC until stopped; then finish what is under way."""
    async with await open_stores(settings, "serve", size=8, vault_size=8) as stores:
        assembled = assemble(
            stores,
            Verifier(settings.issuer_url),
            province=settings.province,
            local=settings.recorded_at_allowed,
        )
        following = asyncio.create_task(assembled.places.follow())
        try:
            await serving.serve(assembled, settings, stop)
        finally:
            following.cancel()
