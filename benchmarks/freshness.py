"""From a command's acknowledgement to the changed figure, at 200 commands a second, all running.

An open loop posts headcounts to training at a fixed pace; after every tenth acknowledgement the
figure is asked of reporting with ``min_position``, which answers as soon as it includes that event.
The time counted runs from the acknowledgement to the answer, the question's own cost included.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median
from uuid import uuid4

import httpx2 as httpx

from benchmarks.ground import FOLDER, Ground
from benchmarks.harness import Row, report
from deploy.local.places import REPO, Run

PACE = 200.0
SECONDS = 10.0
ASK_EVERY = 10


@dataclass
class Round:
    training: httpx.AsyncClient
    reporting: httpx.AsyncClient
    waits: list[float] = field(default_factory=list)

    async def run(self) -> float:
        """The 95th percentile in milliseconds."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for n in range(int(PACE * SECONDS)):
                await asyncio.sleep(max(0.0, began + n / PACE - time.perf_counter()))
                group.create_task(self.one(n))
        ordered = sorted(self.waits)
        return 1000 * ordered[int(len(ordered) * 0.95)]

    async def one(self, n: int) -> None:
        fact = {"kind": "LITERACY", "area": "03763", "held_on": "2025-10-02", "participants": 7}
        headers = {"idempotency-key": f"{uuid4()}"}
        answer = await self.training.post("/v1/headcounts", json=fact, headers=headers)
        answer.raise_for_status()
        acknowledged = time.perf_counter()
        if n % ASK_EVERY == 0:
            asked = {"measure": "participations", "wait": "10"}
            asked["min_position"] = answer.headers["kh-position"]
            (await self.reporting.get("/v1/statistics", params=asked)).raise_for_status()
            self.waits.append(time.perf_counter() - acknowledged)


async def rounds_of(here: Ground, rounds: int) -> list[float]:
    bearer = {"authorization": f"Bearer {here.token()}"}

    def client(name: str) -> httpx.AsyncClient:
        url = here.env[f"{name}_URL"]
        return httpx.AsyncClient(base_url=url, headers=bearer, timeout=30)

    async with client("TRAINING") as training, client("REPORTING") as reporting:
        await Round(training, reporting).run()  # warm-up, not counted
        return [await Round(training, reporting).run() for _ in range(rounds)]


def launcher(word: str, **variables: str) -> None:
    env = {**os.environ, "KH_RUN": str(FOLDER), "YES": "1", **variables}
    words = [sys.executable, "-m", "deploy.local", word]
    subprocess.run(words, cwd=REPO, env=env, check=True, capture_output=True)


def status() -> dict[str, dict[str, float]]:
    env = {**os.environ, "KH_RUN": str(FOLDER), "JSON": "1"}
    words = [sys.executable, "-m", "deploy.local", "status"]
    told = subprocess.run(words, cwd=REPO, env=env, check=True, capture_output=True)
    return {row["name"]: row for row in json.loads(told.stdout)}


def memory() -> list[Row]:
    """Resident memory of every process after a demo: the heaviest Python one, and Kafka."""
    rss = {name: row["rss_mb"] for name, row in status().items() if row["rss_mb"]}
    python = {name: mb for name, mb in rss.items() if name not in {"kafka", "postgres"}}
    largest = max(python, key=lambda name: python[name])
    heaviest = python[largest]
    return [
        at_most(f"memory.python.{largest}", heaviest, "MB", 150),
        at_most("memory.kafka", rss["kafka"], "MB", 300),
    ]


def at_most(name: str, value: float, unit: str, bar: float, rounds: int = 1) -> Row:
    """A figure with a bar of its own and no baseline."""
    return Row(name, value, unit, None, None, bar, rounds, less=True, absolute=True)


def timed(word: str, **variables: str) -> float:
    began = time.perf_counter()
    launcher(word, **variables)
    return time.perf_counter() - began


def main(rounds: int = 5) -> list[Row]:
    launcher("down")
    launcher("reset")
    first = timed("up")
    again = timed("up")
    demo = timed("demo", SCALE="0.01")
    try:
        weights = memory()
        late = median(asyncio.run(rounds_of(Ground(Run(FOLDER)), rounds)))
    finally:
        launcher("down")
        launcher("reset")
    return [
        at_most("up.first_without_downloads", first, "s", 120),
        at_most("up.again", again, "s", 15),
        at_most("demo.scale_0.01", demo, "s", 120),
        *weights,
        at_most("freshness.p95", late, "ms", 100, rounds),
    ]


if __name__ == "__main__":
    report(main())
