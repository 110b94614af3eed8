"""Nothing is dropped: what cannot be applied stands aside with its followers, and is retried."""

from uuid import uuid4

import pytest
import traffic
from chassis.bus import sources
from chassis.bus.kafka import Publisher
from chassis.bus.retrying import Retried, retry


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


async def shown(reader: traffic.Reader) -> list[tuple[int | None, str]]:
    [source] = await sources.told(reader.pool)
    assert source.parked_events == len(source.parked)
    return [(parked.position, parked.reason) for parked in source.parked]


@pytest.mark.parametrize("bad", [traffic.BROKEN, traffic.UNWRITABLE])
async def test_what_cannot_be_applied_stands_aside_with_its_followers(
    log, database, kafka, topic, bad
):
    one_class, another = uuid4(), uuid4()
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await traffic.hold_classes(log, [10, bad, 11, 12], stream=one_class)  # 1 to 4
        await traffic.hold_classes(log, [20, 21], stream=another)  # 5 and 6
        await reader.reached(6)
        await traffic.hold_classes(log, [13], stream=one_class)  # 7, in a later batch
        await traffic.hold_classes(log, [22], stream=another)  # 8
        await reader.reached(8)
        assert await reader.seen() == [(1, 10), (5, 20), (6, 21), (8, 22)]
        assert await shown(reader) == [
            (2, "failed"),
            (3, "follows"),
            (4, "follows"),
            (7, "follows"),
        ]


async def test_a_retry_applies_what_is_parked_in_the_order_of_the_log(
    log, database, kafka, topic, monkeypatch
):
    one_class, another = uuid4(), uuid4()
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await traffic.hold_classes(log, [traffic.BROKEN, 10, traffic.BROKEN, 11], stream=one_class)
        await traffic.hold_classes(log, [traffic.BROKEN, 20], stream=another)
        await reader.reached(6)
        assert await reader.seen() == []

        assert await retry(reader.pool, traffic.project, traffic.write) == Retried(0, 0, 6)
        assert await shown(reader) == [
            (1, "failed"), (2, "follows"), (3, "follows"), (4, "follows"), (5, "failed"), (6, "follows"),
        ]  # fmt: skip

        order = []

        async def write(connection, events):
            order.extend(envelope.position for envelope, _ in events)
            await traffic.write(connection, events)

        monkeypatch.setenv("MENDED", "1")
        assert await retry(reader.pool, traffic.project, write) == Retried(6, 0, 0)
        assert order == [1, 2, 3, 4, 5, 6]
        assert await reader.seen() == [(1, -1), (2, 10), (3, -1), (4, 11), (5, -1), (6, 20)]
        assert await shown(reader) == []

        await traffic.hold_classes(log, [12], stream=one_class)
        await reader.reached(7)
        assert (await reader.seen())[-1] == (7, 12), "a mended key is followed as before"


async def test_a_retry_goes_as_far_as_it_can(log, database, kafka, topic, monkeypatch):
    one_class = uuid4()
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await traffic.hold_classes(
            log, [traffic.BROKEN, 10, traffic.UNWRITABLE, 11], stream=one_class
        )
        await reader.reached(4)
        monkeypatch.setenv("MENDED", "1")
        assert await retry(reader.pool, traffic.project, traffic.write) == Retried(2, 0, 2)
        assert await reader.seen() == [(1, -1), (2, 10)]
        assert await shown(reader) == [(3, "failed"), (4, "follows")]


async def test_why_something_is_parked_is_said_in_one_line(log, database, kafka, topic):
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await traffic.hold_classes(log, [traffic.BROKEN])
        await reader.reached(1)
        [source] = await sources.told(reader.pool)
        [parked] = source.parked
        assert parked.detail == "ValueError: a class of -1 is not understood"
        assert parked.type == "khuyenhoc.training.v1.HeadcountReported"


async def test_one_bad_class_among_thousands_keeps_only_itself_back(log, database, kafka, topic):
    counts = [*range(1, 2_001)]
    counts[776] = counts[1_499] = traffic.UNWRITABLE
    await traffic.hold_classes(log, counts)
    async with (
        traffic.relaying(log, kafka, topic),
        traffic.consuming(database, kafka, topic) as reader,
    ):
        await reader.reached(2_000)
        expected = [(p, p) for p in range(1, 2_001) if p not in (777, 1_500)]
        assert await reader.seen() == expected
        assert await shown(reader) == [(777, "failed"), (1_500, "failed")]


async def test_a_record_that_was_no_event_is_cleared_once_the_positions_went_on(
    log, database, kafka, topic
):
    async with traffic.consuming(database, kafka, topic) as reader:
        publisher = Publisher(kafka, topic, "test")
        await publisher.open()
        await publisher.send_all([(b"?", b"junk")])
        await publisher.close()
        await traffic.eventually(lambda: is_parked(reader))
        assert await retry(reader.pool, traffic.project, traffic.write) == Retried(0, 0, 1)
        await traffic.hold_classes(log, [30])
        async with traffic.relaying(log, kafka, topic):
            await reader.reached(1)
        assert await retry(reader.pool, traffic.project, traffic.write) == Retried(0, 1, 0)


async def is_parked(reader: traffic.Reader) -> bool:
    return bool(await reader.pool.fetchval("SELECT count(*) FROM parked"))
