"""Pure: the states in which the bus stands still rather than guess, and how each is ended."""

from typing import Any

import msgspec

from chassis.bus.envelope import Envelope, Stored, microseconds


class Identity(msgspec.Struct, frozen=True):
    """What tells an event at a position from every other: its stream, version and time (µs)."""

    stream: str
    version: int
    recorded_at: int

    @classmethod
    def of(cls, envelope: Envelope) -> "Identity":
        return cls(envelope.stream, envelope.version, envelope.recorded_at)

    @classmethod
    def of_stored(cls, event: Stored) -> "Identity":
        return cls(str(event.stream), event.version, microseconds(event.recorded_at))


class Gap(msgspec.Struct, frozen=True, tag="gap", tag_field="kind"):
    """The topic goes on without the position we need; it has been read once from its start."""

    expected: int
    seen: int

    @property
    def detail(self) -> str:
        return (
            f"position {self.expected} is not on the topic, {self.seen} is; waiting for it. "
            "`refill` by the service that owns the log puts it there"
        )


class Behind(msgspec.Struct, frozen=True, tag="behind", tag_field="kind"):
    """The topic as a whole ends before the position already applied."""

    applied: int
    topic: int

    @property
    def detail(self) -> str:
        return (
            f"the topic ends at position {self.topic}, {self.applied} is applied: it is being "
            "refilled, or its log was restored from an older backup; "
            f"if the log's owner accepted that loss, `accept-loss --at {self.topic}` here too"
        )


class Fork(msgspec.Struct, frozen=True, tag="fork", tag_field="kind"):
    """Two histories claim the same position. ``at`` is the last position they share, if known."""

    position: int
    ours: Identity | None
    theirs: Identity | None
    at: int | None

    @property
    def detail(self) -> str:
        place = "M, the position the log's owner gives" if self.at is None else f"{self.at}"
        return (
            f"at position {self.position} the log and the topic hold different events, or one of "
            "them none: a restored backup or a failover that lost the newest events. Nothing is "
            f"published or applied until `accept-loss --at {place}`, first on the log's service, "
            "then on its readers, or until the newer history is restored"
        )


class Emptied(msgspec.Struct, frozen=True, tag="emptied", tag_field="kind"):
    """The topic is gone or empty although events were published."""

    published: int
    missing: bool

    @property
    def detail(self) -> str:
        state = "does not exist" if self.missing else "is empty"
        return f"{self.published} events were published, but the topic {state}; `refill` fills it"


class Unpublishable(msgspec.Struct, frozen=True, tag="unpublishable", tag_field="kind"):
    """A stored event could not be given its public form; it is never left out."""

    position: int
    type: str
    error: str

    @property
    def detail(self) -> str:
        return (
            f"the event at position {self.position} ({self.type}) has no readable public form in "
            f"this release ({self.error}); nothing is published after it until one that has runs"
        )


Alarm = Gap | Behind | Fork | Emptied | Unpublishable

_decoder = msgspec.json.Decoder(Alarm)


class Refused(Exception):  # noqa: N818  # carries the alarm; it is not an accident
    """Going on would publish or apply something that may be wrong."""

    def __init__(self, alarm: Alarm) -> None:
        super().__init__(alarm.detail)
        self.alarm = alarm


def stored(alarm: Alarm | None) -> str | None:
    """An alarm as it is kept in a ``json`` column."""
    return None if alarm is None else msgspec.json.encode(alarm).decode()


def restored(text: str | None) -> Alarm | None:
    """An alarm as it was kept."""
    return None if text is None else _decoder.decode(text)


def told(alarm: Alarm | None) -> dict[str, Any] | None:
    """An alarm for people and programs: its kind and fields, and how to go on in a sentence."""
    if alarm is None:
        return None
    fields: dict[str, Any] = msgspec.to_builtins(alarm)
    return {**fields, "detail": alarm.detail}


def same_event(ours: Identity | None, theirs: Identity) -> bool:
    """Whether they may be one event; what we do not know contradicts nothing."""
    return ours is None or ours == theirs


__all__ = ["Alarm", "Behind", "Emptied", "Fork", "Gap", "Identity", "Refused", "Unpublishable"]
