"""A small log and a small reader of it, for the tests of the bus, also as processes of their own."""

import asyncio
import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from chassis.bus import outlet as outlets
from chassis.bus.consumer import Consumer
from chassis.bus.envelope import Envelope
from chassis.bus.kafka import Membership
from chassis.bus.outlet import Outlet
from chassis.bus.refilling import refill
from chassis.bus.relay import Relay
from chassis.log.record import Recorded
from chassis.log.store import Log
from chassis.run.database import migrate, open_pool
from ending import stopped
from google.protobuf.message import Message
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.training.v1.events_pb2 import HeadcountReported

from deploy.local.databases import Database
from deploy.local.kafka import Kafka
from deploy.local.processes import child, free_port, wait_until

REPO = Path(__file__).resolve().parents[1]
SERVICES = REPO / "services"
LOG = "14.training"
CLASS, HIDDEN = "test.ClassHeld", "test.Hidden"
BROKEN, UNWRITABLE = -1, -2

_SEEN = """
CREATE TABLE seen (log text, position bigint, stream text, participants integer,
                   recorded_at bigint, PRIMARY KEY (log, position));
GRANT SELECT, INSERT, UPDATE, DELETE ON seen TO "{app}";
"""


async def eventually(check: Callable[[], Awaitable[Any]], within: float = 60.0) -> Any:
    """Wait until a condition holds and give what it came to."""
    async with asyncio.timeout(within):
        while not (result := await check()):  # noqa: ASYNC110  (what is awaited is elsewhere)
            await asyncio.sleep(0.02)
    return result


async def close(pool: asyncpg.Pool) -> None:
    """Close a pool, also one whose connections were cut."""
    try:
        await asyncio.wait_for(pool.close(), 5)
    except (TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        pool.terminate()


# --- the log ---------------------------------------------------------------------------------


def publish(event: Recorded) -> Message:
    if event.type == HIDDEN:
        return Withheld()
    return HeadcountReported(headcount=str(event.stream), participants=int(event.payload))


async def make_log(database: Database) -> None:
    folders = [SERVICES / "chassis/log/migrations", outlets.MIGRATIONS]
    await migrate(database.owner_url, folders, database.app_role)


async def hold_classes(
    database: Database,
    participants: Sequence[int],
    *,
    stream: UUID | None = None,
    kind: str = CLASS,
    at: datetime | None = None,
) -> None:
    """Store one event after another, each on its own stream unless one is given."""
    connection = await asyncpg.connect(database.owner_url)
    at = at or datetime.now(UTC)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE event IN EXCLUSIVE MODE")
            head = await connection.fetchval("SELECT coalesce(max(position), 0) FROM event")
            version = await connection.fetchval(
                "SELECT coalesce(max(version), 0) FROM event WHERE stream = $1", stream
            )
            await connection.copy_records_to_table(
                "event",
                records=[
                    (
                        head + n,
                        stream or uuid4(),
                        version + n if stream else 1,
                        kind,
                        at + timedelta(microseconds=n),
                        uuid4(),
                        str(count),
                        '{"v":1}',
                    )
                    for n, count in enumerate(participants, 1)
                ],
            )
    finally:
        await connection.close()


@asynccontextmanager
async def outlet_of(database: Database, bootstrap: str, topic: str) -> AsyncIterator[Outlet]:
    pool = await open_pool(database.app_url)
    try:
        yield Outlet(pool, Log(pool, LOG), bootstrap, topic, publish)
    finally:
        await close(pool)


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[asyncio.Task[None]]:
    """Something that runs until it is no longer needed; its failure is the test's."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        await stopped(task)


@asynccontextmanager
async def relaying(database: Database, bootstrap: str, topic: str) -> AsyncIterator[Outlet]:
    async with (
        outlet_of(database, bootstrap, topic) as outlet,
        running(Relay(outlet).run()),
    ):
        yield outlet


# --- the reader ------------------------------------------------------------------------------


def project(envelope: Envelope) -> tuple[str, int] | None:
    """What a class comes to; one of -1 participants is not understood by this release."""
    if envelope.type != HeadcountReported.DESCRIPTOR.full_name:
        return None
    held = HeadcountReported.FromString(envelope.data)
    if held.participants == BROKEN and "MENDED" not in os.environ:
        raise ValueError("a class of -1 is not understood")
    return held.headcount, held.participants


async def write(connection: Any, events: Sequence[tuple[Envelope, Any]]) -> None:
    """Keep what classes come to; one of -2 participants does not fit into the table."""
    rows = [
        (e.log, e.position, row[0], 2**40 if row[1] == UNWRITABLE else row[1], e.recorded_at)
        for e, row in events
        if row
    ]
    await connection.copy_records_to_table("seen", records=rows)


async def make_reader(database: Database) -> None:
    folders = [SERVICES / "chassis/bus/migrations"]
    await migrate(database.owner_url, folders, database.app_role)
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute(_SEEN.format(app=database.app_role))
    finally:
        await connection.close()


@dataclass
class Reader:
    """A reader's database, as a test looks into it."""

    pool: asyncpg.Pool
    membership: Membership

    def consumer(self) -> Consumer[Any]:
        return Consumer(
            self.pool, self.membership, {self.membership.topics[0]: LOG}, project, write
        )

    async def position(self) -> int:
        return await self.pool.fetchval("SELECT max(position) FROM source") or 0

    async def reached(self, position: int, within: float = 60.0) -> None:
        async def check() -> bool:
            return await self.position() >= position

        await eventually(check, within)

    async def alarmed(self, kind: str | None) -> dict[str, Any]:
        async def check() -> Any:
            row = await self.pool.fetchrow(
                "SELECT alarm::jsonb->>'kind' AS kind, alarm::text AS alarm FROM source"
            )
            return row is not None and row["kind"] == kind and (row["alarm"] or "{}")

        return dict(json.loads(await eventually(check)))

    async def seen(self) -> list[tuple[int, int]]:
        rows = await self.pool.fetch("SELECT position, participants FROM seen ORDER BY position")
        return [tuple(row) for row in rows]


@asynccontextmanager
async def reader_of(database: Database, bootstrap: str, topic: str) -> AsyncIterator[Reader]:
    pool = await open_pool(database.app_url)
    try:
        group = f"readers-of-{topic}"
        member = Membership(bootstrap, group, (topic,), session_seconds=6.0, batch=1_000)
        yield Reader(pool, member)
    finally:
        await close(pool)


@asynccontextmanager
async def consuming(database: Database, bootstrap: str, topic: str) -> AsyncIterator[Reader]:
    async with (
        reader_of(database, bootstrap, topic) as reader,
        running(reader.consumer().run()),
    ):
        yield reader


# --- a broker to be killed ---------------------------------------------------------------------


class Broker:
    """A broker of a test's own."""

    def __init__(self, home: Path) -> None:
        kafka = REPO / ".tools/kafka"
        ports, archive = (free_port(), free_port()), kafka / "classes.jsa"
        self.kafka = Kafka(home / "kafka", kafka / "libs", home / "kafka.log", *ports, archive)
        self.kafka.prepare()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return self.kafka.bootstrap

    def start(self) -> None:
        self._process = child(self.kafka.program())
        assert wait_until(self.kafka.answers, 90), self.kafka.log.read_text()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def bury(self) -> None:
        """Kill it for good, and close what kafka-python leaves open when its broker is killed.

        Otherwise Python's complaint of it fails whatever test runs by then.
        """
        self.kill()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


# --- either of them as a process ---------------------------------------------------------------


def process(
    role: str, database: Database, bootstrap: str, topic: str, failpoint: str = ""
) -> subprocess.Popen[bytes]:
    """`relay`, `refill` or `consume` in a process of its own, to die at a named step or at any moment."""
    path = os.pathsep.join(str(REPO / p) for p in ("services", "proto/gen", ".", "tests"))
    return subprocess.Popen(
        [sys.executable, "-m", "traffic", role, database.app_url, bootstrap, topic],
        env={
            **os.environ,
            "PYTHONPATH": path,
            "KH_PROFILE": "local",
            "KH_FAILPOINT": failpoint,
        },
        cwd=REPO,
    )


async def _main(role: str, url: str, bootstrap: str, topic: str) -> None:
    database = Database("", url, url, "", "")
    if role == "relay":
        async with relaying(database, bootstrap, topic):
            await asyncio.Event().wait()
    if role == "refill":
        async with outlet_of(database, bootstrap, topic) as outlet:
            await refill(outlet)
    if role == "consume":
        async with consuming(database, bootstrap, topic):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
