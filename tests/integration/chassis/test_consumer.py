"""A reader applies every event exactly once and in order, whatever dies and whatever repeats."""

import asyncio
import signal
from contextlib import AsyncExitStack
from uuid import uuid4

import asyncpg
import pytest
import traffic
from chassis.bus import sources
from chassis.bus.applying import DATABASE_AWAY
from chassis.bus.consumer import Consumer
from chassis.bus.envelope import encode, key_of
from chassis.bus.kafka import Publisher, Topic
from chassis.bus.outlet import Outlet
from logs import until


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


def classes(count: int) -> list[tuple[int, int]]:
    return [(position, position) for position in range(1, count + 1)]


async def send(outlet: Outlet, positions, records=()) -> None:
    """Put events on the topic in an order of the test's own, then any other records."""
    events = {event.position: event for event in await outlet.log.read(0, 100_000)}
    sent = [
        (key_of(events[p]), encode(traffic.LOG, events[p], traffic.publish(events[p])))
        for p in positions
    ]
    publisher = Publisher(outlet.bootstrap, outlet.topic, "test")
    await publisher.open()
    try:
        await publisher.send_all([*sent, *records])
    finally:
        await publisher.close()


async def test_what_is_reported_is_read_once_and_in_order(log, database, kafka, topic):
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        for _ in range(5):
            await traffic.hold_classes(log, range(1, 1_001))
        await reader.reached(5_000)
        assert await reader.seen() == [(p, (p - 1) % 1_000 + 1) for p in range(1, 5_001)]
        [source] = await traffic.eventually(lambda: quiet(reader))
        assert (source.position, source.published, source.lag_events, source.lag_s) == (
            5_000,
            5_000,
            0,
            0,
        )
        assert (source.parked, source.parked_events, source.alarm) == ([], 0, None)


async def quiet(reader: traffic.Reader):
    told = await sources.told(reader.pool)
    return told if told and told[0].lag_events == 0 and told[0].position else None


@pytest.mark.parametrize("step", ["consume.polled", "consume.written", "consume.committed"])
async def test_a_reader_killed_at_any_step_neither_loses_nor_doubles(
    log, database, kafka, topic, step
):
    await traffic.hold_classes(log, range(1, 5_001))
    async with traffic.relaying(log, kafka, topic):
        killed = traffic.process("consume", database, kafka, topic, failpoint=f"{step}:2")
        assert await asyncio.to_thread(killed.wait, 60) == -signal.SIGKILL
        async with traffic.consuming(database, kafka, topic) as reader:
            await reader.reached(5_000)
            assert await reader.seen() == classes(5_000)


async def test_a_write_that_fails_while_the_next_batch_is_read_loses_and_doubles_nothing(
    log, database, kafka, topic
):
    await traffic.hold_classes(log, range(1, 3_001))
    projected, failures = set(), []

    def project(envelope):
        projected.add(envelope.position)
        return traffic.project(envelope)

    async def write(connection, events):
        await traffic.write(connection, events)
        if not failures:
            last = events[-1][0].position
            await until(lambda: asyncio.sleep(0, last + 1 in projected))
            failures.append(last)
            raise asyncpg.InterfaceError("the connection is cut")

    async with (
        traffic.relaying(log, kafka, topic),
        traffic.reader_of(database, kafka, topic) as reader,
    ):
        consumer = Consumer(reader.pool, reader.membership, {topic: traffic.LOG}, project, write)
        async with traffic.running(consumer.run()):
            await reader.reached(3_000)
        assert await reader.seen() == classes(3_000)
        assert len(failures) == 1


async def test_events_that_come_twice_are_skipped(log, database, kafka, topic):
    await traffic.hold_classes(log, range(1, 11))
    async with (
        traffic.outlet_of(log, kafka, topic) as outlet,
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await send(outlet, [1, 2, 3, 2, 3, 3, 4, 1, 2, 3, 4, 5, 6])
        await reader.reached(6)
        await send(outlet, [5, 6, 6, 7, 8, 9, 10])
        await reader.reached(10)
        assert await reader.seen() == classes(10)


async def test_a_position_that_is_missing_is_waited_for_and_told(log, database, kafka, topic):
    await traffic.hold_classes(log, range(1, 11))
    async with (
        traffic.outlet_of(log, kafka, topic) as outlet,
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await send(outlet, [1, 2, 3, 5, 6, 7])
        alarm = await reader.alarmed("gap")
        assert (alarm["expected"], alarm["seen"]) == (4, 7)
        assert await reader.seen() == classes(3), "nothing beyond the gap is applied"
        [source] = await sources.told(reader.pool)
        assert source.alarm["detail"].startswith("position 4 is not on the topic, 7 is")
        assert source.lag_events == 4

        await send(outlet, [4])
        await reader.reached(7)
        await reader.alarmed(None)
        await send(outlet, [8, 9, 10])
        await reader.reached(10)
        assert await reader.seen() == classes(10)


async def test_events_that_come_late_find_their_place(log, database, kafka, topic):
    await traffic.hold_classes(log, range(1, 11))
    async with traffic.outlet_of(log, kafka, topic) as outlet:
        await send(outlet, [5, 6, 1, 2, 9, 3, 4, 5, 6, 7, 8, 9, 10])
    async with traffic.consuming(database, kafka, topic) as reader:
        await reader.reached(10)
        assert await reader.seen() == classes(10)


async def test_what_cannot_be_read_is_set_aside_and_holds_nobody_up(log, database, kafka, topic):
    await traffic.hold_classes(log, range(1, 6))
    async with (
        traffic.outlet_of(log, kafka, topic) as outlet,
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await send(outlet, [1, 2], [(b"?", b"not an envelope"), (b"?", b"")])
        await send(outlet, [3, 4, 5])
        await reader.reached(5)
        assert await reader.seen() == classes(5)
        [source] = await sources.told(reader.pool)
        assert [(p.position, p.offset, p.reason) for p in source.parked] == [
            (None, 2, "unreadable"),
            (None, 3, "unreadable"),
        ]


async def test_another_worker_takes_over_when_one_is_killed(log, database, kafka, topic):
    await traffic.hold_classes(log, range(1, 1_001))
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.reader_of(database, kafka, topic) as reader,
    ):
        first = traffic.process("consume", database, kafka, topic)
        try:
            await reader.reached(1_000)
            async with traffic.running(reader.consumer().run()):
                await traffic.hold_classes(log, range(1_001, 2_001))
                await reader.reached(1_500)
                first.kill()
                await traffic.hold_classes(log, range(2_001, 3_001))
                await reader.reached(3_000)
                assert await reader.seen() == classes(3_000)
        finally:
            first.kill()
            await asyncio.to_thread(first.wait)


async def test_two_workers_that_both_believe_to_own_a_topic_double_nothing(
    log, database, kafka, topic
):
    """A worker that slept through its removal from the group wakes up with a batch in hand."""
    await traffic.hold_classes(log, range(1, 20_001))
    async with traffic.relaying(log, kafka, topic), AsyncExitStack() as stack:
        readers = []
        for group in ("one", "other"):
            reader = await stack.enter_async_context(traffic.reader_of(database, kafka, topic))
            reader.membership = traffic.Membership(kafka, f"{group}-{topic}", (topic,), batch=100)
            await stack.enter_async_context(traffic.running(reader.consumer().run()))
            readers.append(reader)
        await readers[0].reached(20_000)
        assert await readers[0].seen() == classes(20_000)


async def test_a_reader_goes_on_when_postgres_has_cut_every_connection(
    log, database, kafka, topic, postgres
):
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        for round_ in range(1, 4):
            await traffic.hold_classes(log, range(1 + 1_000 * (round_ - 1), 1 + 1_000 * round_))
            admin = await asyncpg.connect(postgres.admin_url)
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                database.name,
            )
            await admin.close()

            async def reached(goal: int = round_ * 1_000) -> bool:
                try:
                    return await reader.position() >= goal
                except DATABASE_AWAY:
                    return False

            await traffic.eventually(reached)
        assert await reader.seen() == classes(3_000)


async def test_a_broker_killed_and_started_again_costs_a_reader_nothing(log, database, tmp_path):
    broker, topic = traffic.Broker(tmp_path), f"t.{uuid4().hex[:8]}"
    broker.start()
    try:
        async with (
            traffic.relaying(log, broker.bootstrap, topic),
            traffic.consuming(database, broker.bootstrap, topic) as reader,
        ):
            await traffic.hold_classes(log, range(1, 1_001))
            await reader.reached(1_000)
            broker.kill()
            await traffic.hold_classes(log, range(1_001, 2_001))
            broker.start()
            await reader.reached(2_000)
            assert await reader.seen() == classes(2_000)
    finally:
        broker.bury()


async def test_a_reader_started_before_there_is_a_topic_waits_for_it(log, database, kafka, topic):
    await Topic(kafka, topic).delete()
    async with traffic.consuming(database, kafka, topic) as reader:
        await traffic.hold_classes(log, [1, 2])
        async with traffic.relaying(log, kafka, topic):
            await reader.reached(2)
        assert await reader.seen() == classes(2)
