"""What the registry erases and opens is erased and known in funds, over a real topic."""

from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import NamedTuple
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from chassis.area import Areas
from chassis.bus import retrying
from chassis.bus.envelope import encode, key_of
from chassis.bus.kafka import Publisher
from chassis.bus.maps import Change
from chassis.bus.places import Places, keep
from chassis.log.vault import request_digest
from chassis.run.settings import Settings
from chassis.wiring.following import learning
from funds import app
from funds.following import following, heeding, told
from funds_desk import ACCOUNTANT, CHAIR
from google.protobuf.message import Message
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.registry.v1.events_pb2 import SubjectErased, VillageOpened
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


async def test_a_place_that_was_parked_and_tried_again_is_learned_late(desk) -> None:
    areas = Areas.of_province("14").copy()
    places = Places(desk.pool, areas)
    commune, names = "03763@2025-07-01", {5: "03763-005@2025-07-02", 8: "03763-008@2025-07-02"}
    for position in (8, 5):  # that at 5 was set aside until somebody mended it
        opened = Change("opened", names[position], "village", "Nà Tòng", commune)
        await keep(desk.pool, [(SimpleNamespace(position=position, recorded_at=0), opened)])
        await places.catch_up()
        assert areas.unit(areas.exact(names[position])).name == "Nà Tòng"


@pytest.fixture
async def counter(desk):
    """The same service with maps of its own, which it learns from its database."""
    areas = Areas.of_province("14").copy()
    serving = app.assemble(
        desk.pool, desk.people, desk.serving.verifier, province="14",
        digest=partial(request_digest, b"k" * 32), local=True, clock=desk.clock, areas=areas,
    )  # fmt: skip
    await serving.executor.start()
    transport = httpx.ASGITransport(app=serving.web)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://funds") as client,
        learning(desk.pool, areas),
    ):
        yield client
    await serving.executor.drain()


def opening(area: str) -> dict[str, str]:
    return {"name": "Quỹ bản", "kind": "scholarship", "area": area, "opened_on": "2025-09-01"}


async def test_a_village_opened_in_the_registry_can_have_a_fund(desk, settings, counter) -> None:
    chair = desk.bearer(CHAIR)
    fund = opening("03763-005")

    async def answered() -> int:
        own = {"idempotency-key": str(uuid4()), **chair}
        return (await counter.post("/v1/funds", json=fund, headers=own)).status_code

    assert await answered() == 422
    village, commune = "03763-005@2025-07-02", "03763@2025-07-01"
    await publish(settings, VillageOpened(village=village, name="Nà Tòng", commune=commune))

    async def opened() -> bool:
        return await answered() == 201

    async with running(following(desk.pool, desk.people, settings).run()):
        await eventually(opened)
    shown = await counter.get("/v1/areas?under=03763", headers=chair)
    assert village in [area["area"] for area in shown.json()["items"]]


async def test_a_place_that_could_not_be_read_waits_for_the_retry(desk, settings) -> None:
    bad = VillageOpened(village="bản Nà Tòng", commune="03763@2025-07-01")
    await publish(settings, bad, Withheld())

    async def parked() -> bool:
        return bool(await desk.pool.fetchval("select count(*) from parked where position = 1"))

    async with running(following(desk.pool, desk.people, settings).run()):
        await eventually(parked)
    done = await retrying.retry(desk.pool, told, heeding(desk.people))
    assert (done.applied, done.left) == (0, 1)
    mended = encode("14.registry", Stored(1, UUID(int=1), 1, desk.clock.now()), Withheld())
    await desk.pool.execute("update parked set value = $1", mended)
    done = await retrying.retry(desk.pool, told, heeding(desk.people))
    assert (done.applied, done.left) == (1, 0)
