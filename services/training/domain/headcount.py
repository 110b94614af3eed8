"""Headcount: a whole course known only by its number of participants."""

from datetime import date
from uuid import UUID

from chassis.domain import Aggregate, event
from chassis.errors import Said

from training.domain.kind import Kind
from training.domain.refusals import countable, in_order


class Headcount(Aggregate):
    """One event, never changed; in the mountains most courses are reported so."""

    CALLED = Said("headcount", "báo cáo số lượt người")

    class HeadcountReported(Aggregate.Created):
        TOPIC = "training.HeadcountReported"
        kind: Kind
        title: str | None
        area: str
        held_on: date
        ended_on: date
        participants: int

    @classmethod
    def report(
        cls,
        id: UUID,  # noqa: A002  # the aggregate's own word
        kind: Kind,
        title: str | None,
        area: str,
        held_on: date,
        ended_on: date,
        participants: int,
    ) -> "Headcount":
        """A course in `area` (exact) that took these days and had so many participants."""
        in_order(held_on, ended_on, "ended_on")
        countable(participants)
        return cls(
            id=id,
            kind=kind,
            title=title,
            area=area,
            held_on=held_on,
            ended_on=ended_on,
            participants=participants,
        )

    @event(HeadcountReported)
    def __init__(
        self,
        kind: Kind,
        title: str | None,
        area: str,
        held_on: date,
        ended_on: date,
        participants: int,
    ) -> None:
        self.kind = kind
        self.title = title
        self.area = area
        self.held_on = held_on
        self.ended_on = ended_on
        self.participants = participants
