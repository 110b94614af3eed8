"""What leaves the service, and what does not."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import A_DAY, LONG_HE, a_course, a_headcount, learners_of
from chassis.domain import Event, events_of
from chassis.log.codec import UnknownEvent
from chassis.log.record import Recorded
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.training.v1 import events_pb2 as public
from training.codec import AGGREGATES, CODEC
from training.domain.course import Course
from training.domain.kind import Kind
from training.publish import FORMS, KINDS, publish

TITLE, REASON = "Lớp của bà Lò Thị Mai", "Cô giáo Hoa ốm"


def recorded(event: Event) -> Recorded:
    new = CODEC.encode(event, uuid4())
    return Recorded(
        position=1,
        stream=new.stream,
        version=new.version,
        type=new.type,
        recorded_at=datetime(2025, 10, 1, tzinfo=UTC),
        command=uuid4(),
        payload=new.payload,
        meta=new.meta,
    )


def published(event: Event) -> Any:
    return publish(recorded(event))


def test_only_the_courses_own_note_of_a_session_is_withheld() -> None:
    every_event = {event for aggregate in AGGREGATES for event in events_of(aggregate)}
    assert every_event - set(FORMS) == {Course.SessionAdded}


def test_what_has_no_public_form_still_takes_its_place() -> None:
    note = a_course(sessions=1).collect_events()[-1]
    assert published(note) == Withheld()


def test_every_public_message_has_a_stored_event_behind_it() -> None:
    messages = set(public.DESCRIPTOR.message_types_by_name)
    assert messages == {form.TOPIC.removeprefix("training.") for form in FORMS}


def test_every_kind_has_its_public_number() -> None:
    assert {kind.value: number for kind, number in KINDS.items()} == {
        name: number for name, number in public.CourseKind.items() if number
    }


def test_titles_and_reasons_never_leave() -> None:
    course = a_course(title=TITLE)
    course.cancel(REASON, A_DAY, LONG_HE)
    for event in [*course.collect_events(), *a_headcount(title=TITLE).collect_events()]:
        wire = published(event).SerializeToString()
        assert TITLE.encode() not in wire
        assert REASON.encode() not in wire


def test_an_absent_capacity_is_absent_not_zero() -> None:
    unlimited, limited = a_course(), a_course(capacity=30)
    assert not published(unlimited.collect_events()[0]).HasField("capacity")
    assert published(limited.collect_events()[0]).capacity == 30


def test_a_completion_names_its_learners_and_their_number() -> None:
    course = a_course(learners=2)
    course.complete(date(2025, 9, 30), None, LONG_HE)
    message = published(course.collect_events()[-1])
    assert message == public.CourseCompleted(
        course=str(course.id),
        kind=public.TECH_TRANSFER,
        area=LONG_HE,
        completed_on="2025-09-30",
        participants=2,
        learners=[str(learner) for learner in learners_of(course)],
    )


def test_the_largest_completion_fits_into_one_message_of_the_topic() -> None:
    everybody = [UUID(int=n) for n in range(20_000)]
    event = Course.CourseCompleted(
        originator_id=uuid4(),
        originator_version=2,
        kind=Kind.LITERACY,
        area=LONG_HE,
        completed_on=A_DAY,
        participants=len(everybody),
        learners=everybody,
    )
    assert published(event).ByteSize() < 900_000


def test_an_attendance_is_published_under_its_session_and_names_its_course() -> None:
    course = a_course(learners=1)
    session = course.hold(uuid4(), A_DAY, 2.5, LONG_HE)
    session.record(learners_of(course), course.roll())
    held, attended = map(published, session.collect_events())
    assert (held.session, held.course, held.hours) == (str(session.id), str(course.id), 2.5)
    assert (attended.session, attended.course) == (str(session.id), str(course.id))
    assert list(attended.learners) == [str(who) for who in learners_of(course)]


def test_a_stranger_in_the_log_is_refused() -> None:
    (event,) = a_headcount().collect_events()
    foreign = recorded(event)
    stranger = Recorded(
        **{name: getattr(foreign, name) for name in foreign.__struct_fields__}
        | {"type": "training.CourseImagined"}
    )
    with pytest.raises(UnknownEvent, match="CourseImagined"):
        publish(stranger)
