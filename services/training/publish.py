"""The only bridge from stored events to published ones: what is not mentioned here stays here."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from chassis.log.record import Recorded
from google.protobuf.message import Message
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.training.v1 import events_pb2 as public

from training.codec import CODEC
from training.domain.course import Course
from training.domain.headcount import Headcount
from training.domain.kind import Kind
from training.domain.session import CourseSession

KINDS = {kind: cast("public.CourseKind", public.CourseKind.Value(kind.value)) for kind in Kind}


def headcount_reported(stream: str, it: Headcount.HeadcountReported) -> public.HeadcountReported:
    return public.HeadcountReported(
        headcount=stream,
        kind=KINDS[it.kind],
        area=it.area,
        held_on=it.held_on.isoformat(),
        ended_on=it.ended_on.isoformat(),
        participants=it.participants,
    )


def course_planned(stream: str, it: Course.CoursePlanned) -> public.CoursePlanned:
    return public.CoursePlanned(
        course=stream,
        kind=KINDS[it.kind],
        area=it.area,
        starts_on=it.starts_on.isoformat(),
        ends_on=it.ends_on.isoformat(),
        capacity=it.capacity,
        planned_on=it.planned_on.isoformat(),
    )


def enrolment_opened(stream: str, it: Course.EnrolmentOpened) -> public.EnrolmentOpened:
    return public.EnrolmentOpened(
        course=stream, kind=KINDS[it.kind], area=it.area, opened_on=it.opened_on.isoformat()
    )


def learner_enrolled(stream: str, it: Course.LearnerEnrolled) -> public.LearnerEnrolled:
    return public.LearnerEnrolled(
        course=stream,
        kind=KINDS[it.kind],
        area=it.area,
        learner=str(it.learner),
        enrolled_on=it.enrolled_on.isoformat(),
    )


def session_held(stream: str, it: CourseSession.SessionHeld) -> public.SessionHeld:
    return public.SessionHeld(
        course=str(it.course),
        kind=KINDS[it.kind],
        area=it.area,
        session=stream,
        held_on=it.held_on.isoformat(),
        hours=it.hours,
    )


def attendance_recorded(
    stream: str, it: CourseSession.AttendanceRecorded
) -> public.AttendanceRecorded:
    return public.AttendanceRecorded(
        course=str(it.course),
        kind=KINDS[it.kind],
        area=it.area,
        session=stream,
        learners=[str(learner) for learner in it.learners],
        held_on=it.held_on.isoformat(),
    )


def course_completed(stream: str, it: Course.CourseCompleted) -> public.CourseCompleted:
    return public.CourseCompleted(
        course=stream,
        kind=KINDS[it.kind],
        area=it.area,
        completed_on=it.completed_on.isoformat(),
        participants=it.participants,
        learners=[str(learner) for learner in it.learners],
    )


def course_cancelled(stream: str, it: Course.CourseCancelled) -> public.CourseCancelled:
    return public.CourseCancelled(
        course=stream, kind=KINDS[it.kind], area=it.area, cancelled_on=it.cancelled_on.isoformat()
    )


FORMS: Mapping[type, Callable[[str, Any], Message]] = {
    Course.CoursePlanned: course_planned,
    Course.EnrolmentOpened: enrolment_opened,
    Course.LearnerEnrolled: learner_enrolled,
    Course.CourseCompleted: course_completed,
    Course.CourseCancelled: course_cancelled,
    CourseSession.SessionHeld: session_held,
    CourseSession.AttendanceRecorded: attendance_recorded,
    Headcount.HeadcountReported: headcount_reported,
}


def publish(recorded: Recorded) -> Message:
    """The public form of a stored event, or Withheld. Titles and reasons never leave.

    Raises:
        UnknownEvent, NewerEvent: this version of the service cannot read what is stored.
    """
    event = CODEC.decode(recorded)
    form = FORMS.get(type(event))
    return form(str(recorded.stream), event) if form else Withheld()
