"""What was ever stored or published can be read for ever: one sample of every event version."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from chassis.domain import Aggregate, Event, events_of
from chassis.log.codec import Codec
from chassis.log.record import Recorded
from funds.codec import AGGREGATES as FUNDS_AGGREGATES
from funds.codec import CODEC as FUNDS_CODEC
from funds.publish import publish as funds_publish
from google.protobuf import symbol_database
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from registry.codec import AGGREGATES as REGISTRY_AGGREGATES
from registry.codec import CODEC as REGISTRY_CODEC
from registry.publish import publish as registry_publish
from training.codec import AGGREGATES, CODEC
from training.publish import publish

SAMPLES = Path(__file__).with_name("samples")


@dataclass(frozen=True)
class Service:
    aggregates: tuple[type[Aggregate], ...]
    codec: Codec
    publish: Callable[[Recorded], Message]


SERVICES = {
    "training": Service(AGGREGATES, CODEC, publish),
    "funds": Service(FUNDS_AGGREGATES, FUNDS_CODEC, funds_publish),
    "registry": Service(REGISTRY_AGGREGATES, REGISTRY_CODEC, registry_publish),
}


def every_event(service: Service) -> list[type[Event]]:
    return [event for aggregate in service.aggregates for event in events_of(aggregate)]


def kept(service: str) -> list[Path]:
    return sorted(SAMPLES.glob(f"{service}.*.json"))


def read(sample: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(sample.read_text("utf-8"))
    return content


def as_recorded(stored: dict[str, Any]) -> Recorded:
    return Recorded(
        position=1,
        stream=UUID(stored["stream"]),
        version=stored["version"],
        type=stored["type"],
        recorded_at=datetime(2025, 9, 6, tzinfo=UTC),
        command=UUID(int=0),
        payload=stored["payload"].encode(),
        meta=stored["meta"].encode(),
    )


def as_read(message: Message) -> dict[str, Any]:
    return MessageToDict(message, preserving_proto_field_name=True)


EVERY_SAMPLE = [
    pytest.param(SERVICES[name], sample, id=sample.stem)
    for name in SERVICES
    for sample in kept(name)
]
EVERY_SERVICE = pytest.mark.parametrize("name", SERVICES)


@EVERY_SERVICE
def test_every_event_version_has_a_sample_and_no_sample_was_taken_away(name: str) -> None:
    expected = {
        f"{event.TOPIC}.v{version}"
        for event in every_event(SERVICES[name])
        for version in range(1, event.class_version + 1)
    }
    assert {sample.stem for sample in kept(name)} == expected


@pytest.mark.parametrize(("service", "sample"), EVERY_SAMPLE)
def test_what_was_stored_is_still_read(service: Service, sample: Path) -> None:
    stored = read(sample)["stored"]
    event = service.codec.decode(as_recorded(stored))
    assert f"{stored['type']}.v{json.loads(stored['meta'])['v']}" == sample.stem
    assert (event.TOPIC, str(event.originator_id)) == (stored["type"], stored["stream"])


@pytest.mark.parametrize(("service", "sample"), EVERY_SAMPLE)
def test_what_is_stored_today_is_written_as_before(service: Service, sample: Path) -> None:
    """The bytes are hashed: the same event must give the same bytes while its version stands."""
    stored = read(sample)["stored"]
    event = service.codec.decode(as_recorded(stored))
    written_by = json.loads(stored["meta"])
    if written_by["v"] < type(event).class_version:
        assert isinstance(event, Event)  # an older version is only ever read
        return
    again = service.codec.encode(event, UUID(written_by["actor"]))
    assert (again.payload, again.meta) == (stored["payload"].encode(), stored["meta"].encode())


@pytest.mark.parametrize(("service", "sample"), EVERY_SAMPLE)
def test_a_stored_event_is_published_as_before(service: Service, sample: Path) -> None:
    published = read(sample)["published"]
    message = service.publish(as_recorded(read(sample)["stored"]))
    assert message.DESCRIPTOR.full_name == published["type"]
    assert as_read(message) == published["data"]


@pytest.mark.parametrize(("service", "sample"), EVERY_SAMPLE)
def test_what_was_published_is_still_understood(service: Service, sample: Path) -> None:
    published = read(sample)["published"]
    message_class = symbol_database.Default().GetSymbol(published["type"])
    assert (
        as_read(message_class.FromString(base64.b64decode(published["wire"]))) == published["data"]
    )
