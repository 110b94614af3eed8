"""Pure: what a group member is, and what can happen to it on a topic."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.bus.kafka.broker import Record


@dataclass(frozen=True, slots=True)
class Membership:
    """Who reads what: the group, this member's fixed name if it has one, how soon a death shows."""

    bootstrap: str
    group: str
    topics: tuple[str, ...]
    member: str | None = None
    session_seconds: float = 10.0
    batch: int = 5_000


@dataclass(frozen=True, slots=True)
class Opened:
    """The topic is ours to read, or is not the topic it was: say where to begin with `seek`."""

    topic: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The topic is no longer ours; what is in hand may already be another worker's."""

    topic: str


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """Where we wanted to read there is nothing any more: say where to go on with `seek`."""

    topic: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Records in the order of the topic; none when the topic is quiet.

    ``end`` is the offset after the topic's last record, as the broker last said; ``next_offset``
    the one this reading has come to.
    """

    topic: str
    records: Sequence[Record]
    next_offset: int
    end: int


Happening = Opened | Closed | OutOfRange | Batch
