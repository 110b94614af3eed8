"""Search by name over 500,000 subjects, through HTTP, one caller after another.

The people are generated in the form in which the worker keeps them (`registry.search`), so that
what is measured is the question: words with and without marks, unfinished ones, one area or all.
A third of the names are nobody else's, more than one would meet.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from random import Random
from uuid import UUID

import asyncpg
import httpx2 as httpx
from chassis.area import Areas
from registry.search import names

from benchmarks.ground import Ground, ground
from benchmarks.harness import Row, percentile, report

PEOPLE = 500_000
AT_ONCE = 20_000
FAMILIES = "Lò Quàng Cà Tòng Vì Hoàng Lường Giàng Mùa Sồng Nguyễn Trần Phạm Đinh Hà Bạc"
MIDDLES = "Văn Thị Đức Minh Thu Hồng Quốc Ngọc Thanh Xuân"
GIVEN = "An Bình Chiến Dung Đào Giang Hà Hoa Hoà Hương Khánh Lan Mai Nam Nga Oanh Phúc Sơn Tú Vân Ý"
QUESTIONS: tuple[dict[str, str], ...] = (
    {"name": "hoà"},
    {"name": "hoa"},
    {"name": "lo van dao"},
    {"name": "Lò Văn Đào"},
    {"name": "ng"},
    {"name": "v", "area": "03646"},
    {"name": "quang thi", "model": "citizen"},
    {"name": "khong ai ten the"},
    {"area": "03763"},
    {},
)
ROUNDS = 20
Person = tuple[UUID, str, str, str, bytes, str]


def people() -> Iterator[Person]:
    """Generated names, spread over today's communes."""
    rng = Random(387)
    families, middles, given = (words.split() for words in (FAMILIES, MIDDLES, GIVEN))
    units = Areas.of_province("14").in_force(datetime.now(UTC).date())
    areas = [str(unit.area) for unit in units]
    while True:
        middle = " ".join(rng.choices(middles, k=rng.randint(1, 3)))
        name = f"{rng.choice(families)} {middle} {rng.choice(given)}"
        words = " ".join(names.lexemes(name))
        key = names.sort_key(name)
        yield UUID(int=rng.getrandbits(128)), "citizen", rng.choice(areas), name, key, words


async def fill(url: str) -> None:
    """Keys nobody can open, and the rows by which their people are found."""
    connection, everybody, now = await asyncpg.connect(url), people(), datetime.now(UTC)
    await connection.execute("CREATE TEMP TABLE coming (LIKE subject_name, plain text)")
    await connection.execute("ALTER TABLE coming ALTER words DROP NOT NULL")
    for _ in range(0, PEOPLE, AT_ONCE):
        rows = list(islice(everybody, AT_ONCE))
        keys = [(row[0], "bench", b"-", bytes(32), now) for row in rows]
        await connection.copy_records_to_table("data_key", records=keys)
        columns = ["subject", "model", "area", "name", "name_sort", "plain"]
        await connection.copy_records_to_table("coming", records=rows, columns=columns)
        await connection.execute(
            "WITH gone AS (DELETE FROM coming RETURNING *) INSERT INTO subject_name SELECT"
            " subject, model, area, name, name_sort,"
            " array_to_tsvector(string_to_array(plain, ' ')) FROM gone"
        )
    await connection.execute("ANALYZE subject_name, distinct_name")
    await connection.close()


def asked(here: Ground) -> list[float]:
    """Milliseconds of every question, round after round."""
    bearer = {"Authorization": f"Bearer {here.token()}"}
    took = []
    with httpx.Client(base_url=here.env["REGISTRY_URL"], headers=bearer, timeout=60) as client:
        for turn in range(ROUNDS + 1):
            for question in QUESTIONS:
                began = time.perf_counter()
                answer = client.post("/v1/subjects/search", json=question)
                if answer.status_code != httpx.codes.OK:
                    raise SystemExit(answer.text)
                if turn:  # the first round fills the caches
                    took.append(1000 * (time.perf_counter() - began))
    return took


def main() -> list[Row]:
    with ground() as here, here.service("registry"):
        asyncio.run(fill(here.env["REGISTRY_VAULT_OWNER_URL"]))
        late = percentile(asked(here), 0.95)
        return [Row("search.p95", late, "ms", None, None, 50, ROUNDS, less=True, absolute=True)]


if __name__ == "__main__":
    report(main())
