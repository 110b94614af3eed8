"""Course: planned, opened for enrolment, held, and completed or cancelled."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.domain import Aggregate, event
from chassis.errors import Said

from training.domain import refusals as no
from training.domain.kind import Kind, State
from training.domain.refusals import countable, in_order
from training.domain.session import CourseSession

MOST_SEATS = 100_000
# One completion names every learner, and it must fit into one message of the topic (1 MB).
MOST_LEARNERS = 20_000


class Course(Aggregate):
    """Later acts carry the area in force on their own day, because a reform may fall between."""

    CALLED = Said("course", "lớp")

    class CoursePlanned(Aggregate.Created):
        TOPIC = "training.CoursePlanned"
        kind: Kind
        title: str
        area: str
        starts_on: date
        ends_on: date
        capacity: int | None
        planned_on: date

    class EnrolmentOpened(Aggregate.Event):
        TOPIC = "training.EnrolmentOpened"
        kind: Kind
        area: str
        opened_on: date

    class LearnerEnrolled(Aggregate.Event):
        TOPIC = "training.LearnerEnrolled"
        kind: Kind
        area: str
        learner: UUID
        enrolled_on: date

    class SessionAdded(Aggregate.Event):
        """The course's own note of a session; the session's stream holds the fact itself."""

        TOPIC = "training.SessionAdded"
        session: UUID
        held_on: date

    class CourseCompleted(Aggregate.Event):
        TOPIC = "training.CourseCompleted"
        kind: Kind
        area: str
        completed_on: date
        participants: int
        learners: list[UUID]

    class CourseCancelled(Aggregate.Event):
        TOPIC = "training.CourseCancelled"
        kind: Kind
        area: str
        reason: str
        cancelled_on: date

    @classmethod
    def plan(
        cls,
        id: UUID,  # noqa: A002  # the aggregate's own word
        kind: Kind,
        title: str,
        area: str,
        starts_on: date,
        ends_on: date,
        capacity: int | None,
        planned_on: date,
    ) -> "Course":
        """A course in `area` (exact, in force on `starts_on`); no capacity means no limit."""
        in_order(starts_on, ends_on, "ends_on")
        if capacity is not None and not 1 <= capacity <= MOST_SEATS:
            raise no.seats(capacity, MOST_SEATS)
        return cls(
            id=id,
            kind=kind,
            title=title,
            area=area,
            starts_on=starts_on,
            ends_on=ends_on,
            capacity=capacity,
            planned_on=planned_on,
        )

    @event(CoursePlanned)
    def __init__(
        self,
        kind: Kind,
        title: str,
        area: str,
        starts_on: date,
        ends_on: date,
        capacity: int | None,
        planned_on: date,
    ) -> None:
        self.kind = kind
        self.title = title
        self.area = area
        self.starts_on = starts_on
        self.ends_on = ends_on
        self.capacity = capacity
        self.planned_on = planned_on
        self.state = State.PLANNED
        self.learners: dict[UUID, date] = {}
        self.sessions: dict[UUID, date] = {}
        self.participants: int | None = None
        self.completed_on: date | None = None

    def open(self, opened_on: date, area: str) -> None:
        self._require(no.OPENED, State.PLANNED)
        self._opened(self.kind, area, opened_on)

    def enrol(self, learner: UUID, enrolled_on: date, area: str) -> None:
        self._require(no.ENROLLED_IN, State.OPEN)
        if learner in self.learners:
            raise no.AlreadyEnrolled(self.id, learner)
        if self.capacity is not None and len(self.learners) >= self.capacity:
            raise no.CourseFull(self.id, self.capacity)
        if len(self.learners) >= MOST_LEARNERS:
            raise no.NamesTooMany(self.id, MOST_LEARNERS)
        self._enrolled(self.kind, area, learner, enrolled_on)

    def hold(self, session: UUID, held_on: date, hours: float | None, area: str) -> CourseSession:
        """The course met. It may run on after `ends_on` (a plan), never before `starts_on`."""
        self._require_running(no.MET)
        in_order(self.starts_on, held_on, "held_on")
        if session in self.sessions:
            raise no.SessionRecorded(self.id, session)
        self._session_added(session, held_on)
        return CourseSession(
            id=session, course=self.id, kind=self.kind, area=area, held_on=held_on, hours=hours
        )

    def roll(self) -> Mapping[UUID, date]:
        """Who is enrolled, with the day; refused once the course is closed."""
        self._require_running(no.ATTENDED)
        return self.learners

    def complete(self, completed_on: date, participants: int | None, area: str) -> None:
        """Participants are the enrolled learners; a number is given only where none is enrolled."""
        self._require_running(no.COMPLETED)
        in_order(self.starts_on, completed_on, "completed_on")
        number = self._participants(participants)
        self._completed(self.kind, area, completed_on, number, list(self.learners))

    def cancel(self, reason: str, cancelled_on: date, area: str) -> None:
        self._require_running(no.CANCELLED)
        self._cancelled(self.kind, area, reason, cancelled_on)

    def _participants(self, given: int | None) -> int:
        enrolled = len(self.learners)
        if enrolled and given is not None:
            raise no.CountedByName(self.id, enrolled, given)
        if not enrolled and given is None:
            raise no.nobody_enrolled(self.id)
        number = enrolled if given is None else given
        countable(number)
        return number

    def _require_running(self, act: Said) -> None:
        self._require(act, State.PLANNED, State.OPEN)

    def _require(self, act: Said, *states: State) -> None:
        if self.state not in states:
            raise no.NotNow(self.id, self.state, act)

    @event(EnrolmentOpened)
    def _opened(self, kind: Kind, area: str, opened_on: date) -> None:
        self.state = State.OPEN

    @event(LearnerEnrolled)
    def _enrolled(self, kind: Kind, area: str, learner: UUID, enrolled_on: date) -> None:
        self.learners[learner] = enrolled_on

    @event(SessionAdded)
    def _session_added(self, session: UUID, held_on: date) -> None:
        self.sessions[session] = held_on

    @event(CourseCompleted)
    def _completed(
        self, kind: Kind, area: str, completed_on: date, participants: int, learners: list[UUID]
    ) -> None:
        self.state = State.COMPLETED
        self.completed_on = completed_on
        self.participants = participants

    @event(CourseCancelled)
    def _cancelled(self, kind: Kind, area: str, reason: str, cancelled_on: date) -> None:
        self.state = State.CANCELLED
