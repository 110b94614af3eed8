"""How long statistics take to answer once a million facts have been counted.

Questions of many shapes, one after another, through the query functions that HTTP, gRPC and the
page share, with the connection settings of `serve`.
"""

import time
from datetime import UTC, datetime
from statistics import median

from chassis.area import Areas
from chassis.run.database import open_pool
from reporting.app import READING
from reporting.queries import parse_query, statistics

from benchmarks.harness import Row, percentile

ROUNDS = 12
NOW = datetime(2025, 10, 20, 5, tzinfo=UTC)
FLOW = "participations"
QUESTIONS: tuple[dict[str, str], ...] = (
    {},
    {"by": "commune"},
    {"by": "commune", "map_date": "2025-06-30"},
    {"by": "month"},
    {"by": "kind,year"},
    {"kind": "LITERACY,SEMINAR", "by": "commune"},
    {"period": "2024-01-10..2025-10-05", "by": "commune"},
    {"period": "2025-10-03"},
    {"area": "03763", "by": "month,kind"},
    {"area": "03763", "period": "2024-03-05..2025-03-10"},
    {"known_at": "2025-03-15", "by": "commune"},
    {"known_at": "2025-03-15T07:00:00Z", "period": "2024-03-05..2025-03-10"},
)


async def answers(app_url: str) -> list[Row]:
    """The 95th percentile of flows, in milliseconds, and the median of distinct learners."""
    pool = await open_pool(app_url, settings=READING)
    areas = Areas.of_province("14")

    async def took(measure: str, question: dict[str, str]) -> float:
        began = time.perf_counter()
        params = {name: [text] for name, text in {"measure": measure, **question}.items()}
        answer = await statistics(pool, areas, parse_query(params, NOW, areas))
        assert answer.rows
        return 1000 * (time.perf_counter() - began)

    try:
        for question in QUESTIONS:
            await took(FLOW, question)
        flows = [await took(FLOW, one) for _ in range(ROUNDS) for one in QUESTIONS]
        people = [await took("distinct_learners", {"by": "commune"}) for _ in range(ROUNDS)]
    finally:
        await pool.close()
    late, usual = percentile(flows, 0.95), median(people)
    return [
        Row("statistics.p95", late, "ms", None, None, 50, ROUNDS, less=True, absolute=True),
        Row("statistics.distinct", usual, "ms", None, None, None, ROUNDS, less=True),
    ]
