"""Two histories never mix: a restored backup makes both sides refuse, and say how to go on."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import traffic
from chassis.bus import outlet as outlets
from chassis.bus import sources
from chassis.bus.envelope import decode
from chassis.bus.kafka import Topic
from chassis.bus.refilling import accept_loss as accept_on_log
from chassis.bus.withdrawing import accept_loss
from chassis.errors import Invalid, WrongState


@pytest.fixture
async def log(make_database):
    database = make_database("log")
    await traffic.make_log(database)
    return database


@pytest.fixture
async def database(make_database):
    database = make_database("reader")
    await traffic.make_reader(database)
    return database


async def withdraw(connection, log: str, *, above: int, at: datetime) -> None:
    await connection.execute("DELETE FROM seen WHERE log = $1 AND position > $2", log, above)


async def restore_as_it_was_at(database, position: int) -> None:
    """What a restored backup looks like: nothing stored after a moment was ever there."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute("ALTER TABLE event DISABLE TRIGGER append_only")
        await connection.execute("DELETE FROM event WHERE position > $1", position)
        await connection.execute("ALTER TABLE event ENABLE TRIGGER append_only")
        await connection.execute("UPDATE relay SET position = least(position, $1)", position)
    finally:
        await connection.close()


async def published(outlet, position: int) -> bool:
    return (await outlets.told(outlet.pool, traffic.LOG)).published == position


async def relay_alarm(outlet):
    return (await outlets.told(outlet.pool, traffic.LOG)).alarm


async def published_then_restored(log, kafka, topic, published_to: int, restored_to: int) -> None:
    await traffic.hold_classes(log, range(1, published_to + 1))
    async with traffic.relaying(log, kafka, topic) as outlet:
        await traffic.eventually(lambda: published(outlet, published_to))
    await restore_as_it_was_at(log, restored_to)


async def test_a_restored_log_publishes_nothing_until_the_loss_is_accepted(log, kafka, topic):
    await published_then_restored(log, kafka, topic, 300, 7)
    async with traffic.relaying(log, kafka, topic) as outlet:
        alarm = await traffic.eventually(lambda: relay_alarm(outlet))
        assert (alarm["kind"], alarm["position"], alarm["at"]) == ("fork", 300, 7)
        assert "`accept-loss --at 7`" in alarm["detail"]
        await traffic.hold_classes(log, [101, 102])
        assert len(await Topic(kafka, topic).read(0, 1_000)) == 300, "nothing is published over it"

        with pytest.raises(Invalid, match="agree up to 7, not up to 6"):
            await accept_on_log(outlet, 6)
        assert await accept_on_log(outlet, 7) == 9
        await traffic.hold_classes(log, [103])
        await traffic.eventually(lambda: published(outlet, 10))
        assert await relay_alarm(outlet) is None
        with pytest.raises(WrongState, match="agree"):
            await accept_on_log(outlet, 7)
        loss = await outlet.pool.fetchrow("SELECT name, origin, above, published FROM relay_loss")
        assert tuple(loss) == (traffic.LOG, 2, 7, 300)
    events = [
        decode(traffic.LOG, record.value) for record in await Topic(kafka, topic).read(0, 100)
    ]
    assert [event.position for event in events] == list(range(1, 11))


async def test_new_events_over_old_positions_are_told_apart(log, kafka, topic):
    await published_then_restored(log, kafka, topic, 10, 7)
    await traffic.hold_classes(log, [108, 109, 110, 111])  # as many as were lost, and one more
    async with traffic.relaying(log, kafka, topic) as outlet:
        alarm = await traffic.eventually(lambda: relay_alarm(outlet))
        assert (alarm["position"], alarm["at"]) == (10, 7)
        assert alarm["ours"]["stream"] != alarm["theirs"]["stream"]


async def test_a_log_lost_as_a_whole_parts_at_its_beginning(log, kafka, topic):
    await published_then_restored(log, kafka, topic, 5, 0)
    async with traffic.relaying(log, kafka, topic) as outlet:
        alarm = await traffic.eventually(lambda: relay_alarm(outlet))
        assert (alarm["kind"], alarm["at"], alarm["ours"]) == ("fork", 0, None)


async def test_a_reader_refuses_another_history_and_goes_on_after_accepting_the_loss(
    log, database, kafka, topic
):
    async with traffic.consuming(database, kafka, topic) as reader:
        await published_then_restored(log, kafka, topic, 10, 7)
        await reader.reached(10)
        async with traffic.relaying(log, kafka, topic) as outlet:
            await traffic.eventually(lambda: relay_alarm(outlet))
            await accept_on_log(outlet, 7)
            behind = await reader.alarmed("behind")
            assert (behind["applied"], behind["topic"]) == (10, 7)

            await traffic.hold_classes(log, [108])
            fork = await reader.alarmed("fork")
            assert (fork["position"], fork["at"]) == (8, 7)
            await traffic.hold_classes(log, range(109, 121))
            await traffic.eventually(lambda: published(outlet, 20))
            assert await reader.seen() == [(p, p) for p in range(1, 11)], "nothing is mixed in"
            [source] = await sources.told(reader.pool)
            assert "`accept-loss --at 7`" in source.alarm["detail"]

            place = await accept_loss(reader.pool, traffic.LOG, 7, withdraw, datetime.now(UTC))
            assert (place.position, place.origin) == (7, 2)
            await reader.reached(20)
            assert await reader.seen() == [
                *((p, p) for p in range(1, 8)),
                *((p, p + 100) for p in range(8, 21)),
            ]
            await reader.alarmed(None)


async def test_a_reader_that_was_away_meanwhile_refuses_all_the_same(log, database, kafka, topic):
    """The new history has outgrown the old one, so that the reader's offset exists again."""
    async with traffic.consuming(database, kafka, topic) as reader:
        await published_then_restored(log, kafka, topic, 10, 7)
        await reader.reached(10)
    await traffic.hold_classes(log, range(108, 131))
    async with traffic.relaying(log, kafka, topic) as outlet:
        await traffic.eventually(lambda: relay_alarm(outlet))
        await accept_on_log(outlet, 7)
        async with traffic.consuming(database, kafka, topic) as reader:
            assert (await reader.alarmed("fork"))["at"] == 7
            assert await reader.seen() == [(p, p) for p in range(1, 11)]


async def test_another_event_at_the_same_position_is_a_fork_even_without_later_times(
    log, database, kafka, topic
):
    long_ago = datetime.now(UTC) - timedelta(days=30)
    async with traffic.consuming(database, kafka, topic) as reader:
        await published_then_restored(log, kafka, topic, 3, 1)
        await reader.reached(3)
        await traffic.hold_classes(log, [102, 103, 104], at=long_ago)
        async with traffic.relaying(log, kafka, topic) as outlet:
            await traffic.eventually(lambda: relay_alarm(outlet))
            await accept_on_log(outlet, 1)
            fork = await reader.alarmed("fork")
            assert (fork["position"], fork["at"]) == (3, None)
            assert "`accept-loss --at M, the position the log's owner gives`" in sources_detail(
                await sources.told(reader.pool)
            )


def sources_detail(told) -> str:
    return told[0].alarm["detail"]


async def test_a_loss_is_accepted_once_and_never_above_what_was_applied(
    log, database, kafka, topic
):
    async with traffic.consuming(database, kafka, topic) as reader:
        await traffic.hold_classes(log, [1, 2, 3])
        async with traffic.relaying(log, kafka, topic):
            await reader.reached(3)
        now = datetime.now(UTC)
        with pytest.raises(Invalid, match="applied up to 3"):
            await accept_loss(reader.pool, traffic.LOG, 4, withdraw, now)
    async with traffic.reader_of(database, kafka, topic) as reader:
        assert (await accept_loss(reader.pool, traffic.LOG, 2, withdraw, now)).origin == 2
        assert (await accept_loss(reader.pool, traffic.LOG, 2, withdraw, now)).origin == 2
        loss = await reader.pool.fetch("SELECT origin, above, reached FROM source_loss")
        assert [tuple(row) for row in loss] == [(2, 2, 3)]
        assert await reader.seen() == [(1, 1), (2, 2)]
