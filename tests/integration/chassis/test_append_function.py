"""The append function's verdicts, one batch at a time, as its callers depend on them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from chassis.domain import uuid7
from chassis.log.append import CALL, Append, Status, columns, settle_batch
from chassis.log.record import NewEvent
from chassis.log.store import Log
from logs import assert_sound, open_log

from deploy.local.databases import Database


def an_append(stream: UUID, before: int = 0, count: int = 1, **rest: object) -> Append:
    events = [
        NewEvent(stream, before + n, "test.Done", b'{"n":%d}' % n, b'{"v":1}')
        for n in range(1, count + 1)
    ]
    values = {
        "command": uuid7(), "digest": b"d", "named": stream, "version": before + count,
        "expected": {stream: before}, "events": events,
    }  # fmt: skip
    return Append(**{**values, **rest})


async def send(log: Log, *batch: Append) -> list[Status | None]:
    settle_batch(batch, await log.pool.fetchrow(CALL, *columns(batch)))
    return [append.status for append in batch]


async def test_a_batch_takes_the_next_positions_in_its_order(database: Database) -> None:
    async with open_log(database) as log:
        one, two, three = (an_append(uuid7(), count=n) for n in (2, 1, 3))
        await send(log, one)
        await send(log, two, three)
        spans = [(a.receipt.first_position, a.receipt.position) for a in (one, two, three)]
        assert spans == [(1, 2), (3, 3), (4, 6)]
        assert await log.receipts([one.command, three.command]) == {
            one.command: one.receipt,
            three.command: three.receipt,
        }
        await assert_sound(log.pool)


async def test_each_append_of_a_batch_succeeds_or_conflicts_alone(database: Database) -> None:
    async with open_log(database) as log:
        known = an_append(uuid7())
        await send(log, known)
        batch = [an_append(uuid7(), count=2), an_append(known.named, 0), an_append(uuid7()),
                 an_append(known.named, 5), an_append(known.named, 1)]  # fmt: skip
        assert await send(log, *batch) == [0, Status.CONFLICT, 0, Status.CONFLICT, 0]
        assert [a.receipt and a.receipt.position for a in batch] == [3, None, 4, None, 5]
        await assert_sound(log.pool)


async def test_a_known_command_gets_its_first_receipt_for_ever(database: Database) -> None:
    async with open_log(database) as log:
        first = an_append(uuid7(), count=2)
        await send(log, first)
        for _ in range(2):
            again = an_append(uuid7(), command=first.command)
            other = an_append(uuid7())
            assert await send(log, again, other) == [Status.REPLAYED, Status.ACCEPTED]
            assert again.receipt == first.receipt
        await assert_sound(log.pool)


async def test_another_request_under_a_known_command_is_refused(database: Database) -> None:
    async with open_log(database) as log:
        first = an_append(uuid7())
        await send(log, first)
        reused = an_append(uuid7(), command=first.command, digest=b"other")
        assert await send(log, reused) == [Status.KEY_REUSED]
        assert reused.receipt is None


async def test_the_same_command_twice_in_one_batch_is_stored_once(database: Database) -> None:
    async with open_log(database) as log:
        one = an_append(uuid7())
        twin = an_append(uuid7(), command=one.command)
        liar = an_append(uuid7(), command=one.command, digest=b"other")
        other = an_append(uuid7())
        batch = (one, twin, liar, other)
        assert await send(log, *batch) == [0, Status.REPLAYED, Status.KEY_REUSED, 0]
        assert twin.receipt == one.receipt
        assert (await log.head()).position == 2
        await assert_sound(log.pool)


async def test_a_fallen_twin_does_not_take_the_command_with_it(database: Database) -> None:
    async with open_log(database) as log:
        known = an_append(uuid7())
        await send(log, known)
        stale = an_append(known.named, 0)
        second = an_append(uuid7(), command=stale.command)
        assert await send(log, stale, second) == [Status.CONFLICT, Status.ACCEPTED]


async def test_what_was_decided_on_a_fallen_append_falls_too(database: Database) -> None:
    async with open_log(database) as log:
        stream, other = uuid7(), uuid7()
        known = an_append(stream)
        await send(log, known)
        one = an_append(stream, 0)
        two = an_append(stream, 1, after=[one])
        three = an_append(other, after=[two], expected={other: 0, stream: 2})
        four = an_append(uuid7())
        assert await send(log, one, two, three, four) == [Status.CONFLICT, 6, 6, 0]
        one, two = an_append(stream, 1), None
        two = an_append(stream, 2, after=[one])
        three = an_append(stream, 3, after=[two])
        assert await send(log, one, two, three) == [0, 0, 0]
        await assert_sound(log.pool)


async def test_what_was_decided_on_a_replayed_append_falls(database: Database) -> None:
    async with open_log(database) as log:
        first = an_append(uuid7())
        await send(log, first)
        again = an_append(stream := uuid7(), command=first.command)
        built = an_append(stream, 1, after=[again])
        assert await send(log, again, built) == [Status.REPLAYED, Status.FELL]


async def test_one_append_over_two_streams_is_stored_whole_or_not(database: Database) -> None:
    async with open_log(database) as log:
        award, fund = an_append(uuid7()), an_append(uuid7())
        await send(log, award, fund)

        def both(award_at: int, fund_at: int) -> Append:
            events = [
                *an_append(award.named, award_at).events,
                *an_append(fund.named, fund_at).events,
            ]
            expected = {award.named: award_at, fund.named: fund_at}
            return an_append(award.named, award_at, expected=expected, events=events)

        assert await send(log, both(1, 0)) == [Status.CONFLICT]
        assert await send(log, both(1, 1)) == [Status.ACCEPTED]
        assert await send(log, both(2, 1)) == [Status.CONFLICT]
        await assert_sound(log.pool)
        assert (await log.head()).position == 4


async def test_a_stream_that_was_only_read_must_not_have_moved(database: Database) -> None:
    async with open_log(database) as log:
        read = an_append(uuid7())
        await send(log, read)
        stream = uuid7()
        assert await send(log, an_append(stream, expected={stream: 0, read.named: 0})) == [3]
        assert await send(log, an_append(stream, expected={stream: 0, read.named: 1})) == [0]


NOW = datetime.now(UTC)
DAY = timedelta(days=1)


async def test_given_times_are_kept_if_they_never_go_back(database: Database) -> None:
    async with open_log(database) as log:
        early, late = NOW - 20 * DAY, NOW - 10 * DAY
        times = [early, late, early, late, NOW + DAY, None]
        batch = [an_append(uuid7(), recorded_at=at) for at in times]
        assert await send(log, *batch) == [0, 0, Status.BEFORE_LAST, 0, Status.IN_FUTURE, 0]
        stored = [e.recorded_at for e in await log.read(0)]
        assert stored[:3] == [early, late, late]
        assert stored[3] > NOW - DAY
        before = an_append(uuid7(), recorded_at=late)
        assert await send(log, before) == [Status.BEFORE_LAST]
        assert (await log.head()).position == 4


async def test_a_known_command_is_answered_whatever_time_is_given(database: Database) -> None:
    async with open_log(database) as log:
        first = an_append(uuid7())
        await send(log, first)
        again = an_append(uuid7(), command=first.command, recorded_at=NOW - 99 * DAY)
        assert await send(log, again) == [Status.REPLAYED]
        assert again.receipt == first.receipt


async def test_time_never_goes_back_even_after_a_time_ahead_of_the_clock(
    database: Database,
) -> None:
    async with open_log(database) as log:
        await send(log, an_append(uuid7()))
        owner = await asyncpg.connect(database.owner_url)
        try:  # as a server whose clock was once wrong would have left it
            await owner.execute(
                "INSERT INTO event SELECT 2, $1, 1, 't', now() + interval '1 day', $1, '{}', '{}'",
                uuid7(),
            )
        finally:
            await owner.close()
        await send(log, an_append(uuid7()), an_append(uuid7()))
        times = [e.recorded_at for e in await log.read(0)]
        assert times == sorted(times)


@pytest.mark.parametrize("broken", [b"{", b"\xc3\xa9"])
async def test_an_error_stores_nothing_of_its_batch(database: Database, broken: bytes) -> None:
    async with open_log(database) as log:
        stream = uuid7()
        bad = an_append(stream, events=[NewEvent(stream, 1, "t", broken, b"{}")])
        with pytest.raises(asyncpg.PostgresError):
            await send(log, an_append(uuid7()), bad)
        assert (await log.head()).position == 0
