"""What a session of a course promises."""

from uuid import UUID, uuid4

import pytest
from builders import A_DAY, LONG_HE, a_course, learners_of
from chassis.errors import WrongState
from training.domain.course import Course
from training.domain.refusals import NotEnrolled
from training.domain.session import CourseSession


def a_session(course: Course) -> CourseSession:
    session = course.hold(uuid4(), A_DAY, 2.0, LONG_HE)
    session.collect_events()
    return session


def recorded(session: CourseSession) -> list[list[UUID]]:
    return [event.learners for event in session.collect_events()]


def test_only_enrolled_learners_attend() -> None:
    course = a_course(learners=2)
    session, stranger = a_session(course), uuid4()
    with pytest.raises(NotEnrolled, match=f"not enrolled in course {course.id}: {stranger}") as no:
        session.record([learners_of(course)[0], stranger], course.roll())
    assert [(fault.pointer, fault.value) for fault in no.value.faults] == [
        ("/learners/1", str(stranger))
    ]
    assert not session.collect_events()


def test_a_long_list_of_strangers_is_answered_in_short() -> None:
    course = a_course(learners=1)
    with pytest.raises(NotEnrolled, match="and 80 more") as no:
        a_session(course).record([uuid4() for _ in range(100)], course.roll())
    assert len(no.value.faults) == 20


def test_an_attendance_list_may_come_in_pieces() -> None:
    course = a_course(learners=3)
    first, second, third = learners_of(course)
    session = a_session(course)
    session.record([first, second], course.roll())
    session.record([second, third], course.roll())
    assert recorded(session) == [[first, second], [third]]


def test_a_name_written_twice_on_a_list_counts_once() -> None:
    course = a_course(learners=1)
    (learner,) = learners_of(course)
    session = a_session(course)
    session.record([learner, learner], course.roll())
    assert recorded(session) == [[learner]]


def test_the_same_list_again_is_refused_rather_than_counted_again() -> None:
    course = a_course(learners=1)
    session = a_session(course)
    session.record(learners_of(course), course.roll())
    with pytest.raises(WrongState, match="recorded already"):
        session.record(learners_of(course), course.roll())
