"""Pure: what to do with each record of a log's topic, given how far the log has been applied."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from chassis.bus.alarms import Alarm, Behind, Fork, Gap, Identity, same_event
from chassis.bus.envelope import Envelope
from chassis.bus.reading import Read, Unread


class Place(msgspec.Struct, frozen=True):
    """How far one log has been applied, as kept beside what was made of it.

    ``identity`` is that of the event at ``position``; None before the first one, and after a loss
    was accepted. ``next_offset`` follows its record on the topic. ``origin`` counts the histories
    of this log: 1, and one more with every accepted loss. ``next_offset`` is 0, the topic's start,
    while a later event lies on the topic before that record: a reader starting again would miss it.
    """

    log: str
    position: int = 0
    identity: Identity | None = None
    next_offset: int = 0
    origin: int = 1
    alarm: Alarm | None = None


@dataclass(slots=True)
class Sifted:
    """What a batch of records comes to: events to apply in order, records nobody can read, and how
    it ends: in a contradiction (`fork`), or where the topic must be read from its start (`rewind`).
    ``beyond`` is the newest position seen on the topic so far that was not the next one.
    """

    events: list[Read] = field(default_factory=list)
    unreadable: list[tuple[int, bytes, str]] = field(default_factory=list)
    fork: Fork | None = None
    rewind: bool = False
    beyond: int = 0

    def tip(self, place: Place) -> Place:
        """The place once these events are applied; an alarm is over when something was."""
        if not self.events:
            return place
        record, last, *_ = self.events[-1]
        return msgspec.structs.replace(
            place,
            position=last.position,
            identity=Identity.of(last),
            next_offset=0 if self.beyond > last.position else record.offset + 1,
            alarm=None,
        )


class Cursor:
    """Walks along a topic from a place.

    Positions on a topic are dense, but records may come twice, late, or not at all. So the next
    position is applied wherever it appears; what is not above the place is held against it; and
    what lies beyond a missing position makes the walk begin at the topic's start, once.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        # Where we left off must hold the event applied last: the topic may have been made anew.
        self._found = self._from_start = place.position == 0 or place.next_offset == 0
        self._rewound_for: int | None = None
        self._beyond = self._reached = self._newest = 0

    @property
    def begin(self) -> int | None:
        """The offset to read from; None is the topic's first record."""
        return None if self._from_start else self.place.next_offset - 1

    def rewind(self) -> None:
        """The topic is read again from its first record."""
        self._rewound_for = self.place.position
        self._found = self._from_start = True
        self._beyond = self._reached = self._newest = 0

    def sift(self, records: Iterable[Read | Unread]) -> Sifted:
        """Sort records into what they come to. The place moves by `advance`, once that is kept."""
        sifted, identity = Sifted(), self.place.identity
        position, latest = self.place.position, identity.recorded_at if identity else 0
        for each in records:
            if isinstance(each, Unread):
                record, why = each
                sifted.unreadable.append((record.offset, record.value or b"", why))
                continue
            envelope = each.envelope
            if envelope.position == position + 1 and self._found and envelope.recorded_at >= latest:
                sifted.events.append(each)
                position, latest = envelope.position, envelope.recorded_at
            else:
                self._judge(envelope, sifted)
                if sifted.fork or sifted.rewind:
                    break
        sifted.beyond = self._beyond
        self._note(position, sifted)
        return sifted

    def advance(self, place: Place) -> None:
        """What was sifted is kept, and this is the place now."""
        self.place = place

    def missing(self) -> bool:
        """At the topic's end: whether to look for what we need from the start once more."""
        lost = self._beyond > self.place.position and self._rewound_for != self.place.position
        return lost or not self._found

    def verdict(self) -> Alarm | None:
        """At the topic's end: what is wrong with it as a whole."""
        if self._beyond > self.place.position:
            return Gap(self.place.position + 1, self._beyond)
        if self._from_start and self._reached < self.place.position:
            return Behind(self.place.position, self._reached)
        return None

    def published(self, left: int) -> int:
        """The newest position on the topic, with that many records left; exact when none is."""
        return max(self.place.position, self._beyond, self._newest + left)

    def _note(self, position: int, sifted: Sifted) -> None:
        if sifted.events:
            self._newest = max(self._newest, position)
        self._reached = max(self._reached, self._newest)

    def _judge(self, envelope: Envelope, sifted: Sifted) -> None:
        """A record that is not simply the next one."""
        tip, here = sifted.tip(self.place), Identity.of(envelope)
        self._newest = envelope.position
        self._reached = max(self._reached, self._newest)
        if envelope.position == tip.position and same_event(tip.identity, here):
            self._found = True
        elif not self._found:
            sifted.rewind = True
        elif envelope.position > tip.position + 1:
            self._beyond = max(self._beyond, envelope.position)
            sifted.rewind = self._rewound_for != tip.position
        elif envelope.position >= tip.position:
            # another event at our position, or a next one from before it: times never decrease
            sifted.fork = Fork(envelope.position, tip.identity, here, None)
        elif tip.identity is not None and envelope.recorded_at > tip.identity.recorded_at:
            # below our position, yet younger than what we hold there: the first of another history
            sifted.fork = Fork(envelope.position, None, here, envelope.position - 1)
