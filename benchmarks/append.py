"""Durable appends by 32 callers: ours, complete, beside the library's recorder and pgbench.

``appends`` begin where the baselines do, with an encoded event: queue, one function call for the
batch with versions, receipts and unique ids, answer. ``commands`` are the whole way: decide,
encode, and then the same. Every round asserts that what was acknowledged is what is stored.
"""

import asyncio
import os
import re
import subprocess
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import msgspec
import uvloop
from chassis.clock import SystemClock
from chassis.domain import Event, uuid7
from chassis.log.append import Append
from chassis.log.execute import Executor, Order, UnitOfWork
from chassis.log.record import NewEvent
from chassis.log.store import Log
from chassis.run.database import migrate, open_pool
from chassis.run.process import settle
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from training.codec import CODEC
from training.domain.headcount import Headcount
from training.domain.kind import Kind

from benchmarks.harness import REPO, Row, interleaved, medians, percentile, report, spread
from benchmarks.servers import fresh, postgres
from deploy.local.databases import Database
from deploy.local.postgres import Postgres

CALLERS = 32
SECONDS = 3.0
MIGRATIONS = REPO / "services/chassis/log/migrations"
ACTOR = uuid4()
DAY = date(2025, 10, 14)


@dataclass
class Window:
    """What one window of a contestant gave."""

    rate: float
    p50_ms: float = 0.0
    p99_ms: float = 0.0


def window(latencies: list[float], seconds: float) -> Window:
    ms = [1000 * percentile(latencies, share) for share in (0.5, 0.99)]
    return Window(len(latencies) / seconds, *ms)


class Ours:
    """One process with one executor over its own database."""

    def __init__(self, database: Database) -> None:
        self.loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)  # as every service runs
        self.database = database
        self.loop.run(self._open())
        settle()

    async def _open(self) -> None:
        await migrate(self.database.owner_url, [MIGRATIONS], self.database.app_role)
        self.log = Log(await open_pool(self.database.app_url), "14.bench")
        self.executor = Executor(self.log, CODEC, SystemClock())
        await self.executor.start()

    def close(self) -> None:
        self.loop.run(self.executor.drain())
        self.loop.run(self.log.pool.close())
        self.loop.close()

    def window(self, seconds: float = SECONDS) -> Window:
        return self.loop.run(self._window(seconds))

    async def _window(self, seconds: float) -> Window:
        before = (await self.log.head()).position
        measured = await closed_loop(self._one, seconds)
        if (await self.log.head()).position - before != len(measured):
            raise SystemExit("what was acknowledged is not what is stored")
        return window(measured, seconds)

    async def _one(self) -> None:
        await self.executor.execute(Order(uuid7(), b"0123456789abcdef", ACTOR), report_headcount)


async def report_headcount(work: UnitOfWork) -> Headcount:
    return work.save(a_headcount())


def a_headcount() -> Headcount:
    return Headcount(
        id=uuid7(),
        kind=Kind.TECH_TRANSFER,
        title="Kỹ thuật trồng mận hậu",
        area="03763@2025-07-01",
        held_on=DAY,
        ended_on=DAY,
        participants=45,
    )


def an_event() -> NewEvent:
    """A stored event of the usual size."""
    return CODEC.encode(cast("Event", a_headcount().pending_events[0]), ACTOR)


EVENT = an_event()


async def closed_loop(
    one: Callable[[], Awaitable[None]], seconds: float, callers: int = CALLERS
) -> list[float]:
    """Each caller asks again when answered; latencies in seconds."""
    measured: list[float] = []
    end = time.perf_counter() + seconds

    async def caller() -> None:
        while (began := time.perf_counter()) < end:
            await one()
            measured.append(time.perf_counter() - began)

    await asyncio.gather(*[caller() for _ in range(callers)])
    return measured


class Encoded(Ours):
    """The same from the queue on, with events encoded beforehand, as the baselines have them."""

    async def _one(self) -> None:
        stream = uuid7()
        new = msgspec.structs.replace(EVENT, stream=stream)
        append = Append(uuid7(), b"0123456789abcdef", stream, 1, {stream: 0}, [new])
        self.executor._batcher.submit(append)  # noqa: SLF001  # the part being measured
        await append.settled()


class Library:
    """The library's recorder in threads, one stored event to an append of our event's size."""

    def __init__(self, database: Database, *, functions: bool) -> None:
        at = urlsplit(database.owner_url)
        self.store = PostgresDatastore(
            dbname=database.name, host=str(at.hostname), port=str(at.port),
            user=str(at.username), password=str(at.password), pool_size=CALLERS,
            enable_db_functions=functions,
        )  # fmt: skip
        self.recorder = PostgresApplicationRecorder(self.store)
        self.recorder.create_table()
        self.threads = ThreadPoolExecutor(CALLERS)
        self.state = EVENT.payload + EVENT.meta

    def close(self) -> None:
        self.threads.shutdown()
        self.store.close()

    def window(self, seconds: float = SECONDS) -> Window:
        end = time.perf_counter() + seconds

        def caller(_: int) -> list[float]:
            measured = []
            while (began := time.perf_counter()) < end:
                self.recorder.insert_events([StoredEvent(uuid4(), 1, "t", self.state)])
                measured.append(time.perf_counter() - began)
            return measured

        measured = [one for some in self.threads.map(caller, range(CALLERS)) for one in some]
        return window(measured, seconds)


class Pgbench:
    """pgbench with 32 clients, one row to a transaction."""

    def __init__(self, server: Postgres, database: Database) -> None:
        self.url, self.binary = database.owner_url, server.place.pginstall / "bin" / "pgbench"
        self.script = Path(server.log.parent) / "insert.sql"
        body = EVENT.payload.decode()
        asyncio.run(self._create())
        self.script.write_text(
            "INSERT INTO plain (stream, version, type, payload) "
            f"VALUES (gen_random_uuid(), 1, 't', '{body}');\n"
        )

    async def _create(self) -> None:
        connection = await asyncpg.connect(self.url)
        await connection.execute(
            "CREATE TABLE plain (position bigserial PRIMARY KEY, stream uuid NOT NULL, "
            "version int NOT NULL, type text NOT NULL, payload json NOT NULL)"
        )
        await connection.close()

    def window(self, seconds: float = SECONDS) -> Window:
        words = [
            str(self.binary), "-n", "-f", str(self.script), "-c", str(CALLERS), "-j", "2",
            "-M", "prepared", "-T", str(round(seconds)), self.url,
        ]  # fmt: skip
        told = subprocess.run(words, check=True, capture_output=True, text=True, env=_plain())
        found = re.search(r"tps = ([\d.]+)", told.stdout)
        if found is None:
            raise SystemExit(told.stdout + told.stderr)
        return Window(float(found[1]))

    def close(self) -> None:
        self.script.unlink()


def _plain() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}


def measure(server: Postgres, rounds: int) -> dict[str, list[Window]]:
    with ExitStack() as stack:
        contestants: dict[str, Any] = {
            "commands": Ours(fresh(server, "commands")),
            "appends": Encoded(fresh(server, "appends")),
            "library": Library(fresh(server, "library"), functions=False),
            "functions": Library(fresh(server, "functions"), functions=True),
            "pgbench": Pgbench(server, fresh(server, "plain")),
        }
        for contestant in contestants.values():
            stack.callback(contestant.close)
        return interleaved({name: c.window for name, c in contestants.items()}, rounds)


def main(rounds: int = 5) -> list[Row]:
    """The rows of durable appends."""
    with postgres() as server:
        measured = measure(server, rounds)
    rates = {name: [w.rate for w in windows] for name, windows in measured.items()}
    for name, values in rates.items():
        print(name, [round(v) for v in values], "spread", spread(values))
    rate = medians(rates)
    late = medians({name: [w.p99_ms for w in measured[name]] for name in measured})
    bars = {"library": 20.0, "functions": 7.0, "pgbench": 1.0}
    rows = [
        Row(f"{ours}.vs_{name}", rate[ours], f"{ours}/s", rate[name], rate[ours] / rate[name],
            bar if ours == "appends" else None, rounds)
        for ours in ("appends", "commands")
        for name, bar in bars.items()
    ]  # fmt: skip
    tails = [
        Row(f"{ours}.p99", late[ours], "ms", late["library"], late[ours] / late["library"], 5.0,
            rounds, less=True, absolute=True)
        for ours in ("appends", "commands")
    ]  # fmt: skip
    return rows + tails


if __name__ == "__main__":
    report(main())
