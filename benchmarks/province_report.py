"""The province's statistics at full scale: every measure, any `as_of`, `known_at` and `map_date`.

Three million events (`province`) are read into fresh tables once; then questions of many shapes are
asked one after another through the query functions that HTTP, gRPC and the page share, with the
connection settings of `serve`. `python -m benchmarks.province_report 0.1` reads a tenth.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

import asyncpg
from chassis.run.database import open_pool
from reporting.app import READING
from reporting.measures import MEASURES, Kind, Measure
from reporting.queries import parse_query, statistics

from benchmarks.ground import Ground, ground
from benchmarks.harness import REPO, Row, percentile, report
from benchmarks.province import AREAS, build

ROUNDS = 5
NOW = datetime(2025, 10, 20, 5, tzinfo=UTC)
Question = dict[str, str]
QUESTIONS: tuple[Question, ...] = (
    {},
    {"by": "commune"},
    {"by": "commune", "map_date": "2025-06-30"},
    {"by": "commune", "as_of": "2025-10-15"},
    {"as_of": "2025-03-18"},
    {"by": "commune", "as_of": "2025-03-15", "known_at": "2025-03-15"},
    {"by": "commune", "known_at": "2025-03-15T07:00:00Z"},
    {
        "by": "commune",
        "as_of": "2025-09-18",
        "known_at": "2025-09-20T07:00:00Z",
        "map_date": "2025-06-30",
    },
    {"known_at": "2024-01-03T02:30:00Z"},
    {"area": "03763"},
    {"area": "03763", "as_of": "2025-09-18", "known_at": "2025-09-20T07:00:00Z"},
    {"period": "2024-03-05..2025-03-10"},
)
OVER_TIME: tuple[Question, ...] = (
    {"by": "month"},
    {"by": "commune,month"},
    {"period": "2025-10-03"},
)
BY_MODEL: tuple[Question, ...] = (
    {"by": "model", "as_of": "2025-10-15"},
    {"by": "model", "known_at": "2025-09-20T07:00:00Z"},
    {"model": "citizen", "by": "commune", "as_of": "2025-10-15", "known_at": "2025-09-20"},
)


def questions(measure: Measure) -> Iterator[Question]:
    """Every shape that a measure can be asked in."""
    yield from QUESTIONS
    if measure.kind not in (Kind.STOCK, Kind.RATIO):
        yield from OVER_TIME
    yield {"by": f"commune,{measure.dimensions[0]}"}
    if "model" in measure.dimensions:
        yield from BY_MODEL


async def took(pool: asyncpg.Pool, measure: Measure, question: Question) -> float:
    """Milliseconds to the whole answer."""
    began = time.perf_counter()
    params = {name: [text] for name, text in {"measure": measure.id, **question}.items()}
    await statistics(pool, AREAS, parse_query(params, NOW, AREAS))
    return 1000 * (time.perf_counter() - began)


async def measured(app_url: str, scale: float) -> list[Row]:
    """Read the events, ask the questions."""
    pool = await open_pool(app_url, settings=READING)
    try:
        read = await build(pool, scale)
        asked = [(measure, one) for measure in MEASURES.values() for one in questions(measure)]
        for one in asked:
            await took(pool, *one)
        times = [(one, await took(pool, *one)) for _ in range(ROUNDS) for one in asked]
    finally:
        await pool.close()
    sums = [ms for (measure, _), ms in times if measure.kind is not Kind.DISTINCT]
    people = [ms for (measure, _), ms in times if measure.kind is Kind.DISTINCT]
    events, spent = (sum(column) for column in zip(*read.values(), strict=True))
    ms: dict[str, bool] = {"less": True, "absolute": True}
    return [
        Row("province.cpu", 1e6 * spent / events, "us/event", None, None, None, 1, less=True),
        Row("province.p95", percentile(sums, 0.95), "ms", None, None, 50, ROUNDS, **ms),
        Row("province.median", median(sums), "ms", None, None, None, ROUNDS, **ms),
        Row("province.distinct", median(people), "ms", None, None, None, ROUNDS, **ms),
    ]


def tables(here: Ground) -> str:
    """The address of reporting's database, its tables made."""
    words = [sys.executable, "-m", "reporting", "migrate"]
    subprocess.run(words, cwd=REPO, env=here.env, check=True, capture_output=True)
    return here.env["REPORTING_DATABASE_URL"]


def main(scale: float = 1) -> list[Row]:
    with ground() as here:
        return asyncio.run(measured(tables(here), scale))


if __name__ == "__main__":
    report(main(*(float(word) for word in sys.argv[1:])))
