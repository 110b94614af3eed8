"""CourseSession: one meeting of a course, and who was there."""

from collections.abc import Container, Sequence
from datetime import date
from uuid import UUID

from chassis.domain import Aggregate, event
from chassis.errors import Said

from training.domain import refusals as no
from training.domain.kind import Kind


class CourseSession(Aggregate):
    """Its own stream, so that a long course with many attendances stays a small one."""

    CALLED = Said("session", "buổi học")

    class SessionHeld(Aggregate.Created):
        TOPIC = "training.SessionHeld"
        course: UUID
        kind: Kind
        area: str
        held_on: date
        hours: float | None

    class AttendanceRecorded(Aggregate.Event):
        TOPIC = "training.AttendanceRecorded"
        course: UUID
        kind: Kind
        area: str
        held_on: date
        learners: list[UUID]

    @event(SessionHeld)
    def __init__(
        self, course: UUID, kind: Kind, area: str, held_on: date, hours: float | None
    ) -> None:
        self.course = course
        self.kind = kind
        self.area = area
        self.held_on = held_on
        self.hours = hours
        self.attended: set[UUID] = set()

    def record(self, learners: Sequence[UUID], enrolled: Container[UUID]) -> None:
        """These were there. Lists come late and in pieces: only who is new on them is recorded."""
        strangers = [(at, who) for at, who in enumerate(learners) if who not in enrolled]
        if strangers:
            raise no.NotEnrolled(self.course, strangers)
        new = [who for who in dict.fromkeys(learners) if who not in self.attended]
        if not new:
            raise no.AttendanceRecorded(self.id, len(learners))
        self._attended(self.course, self.kind, self.area, self.held_on, new)

    @event(AttendanceRecorded)
    def _attended(
        self, course: UUID, kind: Kind, area: str, held_on: date, learners: list[UUID]
    ) -> None:
        self.attended.update(learners)
