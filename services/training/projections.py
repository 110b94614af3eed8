"""Read tables that follow this service's own log: a batch of events becomes four statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import asyncpg
from chassis.log.record import Recorded

from training.codec import CODEC
from training.domain.course import Course
from training.domain.headcount import Headcount
from training.domain.kind import State
from training.domain.session import CourseSession

COURSE_COLUMNS = (
    "id", "version", "headcount", "kind", "title", "area", "starts_on", "ends_on", "capacity",
    "state", "participants", "completed_on",
)  # fmt: skip
LEARNER_COLUMNS = ("course", "learner", "enrolled_on")

MOVE_COURSES = """
update course c set
    version = m.version,
    state = coalesce(m.state, c.state),
    enrolled = c.enrolled + m.enrolled,
    sessions = c.sessions + m.sessions,
    participants = coalesce(m.participants, c.participants),
    completed_on = coalesce(m.completed_on, c.completed_on)
from unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::int[], $6::int[], $7::date[])
    as m (id, version, state, enrolled, sessions, participants, completed_on)
where c.id = m.id
"""
COUNT_ATTENDANCES = """
update learner l set attended = l.attended + a.times
from unnest($1::uuid[], $2::uuid[], $3::int[]) as a (course, learner, times)
where l.course = a.course and l.learner = a.learner
"""


@dataclass(slots=True)
class Move:
    """What a batch changes on one course that is already in the table."""

    version: int = 0
    state: str | None = None
    enrolled: int = 0
    sessions: int = 0
    participants: int | None = None
    completed_on: date | None = None


@dataclass(slots=True)
class Changes:
    courses: list[tuple[object, ...]] = field(default_factory=list)
    learners: list[tuple[UUID, UUID, date]] = field(default_factory=list)
    moves: defaultdict[UUID, Move] = field(default_factory=lambda: defaultdict(Move))
    attended: defaultdict[tuple[UUID, UUID], int] = field(default_factory=lambda: defaultdict(int))


async def apply(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
    """Write a batch of this log's events, in order, within the caller's transaction."""
    changes = fold(events)
    if changes.courses:
        await connection.copy_records_to_table(
            "course", records=changes.courses, columns=COURSE_COLUMNS
        )
    if changes.learners:
        await connection.copy_records_to_table(
            "learner", records=changes.learners, columns=LEARNER_COLUMNS
        )
    if changes.moves:
        await connection.execute(MOVE_COURSES, *_move_columns(changes.moves))
    if changes.attended:
        courses, learners = zip(*changes.attended, strict=True)
        await connection.execute(
            COUNT_ATTENDANCES, courses, learners, list(changes.attended.values())
        )


def fold(events: Iterable[Recorded]) -> Changes:
    """Gather what a batch adds and what it moves; order within a course is kept by the fold."""
    changes = Changes()
    for recorded in events:
        _fold_one(changes, recorded)
    return changes


def _fold_one(changes: Changes, recorded: Recorded) -> None:
    event = CODEC.decode(recorded)
    if isinstance(event, Headcount.HeadcountReported):
        changes.courses.append(_headcount_row(recorded.stream, event))
    elif isinstance(event, Course.CoursePlanned):
        changes.courses.append(_course_row(recorded.stream, event))
    elif isinstance(event, CourseSession.AttendanceRecorded):
        for learner in event.learners:
            changes.attended[event.course, learner] += 1
    elif not isinstance(event, CourseSession.SessionHeld):
        move = changes.moves[recorded.stream]
        move.version = recorded.version
        _fold_move(changes, move, recorded.stream, event)


def _fold_move(changes: Changes, move: Move, course: UUID, event: object) -> None:
    match event:
        case Course.EnrolmentOpened():
            move.state = State.OPEN
        case Course.LearnerEnrolled():
            move.enrolled += 1
            changes.learners.append((course, event.learner, event.enrolled_on))
        case Course.SessionAdded():
            move.sessions += 1
        case Course.CourseCompleted():
            move.state = State.COMPLETED
            move.participants = event.participants
            move.completed_on = event.completed_on
        case Course.CourseCancelled():
            move.state = State.CANCELLED


def _course_row(stream: UUID, it: Course.CoursePlanned) -> tuple[object, ...]:
    return (
        stream, 1, False, it.kind, it.title, it.area, it.starts_on, it.ends_on, it.capacity,
        State.PLANNED, None, None,
    )  # fmt: skip


def _headcount_row(stream: UUID, it: Headcount.HeadcountReported) -> tuple[object, ...]:
    return (
        stream, 1, True, it.kind, it.title, it.area, it.held_on, it.ended_on, None,
        State.COMPLETED, it.participants, it.ended_on,
    )  # fmt: skip


def _move_columns(moves: dict[UUID, Move]) -> Iterable[list[object]]:
    rows = list(moves.values())
    yield list(moves)
    yield [row.version for row in rows]
    yield [row.state for row in rows]
    yield [row.enrolled for row in rows]
    yield [row.sessions for row in rows]
    yield [row.participants for row in rows]
    yield [row.completed_on for row in rows]
