"""Pure: the envelope facts travel in, CloudEvents 1.0 in structured mode, protobuf format.

A record's value is the specification's ``io.cloudevents.v1.CloudEvent`` (CloudEvents Protobuf Event
Format 1.0). Everything the reader needs is inside it; the one header only names the format.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from uuid import UUID

import msgspec
from cloudevents.v1.cloudevents_pb2 import CloudEvent
from google.protobuf.message import DecodeError, Message

HEADERS = [("content-type", b"application/cloudevents+protobuf")]
TYPE_URL = "type.googleapis.com/"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, the last one a Timestamp may hold
LAST_VERSION = 2**31 - 1
LAST_POSITION = 2**63 - 1


class Unreadable(ValueError):  # noqa: N818  # a verdict on bytes
    """The bytes are not an envelope of this log; the text says what is wrong, never the content."""


class Stored(Protocol):
    """What of a stored event goes into its envelope (``chassis.log.store.Recorded`` is one)."""

    @property
    def position(self) -> int: ...
    @property
    def stream(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def meta(self) -> bytes: ...


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """A published event at its place.

    ``recorded_at`` counts microseconds since 1970-01-01 UTC; ``stream`` is a UUID in its usual
    text form; ``type`` the full name of the protobuf message whose bytes are ``data``.
    """

    log: str
    position: int
    stream: str
    version: int
    recorded_at: int
    type: str
    data: bytes
    traceparent: str | None = None


class _Meta(msgspec.Struct):
    trace: str | None = None


_meta = msgspec.json.Decoder(_Meta)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exactly."""
    return (instant - EPOCH) // MICROSECOND


def instant(count: int) -> datetime:
    """The instant that many microseconds after 1970-01-01 UTC."""
    return EPOCH + timedelta(microseconds=count)


@lru_cache
def source_of(log: str) -> str:
    """``14.training`` is ``/14/training`` as a CloudEvents source."""
    return "/" + log.replace(".", "/")


def key_of(stored: Stored) -> bytes:
    """The record's key: its stream, so that what inspects a topic can follow one thing."""
    return str(stored.stream).encode()


def encode(log: str, stored: Stored, message: Message) -> bytes:
    """The value of the Kafka record; the same event gives the same bytes every time."""
    event = CloudEvent(
        id=str(stored.position),
        source=source_of(log),
        spec_version="1.0",
        type=message.DESCRIPTOR.full_name,
    )
    attributes = event.attributes
    attributes["subject"].ce_string = str(stored.stream)
    attributes["khversion"].ce_string = str(stored.version)
    since = stored.recorded_at - EPOCH
    time = attributes["time"].ce_timestamp
    time.seconds = since.days * 86_400 + since.seconds
    time.nanos = since.microseconds * 1_000
    if trace := _meta.decode(stored.meta).trace:
        attributes["traceparent"].ce_string = trace
    event.proto_data.type_url = TYPE_URL + message.DESCRIPTOR.full_name
    event.proto_data.value = message.SerializeToString(deterministic=True)
    return event.SerializeToString(deterministic=True)


_parse: Callable[[bytes], CloudEvent] = CloudEvent.FromString


def decode(log: str, value: bytes | None) -> Envelope:
    """Read a record's value.

    Raises:
        Unreadable: it is not a CloudEvent of this log with every attribute in place.
    """
    if value is None:
        raise Unreadable("the record has no value")
    try:
        event = _parse(value)
        position = int(event.id)
        attributes = event.attributes
        version = int(attributes["khversion"].ce_string)
    except (DecodeError, ValueError) as error:
        raise Unreadable(f"not an envelope: {type(error).__name__}") from None
    time = attributes["time"].ce_timestamp
    seconds = time.seconds
    stream, kind, data = attributes["subject"].ce_string, event.type, event.proto_data
    if not (
        0 < position <= LAST_POSITION
        and 0 <= version <= LAST_VERSION
        and 0 < seconds <= LAST_SECOND
        and len(stream) == 36  # noqa: PLR2004  (a UUID as text)
        and event.source == source_of(log)
        and data.type_url == TYPE_URL + kind
    ):
        raise Unreadable(_fault(log, event))
    return Envelope(
        log,
        position,
        stream,
        version,
        seconds * 1_000_000 + time.nanos // 1_000,
        kind,
        data.value,
        attributes["traceparent"].ce_string or None,
    )


def _fault(log: str, event: CloudEvent) -> str:
    if event.source != source_of(log):
        return f"source is not {source_of(log)}"
    if event.proto_data.type_url != TYPE_URL + event.type:
        return "data is not of the type the envelope names"
    return "id, khversion, time or subject is missing or out of range"
