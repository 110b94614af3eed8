"""What a process remembers of a stream never decides alone: what is stored has the last word."""

import pytest
from chassis.log.execute import UnitOfWork
from logs import Seminar, announce, executing, open_log, order, take_seat

from deploy.local.databases import Database


async def test_a_decision_that_failed_on_what_was_remembered_is_made_again_on_what_is_stored(
    database: Database,
) -> None:
    """As an erasure that a worker carries out for an order it has not seen in its own memory."""
    async with open_log(database) as log, executing(log) as here, executing(log) as elsewhere:
        seminar = (await here.execute(order(), announce(seats=2))).id
        await here.execute(order(), take_seat(seminar))
        await elsewhere.execute(order(), take_seat(seminar))

        async def close(work: UnitOfWork) -> Seminar:
            found = await work.get(Seminar, seminar)
            assert len(found.learners) == found.seats, "nobody closes a seminar that has seats"
            found.add_seats(1)
            return work.save(found)

        assert (await here.execute(order(), close)).version == 4


async def test_a_decision_that_fails_on_what_is_stored_fails_once(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=2))).id
        runs = []

        async def fail(work: UnitOfWork) -> Seminar:
            runs.append(await work.get(Seminar, seminar))
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await executor.execute(order(), fail)
        assert len(runs) <= 2
        assert (await log.head()).position == 1
