"""What a course promises."""

from datetime import date
from uuid import uuid4

import pytest
from builders import A_DAY, LONG_HE, a_course, learners_of
from chassis.errors import Invalid, WrongState
from training.domain.course import Course
from training.domain.kind import State
from training.domain.refusals import AlreadyEnrolled, CourseFull

LATER = date(2025, 9, 30)


def names(course: Course) -> list[str]:
    return [type(event).__name__ for event in course.collect_events()]


def closed_courses() -> list[Course]:
    completed = a_course(learners=1)
    completed.complete(LATER, None, LONG_HE)
    cancelled = a_course()
    cancelled.cancel("Mưa lũ", A_DAY, LONG_HE)
    return [completed, cancelled]


def test_a_planned_course_is_open_to_nobody_yet() -> None:
    course = a_course()
    assert course.state is State.PLANNED
    with pytest.raises(WrongState, match="is planned: it cannot be enrolled in"):
        course.enrol(uuid4(), A_DAY, LONG_HE)


def test_a_course_does_not_end_before_it_starts() -> None:
    with pytest.raises(Invalid, match="ends_on 2025-08-31 is before 2025-09-01") as refused:
        a_course(starts_on=A_DAY, ends_on=date(2025, 8, 31))
    assert refused.value.faults[0].pointer == "/ends_on"


def test_a_course_may_start_and_end_on_one_day() -> None:
    assert a_course(starts_on=A_DAY, ends_on=A_DAY).ends_on == A_DAY


@pytest.mark.parametrize("capacity", [0, -1, 100_001, 10**30])
def test_a_course_has_between_one_and_a_hundred_thousand_seats(capacity: int) -> None:
    with pytest.raises(Invalid, match=str(capacity)) as refused:
        a_course(capacity=capacity)
    assert refused.value.faults[0].pointer == "/capacity"


def test_enrolment_opens_once() -> None:
    course = a_course(opened=True)
    with pytest.raises(WrongState, match="is open: it cannot be opened for enrolment"):
        course.open(A_DAY, LONG_HE)


def test_a_course_never_takes_more_learners_than_it_has_seats() -> None:
    course = a_course(capacity=2, learners=2)
    with pytest.raises(CourseFull, match="all 2 seats are taken"):
        course.enrol(uuid4(), A_DAY, LONG_HE)
    assert len(course.learners) == 2


def test_a_course_without_a_limit_goes_on_taking_learners() -> None:
    assert len(a_course(learners=60).learners) == 60


def test_nobody_sits_on_two_seats_of_one_course() -> None:
    course = a_course(learners=1)
    (learner,) = learners_of(course)
    with pytest.raises(AlreadyEnrolled, match=str(learner)):
        course.enrol(learner, A_DAY, LONG_HE)


def test_a_full_course_tells_an_enrolled_learner_that_they_are_in() -> None:
    course = a_course(capacity=1, learners=1)
    with pytest.raises(AlreadyEnrolled):
        course.enrol(learners_of(course)[0], A_DAY, LONG_HE)


def test_a_course_meets_from_its_first_day_on() -> None:
    course = a_course()
    with pytest.raises(Invalid, match="held_on 2025-08-31 is before 2025-09-01"):
        course.hold(uuid4(), date(2025, 8, 31), None, LONG_HE)


def test_a_course_may_meet_after_its_planned_last_day() -> None:
    course = a_course(ends_on=A_DAY)
    session = course.hold(uuid4(), LATER, 3.0, LONG_HE)
    assert course.sessions == {session.id: LATER}


def test_a_session_is_recorded_once() -> None:
    course = a_course()
    session = course.hold(uuid4(), A_DAY, None, LONG_HE)
    with pytest.raises(WrongState, match=str(session.id)):
        course.hold(session.id, LATER, None, LONG_HE)


def test_the_participants_of_a_course_are_its_enrolled_learners() -> None:
    course = a_course(learners=3)
    course.complete(LATER, None, LONG_HE)
    completed = course.collect_events()[-1]
    assert isinstance(completed, Course.CourseCompleted)
    assert (course.state, course.participants) == (State.COMPLETED, 3)
    assert completed.learners == learners_of(course)


def test_a_course_where_nobody_enrolled_is_completed_by_its_number() -> None:
    course = a_course()
    course.complete(LATER, 41, LONG_HE)
    assert course.participants == 41


def test_a_number_is_not_taken_beside_names() -> None:
    course = a_course(learners=3)
    with pytest.raises(WrongState, match="3 enrolled learners"):
        course.complete(LATER, 3, LONG_HE)


def test_a_course_is_not_completed_with_neither_names_nor_a_number() -> None:
    with pytest.raises(Invalid, match="nobody enrolled") as refused:
        a_course().complete(LATER, None, LONG_HE)
    assert refused.value.faults[0].pointer == "/participants"


@pytest.mark.parametrize("participants", [-1, 1_000_001, 10**30])
def test_a_number_of_participants_is_possible(participants: int) -> None:
    with pytest.raises(Invalid, match=str(participants)):
        a_course().complete(LATER, participants, LONG_HE)


def test_a_course_is_not_completed_before_it_started() -> None:
    with pytest.raises(Invalid, match="completed_on 2025-08-31 is before 2025-09-01"):
        a_course().complete(date(2025, 8, 31), 10, LONG_HE)


def test_a_course_is_completed_once() -> None:
    course = a_course(learners=1)
    course.complete(LATER, None, LONG_HE)
    with pytest.raises(WrongState, match="is completed: it cannot be completed"):
        course.complete(LATER, None, LONG_HE)


@pytest.mark.parametrize("course", closed_courses(), ids=["completed", "cancelled"])
def test_a_closed_course_takes_no_further_act(course: Course) -> None:
    course.collect_events()
    for act in (
        lambda: course.open(A_DAY, LONG_HE),
        lambda: course.enrol(uuid4(), A_DAY, LONG_HE),
        lambda: course.hold(uuid4(), A_DAY, None, LONG_HE),
        lambda: course.complete(LATER, None, LONG_HE),
        lambda: course.cancel("Muộn", LATER, LONG_HE),
        course.roll,
    ):
        with pytest.raises(WrongState, match=f"is {course.state}"):
            act()
    assert not course.collect_events()


def test_a_refusal_leaves_nothing_behind() -> None:
    course = a_course(capacity=1, learners=1)
    course.collect_events()
    with pytest.raises(CourseFull):
        course.enrol(uuid4(), A_DAY, LONG_HE)
    assert (course.version, course.collect_events()) == (3, [])


def test_each_later_act_bears_the_area_of_its_own_day() -> None:
    course = a_course(area="03754@1900-01-01", starts_on=date(2025, 6, 20))
    course.open(date(2025, 6, 1), "03754@1900-01-01")
    course.complete(date(2025, 7, 5), 20, "03754@2025-07-01")
    opened, completed = course.collect_events()[1:]
    assert (opened.area, completed.area) == ("03754@1900-01-01", "03754@2025-07-01")
    assert course.area == "03754@1900-01-01"


def test_a_course_tells_its_story_in_events() -> None:
    course = a_course(learners=1, sessions=1)
    course.complete(LATER, None, LONG_HE)
    assert names(course) == [
        "CoursePlanned",
        "EnrolmentOpened",
        "LearnerEnrolled",
        "SessionAdded",
        "CourseCompleted",
    ]
