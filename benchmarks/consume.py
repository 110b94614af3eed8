"""What the bus costs: publishing, relaying a log, reading and decoding a topic, and the delay.

``bus.decode`` reads real Kafka as the consumer does (a thread polls, the loop decodes and sifts),
without a projection; the projection into Postgres has a bench of its own.
"""

import asyncio
import json
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from chassis import log as chassis_log
from chassis.bus import consumer as consumers
from chassis.bus import outlet as outlets
from chassis.bus.applying import Applier
from chassis.bus.consumer import Consumer
from chassis.bus.cursor import Cursor, Place, Sifted
from chassis.bus.envelope import Envelope, encode, key_of
from chassis.bus.kafka import Batch, Membership, Publisher, Subscription, Topic
from chassis.bus.outlet import Outlet
from chassis.bus.relay import Relay
from chassis.log.leader import Leader
from chassis.log.record import Recorded
from chassis.log.store import Log
from chassis.run.database import migrate, open_pool
from khuyenhoc.training.v1.events_pb2 import LITERACY, HeadcountReported

from benchmarks.harness import Row, percentile, report
from benchmarks.servers import fresh, postgres
from deploy.local.databases import Database
from deploy.local.kafka import Kafka
from deploy.local.places import REPO
from deploy.local.processes import child, free_port, wait_until

LOG = "14.training"
EVENTS = 50_000
BATCH = 2_000
PACE = 200.0
SECONDS = 10.0
SETTLE = 3.0


@contextmanager
def broker() -> Iterator[str]:
    """A broker of the bench's own, with the flags of a laptop."""
    with tempfile.TemporaryDirectory(prefix="kh-bench-") as folder:
        jars, home = REPO / ".tools/kafka", Path(folder)
        ports = free_port(), free_port()
        kafka = Kafka(home, jars / "libs", home / "words", *ports, jars / "classes.jsa")
        kafka.prepare()
        process = child(kafka.program())
        try:
            if not wait_until(kafka.answers, 60):
                raise SystemExit(kafka.log.read_text())
            yield kafka.bootstrap
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def headcount(event: Recorded) -> HeadcountReported:
    return HeadcountReported(
        headcount=str(event.stream),
        kind=LITERACY,
        area="03763@2025-07-01",
        held_on="2025-10-02",
        ended_on="2025-10-03",
        participants=json.loads(event.payload)["participants"],
    )


def events(count: int) -> list[Recorded]:
    began = datetime.now(UTC) - timedelta(days=1)
    return [
        Recorded(
            position=n,
            stream=uuid4(),
            version=1,
            type="training.HeadcountReported",
            recorded_at=began + timedelta(microseconds=n),
            command=UUID(int=n),
            payload=b'{"participants":40}',
            meta=b'{"v":1,"actor":"0198c0de-0000-7000-8000-000000000001"}',
        )
        for n in range(1, count + 1)
    ]


async def produced(bootstrap: str, topic: str, records: Sequence[tuple[bytes, bytes]]) -> float:
    """Records a second until the last is acknowledged; encoding is not counted."""
    publisher = Publisher(bootstrap, topic, "bench")
    await publisher.open()
    began = time.perf_counter()
    for first in range(0, len(records), BATCH):
        await publisher.send_all(records[first : first + BATCH])
    rate = len(records) / (time.perf_counter() - began)
    await publisher.close()
    return rate


async def decoded(bootstrap: str, topic: str, count: int) -> float:
    """Events a second, read in a group, decoded and held against the place."""
    cursor = Cursor(Place(LOG))
    async with Subscription(Membership(bootstrap, f"bench-{uuid4()}", (topic,))) as subscription:
        await subscription.next()
        subscription.seek(topic, cursor.begin)
        began = time.perf_counter()
        while cursor.place.position < count:
            happening = await subscription.next()
            if isinstance(happening, Batch):
                cursor.advance(cursor.sift(happening.records).tip(cursor.place))
        return count / (time.perf_counter() - began)


async def relayed(outlet: Outlet, count: int) -> float:
    """Events a second from the log's table to the acknowledged topic, progress saved."""
    await outlet.pool.execute("DELETE FROM relay")
    await outlet.whole_topic().recreate()
    relay = Relay(outlet)
    async with Leader(outlet.pool, outlet.leadership) as term:
        progress = await relay.resume()
        began = time.perf_counter()
        await relay.publish_on(term, progress, until=count)
        return count / (time.perf_counter() - began)


async def store(database: Database, stored: Sequence[Recorded]) -> None:
    connection = await asyncpg.connect(database.owner_url)
    await connection.copy_records_to_table("event", records=[row_of(event) for event in stored])
    await connection.close()


class Watched(Applier[None]):
    """Notes the moment at which each position is committed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool, self._written)
        self.applied: list[float] = []

    async def apply(self, place: Place, sifted: Sifted, published: int) -> Place:
        tip = await super().apply(place, sifted, published)
        self.applied += [time.perf_counter()] * (tip.position - place.position)
        return tip

    async def _written(self, connection: Any, rows: Sequence[tuple[Envelope, None]]) -> None:
        positions = [(envelope.position,) for envelope, _ in rows]
        await connection.copy_records_to_table("seen", records=positions)


def _nothing(_: Envelope) -> None:
    return None


async def paced(database: Database, stored: Sequence[Recorded]) -> list[float]:
    """Store events one by one, 200 a second; when each was committed."""
    connection = await asyncpg.connect(database.owner_url)
    statement = await connection.prepare("INSERT INTO event VALUES ($1,$2,$3,$4,$5,$6,$7,$8)")
    began, at = time.perf_counter(), []
    for n, event in enumerate(stored):
        await asyncio.sleep(max(0.0, began + n / PACE - time.perf_counter()))
        await statement.fetch(*row_of(event))
        at.append(time.perf_counter())
    await connection.close()
    return at


async def delays(outlet: Outlet, log: Database, reader: Database) -> list[float]:
    """Milliseconds from each event's storing to its being applied, both committed."""
    pool = await open_pool(reader.app_url)
    watched = Watched(pool)
    membership = Membership(outlet.bootstrap, f"bench-{uuid4()}", (outlet.topic,))
    consumer = Consumer(pool, membership, {outlet.topic: LOG}, _nothing, watched.write)
    consumer._applier = watched  # noqa: SLF001  (the moment of the commit is what is measured)
    tasks = [asyncio.create_task(Relay(outlet).run()), asyncio.create_task(consumer.run())]
    stored = events(int(PACE * SECONDS))
    await asyncio.sleep(SETTLE)  # the group's assignment is not what is measured
    sent = await paced(log, stored)
    while len(watched.applied) < len(sent):  # noqa: ASYNC110  (threads and servers are at work)
        await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    await pool.close()
    return [1_000 * (done - began) for began, done in zip(sent, watched.applied, strict=True)]


def row_of(event: Recorded) -> tuple[Any, ...]:
    first = (event.position, event.stream, event.version, event.type, event.recorded_at)
    return (*first, event.command, event.payload.decode(), event.meta.decode())


async def make_log(database: Database) -> None:
    folders = [Path(chassis_log.__file__).parent / "migrations", outlets.MIGRATIONS]
    await migrate(database.owner_url, folders, database.app_role)


async def make_reader(database: Database) -> None:
    await migrate(database.owner_url, [consumers.MIGRATIONS], database.app_role)
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute("CREATE TABLE seen (position bigint); GRANT ALL ON seen TO PUBLIC")
    await connection.close()


async def rates(bootstrap: str, log: Database, rounds: int) -> list[Row]:
    """Produce, relay and decode, one after another in every round."""
    stored = events(EVENTS)
    await make_log(log)
    await store(log, stored)
    records = [(key_of(e), encode(LOG, e, headcount(e))) for e in stored]
    topic = Topic(bootstrap, "bench.rates")
    pool = await open_pool(log.app_url)
    outlet = Outlet(pool, Log(pool, LOG), bootstrap, "bench.relay", headcount)
    measured: dict[str, list[float]] = {"bus.produce": [], "bus.relay": [], "bus.decode": []}
    for _ in range(rounds):
        await topic.recreate()
        measured["bus.produce"].append(await produced(bootstrap, topic.name, records))
        measured["bus.relay"].append(await relayed(outlet, EVENTS))
        measured["bus.decode"].append(await decoded(bootstrap, topic.name, EVENTS))
    await pool.close()
    return [
        Row(name, median(values), "events/s", None, None, None, rounds)
        for name, values in measured.items()
    ]


async def latency(bootstrap: str, log: Database, reader: Database) -> list[Row]:
    await make_log(log)
    await make_reader(reader)
    pool = await open_pool(log.app_url)
    outlet = Outlet(pool, Log(pool, LOG), bootstrap, "bench.delay", headcount)
    waits = await delays(outlet, log, reader)
    await pool.close()
    return [
        Row(f"bus.delay.p{share}", percentile(waits, share / 100), "ms", None, None, None, 1)
        for share in (50, 95)
    ]


def main(rounds: int = 5) -> list[Row]:
    with broker() as bootstrap, postgres() as server:
        measured = asyncio.run(rates(bootstrap, fresh(server, "bench_log"), rounds))
        delayed = latency(bootstrap, fresh(server, "bench_log"), fresh(server, "bench_reader"))
        return [*measured, *asyncio.run(delayed)]


if __name__ == "__main__":
    report(main())
