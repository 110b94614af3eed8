"""Every stored event is published exactly once and in order, whatever dies on the way."""

import asyncio
import signal
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import traffic
from chassis.bus import outlet as outlets
from chassis.bus.applying import DATABASE_AWAY
from chassis.bus.envelope import decode
from chassis.bus.kafka import Publisher, Topic
from chassis.bus.outlet import Lag, Outlet, Superseded
from chassis.bus.relay import Relay
from chassis.run.metrics import REGISTRY
from khuyenhoc.training.v1.events_pb2 import HeadcountReported


@pytest.fixture
async def log(make_database):
    database = make_database("log")
    await traffic.make_log(database)
    return database


@pytest.fixture
def own_broker(tmp_path):
    broker = traffic.Broker(tmp_path)
    yield broker
    broker.bury()


async def on_topic(bootstrap: str, topic: str) -> list[int]:
    whole = Topic(bootstrap, topic)
    first, end = await whole.bounds()
    return [decode(traffic.LOG, r.value).position for r in await whole.read(first, end - first)]


async def published(outlet: Outlet, position: int) -> None:
    async def check() -> bool:
        return (await outlets.told(outlet.pool, traffic.LOG)).published >= position

    await traffic.eventually(check)


def without_repeats(positions: list[int]) -> list[int]:
    """What a reader that skips what it has makes of a topic."""
    kept = 0
    return [kept := p for p in positions if p == kept + 1]


async def test_every_event_is_published_once_and_in_order(log, kafka, topic):
    await traffic.hold_classes(log, [30, 40, 50])
    await traffic.hold_classes(log, [60], kind=traffic.HIDDEN)
    async with traffic.relaying(log, kafka, topic) as outlet:
        await published(outlet, 4)
        await traffic.hold_classes(log, range(1, 3_001))
        await published(outlet, 3_004)
    whole = Topic(kafka, topic)
    records = await whole.read(0, 10_000)
    events = [decode(traffic.LOG, record.value) for record in records]
    assert [event.position for event in events] == list(range(1, 3_005))
    assert [record.key.decode() for record in records] == [event.stream for event in events]
    assert all(
        record.headers == [("content-type", b"application/cloudevents+protobuf")]
        for record in records
    )
    assert [HeadcountReported.FromString(e.data).participants for e in events[:3]] == [30, 40, 50]
    assert events[3].type == "khuyenhoc.log.v1.Withheld"


async def test_how_far_the_topic_is_behind_is_told_whether_or_not_somebody_publishes(
    log, kafka, topic
):
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await traffic.hold_classes(log, [30, 40, 50], at=long_ago)
    async with traffic.outlet_of(log, kafka, topic) as outlet:
        lag = await outlet.lag(long_ago + timedelta(seconds=90))
        assert (lag.published, lag.events, round(lag.seconds)) == (0, 3, 90)
    async with traffic.relaying(log, kafka, topic) as outlet:
        await published(outlet, 3)
        assert await outlet.lag(datetime.now(UTC)) == Lag(3, 0, 0.0)
        await traffic.eventually(lambda: shown(outlet.name))


async def shown(name: str) -> bool:
    return REGISTRY.get_sample_value("kh_relay_position", {"log": name}) == 3


async def test_a_log_nobody_published_yet_gets_its_topic(log, kafka, topic):
    await Topic(kafka, topic).delete()
    await traffic.hold_classes(log, [30])
    async with traffic.relaying(log, kafka, topic) as outlet:
        await published(outlet, 1)
    assert await on_topic(kafka, topic) == [1]


@pytest.mark.parametrize("step", ["relay.read", "relay.sent", "relay.progress"])
async def test_a_relay_killed_at_any_step_loses_nothing(log, kafka, topic, step):
    await traffic.hold_classes(log, range(1, 5_001))
    killed = traffic.process("relay", log, kafka, topic, failpoint=f"{step}:2")
    assert await asyncio.to_thread(killed.wait, 60) == -signal.SIGKILL
    async with traffic.relaying(log, kafka, topic) as outlet:
        await published(outlet, 5_000)
    assert without_repeats(await on_topic(kafka, topic)) == list(range(1, 5_001))
    assert await on_topic(kafka, topic) == list(range(1, 5_001)), (
        "the topic's end says where to go on"
    )


async def test_a_topic_that_lost_its_tail_is_published_again_from_there(log, kafka, topic):
    await traffic.hold_classes(log, [30, 40, 50])
    async with traffic.outlet_of(log, kafka, topic) as outlet:
        claimed = await outlet.claim()
        publisher = Publisher(kafka, topic, "test")
        await publisher.open()
        events = await outlet.log.read(0, 1)
        await publisher.send_all(await Relay(outlet)._encode(events))
        await publisher.close()
        await outlet.move(claimed, 3)  # what the topic no longer holds was believed sent
        async with traffic.running(Relay(outlet).run()):

            async def whole() -> bool:
                return await on_topic(kafka, topic) == [1, 2, 3]

            await traffic.eventually(whole)


async def test_a_second_relay_waits_until_the_first_is_gone(log, kafka, topic):
    await traffic.hold_classes(log, [30])
    async with traffic.outlet_of(log, kafka, topic) as second:
        async with traffic.relaying(log, kafka, topic) as first:
            await published(first, 1)
            async with traffic.running(Relay(second).run()):
                await traffic.hold_classes(log, range(1, 501))
                await published(first, 501)
        async with traffic.running(Relay(second).run()):
            await traffic.hold_classes(log, range(1, 501))
            await published(second, 1_001)
    assert await on_topic(kafka, topic) == list(range(1, 1_002))


async def test_a_relay_that_was_taken_over_moves_nothing(log, kafka, topic):
    async with traffic.outlet_of(log, kafka, topic) as outlet:
        sleeper = await outlet.claim()
        awake = await outlet.claim()
        await outlet.move(awake, 7)
        with pytest.raises(Superseded):
            await outlet.move(sleeper, 9)
        with pytest.raises(Superseded):
            await outlet.check(sleeper)
        assert (await outlets.told(outlet.pool, traffic.LOG)).published == 7


async def test_a_relay_goes_on_when_postgres_has_cut_every_connection(log, kafka, topic, postgres):
    async with traffic.relaying(log, kafka, topic) as outlet:
        for round_ in range(1, 4):
            await traffic.hold_classes(log, range(1, 1_001))
            admin = await asyncpg.connect(postgres.admin_url)
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                log.name,
            )
            await admin.close()

            async def reached(goal: int = round_ * 1_000) -> bool:
                try:
                    return (await outlets.told(outlet.pool, traffic.LOG)).published >= goal
                except DATABASE_AWAY:
                    return False

            await traffic.eventually(reached)
    assert without_repeats(await on_topic(kafka, topic)) == list(range(1, 3_001))


async def test_an_event_without_a_public_form_stops_the_relay_and_is_named(log, kafka, topic):
    await traffic.hold_classes(log, [30, 40])
    connection = await asyncpg.connect(log.owner_url)
    await connection.execute("ALTER TABLE event DISABLE TRIGGER append_only")
    await connection.execute("UPDATE event SET payload = '\"many\"' WHERE position = 2")
    async with traffic.relaying(log, kafka, topic) as outlet:

        async def refused():
            return (await outlets.told(outlet.pool, traffic.LOG)).alarm

        alarm = await traffic.eventually(refused)
        assert (alarm["kind"], alarm["position"]) == ("unpublishable", 2)
        assert "position 2 (test.ClassHeld)" in alarm["detail"]
        assert await on_topic(kafka, topic) == [1]
        await connection.execute("UPDATE event SET payload = '40' WHERE position = 2")
        await connection.close()
        await published(outlet, 2)
        assert (await outlets.told(outlet.pool, traffic.LOG)).alarm is None


async def test_a_broker_killed_under_load_and_started_again_gets_every_event(log, own_broker):
    topic = "khuyenhoc.14.training.v1"
    own_broker.start()
    async with traffic.relaying(log, own_broker.bootstrap, topic) as outlet:
        await traffic.hold_classes(log, range(1, 10_001))
        await published(outlet, 1)
        own_broker.kill()
        await traffic.hold_classes(log, range(1, 1_001))
        own_broker.start()
        await published(outlet, 11_000)
    positions = await on_topic(own_broker.bootstrap, topic)
    assert without_repeats(positions) == list(range(1, 11_001))
