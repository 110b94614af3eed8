"""What travels says what it is, and nothing else is taken for it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from chassis.bus.envelope import HEADERS, Unreadable, decode, encode, instant, key_of, microseconds
from cloudevents.v1.cloudevents_pb2 import CloudEvent
from hypothesis import given
from hypothesis import strategies as st
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.training.v1.events_pb2 import PROFESSIONAL_TRAINING, HeadcountReported

LOG = "14.training"
STREAM = UUID("5b0a3b5e-6ad8-5f7c-9e0a-3f1f6f6f0a01")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass(frozen=True)
class Event:
    position: int = 4711
    stream: UUID = STREAM
    version: int = 3
    recorded_at: datetime = datetime(2025, 10, 15, 3, 4, 5, 678_901, tzinfo=UTC)
    meta: bytes = b'{"v":1,"actor":"8a1f0d2c-0000-4000-8000-000000000001"}'


HELD = HeadcountReported(
    headcount=str(STREAM),
    kind=PROFESSIONAL_TRAINING,
    area="03763@2025-07-01",
    held_on="2025-10-14",
    ended_on="2025-10-15",
    participants=40,
)


def altered(**attributes) -> bytes:
    event = CloudEvent.FromString(encode(LOG, Event(), HELD))
    for name, value in attributes.items():
        if name in {"khversion", "subject"}:
            event.attributes[name].ce_string = value
        elif name == "seconds":
            event.attributes["time"].ce_timestamp.seconds = value
        else:
            setattr(event, name, value)
    return event.SerializeToString()


def test_an_event_arrives_as_it_was_sent():
    read = decode(LOG, encode(LOG, Event(), HELD))
    assert (read.log, read.position, read.stream, read.version) == (LOG, 4711, str(STREAM), 3)
    assert instant(read.recorded_at) == Event.recorded_at
    assert read.type == "khuyenhoc.training.v1.HeadcountReported"
    assert HeadcountReported.FromString(read.data) == HELD
    assert read.traceparent is None


def test_the_envelope_is_a_cloudevent_any_reader_of_the_specification_understands():
    event = CloudEvent.FromString(encode(LOG, Event(), HELD))
    assert (event.id, event.source, event.spec_version) == ("4711", "/14/training", "1.0")
    assert event.type == event.proto_data.TypeName() == "khuyenhoc.training.v1.HeadcountReported"
    attributes = event.attributes
    assert set(attributes) == {"time", "subject", "khversion"}
    assert attributes["time"].ce_timestamp.ToDatetime(UTC) == Event.recorded_at
    assert attributes["subject"].ce_string == str(STREAM)
    assert attributes["khversion"].ce_string == "3"
    assert HEADERS == [("content-type", b"application/cloudevents+protobuf")]
    assert key_of(Event()) == str(STREAM).encode()


def test_the_trace_of_a_command_travels_with_its_events():
    traced = replace(Event(), meta=b'{"v":1,"actor":"x","trace":"%s"}' % TRACE.encode())
    assert decode(LOG, encode(LOG, traced, HELD)).traceparent == TRACE


def test_what_has_no_public_form_still_takes_its_position():
    read = decode(LOG, encode(LOG, Event(), Withheld()))
    assert (read.position, read.type, read.data) == (4711, "khuyenhoc.log.v1.Withheld", b"")


def test_the_same_event_is_the_same_bytes_for_ever():
    sample = Path(__file__).parents[2] / "contract/samples/envelope.v1.bin"
    traced = replace(Event(), meta=b'{"v":1,"actor":"x","trace":"%s"}' % TRACE.encode())
    assert encode(LOG, traced, HELD) == sample.read_bytes()


@given(
    position=st.integers(1, 2**63 - 1),
    version=st.integers(0, 2**31 - 1),
    stream=st.uuids(),
    recorded_at=st.integers(1_000_000, 253_402_300_799_999_999).map(instant),
    participants=st.integers(-(2**31), 2**31 - 1),
)
def test_no_microsecond_and_no_digit_is_lost(position, version, stream, recorded_at, participants):
    event = Event(position, stream, version, recorded_at)
    message = HeadcountReported(participants=participants)
    read = decode(LOG, encode(LOG, event, message))
    assert (read.position, read.version, read.stream) == (position, version, str(stream))
    assert instant(read.recorded_at) == recorded_at
    assert read.recorded_at == microseconds(recorded_at)
    assert HeadcountReported.FromString(read.data) == message


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_and_never_misread(value):
    with pytest.raises(Unreadable):
        decode(LOG, value)


@given(st.data())
def test_a_damaged_envelope_is_refused_or_still_whole(data):
    whole = encode(LOG, Event(), HELD)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Unreadable):
        decode(LOG, whole[:cut])


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "0"},
        {"id": "-1"},
        {"id": "4711.0"},
        {"id": str(2**63)},
        {"source": "/14/funds"},
        {"source": ""},
        {"type": "khuyenhoc.training.v1.CoursePlanned"},
        {"khversion": ""},
        {"khversion": "-1"},
        {"khversion": str(2**31)},
        {"subject": ""},
        {"subject": "x"},
        {"seconds": -1},
        {"seconds": 253_402_300_800},
    ],
)
def test_an_envelope_that_says_something_impossible_is_refused(wrong):
    with pytest.raises(Unreadable) as refused:
        decode(LOG, altered(**wrong))
    assert all(
        value not in str(refused.value) for value in map(str, wrong.values()) if len(value) > 2
    )


def test_a_record_without_a_value_is_refused():
    with pytest.raises(Unreadable, match="no value"):
        decode(LOG, None)


def test_an_instant_is_counted_exactly():
    assert microseconds(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=1)) == 1
    assert instant(1_760_497_445_678_901) == Event.recorded_at
