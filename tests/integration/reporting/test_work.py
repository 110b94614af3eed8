"""The worker: from real topics to figures, with another worker ready to take over."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.bus.kafka import Publisher, Topic
from chassis.errors import Invalid
from chassis.run.settings import Settings
from counter import Counter
from google.protobuf.message import Message
from khuyenhoc.funds.v1 import events_pb2 as funds
from khuyenhoc.log.v1 import log_pb2
from khuyenhoc.registry.v1 import events_pb2 as registry
from khuyenhoc.training.v1 import events_pb2 as training
from reporting import app, projections
from reports import LOG, Fact, history, person, record
from traffic import eventually, running

NOW = datetime(2025, 10, 19, tzinfo=UTC)


@pytest.fixture
def settings(database, kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in {
        "KH_PROFILE": "local",
        "ISSUER_URL": "http://127.0.0.1:1",
        "REPORTING_URL": "http://127.0.0.1:2",
        "REPORTING_DATABASE_URL": database.app_url,
        "REPORTING_OWNER_URL": database.owner_url,
        "KAFKA_BOOTSTRAP": kafka,
        "TRAINING_TOPIC": topic,
    }.items():
        monkeypatch.setenv(name, value)
    return Settings.read("reporting")


async def publish(
    settings: Settings, records: Sequence[tuple[bytes, bytes]], log: str = LOG
) -> None:
    topic = next(topic for topic, of in app.topics(settings).items() if of == log)
    publisher = Publisher(settings.kafka_bootstrap, topic, "test")
    await publisher.open()
    try:
        await publisher.send_all(records)
    finally:
        await publisher.close()


@asynccontextmanager
async def working(counter: Counter, settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    async with running(app.consumer_of(counter.pool, settings).run()) as task:
        yield task


async def reached(counter: Counter, position: int, log: str = LOG) -> dict[str, Any]:
    """The source of the log once it has come so far."""

    async def check() -> Any:
        source = (await counter.read("sources")).get(log)
        return source if source and source["position"] >= position else None

    found: dict[str, Any] = await eventually(check)
    return found


def after(position: int, message: Message) -> tuple[bytes, bytes]:
    return record(message, position, NOW + timedelta(seconds=position))


async def test_what_is_published_becomes_figures(counter: Counter, settings: Settings) -> None:
    facts = history(1_000, seed=21)
    await publish(settings, [fact.record() for fact in facts])
    async with working(counter, settings):
        source = await reached(counter, 1_000)
    assert (source["published"], source["lag_events"], source["parked"]) == (1_000, 0, [])
    assert await counter.value(measure="courses_completed") == 1_000
    assert await counter.value(measure="participations") == sum(f.participants for f in facts)


async def test_a_second_worker_takes_over_without_losing_or_doubling(
    counter: Counter, settings: Settings
) -> None:
    facts = history(6_000, seed=22)
    records = [fact.record() for fact in facts]
    async with working(counter, settings), AsyncExitStack() as second:
        await second.enter_async_context(working(counter, settings))
        await publish(settings, records[:3_000])
        await reached(counter, 1_000)
        await second.aclose()
        await publish(settings, records[3_000:])
        await reached(counter, 6_000)
    assert await counter.value(measure="courses_completed") == 6_000
    assert await counter.value(measure="participations") == sum(f.participants for f in facts)


async def test_an_event_nobody_understands_waits_with_those_after_it_and_is_counted_once_it_can_be(
    counter: Counter, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = person(99)
    completed = training.CourseCompleted(
        kind="LITERACY", area="14", completed_on="2025-10-01", participants=7
    )
    records = [
        Fact(participants=20, recorded_at=NOW).record(),
        record(log_pb2.PositionReply(), 2, NOW + timedelta(seconds=2), stream),
        record(completed, 3, NOW + timedelta(seconds=3), stream),
        Fact(participants=30, recorded_at=NOW + timedelta(seconds=4), position=4).record(),
    ]
    await publish(settings, records)
    async with working(counter, settings):
        source = await reached(counter, 4)
        assert [(one["position"], one["reason"]) for one in source["parked"]] == [
            (2, "failed"),
            (3, "follows"),
        ]
        assert "khuyenhoc.log.v1.PositionReply" in source["parked"][0]["detail"]
        answer = await counter.read(measure="participations")
        assert (answer["rows"][0]["value"], answer["positions"][LOG]["parked"]) == (50, 2)

        assert (await app.retry(settings)).left == 2
        known = projections._WITHOUT_STATISTIC | {"khuyenhoc.log.v1.PositionReply"}
        monkeypatch.setattr(projections, "_WITHOUT_STATISTIC", known)
        done = await app.retry(settings)
        assert (done.applied, done.left) == (2, 0)
    answer = await counter.read(measure="participations")
    assert (answer["rows"][0]["value"], answer["positions"][LOG]["parked"]) == (57, 0)


async def test_a_lost_tail_is_withdrawn_and_the_times_it_was_known_in_are_marked(
    counter: Counter, settings: Settings
) -> None:
    first = [
        Fact(recorded_at=NOW + timedelta(hours=n), position=n, participants=10) for n in range(1, 6)
    ]
    await publish(settings, [fact.record() for fact in first])
    async with working(counter, settings):
        await reached(counter, 5)
        [topic] = app.topics(settings)
        await Topic(settings.kafka_bootstrap, topic).recreate()
        other = [
            *first[:2],
            Fact(recorded_at=NOW + timedelta(hours=9), position=3, participants=1),
        ]
        await publish(settings, [fact.record() for fact in other])

        async def alarmed() -> Any:
            return (await counter.read("sources"))[LOG]["alarms"]

        [alarm] = await eventually(alarmed)
        assert "accept-loss" in alarm
        place = await app.accept_loss(settings, 2, None)
        assert (place.position, place.origin) == (2, 2)
        await reached(counter, 3)
    assert await counter.value(measure="participations") == 21
    assert (await counter.read("sources"))[LOG]["alarms"] == []

    async def origin(known_at: datetime) -> dict[str, Any] | None:
        answer = await counter.read(
            measure="participations", known_at=known_at.isoformat()[:19] + "Z"
        )
        found: dict[str, Any] | None = answer["positions"][LOG].get("origin")
        return found

    assert await origin(NOW + timedelta(hours=2)) is None
    doubtful = await origin(NOW + timedelta(hours=4))
    assert doubtful is not None
    assert (doubtful["at"], doubtful["known_after"]) == (2, "2025-10-19T02:00:00.000000Z")


async def test_registry_and_funds_are_followed_where_their_topics_are_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(app.topics(settings).values()) == [LOG]
    monkeypatch.setenv("FUNDS_TOPIC", "funds here")
    monkeypatch.setenv("REGISTRY_TOPIC", "registry here")
    followed = app.topics(settings)
    assert set(followed.values()) == {LOG, "14.registry", "14.funds"}
    assert (followed["funds here"], followed["registry here"]) == ("14.funds", "14.registry")


async def test_the_facts_of_three_services_are_read_side_by_side(
    counter: Counter,
    settings: Settings,
    make_topic: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("REGISTRY", "FUNDS"):
        monkeypatch.setenv(f"{name}_TOPIC", make_topic(name.lower()))
    here = {"area": "03763@2025-07-01"}
    gift = funds.ContributionReceived(
        fund_kind="scholarship", channel="cash", amount=7_000, received_on="2025-09-01", **here
    )
    registered = registry.TitleRegistered(
        model="clan", season=2025, registered_on="2025-09-02", **here
    )
    await publish(settings, [Fact(recorded_at=NOW).record()])
    for log, message in (("14.funds", gift), ("14.registry", registered)):
        await publish(settings, [record(message, 1, NOW, log=log)], log)
    async with working(counter, settings):
        for log in (LOG, "14.registry", "14.funds"):
            await reached(counter, 1, log)
    asked = {"measure": "registrations,funds_mobilised,courses_completed", "area": "03763"}
    answer = await counter.read(**asked)
    assert {row["measure"]: row["value"] for row in answer["rows"]} == {
        "courses_completed": 1,
        "funds_mobilised": 7_000,
        "registrations": 1,
    }
    assert set(answer["positions"]) == {LOG, "14.registry", "14.funds"}
    with pytest.raises(Invalid, match="--log names one of"):
        await app.accept_loss(settings, 1, None)


async def test_a_loss_is_accepted_of_a_log_that_is_followed(settings: Settings) -> None:
    await app.migrate(settings)
    with pytest.raises(Invalid, match=r"14\.training"):
        await app.accept_loss(settings, 2, "14.funds")
    with pytest.raises(Invalid, match="lost nothing above 2"):
        await app.accept_loss(settings, 2, LOG)
