"""Whoever is erased in the registry is erased in funds, over a real topic."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from chassis.bus.envelope import encode, key_of
from chassis.bus.kafka import Publisher
from chassis.run.settings import Settings
from funds.following import following
from funds_desk import ACCOUNTANT
from google.protobuf.message import Message
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.registry.v1.events_pb2 import SubjectErased
from traffic import eventually, running

MAI = "Lò Thị Mai"


class Stored(NamedTuple):
    """What of an event of the registry goes into its envelope."""

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    meta: bytes = b"{}"


@pytest.fixture
def settings(kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in {
        "KH_PROFILE": "local",
        "ISSUER_URL": "http://127.0.0.1:1",
        "FUNDS_URL": "http://127.0.0.1:2",
        "FUNDS_DATABASE_URL": "postgresql://nobody@127.0.0.1:3/none",
        "KAFKA_BOOTSTRAP": kafka,
        "REGISTRY_TOPIC": topic,
    }.items():
        monkeypatch.setenv(name, value)
    return Settings.read("funds")


async def publish(settings: Settings, *messages: Message) -> None:
    """What the registry would have on its topic."""
    publisher = Publisher(settings.kafka_bootstrap, settings.topic_of("registry"), "test")
    await publisher.open()
    try:
        for position, message in enumerate(messages, 1):
            at = datetime(2025, 10, 1, 0, 0, position, tzinfo=UTC)
            stored = Stored(position, UUID(int=position), 1, at)
            await publisher.send_all([(key_of(stored), encode("14.registry", stored, message))])
    finally:
        await publisher.close()


async def test_a_person_erased_in_the_registry_is_erased_here(desk, settings) -> None:
    gone, stays = uuid4(), uuid4()
    fund = await desk.a_fund()
    gifts = {
        who: await desk.a_gift(fund, donor={"subject": str(who), "name": MAI})
        for who in (gone, stays)
    }
    unknown = SubjectErased(subject=str(uuid4()))
    await publish(settings, Withheld(), unknown, SubjectErased(subject=str(gone)), Withheld())

    async def erased() -> bool:
        found = await desk.read(f"contributions/{gifts[gone]}", ACCOUNTANT)
        return bool(found["erased"] == ["donor.name"] and found["donor"]["name"] is None)

    async with running(following(desk.pool, desk.people, settings).run()):
        await eventually(erased)
    found = await desk.read(f"contributions/{gifts[stays]}", ACCOUNTANT)
    assert found["donor"]["name"] == MAI
