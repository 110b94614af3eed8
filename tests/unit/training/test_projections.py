"""What a batch of events changes in the lists, before any of it reaches a table."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from builders import A_DAY, LONG_HE, a_course, a_headcount, learners_of
from chassis.log.record import Recorded
from training.codec import CODEC
from training.projections import Changes, Move, fold

LATER = date(2025, 9, 30)


def folded(*aggregates) -> Changes:
    events = [event for aggregate in aggregates for event in aggregate.collect_events()]
    return fold(as_recorded(at, event) for at, event in enumerate(events, start=1))


def as_recorded(position: int, event) -> Recorded:
    new = CODEC.encode(event, UUID(int=1))
    return Recorded(
        position=position,
        stream=new.stream,
        version=new.version,
        type=new.type,
        recorded_at=datetime(2025, 10, 1, tzinfo=UTC),
        command=UUID(int=position),
        payload=new.payload,
        meta=new.meta,
    )


def test_a_headcount_is_listed_as_a_completed_course() -> None:
    headcount = a_headcount(participants=34, ended_on=LATER)
    assert folded(headcount).courses == [
        (
            headcount.id, 1, True, "LITERACY", None, LONG_HE, A_DAY, LATER, None,
            "completed", 34, LATER,
        )
    ]  # fmt: skip


def test_a_course_filled_within_one_batch_is_one_new_row_and_one_move() -> None:
    course = a_course(learners=3, sessions=2)
    changes = folded(course)
    assert [row[0] for row in changes.courses] == [course.id]
    assert changes.moves == {course.id: Move(version=7, state="open", enrolled=3, sessions=2)}
    assert [who for _, who, _ in changes.learners] == learners_of(course)


def test_the_last_state_of_a_batch_is_the_one_that_is_kept() -> None:
    course = a_course(learners=2)
    course.complete(LATER, None, LONG_HE)
    move = folded(course).moves[course.id]
    assert (move.state, move.participants, move.completed_on) == ("completed", 2, LATER)


def test_a_cancelled_course_is_listed_as_cancelled() -> None:
    course = a_course()
    course.cancel("Mưa lũ", A_DAY, LONG_HE)
    assert folded(course).moves[course.id].state == "cancelled"


def test_attendances_are_counted_for_each_learner_of_each_course() -> None:
    course = a_course(learners=2)
    first, second = learners_of(course)
    sessions = [course.hold(uuid4(), A_DAY, None, LONG_HE) for _ in range(2)]
    sessions[0].record([first, second], course.roll())
    sessions[1].record([first], course.roll())
    assert folded(course, *sessions).attended == {(course.id, first): 2, (course.id, second): 1}


def test_a_session_moves_its_course_and_not_itself() -> None:
    course = a_course(opened=True)
    session = course.hold(uuid4(), A_DAY, None, LONG_HE)
    assert set(folded(course, session).moves) == {course.id}
