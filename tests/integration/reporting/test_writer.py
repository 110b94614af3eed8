"""What is written: increments kept, and sums that are always their sums."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import asyncpg
from counter import Counter
from reporting.projections import projector
from reporting.withdrawing import withdraw
from reporting.writer import Writer
from reports import AREAS, LOG, Fact, history, person

DAYS = """
SELECT series, valid_on, known_month, sum(total)::bigint FROM cell
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
DAYS_AGAIN = """
SELECT series, valid_on, known_month, sum(delta)::bigint FROM increment
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
MONTHS = "SELECT series, valid_month, known_month, total FROM cell_month ORDER BY 1, 2, 3"
MONTHS_AGAIN = """
SELECT series, date_trunc('month', valid_on::timestamp)::date,
    date_trunc('month', (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh'))::date, sum(delta)::bigint
FROM increment GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
PLACES = "SELECT series, valid_month, known_month, total FROM place_month ORDER BY 1, 2, 3"
PLACES_AGAIN = """
SELECT whole, date_trunc('month', valid_on::timestamp)::date,
    date_trunc('month', (recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh'))::date, sum(delta)::bigint
FROM increment JOIN series ON series.id = increment.series GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
SUMS = ((DAYS, DAYS_AGAIN), (MONTHS, MONTHS_AGAIN), (PLACES, PLACES_AGAIN))


async def assert_sums_agree(pool: asyncpg.Pool) -> int:
    """Every sum, by day, month or place, is the sum of its increments; give their number."""
    for kept, again in SUMS:
        assert await pool.fetch(kept) == await pool.fetch(again)
    return await pool.fetchval("SELECT count(*) FROM increment")


async def test_sums_are_the_sums_of_the_increments_however_facts_come(counter: Counter) -> None:
    facts = history(2_000, seed=11)
    for start, batch in ((0, 1), (50, 7), (400, 333), (1_400, 2_000)):
        end = {0: 50, 50: 400, 400: 1_400, 1_400: 2_000}[start]
        await counter.receive(facts[start:end], batch=batch)
    named = sum(1 for fact in facts if fact.learners)
    assert await assert_sums_agree(counter.pool) == 2 * len(facts) + named


async def test_a_fact_recorded_before_midnight_in_son_la_is_known_that_month(
    counter: Counter,
) -> None:
    midnight = datetime(2025, 9, 30, 17, tzinfo=UTC)
    before = Fact(recorded_at=midnight - timedelta(microseconds=1))
    await counter.receive([before, replace(before, recorded_at=midnight, position=2)])
    months = await counter.pool.fetch("SELECT known_month FROM cell ORDER BY 1")
    assert [row["known_month"] for row in months] == [
        *2 * [date(2025, 9, 1)],
        *2 * [date(2025, 10, 1)],
    ]


async def test_a_batch_that_is_rolled_back_leaves_no_number(counter: Counter) -> None:
    project, writer = projector(AREAS), Writer(counter.pool)
    envelope = Fact(participants=1, learners=(person(1),)).envelope()
    async with counter.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await writer.write(connection, [(envelope, project(envelope))])
        await transaction.rollback()
    assert await assert_sums_agree(counter.pool) == 0
    async with counter.pool.acquire() as connection, connection.transaction():
        await writer.write(connection, [(envelope, project(envelope))])
    assert await assert_sums_agree(counter.pool) == 3
    assert await counter.pool.fetchval("SELECT count(*) FROM member") == 1


async def test_what_is_written_in_parts_of_one_transaction_counts_once(counter: Counter) -> None:
    project, writer = projector(AREAS), Writer(counter.pool)
    events = [fact.envelope() for fact in history(40, seed=3)]
    rows = [(one, project(one)) for one in events]
    async with counter.pool.acquire() as connection, connection.transaction():
        await writer.write(connection, rows[:25])
        await writer.write(connection, rows[25:])
    assert await assert_sums_agree(counter.pool) == sum(len(one.increments) for _, one in rows)


async def test_facts_of_any_time_have_a_place(counter: Counter) -> None:
    years = (1999, 2023, 2024, 2045, 2046, 2100)
    facts = [
        Fact(
            area="03763@1900-01-01",
            on=date(1998, 1, 1),
            recorded_at=datetime(year, 6, 1, tzinfo=UTC),
            position=n,
        )
        for n, year in enumerate(years, 1)
    ]
    await counter.receive(facts)
    assert await assert_sums_agree(counter.pool) == 2 * len(years)


async def test_what_is_withdrawn_is_as_if_it_had_never_been_read(counter: Counter) -> None:
    facts = history(600, seed=2)
    await counter.receive(facts[:400])
    asked = {"measure": "participations,distinct_learners"}
    before = await counter.rows(**asked, by="commune,kind,month")
    whole = await counter.rows(**asked, by="commune")
    await counter.receive(facts[400:])
    async with counter.pool.acquire() as connection, connection.transaction():
        await withdraw(connection, LOG, above=400, at=datetime(2025, 10, 21, tzinfo=UTC))
    assert await counter.rows(**asked, by="commune,kind,month") == before
    assert await counter.rows(**asked, by="commune") == whole
    await assert_sums_agree(counter.pool)
    assert await counter.pool.fetchval("SELECT count(*) FROM member") == sum(
        len(fact.learners) for fact in facts[:400]
    )
