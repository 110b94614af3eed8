"""Commands against the log: one answer each, decided on the newest state, retried safely."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from chassis.domain import uuid7
from chassis.errors import AlreadyExists, Busy, Invalid, KeyReused, NotFound, Refusal, Stale
from chassis.log.append import LOCK
from chassis.log.execute import Outcome, UnitOfWork
from logs import (
    NoSeat,
    Seminar,
    add_seats,
    announce,
    assert_sound,
    executing,
    open_log,
    order,
    take_seat,
    until,
)

from deploy.local.databases import Database


async def test_an_accepted_command_is_answered_with_thing_version_and_position(
    database: Database,
) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = uuid7()
        first = await executor.execute(order(), announce(id=seminar))
        assert first == Outcome(seminar, 1, 1, first.recorded_at, replayed=False)
        second = await executor.execute(order(), take_seat(seminar))
        assert (second.id, second.version, second.position) == (seminar, 2, 2)
        assert second.recorded_at >= first.recorded_at


async def test_a_retry_gets_the_first_answer(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=1))).id
        asked = order()
        first = await executor.execute(asked, take_seat(seminar))
        for _ in range(2):  # the seminar is full now, and yet
            again = await executor.execute(asked, take_seat(seminar))
            assert (again.position, again.version) == (first.position, first.version)
            assert again.recorded_at == first.recorded_at
            assert again.replayed
    async with open_log(database) as log, executing(log) as executor:
        assert (await executor.execute(asked, take_seat(seminar))).replayed
        assert (await log.head()).position == 2


async def test_the_same_key_with_another_request_is_refused(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        command = uuid7()
        seminar = (await executor.execute(order(command, "a"), announce(seats=0))).id
        with pytest.raises(KeyReused):
            await executor.execute(order(command, "b"), announce())
        with pytest.raises(KeyReused):  # also when the domain would have refused it anyway
            await executor.execute(order(command, "b"), take_seat(seminar))
        assert (await log.head()).position == 1


async def test_a_refused_command_leaves_nothing_and_may_be_sent_again(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=1))).id
        await executor.execute(order(), take_seat(seminar))
        refused = order()
        for _ in range(2):
            with pytest.raises(NoSeat):
                await executor.execute(refused, take_seat(seminar))
        assert await log.receipt(refused.command) is None
        with pytest.raises(NotFound):
            await executor.execute(refused, take_seat(uuid7()))
        assert (await executor.execute(refused, announce())).position == 3


async def test_a_seat_is_never_given_twice_however_many_ask_at_once(database: Database) -> None:
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = (await one.execute(order(), announce(seats=30))).id
        asked = [
            executor.execute(order(), take_seat(seminar))
            for _ in range(40)
            for executor in (one, other)
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        taken = [a for a in answers if isinstance(a, Outcome)]
        assert len(taken) == 30
        assert {type(a) for a in answers} == {Outcome, NoSeat}
        assert sorted(a.version for a in taken) == list(range(2, 32))
        await assert_sound(log.pool)


async def test_a_hot_stream_goes_through_in_few_batches(database: Database) -> None:
    batches: list[int] = []
    async with open_log(database) as log, executing(log) as executor:
        executor._batcher._watch = lambda batch, _: batches.append(len(batch))
        seminar = (await executor.execute(order(), announce(seats=500))).id
        await asyncio.gather(*[executor.execute(order(), take_seat(seminar)) for _ in range(200)])
        assert (await log.head()).position == 201
        assert len(batches) < 20, "each was sent alone"
        await assert_sound(log.pool)


async def test_what_another_process_did_meanwhile_is_seen_before_an_answer(
    database: Database,
) -> None:
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = (await one.execute(order(), announce(seats=2))).id
        for executor in (one, other, one, other):  # each remembers an older state than is stored
            asked = executor.execute(order(), take_seat(seminar))
            if (await log.head()).position < 3:
                await asked
            else:
                with pytest.raises(NoSeat):
                    await asked


async def test_a_refusal_remembered_from_before_is_decided_again_on_stored_state(
    database: Database,
) -> None:
    """One process remembers a full seminar; another has made room; the first must see it."""
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = (await one.execute(order(), announce(seats=1))).id
        await one.execute(order(), take_seat(seminar))
        with pytest.raises(NoSeat):
            await one.execute(order(), take_seat(seminar))
        await other.execute(order(), add_seats(seminar))
        assert (await one.execute(order(), take_seat(seminar))).version == 4
        unknown = uuid7()
        with pytest.raises(NotFound):
            await one.execute(order(), take_seat(unknown))
        await other.execute(order(), announce(id=unknown))
        assert (await one.execute(order(), take_seat(unknown))).version == 2


async def test_a_seat_that_is_only_about_to_be_taken_refuses_nobody(database: Database) -> None:
    """The last seat is in the queue; that falls, and its caller has gone: the seat is free."""
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = (await one.execute(order(), announce(seats=1))).id
        await other.execute(order(), add_seats(seminar, 0))  # unknown to the first process
        async with log.pool.acquire() as holder, holder.transaction():
            await holder.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            gone = asyncio.create_task(one.execute(order(), take_seat(seminar)))
            stays = asyncio.create_task(one.execute(order(), take_seat(seminar)))
            await asyncio.sleep(0)
            gone.cancel()
            answered, _ = await asyncio.wait({stays}, timeout=0.3)
            assert not answered, "refused because of what is not stored"
        answer = await stays
        assert (answer.version, answer.replayed) == (3, False)
        with pytest.raises(asyncio.CancelledError):
            await gone
        await assert_sound(log.pool)


async def test_creating_what_exists_names_it(database: Database) -> None:
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = uuid7()
        await one.execute(order(), announce(id=seminar))
        for executor in (one, other):
            with pytest.raises(AlreadyExists, match=str(seminar)):
                await executor.execute(order(), announce(id=seminar))
        answers = await asyncio.gather(
            *[e.execute(order(), announce(id=UUID(int=7))) for e in (one, other) for _ in range(8)],
            return_exceptions=True,
        )
        assert sorted(type(a).__name__ for a in answers) == ["AlreadyExists"] * 15 + ["Outcome"]
        await assert_sound(log.pool)


async def test_only_one_of_two_finds_a_place_free(database: Database) -> None:
    """Look for it, and create it where it is missing: the look is part of what is checked."""
    place = uuid7()

    async def find_or_create(work: UnitOfWork) -> Seminar:
        found = await work.find(Seminar, place)
        if found is None:
            return work.save(Seminar(id=place, title="a", seats=50))
        found.take_seat(uuid7())
        return work.save(found)

    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        await asyncio.gather(
            *[e.execute(order(), find_or_create) for e in (one, other) for _ in range(10)]
        )
        stored = await log.read(0)
        assert [e.type for e in stored] == ["test.SeminarAnnounced"] + ["test.SeatTaken"] * 19
        await assert_sound(log.pool)


async def test_a_caller_who_is_behind_is_told_so(database: Database) -> None:
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = (await one.execute(order(), announce(seats=2))).id
        assert (await other.execute(order(if_version=1), take_seat(seminar))).version == 2
        with pytest.raises(Stale, match="version 2, not 1"):
            await one.execute(order(if_version=1), take_seat(seminar))
        assert (await one.execute(order(if_version=2), take_seat(seminar))).version == 3
        with pytest.raises(Stale):  # rather than that the seminar is full
            await one.execute(order(if_version=2), take_seat(seminar))
        with pytest.raises(NoSeat):
            await one.execute(order(if_version=3), take_seat(seminar))
        assert (await log.head()).position == 3


async def test_an_act_on_two_things_is_one_append(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        one, other = [(await executor.execute(order(), announce(seats=40))).id for _ in range(2)]

        def move(first: UUID, second: UUID):
            async def decide(work: UnitOfWork) -> Seminar:
                here = await work.get(Seminar, first)
                there = await work.get(Seminar, second)
                here.take_seat(learner := uuid7())
                there.take_seat(learner)
                return work.save(here, there)

            return decide

        # Both orders at once: whoever would wait for the other gives way instead.
        asked = [(one, other), (other, one)] * 15
        answers = await asyncio.gather(*[executor.execute(order(), move(*pair)) for pair in asked])
        assert [a.id for a in answers] == [first for first, _ in asked]
        stored = await log.read(2)
        learners = [e.payload for e in stored]
        assert learners[::2] == learners[1::2], "the two halves of one act stand side by side"
        assert (await log.load(one))[-1].version == (await log.load(other))[-1].version == 31
        await assert_sound(log.pool)


async def test_a_refusal_after_half_a_decision_leaves_no_trace(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=5))).id

        async def too_much(work: UnitOfWork) -> Seminar:
            found = await work.get(Seminar, seminar)
            for _ in range(6):
                found.take_seat(uuid7())
            return work.save(found)

        with pytest.raises(NoSeat):
            await executor.execute(order(), too_much)
        assert (await executor.execute(order(), take_seat(seminar))).version == 2


@pytest.mark.parametrize("mistake", ["nothing saved", "nothing changed", "change not saved"])
async def test_a_decision_that_forgets_to_save_is_a_programming_error(
    database: Database, mistake: str
) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce())).id

        async def decide(work: UnitOfWork) -> Seminar:
            found = await work.get(Seminar, seminar)
            if mistake == "nothing changed":
                return work.save(found)
            found.take_seat(uuid7())
            if mistake == "change not saved":
                work.save(Seminar(id=uuid7(), title="a", seats=1))
            return found

        with pytest.raises(ValueError, match="the decision"):
            await executor.execute(order(), decide)
        assert (await executor.execute(order(), take_seat(seminar))).version == 2


async def test_a_caller_who_goes_away_loses_nothing(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=100))).id
        asked = [order() for _ in range(30)]
        calls = [asyncio.create_task(executor.execute(o, take_seat(seminar))) for o in asked]
        await asyncio.sleep(0)
        for call in calls[::2]:
            call.cancel()
        retried = await asyncio.gather(*[executor.execute(o, take_seat(seminar)) for o in asked])
        await asyncio.gather(*calls, return_exceptions=True)
        assert sorted(o.version for o in retried) == list(range(2, 32))
        await assert_sound(log.pool)


async def test_the_same_command_twice_at_once_is_stored_once(database: Database) -> None:
    async with open_log(database) as log, executing(log) as one, executing(log) as other:
        seminar = (await one.execute(order(), announce(seats=1))).id
        asked = order()
        answers = await asyncio.gather(
            *[e.execute(asked, take_seat(seminar)) for e in (one, other) for _ in range(5)]
        )
        assert len({(a.position, a.version, a.recorded_at) for a in answers}) == 1
        assert sum(not a.replayed for a in answers) == 1


@pytest.mark.parametrize("fault", [{"recorded_at": "soon"}, {"digest": None}])
async def test_one_that_cannot_be_stored_takes_no_neighbour_with_it(
    database: Database, fault: dict[str, object]
) -> None:
    async with open_log(database) as log, executing(log) as executor:
        asked = [(order(), announce()) for _ in range(9)]
        asked[4] = (msgspec.structs.replace(order(), **fault), announce())
        answers = await asyncio.gather(
            *[executor.execute(*one) for one in asked], return_exceptions=True
        )
        assert [i for i, a in enumerate(answers) if not isinstance(a, Outcome)] == [4]
        assert isinstance(answers[4], AttributeError)
        again = await executor.execute_all(asked)
        assert [i for i, a in enumerate(again) if not isinstance(a, Outcome)] == [4]
        assert isinstance(again[4], Busy)
        assert (await log.head()).position == 8
        await assert_sound(log.pool)


async def test_a_given_time_may_not_be_before_the_last_or_ahead(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        then = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)
        first = await executor.execute(order(recorded_at=then), announce())
        assert first.recorded_at == then
        for wrong in (then - timedelta(microseconds=1), datetime.now(UTC) + timedelta(hours=1)):
            with pytest.raises(Invalid) as refused:
                await executor.execute(order(recorded_at=wrong), announce())
            assert refused.value.faults[0].pointer == "Recorded-At"
        same = await executor.execute(order(recorded_at=then), announce())
        assert same.recorded_at == then


async def test_many_are_answered_in_their_order_each_alone(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=700))).id
        known = order()
        first = await executor.execute(known, announce())
        twice = order()
        requests = [(order(), take_seat(seminar)) for _ in range(1000)]
        requests[10] = (known, announce())
        requests[20] = requests[30] = (twice, announce())
        requests[40] = (order(twice.command, "other"), announce())
        requests[50] = (order(), take_seat(uuid7()))
        answers = await executor.execute_all(requests)
        assert (answers[10].position, answers[10].replayed) == (first.position, True)
        assert (answers[30].position, answers[30].replayed) == (answers[20].position, True)
        assert isinstance(answers[40], KeyReused)
        assert isinstance(answers[50], NotFound)
        seats = [a for i, a in enumerate(answers) if i not in (10, 20, 30, 40, 50)]
        assert [type(a) for a in seats] == [Outcome] * 700 + [NoSeat] * 295
        assert [a.version for a in seats[:700]] == list(range(2, 702))
        again = await executor.execute_all(requests)
        assert [type(a) for a in again] == [type(a) for a in answers]
        assert all(a.replayed for a in again if isinstance(a, Outcome))
        await assert_sound(log.pool)


async def test_snapshots_spare_the_replay_and_change_nothing(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=1000))).id
        await executor.execute_all([(order(), take_seat(seminar)) for _ in range(249)])
        kept = "SELECT count(*) FROM snapshot WHERE version = 200"
        await until(lambda: log.pool.fetchval(kept))
    async with open_log(database) as log, executing(log) as executor:
        assert (await executor.execute(order(), take_seat(seminar))).version == 251
        found = await executor.repository.get(Seminar, seminar)
        assert (found.version, len(set(found.learners))) == (251, 250)
        await log.pool.execute("UPDATE snapshot SET schema = 'older'")
        assert await executor.repository.get(Seminar, seminar) == found
        await log.pool.execute("DELETE FROM snapshot")
        assert await executor.repository.get(Seminar, seminar) == found


async def test_a_process_that_stops_finishes_what_it_took(database: Database) -> None:
    async with open_log(database) as log:
        async with executing(log) as executor:
            calls = [asyncio.create_task(executor.execute(order(), announce())) for _ in range(50)]
            await asyncio.sleep(0)
        assert len(await asyncio.gather(*calls)) == 50
        with pytest.raises(Busy):
            await executor.execute(order(), announce())
        assert (await log.head()).position == 50


async def test_refusals_are_told_apart_from_faults(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:

        async def broken(_: UnitOfWork) -> Seminar:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await executor.execute(order(), broken)
        answers = await executor.execute_all([(order(), announce()), (order(), broken)])
        assert isinstance(answers[0], Outcome)
        assert isinstance(answers[1], Refusal)
