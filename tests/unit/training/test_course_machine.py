"""Whatever is asked of a course, in whatever order, it agrees with a plain notebook."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from builders import A_DAY, LONG_HE, a_course
from chassis.errors import Refusal
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from training.domain.course import Course
from training.domain.session import CourseSession

people = st.integers(0, 5)
days = st.integers(-2, 20).map(lambda n: A_DAY + timedelta(days=n))


class CourseAgainstANotebook(RuleBasedStateMachine):
    """The notebook: a state, a list of names, a list of days, who was there, and a number."""

    def __init__(self) -> None:
        super().__init__()
        self.everybody = [uuid4() for _ in range(6)]

    @initialize(capacity=st.none() | st.integers(1, 4))
    def plan(self, capacity: int | None) -> None:
        self.course = a_course(capacity=capacity)
        self.seats = capacity
        self.state = "planned"
        self.names: list[UUID] = []
        self.meetings: list[tuple[CourseSession, set[UUID]]] = []
        self.number: int | None = None
        self.acts = 1

    def agreed(self, allowed: bool, act) -> bool:
        """Do it; the course must accept exactly what the notebook allows."""
        before = self.course.version
        try:
            act()
        except Refusal:
            assert not allowed
            assert self.course.version == before
            return False
        assert allowed
        self.acts += 1
        return True

    @rule(day=days)
    def open(self, day: date) -> None:
        if self.agreed(self.state == "planned", lambda: self.course.open(day, LONG_HE)):
            self.state = "open"

    @rule(person=people, day=days)
    def enrol(self, person: int, day: date) -> None:
        who = self.everybody[person]
        seat_left = self.seats is None or len(self.names) < self.seats
        allowed = self.state == "open" and who not in self.names and seat_left
        if self.agreed(allowed, lambda: self.course.enrol(who, day, LONG_HE)):
            self.names.append(who)

    @rule(day=days)
    def hold(self, day: date) -> None:
        allowed = self.state in {"planned", "open"} and day >= A_DAY
        held: list[CourseSession] = []
        if self.agreed(allowed, lambda: held.append(self.course.hold(uuid4(), day, None, LONG_HE))):
            self.meetings.append((held[0], set()))

    @precondition(lambda self: self.meetings)
    @rule(which=st.integers(0, 10), who=st.sets(people, min_size=1))
    def attend(self, which: int, who: set[int]) -> None:
        session, there = self.meetings[which % len(self.meetings)]
        present = [self.everybody[person] for person in who]
        running = self.state in {"planned", "open"}
        allowed = running and set(present) <= set(self.names) and bool(set(present) - there)
        acts = self.acts
        if self.agreed(allowed, lambda: session.record(present, self.course.roll())):
            there.update(present)
        self.acts = acts  # an attendance is the session's event, not the course's

    @rule(day=days, number=st.none() | st.integers(-1, 100))
    def complete(self, day: date, number: int | None) -> None:
        counted = number is None if self.names else number is not None and number >= 0
        allowed = self.state in {"planned", "open"} and day >= A_DAY and counted
        if self.agreed(allowed, lambda: self.course.complete(day, number, LONG_HE)):
            self.state, self.number = "completed", len(self.names) or number

    @rule(day=days)
    def cancel(self, day: date) -> None:
        allowed = self.state in {"planned", "open"}
        if self.agreed(allowed, lambda: self.course.cancel("Mưa lũ", day, LONG_HE)):
            self.state = "cancelled"

    @invariant()
    def agrees(self) -> None:
        course = self.course
        assert (course.state, list(course.learners)) == (self.state, self.names)
        assert (course.participants, course.version) == (self.number, self.acts)
        assert [session.attended for session, _ in self.meetings] == [t for _, t in self.meetings]
        assert list(course.sessions) == [session.id for session, _ in self.meetings]

    @invariant()
    def replays(self) -> None:
        """The events alone, without any decision, give the same course again."""
        again: Course | None = None
        for event in self.course.pending_events:
            again = event.mutate(again)
        assert again is not None
        assert (again.state, again.learners, again.sessions, again.participants) == (
            self.course.state,
            self.course.learners,
            self.course.sessions,
            self.course.participants,
        )


TestCourseAgainstANotebook = CourseAgainstANotebook.TestCase
TestCourseAgainstANotebook.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None
)
