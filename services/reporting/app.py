"""The composition root: settings in, running roles out."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import chassis
from chassis.area import Areas
from chassis.bus import places, retrying
from chassis.bus import withdrawing as losses
from chassis.bus.applying import Write
from chassis.bus.consumer import Consumer
from chassis.bus.cursor import Place
from chassis.bus.kafka import Membership
from chassis.bus.retrying import Retried
from chassis.clock import Clock, SystemClock
from chassis.edge.auth import Verifier
from chassis.edge.web import create_app
from chassis.errors import Invalid
from chassis.run import database
from chassis.run.process import settle
from chassis.run.settings import Settings
from chassis.wiring.following import REGISTRY, learning
from chassis.wiring.serving import Answering, answer
from fastapi import APIRouter

from reporting import api, bases, page
from reporting.labels import LABELS
from reporting.maps import Atlas
from reporting.projections import Rows, projector
from reporting.rpc import reporting_service
from reporting.withdrawing import withdraw
from reporting.writer import Batch, Writer

SERVICE = "reporting"
BATCH = 4_000  # four of them are in memory at once: written, read, waiting, fetched
FOLLOWED = ("training",)
"""The services whose facts become statistics wherever reporting runs."""
ALSO = ("registry", "funds")
"""Services that are followed where the environment names their topics."""

_CHASSIS = Path(chassis.__file__).parent
MIGRATIONS = (
    _CHASSIS / "bus" / "migrations",
    places.MIGRATIONS,
    Path(__file__).with_name("migrations"),
)
READING = {"work_mem": "32MB", "max_parallel_workers_per_gather": "0"}
"""Sums over a province are hashed in memory; a second core is worth more to a second reader."""


def assemble(
    pool: asyncpg.Pool,
    verifier: Verifier,
    *,
    province: str,
    routers: Iterable[APIRouter] = (),
    clock: Clock | None = None,
    areas: Areas | None = None,
) -> Answering:
    """Everything that answers, over an open pool; ``routers`` add what people look at.

    ``areas`` are the maps of now, for `/v1/areas`; figures have theirs as known at any time.
    """
    clock, base = clock or SystemClock(), Areas.of_province(province)

    async def position() -> Mapping[str, int]:
        return {row["log"]: row["position"] for row in await pool.fetch(_POSITIONS)}

    async def ready() -> None:
        await pool.fetchval("SELECT 1 FROM series LIMIT 1")

    web = create_app(
        SERVICE,
        verifier=verifier,
        areas=areas or base,
        routers=[api.reads(pool, base), *routers],
        position=position,
        ready=ready,
        labels=LABELS,
        clock=clock,
        description="Province-wide statistics: views of what the other services published.",
    )
    return Answering(verifier, web, (reporting_service(pool, base, clock, web.state.positions),))


_POSITIONS = "SELECT log, position FROM source"


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer over HTTP and gRPC until stopped; then finish what is under way."""
    pool = await database.open_pool(
        settings.database_url, application_name="reporting-serve", settings=READING
    )
    verifier, base = Verifier(settings.issuer_url), Areas.of_province(settings.province)
    people, areas = page.routes(pool, base, settings, verifier), base.copy()
    answering = assemble(pool, verifier, province=settings.province, routers=[people], areas=areas)
    try:
        async with learning(pool, areas):
            await answer(answering, settings, stop)
    finally:
        await pool.close()


async def work(settings: Settings) -> None:
    """Read the topics of the services followed, taking over from other workers, until cancelled."""
    async with operating(settings, "reporting-work") as pool:
        consumer = consumer_of(pool, settings)
        settle()
        await consumer.run()


def consumer_of(pool: asyncpg.Pool, settings: Settings) -> Consumer[Rows]:
    """What turns published events into statistics."""
    logs = topics(settings)
    membership = Membership(
        bootstrap=settings.require("kafka_bootstrap"),
        group=f"khuyenhoc.{settings.province}.{SERVICE}",
        topics=tuple(logs),
        member=os.environ.get("REPORTING_MEMBER"),
        batch=BATCH,
    )
    project = projector(Areas.of_province(settings.province))
    return Consumer(pool, membership, logs, project, writing(pool))


def writing(pool: asyncpg.Pool) -> Write[Rows]:
    """What keeps what events add to the figures, and what they change on the map."""
    writer = Writer(pool)

    async def write(connection: asyncpg.Connection, batch: Batch) -> None:
        await writer.write(connection, batch)
        await places.keep(connection, [(at, rows.change) for at, rows in batch if rows.change])

    return write


def topics(settings: Settings) -> dict[str, str]:
    """The log of each topic that is followed."""
    named = (name for name in ALSO if os.environ.get(f"{name.upper()}_TOPIC"))
    followed = (*FOLLOWED, *named)
    return {settings.topic_of(name): f"{settings.province}.{name}" for name in followed}


async def retry(settings: Settings) -> Retried:
    """Go through what is parked, key by key, in order."""
    async with operating(settings, "reporting-operator") as pool:
        project = projector(Areas.of_province(settings.province))
        return await retrying.retry(pool, project, writing(pool))


async def accept_loss(settings: Settings, at: int, log: str | None) -> Place:
    """Take back what a log no longer holds above a position; the only log followed by default.

    Raises:
        Invalid: the log is not followed, has to be named, or was not read as far as that.
    """
    async with operating(settings, "reporting-operator") as pool:
        followed = list(topics(settings).values())
        name = log or (followed[0] if len(followed) == 1 else "")
        if name not in followed:
            known = ", ".join(followed)
            raise Invalid(
                f"--log names one of {known}; {name!r} is none of them",
                f"--log phải là một trong {known}; {name!r} không có trong đó",
            )
        return await losses.accept_loss(pool, name, at, _take_back, datetime.now(UTC))


async def _take_back(connection: asyncpg.Connection, log: str, *, above: int, at: datetime) -> None:
    """The figures, and the places, that came of what a log no longer holds."""
    await withdraw(connection, log, above=above, at=at)
    if log.endswith(f".{REGISTRY}"):
        await places.withdraw(connection, above)


async def keep_bases(settings: Settings, text: str) -> int:
    """Add the bases of rates that a CSV text names; give how many were not known yet.

    Raises:
        Invalid: a line says what cannot be; then none is added.
    """
    async with operating(settings, "reporting-operator") as pool, pool.acquire() as connection:
        areas = await Atlas(Areas.of_province(settings.province)).known(connection, None)
        found = bases.read(text, areas)
        return await bases.keep(connection, found, datetime.now(UTC))


@asynccontextmanager
async def operating(settings: Settings, name: str) -> AsyncIterator[asyncpg.Pool]:
    """A small pool of connections that may write, closed afterwards."""
    pool = await database.open_pool(settings.database_url, application_name=name, max_size=4)
    try:
        yield pool
    finally:
        await pool.close()


async def migrate(settings: Settings) -> list[str]:
    """Bring the database to its head; give the files applied."""
    return await database.migrate(settings.require("owner_url"), MIGRATIONS, settings.app_role)
