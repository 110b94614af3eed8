"""One HTTP command to one durable event, 32 connections, one process, beside the stock parts.

Ours: POST /v1/enrolments (an aggregate loaded, decided on, appended) and POST /v1/headcounts (one
created), through the whole edge: token, role in area, idempotency, problem documents, access log.
Baselines in the same run, window by window: the stock library behind a plain FastAPI route, and
FastAPI's own echo of a pydantic model with nothing stored.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2 as httpx

from benchmarks.ground import Ground, ground, spare_port
from benchmarks.harness import Row, report
from benchmarks.load import measured, post

CONNECTIONS = 32
SECONDS = 4.0
MOST = 9000 * SECONDS
COURSES = 400
STOCK = "/act", "/echo"
OURS = "/v1/enrolments", "/v1/headcounts"


@dataclass
class Contestant:
    """One path under load: where it is, and what a request to it looks like."""

    path: str
    url: str
    headers: dict[str, str]
    courses: list[str]
    windows: list[dict[str, Any]] = field(default_factory=list)

    def requests(self, n: int) -> Iterator[bytes]:
        for i in range(n):
            headers = {"Content-Type": "application/json", **self.headers}
            if self.path in OURS:
                headers["Idempotency-Key"] = f"{uuid4()}"
            yield post(self.path, json.dumps(self.body(i)).encode(), headers)

    def body(self, i: int) -> dict[str, Any]:
        if self.path == "/v1/headcounts":
            place = {"area": "03763", "held_on": "2025-10-02"}
            return {"kind": "TECH_TRANSFER", "participants": i % 90, **place}
        course = self.courses[i % len(self.courses)]
        return {"course": course, "learner": f"{uuid4()}", "enrolled_on": "2025-10-02"}

    def window(self, folder: Path) -> None:
        told = measured(self.url, self.requests(int(MOST)), CONNECTIONS, SECONDS, folder)
        if set(told["statuses"]) - {"200", "201"}:
            raise SystemExit(f"{self.path} answered {told['statuses']}")
        self.windows.append(told)

    def median(self, figure: str) -> float:
        return float(median(window[figure] for window in self.windows))


def stock(here: Ground, stack: ExitStack) -> list[Contestant]:
    """The stock library with its own recorder, on the same Postgres server."""
    parts = urlsplit(here.fresh_database("stock"))
    port = spare_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": "stock",
        "POSTGRES_HOST": f"{parts.hostname}",
        "POSTGRES_PORT": f"{parts.port}",
        "POSTGRES_USER": f"{parts.username}",
        "POSTGRES_PASSWORD": f"{parts.password}",
    }
    server = ["-m", "uvicorn", "benchmarks.stock:app", "--port", f"{port}", "--no-access-log"]
    stack.enter_context(here.process("stock", *server, url=f"{url}/openapi.json", **settings))
    with httpx.Client(base_url=url) as client:
        made = [client.post("/register").json()["id"] for _ in range(COURSES)]
    return [Contestant(path, url, {}, made) for path in STOCK]


def ours(here: Ground, stack: ExitStack) -> list[Contestant]:
    stack.enter_context(here.service("training"))
    url, token = here.env["TRAINING_URL"], here.token()
    bearer = {"Authorization": f"Bearer {token}"}
    made = [str(uuid4()) for _ in range(COURSES)]
    days = {"starts_on": "2025-10-01", "ends_on": "2025-10-09", "planned_on": "2025-09-01"}
    course = {"kind": "LITERACY", "title": "Lớp xóa mù chữ", "area": "03763", **days}
    plans = [{"key": f"p{i}", "id": id_, **course} for i, id_ in enumerate(made)]
    opens = [{"key": f"o{i}", "course": c, "opened_on": "2025-09-02"} for i, c in enumerate(made)]
    with httpx.Client(base_url=url, headers=bearer, timeout=60) as client:
        for path, rows in (("/v1/courses", plans), ("/v1/openings", opens)):
            send(client, path, rows)
    return [Contestant(path, url, bearer, made) for path in OURS]


def send(client: httpx.Client, path: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Many rows as NDJSON, all of which must be accepted; the summary."""
    return answers(client, path, rows)[1]


def answers(
    client: httpx.Client, path: str, rows: list[dict[str, Any]]
) -> tuple[list[str], dict[str, Any]]:
    """As ``send``: the answer to each row, not yet parsed, and the summary."""
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    answer = client.post(path, content=lines, headers={"content-type": "application/x-ndjson"})
    *told, last = answer.text.splitlines()
    summary: dict[str, Any] = json.loads(last)["summary"]
    if summary["accepted"] != len(rows):
        raise SystemExit(f"{path}: {answer.text[:500]}")
    return told, summary


def rows_of(by_path: dict[str, Contestant], rounds: int) -> list[Row]:
    library, echo = by_path["/act"], by_path["/echo"]
    rows = []
    for path in OURS:
        mine, name = by_path[path], path.rpartition("/")[2]
        rate, p99 = mine.median("rate"), mine.median("p99_ms")
        for against, bar in ((library, 8.0), (echo, 0.8)):
            beside = against.median("rate")
            what = f"http.{name}.vs_{'library' if against is library else 'echo'}"
            rows.append(Row(what, rate, "commands/s", beside, rate / beside, bar, rounds))
        tail = library.median("p99_ms")
        rows.append(Row(f"http.{name}.p99", p99, "ms", tail, p99 / tail, 0.25, rounds, less=True))
    return rows


def main(rounds: int = 5) -> list[Row]:
    with ground() as here, ExitStack() as stack:
        contestants = [*stock(here, stack), *ours(here, stack)]
        for contestant in contestants:
            contestant.window(here.run.folder)  # warm-up, not counted
            contestant.windows.clear()
        for _ in range(rounds):
            for contestant in contestants:
                contestant.window(here.run.folder)
        return rows_of({c.path: c for c in contestants}, rounds)


if __name__ == "__main__":
    report(main())
