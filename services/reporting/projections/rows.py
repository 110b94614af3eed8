"""What an event adds to the statistics, and what keeps an event from being counted."""

from datetime import date
from uuid import UUID

import msgspec
from chassis.bus.maps import Change


class Unprojectable(ValueError):  # noqa: N818  # as chassis.errors: an answer, not an accident
    """The event says something that cannot be counted; it is parked until somebody looks."""


class Series(msgspec.Struct, frozen=True, gc=False):
    """What a number is about. ``dimensions`` are (name, value) pairs in the catalogue's order."""

    measure: str
    area: str
    dimensions: tuple[tuple[str, str], ...]


class Increment(msgspec.Struct, frozen=True, gc=False):
    """``delta`` more of a measure, true on ``valid_on``.

    Log, position and recorded_at are those of the event's envelope.
    """

    series: Series
    valid_on: date
    delta: int


class Member(msgspec.Struct, frozen=True, gc=False):
    """Somebody, by pseudonymous id, who is counted once however often named."""

    series: Series
    valid_on: date
    member: UUID


class Rows(msgspec.Struct, frozen=True, gc=False):
    """Everything one event adds, and what it changes on the map."""

    increments: tuple[Increment, ...] = ()
    members: tuple[Member, ...] = ()
    change: Change | None = None


NOTHING = Rows()
