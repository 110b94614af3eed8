"""One million published facts from real Kafka into statistics: one worker, every increment kept.

The worker is `python -m reporting work` as it runs everywhere, on an empty database with Postgres'
default durability; its rate is taken between two positions, so that starting does not count. After
every round the sums by day and by month are held against the increments. The baseline is what the
event-sourcing library offers for the same purpose: its ProjectionRunner over its own recorder in
Postgres, with the same two figures kept in a transaction an event.
"""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
from chassis.area import Areas
from chassis.bus.envelope import encode, key_of
from chassis.bus.kafka import Publisher, Topic
from chassis.log.record import Recorded
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from google.protobuf.message import Message
from khuyenhoc.training.v1.events_pb2 import CourseCompleted, HeadcountReported
from psycopg.sql import SQL

from benchmarks.answers import answers
from benchmarks.ground import Ground, ground
from benchmarks.harness import REPO, Row, interleaved, medians, report, spread
from deploy.local.processes import Program, child

EVENTS = 1_000_000
LIBRARY_EVENTS = 3_000
LOG = "14.training"
WARM = 0.05  # of the events are read before the clock starts
SENT_AT_ONCE = 5_000
REFORM = date(2025, 7, 1)
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=650)
TABLES = (
    "increment_run, day_sum, cell_month, place_month, membership, person, series, parked,"
    " source_loss, source"
)

_UNEQUAL = """
SELECT (SELECT count(*) FROM (
    (SELECT series, valid_on, known_month, sum(total) FROM cell GROUP BY 1, 2, 3)
    EXCEPT ALL
    SELECT series, valid_on,
        date_trunc('month', recorded_at AT TIME ZONE 'UTC' + interval '7 hours')::date, sum(delta)
    FROM increment GROUP BY 1, 2, 3) AS days),
(SELECT count(*) FROM (
    SELECT series, valid_month, known_month, total::numeric FROM cell_month
    EXCEPT ALL
    SELECT series, date_trunc('month', valid_on::timestamp)::date, known_month, sum(total)
    FROM cell GROUP BY 1, 2, 3
) AS months),
(SELECT count(*) FROM (
    SELECT series, valid_month, known_month, total::numeric FROM place_month
    EXCEPT ALL
    SELECT whole, valid_month, known_month, sum(total)
    FROM cell_month JOIN series ON series.id = cell_month.series GROUP BY 1, 2, 3) AS places),
(SELECT sum(delta) FROM increment) - (SELECT sum(total) FROM cell),
(SELECT sum(total) FROM cell) - (SELECT sum(total) FROM cell_month),
(SELECT sum(total) FROM cell) - (SELECT sum(total) FROM place_month)
"""


def facts(count: int, seed: int = 387) -> Iterator[tuple[Recorded, Message]]:
    """Headcounts of 22 months in all kinds and communes of both maps, most of them told within
    weeks; every fiftieth is a course with the names of twenty learners.
    """
    chance, areas = Random(seed), Areas.of_province("14")
    maps = [[str(u.area) for u in areas.in_force(day)] for day in (date(2024, 1, 1), REFORM)]
    for position in range(1, count + 1):
        recorded_at = BEGAN + SPAN * position / count
        late = timedelta(days=min(60, int(chance.expovariate(1 / 7))))
        on = max(BEGAN, recorded_at - late).date()
        area, kind = chance.choice(maps[on >= REFORM]), chance.randint(1, 9)
        stored = Recorded(
            position, UUID(int=position), 1, "", recorded_at, UUID(int=0), b"", b'{"v":1}'
        )
        yield stored, _message(position, area, kind, on.isoformat(), chance)


def _message(position: int, area: str, kind: Any, on: str, chance: Random) -> Message:
    course = str(UUID(int=position))
    if position % 50:
        number = chance.randrange(80)
        return HeadcountReported(
            headcount=course, kind=kind, area=area, held_on=on, ended_on=on, participants=number
        )
    people = [str(UUID(int=chance.randrange(20_000))) for _ in range(20)]
    return CourseCompleted(
        course=course, kind=kind, area=area, completed_on=on, participants=20, learners=people
    )


async def fill(bootstrap: str, name: str, count: int) -> None:
    """Publish the facts, as the relay does."""
    await Topic(bootstrap, name).recreate()
    publisher, batch = Publisher(bootstrap, name, "bench"), []
    await publisher.open()
    for stored, message in facts(count):
        batch.append((key_of(stored), encode(LOG, stored, message)))
        if len(batch) == SENT_AT_ONCE:
            await publisher.send_all(batch)
            batch = []
    if batch:
        await publisher.send_all(batch)
    await publisher.close()


class Ours:
    """A worker on empty tables, and how fast its position moves."""

    def __init__(self, here: Ground, count: int) -> None:
        self.here, self.count = here, count
        words = [sys.executable, "-m", "reporting", "migrate"]
        subprocess.run(words, cwd=REPO, env=here.env, check=True, capture_output=True)
        url = here.admin_url.rpartition("/")[0] + "/kh_reporting"
        self.connection = psycopg.connect(url, autocommit=True)

    def rate(self) -> float:
        self.connection.execute(f"TRUNCATE {TABLES}")
        self.connection.execute("CHECKPOINT")
        program = [sys.executable, "-m", "reporting", "work"]
        log = self.here.run.log("projection-work")
        worker = child(Program(program, REPO, log, self.here.env))
        try:
            first, began = self._reach(int(self.count * WARM))
            last, ended = self._reach(self.count)
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
        self._check()
        return (last - first) / (ended - began)

    def _reach(self, position: int) -> tuple[int, float]:
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline:
            found = self.connection.execute("SELECT max(position) FROM source").fetchone()
            if found and (found[0] or 0) >= position:
                return found[0], time.perf_counter()
            time.sleep(0.05)
        raise SystemExit(f"position {position} was not reached")

    def _check(self) -> None:
        unequal = self.connection.execute(_UNEQUAL).fetchone()
        assert unequal == (0, 0, 0, 0, 0, 0), f"sums differ from their increments: {unequal}"
        kept = self.connection.execute("SELECT count(*) FROM increment").fetchone()
        named = self.count // 50
        assert kept == (2 * self.count + named,), f"{kept} increments"
        assert self.connection.execute("SELECT count(*) FROM parked").fetchone() == (0,)


class Headcount(Aggregate):
    @event("Reported")
    def __init__(self, area: str, kind: str, on: str, participants: int) -> None:
        self.area, self.kind, self.on, self.participants = area, kind, on, participants


class Headcounts(Application[UUID]):
    name = "headcounts"


class Figures(PostgresTrackingRecorder):
    """Increments and their sums, as a careful developer keeps them with the library."""

    def __init__(self, datastore: Any, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.sql_create_statements += [
            SQL(
                "CREATE TABLE IF NOT EXISTS increment (measure text, area text, kind text,"
                " valid_on date, delta bigint, position bigint)"
            ).format(),
            SQL(
                "CREATE TABLE IF NOT EXISTS cell (measure text, area text, kind text,"
                " valid_on date, total bigint, PRIMARY KEY (measure, area, kind, valid_on))"
            ).format(),
        ]

    def add(self, fact: Any, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            for measure, delta in (("courses", 1), ("participations", fact.participants)):
                place = (measure, fact.area, fact.kind, fact.on, delta)
                cursor.execute(
                    "INSERT INTO increment VALUES (%s, %s, %s, %s, %s, %s)",
                    (*place, tracking.notification_id),
                    prepare=True,
                )
                cursor.execute(
                    "INSERT INTO cell VALUES (%s, %s, %s, %s, %s) ON CONFLICT"
                    " (measure, area, kind, valid_on) DO UPDATE SET total = cell.total"
                    " + excluded.total",
                    place,
                    prepare=True,
                )


class Counted(Projection[Figures]):
    name = "counted"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(domain_event, tracking)


class Library:
    """The library's runner over its own events in the same server."""

    def __init__(self, here: Ground, count: int) -> None:
        self.here, self.count = here, count

    def rate(self) -> float:
        name = f"bench_library_{uuid4().hex[:8]}"
        parts = psycopg.conninfo.conninfo_to_dict(self.here.fresh_database(name))
        env = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": name,
            "POSTGRES_HOST": str(parts["host"]),
            "POSTGRES_PORT": str(parts["port"]),
            "POSTGRES_USER": str(parts["user"]),
            "POSTGRES_PASSWORD": str(parts["password"]),
        }
        application = Headcounts(env)
        given = [message for _, message in facts(self.count) if hasattr(message, "ended_on")]
        for start in range(0, len(given), 100):
            application.save(
                *(
                    Headcount(one.area, str(one.kind), one.ended_on, one.participants)  # type: ignore[attr-defined]
                    for one in given[start : start + 100]
                )
            )
        application.close()
        began = time.perf_counter()
        with ProjectionRunner(
            application_class=Headcounts, projection_class=Counted, view_class=Figures, env=env
        ) as runner:
            runner.wait(len(given), timeout=600)
            return len(given) / (time.perf_counter() - began)


def main(rounds: int = 5, events: int = EVENTS) -> list[Row]:
    with ground() as here:
        asyncio.run(fill(here.env["KAFKA_BOOTSTRAP"], here.env["TRAINING_TOPIC"], events))
        ours, library = Ours(here, events), Library(here, LIBRARY_EVENTS)
        measured = interleaved(
            {"ours": ours.rate, "library": library.rate}, rounds=rounds, warm_up=False
        )
        ours.connection.close()
        answered = asyncio.run(answers(here.env["REPORTING_DATABASE_URL"]))
    print({name: spread(rates) for name, rates in measured.items()}, measured)
    middle = medians(measured)
    ours_rate, library_rate = middle["ours"], middle["library"]
    times = ours_rate / library_rate
    return [
        Row(
            "projection.rate",
            ours_rate,
            "events/s",
            library_rate,
            times,
            35_000,
            rounds,
            absolute=True,
        ),
        Row("projection.beside_library", ours_rate, "events/s", library_rate, times, 25, rounds),
        *answered,
    ]


if __name__ == "__main__":
    report(main(*(int(word) for word in sys.argv[1:])))
