"""Headcounts as NDJSON through HTTP into one process: rows validated, stored and answered a second.

The baseline is the same rows one by one as JSON commands over one connection each, 32 at a time,
which is what a client without the bulk form would do (measured by ``benchmarks.http_command``).
"""

import time
from statistics import median
from uuid import uuid4

import httpx2 as httpx

from benchmarks.ground import Ground, ground
from benchmarks.harness import Row, report
from benchmarks.http_command import Contestant, send

ROWS = 10_000
BATCHES = 6


def batch(n: int) -> list[dict[str, object]]:
    place = {"kind": "TECH_TRANSFER", "area": "03763", "held_on": "2025-10-02"}
    return [{"key": f"{uuid4()}", "participants": (n + i) % 90, **place} for i in range(ROWS)]


def window(client: httpx.Client) -> float:
    """Rows a second over a few full batches; making the rows is not counted."""
    batches = [batch(n) for n in range(BATCHES)]
    began = time.perf_counter()
    for rows in batches:
        send(client, "/v1/headcounts", rows)
    return ROWS * BATCHES / (time.perf_counter() - began)


def stored(client: httpx.Client) -> int:
    return int(client.get("/v1/position").json()["position"])


def measure(here: Ground, rounds: int) -> list[Row]:
    bearer = {"Authorization": f"Bearer {here.token()}"}
    url = here.env["TRAINING_URL"]
    single = Contestant("/v1/headcounts", url, bearer, [])
    rates = []
    with httpx.Client(base_url=url, headers=bearer, timeout=120) as client:
        window(client)  # warm-up, not counted
        for _ in range(rounds):
            before = stored(client)
            rates.append(window(client))
            if stored(client) - before != ROWS * BATCHES:
                raise SystemExit("rows acknowledged are not the rows stored")
            single.window(here.run.folder)
    rate, beside = median(rates), single.median("rate")
    ratio = rate / beside
    return [Row("ndjson.headcounts", rate, "rows/s", beside, ratio, 20_000, rounds, absolute=True)]


def main(rounds: int = 5) -> list[Row]:
    with ground() as here, here.service("training"):
        return measure(here, rounds)


if __name__ == "__main__":
    report(main())
