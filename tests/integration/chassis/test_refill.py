"""Kafka is delivery, not the archive: a topic can be made anew from the log, and is read on."""

import asyncio
import signal

import pytest
import traffic
from chassis.bus import outlet as outlets
from chassis.bus.envelope import decode
from chassis.bus.kafka import Topic
from chassis.bus.refilling import refill


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


async def on_topic(bootstrap: str, topic: str) -> list[int]:
    whole = Topic(bootstrap, topic)
    first, end = await whole.bounds()
    return [decode(traffic.LOG, r.value).position for r in await whole.read(first, end - first)]


async def alarm_of(outlet):
    return (await outlets.told(outlet.pool, traffic.LOG)).alarm


async def test_a_topic_deleted_and_refilled_is_read_on_without_loss_or_doubling(
    log, database, kafka, topic
):
    async with (
        traffic.relaying(log, kafka, topic) as outlet,
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await traffic.hold_classes(log, range(1, 2_001))
        await reader.reached(1_000)
        await Topic(kafka, topic).delete()
        await traffic.hold_classes(log, range(2_001, 3_001))
        assert await refill(outlet) == 3_000
        await traffic.hold_classes(log, range(3_001, 3_501))
        await reader.reached(3_500)
        assert await reader.seen() == [(p, p) for p in range(1, 3_501)]
        await reader.alarmed(None)
        assert await on_topic(kafka, topic) == list(range(1, 3_501))


async def test_a_topic_made_anew_again_and_again_is_followed(log, database, kafka, topic):
    """Every time the group is joined anew; a reader that loses its way there reads nothing more."""
    async with (
        traffic.relaying(log, kafka, topic) as outlet,
        traffic.consuming(database, kafka, topic) as reader,
    ):
        for stored in range(100, 600, 100):
            await traffic.hold_classes(log, range(stored - 99, stored + 1))
            assert await refill(outlet) == stored
            await reader.reached(stored)
        assert await reader.seen() == [(p, p) for p in range(1, 501)]


async def test_a_reader_that_was_away_while_the_topic_was_refilled_reads_on(
    log, database, kafka, topic
):
    await traffic.hold_classes(log, range(1, 1_001))
    async with traffic.relaying(log, kafka, topic) as outlet:
        async with traffic.consuming(database, kafka, topic) as reader:
            await reader.reached(1_000)
        await traffic.hold_classes(log, range(1_001, 2_001))
        await refill(outlet)
        async with traffic.consuming(database, kafka, topic) as reader:
            await reader.reached(2_000)
            assert await reader.seen() == [(p, p) for p in range(1, 2_001)]


async def test_a_topic_that_vanished_is_told_and_filled_by_the_command(log, kafka, topic):
    await traffic.hold_classes(log, range(1, 11))
    async with traffic.relaying(log, kafka, topic) as outlet:
        await traffic.eventually(lambda: published(outlet, 10))
    await Topic(kafka, topic).delete()
    async with traffic.relaying(log, kafka, topic) as outlet:
        alarm = await traffic.eventually(lambda: alarm_of(outlet))
        assert alarm["kind"] == "emptied"
        assert (
            alarm["detail"]
            == "10 events were published, but the topic does not exist; `refill` fills it"
        )
        assert await refill(outlet) == 10
        await traffic.hold_classes(log, [11])
        await traffic.eventually(lambda: published(outlet, 11))
        assert await alarm_of(outlet) is None
    assert await on_topic(kafka, topic) == list(range(1, 12))


async def test_an_emptied_topic_is_not_taken_for_a_new_one(log, kafka, topic):
    await traffic.hold_classes(log, [1, 2, 3])
    async with traffic.relaying(log, kafka, topic) as outlet:
        await traffic.eventually(lambda: published(outlet, 3))
    await Topic(kafka, topic).recreate()
    async with traffic.relaying(log, kafka, topic) as outlet:
        alarm = await traffic.eventually(lambda: alarm_of(outlet))
        assert (alarm["kind"], alarm["missing"]) == ("emptied", False)
    assert await on_topic(kafka, topic) == []


async def test_a_refill_that_was_killed_is_finished_by_the_relay(log, kafka, topic):
    await traffic.hold_classes(log, range(1, 5_001))
    async with traffic.relaying(log, kafka, topic) as outlet:
        await traffic.eventually(lambda: published(outlet, 5_000))
    killed = traffic.process("refill", log, kafka, topic, failpoint="relay.sent:2")
    assert await asyncio.to_thread(killed.wait, 60) == -signal.SIGKILL
    async with traffic.relaying(log, kafka, topic) as outlet:
        await traffic.eventually(lambda: published(outlet, 5_000))
    assert await on_topic(kafka, topic) == list(range(1, 5_001))


async def published(outlet, position: int) -> bool:
    return (await outlets.told(outlet.pool, traffic.LOG)).published == position
