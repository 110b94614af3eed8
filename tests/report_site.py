"""A province with reports, and its report page served over a real database, with a real issuer."""

import asyncio
import random
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import httpx2
import uvicorn
from chassis.area import Areas
from chassis.clock import FixedClock
from chassis.edge.auth import Verifier
from chassis.run import database
from google.protobuf.message import Message
from khuyenhoc.training.v1 import events_pb2 as training
from reporting import app as reporting
from reporting import page
from reporting.projections import projector
from reports import enclosed

from deploy.local.databases import Database
from deploy.local.processes import Program, child, free_port, wait_until

REPO = Path(__file__).resolve().parents[1]
LOG = "14.training"
NOW = datetime(2025, 10, 15, 5, 0, tzinfo=UTC)
TODAY = date(2025, 10, 15)
REFORM = date(2025, 7, 1)
AREAS = Areas.of_province("14")
SILENT = ("03763", "04240")  # Long Hẹ, Mường Lèo: nothing was ever reported
EMPTY_CLASS = "03820"  # Ngọc Chiến: one class, and nobody came


@dataclass(frozen=True, slots=True)
class Fact:
    """One completed course: known by its number of participants, or by its list of learners."""

    area: str
    day: date
    kind: str
    participants: int
    learners: tuple[str, ...] = ()

    def message(self) -> training.CourseCompleted | training.HeadcountReported:
        if not self.learners:
            return training.HeadcountReported(
                headcount=str(UUID(int=1)),
                kind=self.kind,
                area=self.area,
                held_on=str(self.day),
                ended_on=str(self.day),
                participants=self.participants,
            )
        return training.CourseCompleted(
            course=str(UUID(int=2)),
            kind=self.kind,
            area=self.area,
            completed_on=str(self.day),
            participants=self.participants,
            learners=self.learners,
        )

    @property
    def today(self) -> str:
        """The place of today's map to which it belongs; the province for what is its own."""
        if self.area == "14":
            return "14"
        code, _, began = self.area.partition("@")
        unit = next(u.area for u in _known() if (u.area.code, str(u.area.began)) == (code, began))
        return str(AREAS.carry(unit, TODAY))


def a_province() -> tuple[Fact, ...]:
    """Two years of courses in most communes, before and after the reform; always the same."""
    chance = random.Random(387)
    facts = [Fact("03820@1900-01-01", date(2025, 3, 4), "LITERACY", 0)]
    for unit in (*AREAS.in_force(date(2025, 6, 1)), *AREAS.in_force(TODAY)):
        if str(AREAS.carry(unit.area, TODAY)).partition("@")[0] in (*SILENT, EMPTY_CLASS):
            continue
        first = max(unit.area.began, date(2023, 11, 1))
        days = ((REFORM - timedelta(days=1) if first < REFORM else TODAY) - first).days
        dated = [first + timedelta(chance.randint(0, days)) for _ in range(3)]
        facts += [_fact(str(unit.area), day, chance) for day in dated]
    facts += [Fact("14", date(2025, 5, d), "PROFESSIONAL_TRAINING", 38) for d in (5, 12, 19)]
    return tuple(sorted(facts, key=lambda fact: fact.day))


def _fact(area: str, day: date, chance: random.Random) -> Fact:
    kind = chance.choice(("TECH_TRANSFER", "TECH_TRANSFER", "PROFESSIONAL_TRAINING", "LITERACY"))
    participants = chance.randint(8, 120)
    if chance.random() < 0.75:
        return Fact(area, day, kind, participants)
    people = tuple(str(uuid5(UUID(int=7), f"{area} {n}")) for n in range(participants))
    return Fact(area, day, kind, participants, people)


def _known() -> Iterable[Any]:
    return (*AREAS.in_force(date(2025, 6, 1)), *AREAS.in_force(TODAY))


Published = tuple[str, date, Message]
"""The log, the day and the event."""


async def fill(pool: asyncpg.Pool, published: Iterable[Published]) -> None:
    """What the worker would write had it read these events from their topics."""
    project, places = projector(AREAS), dict[str, tuple[int, datetime]]()
    batch = []
    for log, day, message in published:
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)
        position = places.get(log, (0, at))[0] + 1
        places[log] = (position, at)
        envelope = enclosed(message, position, at, log)
        batch.append((envelope, project(envelope)))
    async with pool.acquire() as connection, connection.transaction():
        await reporting.writing(pool)(connection, batch)
        await connection.executemany(
            "INSERT INTO source (log, position, published, recorded_at, seen_at)"
            " VALUES ($1, $2, $2, $3, now() + interval '1 day')",  # no source falls silent here
            [(log, *place) for log, place in places.items()],
        )


@dataclass(frozen=True)
class Site:
    """The served page. ``run`` executes something on the server's own loop and connections."""

    url: str
    issuer: str
    facts: tuple[Fact, ...]
    run: Callable[[Callable[[asyncpg.Pool], Coroutine[Any, Any, Any]]], Any]

    def report(self, **parameters: str) -> str:
        """The address of the report; ``lang`` is Vietnamese unless said otherwise."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"{self.url}/report?{query}"

    def execute(self, statement: str) -> None:
        self.run(lambda pool: pool.execute(statement))


class _Served(threading.Thread):
    """The service as it is composed, on a loop and in a thread of its own."""

    def __init__(
        self, database_: Database, told: Sequence[Published], url: str, issuer: str
    ) -> None:
        super().__init__(name="report-site")
        self.database, self.told, self.url, self.issuer = database_, told, url, issuer
        self.loop, self.settled = asyncio.new_event_loop(), threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.loop.run_until_complete(self._serve())
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.settled.set()
            self.loop.close()

    async def _serve(self) -> None:
        theirs = self.database
        await database.migrate(theirs.owner_url, reporting.MIGRATIONS, theirs.app_role)
        async with await database.open_pool(theirs.app_url, max_size=4) as self.pool:
            await fill(self.pool, self.told)
            self.server = _page(self.pool, self.url, self.issuer)
            answering = asyncio.create_task(self.server.serve())
            await asyncio.to_thread(wait_until, lambda: self.server.started, 30)
            self.settled.set()
            await answering

    def on_loop(self, work: Callable[[asyncpg.Pool], Coroutine[Any, Any, Any]]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(self.pool), self.loop).result(30)


@contextmanager
def serving(
    database_: Database, facts: tuple[Fact, ...], folder: Path, beside: Iterable[Published] = ()
) -> Iterator[Site]:
    """The page on a free port until the block ends; ``beside`` are what services other than
    training published.
    """
    url, issuer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    told = [(LOG, fact.day, fact.message()) for fact in facts]
    served = _Served(database_, [*told, *beside], url, issuer)
    served.start()
    served.settled.wait(60)
    assert served.error is None, served.error
    try:
        with _issuer(issuer, folder):
            yield Site(url, issuer, facts, served.on_loop)
    finally:
        served.server.should_exit = True
        served.join(30)


def _page(pool: asyncpg.Pool, url: str, issuer: str) -> uvicorn.Server:
    verifier, clock = Verifier(issuer), FixedClock(NOW)
    settings = SimpleNamespace(url=url, issuer_url=issuer)
    people = page.routes(pool, AREAS, settings, verifier, clock)
    serving = reporting.assemble(pool, verifier, province="14", routers=[people], clock=clock)
    return _server(serving.web, url)


@contextmanager
def _issuer(url: str, folder: Path) -> Iterator[None]:
    """The issuer of this machine, as the launcher runs it."""
    env = {"KH_PROFILE": "local", "ISSUER_URL": url, "ISSUER_HOME": str(folder)}
    argv = [sys.executable, "-m", "deploy.local.issuer"]
    program = Program(argv, REPO, folder / "issuer.log", env)
    process = child(program)
    try:
        assert wait_until(lambda: process.poll() is not None or _answers(url), 60)
        assert process.poll() is None, program.log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(10)


def _answers(url: str) -> bool:
    with suppress(httpx2.TransportError):
        return httpx2.get(f"{url}/jwks.json").status_code == 200
    return False


def _server(app: Any, url: str) -> uvicorn.Server:
    port = int(url.rpartition(":")[2])
    config = uvicorn.Config(app, port=port, log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    server.capture_signals = _no_signals  # type: ignore[method-assign]  # not the main thread's
    return server


@contextmanager
def _no_signals() -> Iterator[None]:
    yield
