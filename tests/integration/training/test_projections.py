"""The read tables on a real Postgres: what lists show is what the events say."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
import training
from builders import A_DAY, LONG_HE, a_course, a_headcount, learners_of
from chassis.log.record import Recorded
from chassis.run.database import migrate, open_pool
from training.codec import CODEC
from training.projections import apply

READ_TABLES = Path(training.__file__).with_name("migrations")
LATER = date(2025, 9, 30)


@pytest.fixture
async def tables(database):
    """The read tables, as the application's role sees them."""
    await migrate(database.owner_url, [READ_TABLES], database.app_role)
    pool = await open_pool(database.app_url, max_size=2)
    yield pool
    await pool.close()


def as_recorded(event) -> Recorded:
    new = CODEC.encode(event, UUID(int=1))
    return Recorded(
        position=1,
        stream=new.stream,
        version=new.version,
        type=new.type,
        recorded_at=datetime(2025, 10, 1, tzinfo=UTC),
        command=uuid4(),
        payload=new.payload,
        meta=new.meta,
    )


async def follow(pool: asyncpg.Pool, *aggregates, batch: int = 1000) -> None:
    events = [as_recorded(event) for each in aggregates for event in each.collect_events()]
    async with pool.acquire() as connection:
        for start in range(0, len(events), batch):
            async with connection.transaction():
                await apply(connection, events[start : start + batch])


async def listed(pool: asyncpg.Pool) -> list[tuple]:
    rows = await pool.fetch(
        "select state, headcount, enrolled, sessions, participants, completed_on, version "
        "from course order by headcount, id"
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("batch", [1, 2, 3, 1000])
async def test_the_list_is_the_same_however_the_events_are_cut_into_batches(tables, batch) -> None:
    course = a_course(learners=3, sessions=1)
    first, second, _ = learners_of(course)
    session = course.hold(uuid4(), A_DAY, 2.0, LONG_HE)
    session.record([first, second], course.roll())
    course.complete(LATER, None, LONG_HE)
    await follow(tables, course, session, a_headcount(participants=77, ended_on=LATER), batch=batch)
    assert await listed(tables) == [
        ("completed", False, 3, 2, 3, LATER, 8),
        ("completed", True, 0, 0, 77, LATER, 1),
    ]
    rows = await tables.fetch("select learner, attended from learner where course = $1", course.id)
    assert {row["learner"]: row["attended"] for row in rows} == {
        who: int(who in {first, second}) for who in learners_of(course)
    }


async def test_a_batch_that_fails_leaves_nothing_behind(tables) -> None:
    headcount = a_headcount()
    events = [as_recorded(event) for event in headcount.collect_events()]

    async def twice() -> None:
        async with tables.acquire() as connection, connection.transaction():
            await apply(connection, events)
            await apply(connection, events)

    with pytest.raises(asyncpg.UniqueViolationError):
        await twice()
    assert await listed(tables) == []
