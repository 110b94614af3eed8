"""A small aggregate, and logs in a fresh database, for the tests of the log."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from chassis.clock import SystemClock
from chassis.domain import Aggregate, event, uuid7
from chassis.errors import Conflict, Said
from chassis.log.codec import Codec
from chassis.log.execute import Decide, Executor, Order, UnitOfWork
from chassis.log.store import Log
from chassis.run.database import migrate, open_pool
from ending import closed

from deploy.local.databases import Database

MIGRATIONS = Path(__file__).parents[1] / "services/chassis/log/migrations"
ACTOR = UUID("00000000-0000-7000-8000-0000000000aa")


class NoSeat(Conflict):
    """Every seat is taken."""


class Seminar(Aggregate):
    """A seminar with a number of seats."""

    CALLED = Said("seminar", "hội thảo")

    class SeminarAnnounced(Aggregate.Created):
        TOPIC = "test.SeminarAnnounced"
        title: str
        seats: int

    class SeatTaken(Aggregate.Event):
        TOPIC = "test.SeatTaken"
        learner: UUID

    class SeatsAdded(Aggregate.Event):
        TOPIC = "test.SeatsAdded"
        seats: int

    @event(SeminarAnnounced)
    def __init__(self, title: str, seats: int) -> None:
        self.title = title
        self.seats = seats
        self.learners: list[UUID] = []

    def take_seat(self, learner: UUID) -> None:
        if len(self.learners) >= self.seats:
            raise NoSeat(
                f"all {self.seats} seats of {self.title} are taken",
                f"cả {self.seats} chỗ của {self.title} đều có người",
            )
        self._taken(learner=learner)

    @event(SeatsAdded)
    def add_seats(self, seats: int) -> None:
        self.seats += seats

    @event(SeatTaken)
    def _taken(self, learner: UUID) -> None:
        self.learners.append(learner)


CODEC = Codec(Seminar)


def order(command: UUID | None = None, body: str = "", **rest: Any) -> Order:
    """An order under a new command id, unless one is given."""
    digest = hashlib.sha256(body.encode()).digest()
    return Order(command=command or uuid7(), digest=digest, actor=ACTOR, **rest)


def announce(seats: int = 10, id: UUID | None = None) -> Decide:  # noqa: A002  # the log's word
    async def decide(work: UnitOfWork) -> Seminar:
        return work.save(Seminar(id=id or uuid7(), title="Hội thảo", seats=seats))

    return decide


def take_seat(seminar: UUID, learner: UUID | None = None) -> Decide:
    async def decide(work: UnitOfWork) -> Seminar:
        found = await work.get(Seminar, seminar)
        found.take_seat(learner or uuid7())
        return work.save(found)

    return decide


def add_seats(seminar: UUID, seats: int = 1) -> Decide:
    async def decide(work: UnitOfWork) -> Seminar:
        found = await work.get(Seminar, seminar)
        found.add_seats(seats)
        return work.save(found)

    return decide


async def prepare(database: Database) -> None:
    await migrate(database.owner_url, [MIGRATIONS], database.app_role)


@asynccontextmanager
async def open_log(database: Database, **pool: Any) -> AsyncIterator[Log]:
    """The log of a database, brought to its schema."""
    await prepare(database)
    opened = await open_pool(database.app_url, **pool)
    try:
        yield Log(opened, "14.test")
    finally:
        await closed(opened)


@asynccontextmanager
async def executing(log: Log) -> AsyncIterator[Executor]:
    """A process that appends to the log."""
    executor = Executor(log, CODEC, SystemClock())
    await executor.start()
    try:
        yield executor
    finally:
        await executor.drain()


class Tail:
    """A reader of new events that holds every position against the one before."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.seen: list[tuple[int, UUID, int]] = []
        self.times: list[Any] = []

    async def look(self) -> int:
        found = await self._log.read(len(self.seen), 500)
        for e in found:
            assert e.position == len(self.seen) + 1, "a position was skipped"
            assert not self.times or e.recorded_at >= self.times[-1], "time went back"
            self.seen.append((e.position, e.stream, e.version))
            self.times.append(e.recorded_at)
        return len(found)

    async def follow(self, until: Callable[[], bool]) -> None:
        """Read on until the writers are done and everything is read."""
        while True:
            finished = until()
            if not await self.look() and finished:
                return
            await asyncio.sleep(0)


async def everything(pool: asyncpg.Pool) -> Any:
    return await pool.fetch(
        "SELECT position, stream, version, command FROM event ORDER BY position"
    )


async def assert_sound(pool: asyncpg.Pool) -> None:
    """Positions dense, versions of each stream contiguous, one receipt for each command, true."""
    rows = await everything(pool)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    versions: dict[UUID, int] = {}
    for row in rows:
        assert row["version"] == versions.get(row["stream"], 0) + 1
        versions[row["stream"]] = row["version"]
    receipts = await pool.fetch("SELECT command_id, first_position, last_position FROM command")
    spans: dict[UUID, list[int]] = {}
    for row in rows:
        spans.setdefault(row["command"], []).append(row["position"])
    assert {
        r["command_id"]: list(range(r["first_position"], r["last_position"] + 1)) for r in receipts
    } == spans


async def until(holds: Callable[[], Awaitable[object]], seconds: float = 20) -> None:
    """Wait until something outside this process holds."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110  # a database has no event to wait for
            await asyncio.sleep(0.002)
