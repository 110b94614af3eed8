"""One struct and one handler per use case: load, ask the domain, save."""

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.area import Area
from chassis.domain import uuid7
from chassis.edge.auth import Role
from chassis.edge.commands import Command
from chassis.edge.fields import ActDay, AreaCode, Count, Day, Name, Prose
from chassis.edge.session import Session
from chassis.errors import UnknownArea
from msgspec import Meta

from training.domain.course import Course
from training.domain.headcount import Headcount
from training.domain.kind import Kind
from training.domain.refusals import not_of_the_course
from training.domain.session import CourseSession

OFFICERS = frozenset({Role.COMMUNE_ASSOCIATION_OFFICER, Role.PROVINCIAL_ASSOCIATION_OFFICER})

Seats = Annotated[int, Meta(ge=1, le=100_000)]
Hours = Annotated[float, Meta(gt=0, le=24)]
Learners = Annotated[list[UUID], Meta(min_length=1, max_length=10_000)]


class PlanCourse(Command, frozen=True, kw_only=True):
    """Plan a course; `starts_on` and `ends_on` may lie ahead."""

    id: UUID | None = None
    kind: Kind
    title: Name
    area: AreaCode
    starts_on: Day
    ends_on: Day
    capacity: Seats | None = None
    planned_on: ActDay | None = None


class OpenEnrolment(Command, frozen=True, kw_only=True):
    """Let learners enrol in a planned course."""

    course: UUID
    opened_on: ActDay | None = None


class EnrolLearner(Command, frozen=True, kw_only=True):
    """Give a learner (a subject id) a seat in an open course."""

    course: UUID
    learner: UUID
    enrolled_on: ActDay | None = None


class HoldSession(Command, frozen=True, kw_only=True):
    """A course met; the reply names the session."""

    id: UUID | None = None
    course: UUID
    held_on: ActDay | None = None
    hours: Hours | None = None


class RecordAttendance(Command, frozen=True, kw_only=True):
    """These enrolled learners were at a session."""

    course: UUID
    session: UUID
    learners: Learners


class CompleteCourse(Command, frozen=True, kw_only=True):
    """A course is over; `participants` only where nobody is enrolled by name."""

    course: UUID
    completed_on: ActDay | None = None
    participants: Count | None = None


class CancelCourse(Command, frozen=True, kw_only=True):
    """A course will not take place, or will not go on."""

    course: UUID
    reason: Prose
    cancelled_on: ActDay | None = None


class ReportHeadcount(Command, frozen=True, kw_only=True):
    """Report a whole course that is known only by its number of participants."""

    id: UUID | None = None
    kind: Kind
    title: Name | None = None
    area: AreaCode
    held_on: ActDay | None = None
    ended_on: ActDay | None = None
    participants: Count


async def plan_course(command: PlanCourse, session: Session) -> Course:
    area = placed(command.area, command.starts_on, session)
    session.allow(area)
    course = Course.plan(
        id=command.id or uuid7(),
        kind=command.kind,
        title=command.title,
        area=str(area),
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        capacity=command.capacity,
        planned_on=command.planned_on or session.today,
    )
    return session.save(course)


async def open_enrolment(command: OpenEnrolment, session: Session) -> Course:
    course = await allowed(command.course, session)
    opened_on = command.opened_on or session.today
    course.open(opened_on, carried(course, opened_on, session))
    return session.save(course)


async def enrol_learner(command: EnrolLearner, session: Session) -> Course:
    course = await allowed(command.course, session)
    enrolled_on = command.enrolled_on or session.today
    course.enrol(command.learner, enrolled_on, carried(course, enrolled_on, session))
    return session.save(course)


async def hold_session(command: HoldSession, session: Session) -> CourseSession:
    course = await allowed(command.course, session)
    held_on = command.held_on or session.today
    area = carried(course, held_on, session)
    held = course.hold(command.id or uuid7(), held_on, command.hours, area)
    session.save(held, course)  # one append over both streams; the reply names the session
    return held


async def record_attendance(command: RecordAttendance, session: Session) -> CourseSession:
    course = await allowed(command.course, session)
    held = await session.get(CourseSession, command.session)
    if held.course != course.id:
        raise not_of_the_course(held.id, course.id)
    held.record(command.learners, course.roll())
    return session.save(held)


async def complete_course(command: CompleteCourse, session: Session) -> Course:
    course = await allowed(command.course, session)
    completed_on = command.completed_on or session.today
    area = carried(course, completed_on, session)
    course.complete(completed_on, command.participants, area)
    return session.save(course)


async def cancel_course(command: CancelCourse, session: Session) -> Course:
    course = await allowed(command.course, session)
    cancelled_on = command.cancelled_on or session.today
    course.cancel(command.reason, cancelled_on, carried(course, cancelled_on, session))
    return session.save(course)


async def report_headcount(command: ReportHeadcount, session: Session) -> Headcount:
    held_on = command.held_on or session.today
    area = placed(command.area, held_on, session)
    session.allow(area)
    headcount = Headcount.report(
        id=command.id or uuid7(),
        kind=command.kind,
        title=command.title,
        area=str(area),
        held_on=held_on,
        ended_on=command.ended_on or held_on,
        participants=command.participants,
    )
    return session.save(headcount)


async def allowed(course: UUID, session: Session) -> Course:
    """The course, if the caller may act in its area."""
    found = await session.get(Course, course)
    session.allow(session.areas.resolve(found.area, found.starts_on))
    return found


def placed(text: str, on: date, session: Session) -> Area:
    """The area meant by `text` (a bare code is of today's map), in force on an act's day.

    Raises:
        UnknownArea: it was not in force then; the sentence names that day's candidates.
    """
    areas = session.areas
    if "@" in text or on == session.today:
        return areas.resolve(text, on)
    try:
        text = str(areas.resolve(text, session.today))
    except UnknownArea:
        then = areas.unit(areas.resolve(text, on))
        raise UnknownArea(
            f"{text!r} is not on today's map; in force on {on}: {then}, written in full",
            f"{text!r} không có trên bản đồ hôm nay; ngày {on} có: {then}, xin ghi đủ cả ngày",
        ) from None
    return areas.resolve(text, on)


def carried(course: Course, on: date, session: Session) -> str:
    """The course's area on a later act's day; as it was given where that cannot be said.

    An act before the first day keeps the area too: a map is followed forward, never back.
    """
    areas = session.areas
    given = areas.resolve(course.area, course.starts_on)
    try:
        return str(areas.carry(given, max(on, course.starts_on)))
    except UnknownArea:
        return course.area
