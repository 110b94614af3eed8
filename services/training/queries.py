"""Reads: one thing from its stream, always current; lists from the read tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from chassis.domain import Aggregate
from chassis.edge import cursors
from chassis.log.repository import Repository, absent

from training.domain.course import Course
from training.domain.headcount import Headcount
from training.domain.kind import Kind, State
from training.domain.session import CourseSession
from training.schemas import (
    CourseDetail,
    CourseItem,
    CoursePage,
    HeldSession,
    LearnerItem,
    LearnerPage,
    SessionDetail,
)

COURSES = """
select id, version, headcount, kind, title, area, starts_on, ends_on, capacity, state, enrolled,
       sessions, participants, completed_on
from course
where {where}
order by starts_on desc, id desc
limit {limit}
"""
LEARNERS = """
select learner, enrolled_on, attended
from learner
where course = $1 and ($2::uuid is null or learner > $2)
order by learner
limit $3
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which courses: those of the exact areas (None: of the whole province), a kind, a state."""

    areas: Sequence[str] | None = None
    kind: Kind | None = None
    state: State | None = None

    def narrowed(self, after: tuple[date, UUID] | None) -> tuple[list[str], list[Any]]:
        """Conditions with their values, in the order of the placeholders."""
        conditions, values = ["true"], list[Any]()
        if self.areas is not None:
            values.append(self.areas)
            conditions.append(f"area = any(${len(values)}::text[])")
        if self.kind is not None:
            values.append(self.kind)
            conditions.append(f"kind = ${len(values)}")
        if self.state is not None:
            values.append(self.state)
            conditions.append(f"state = ${len(values)}")
        if after is not None:
            values.extend(after)
            conditions.append(f"(starts_on, id) < (${len(values) - 1}, ${len(values)})")
        return conditions, values


async def course(repository: Repository, id: UUID) -> CourseDetail:  # noqa: A002
    """A course or a headcount as it stands now.

    Raises:
        NotFound: neither has that id.
    """
    found: Aggregate | None = await repository.find(Course, id)
    if isinstance(found, Course):
        return _of_course(found)
    found = await repository.find(Headcount, id)
    if isinstance(found, Headcount):
        return _of_headcount(found)
    raise absent(Course.CALLED, id)


async def session(repository: Repository, id: UUID) -> SessionDetail:  # noqa: A002
    """A session as it stands now; `NotFound` if there is none."""
    found = await repository.get(CourseSession, id)
    return SessionDetail(
        id=found.id,
        version=found.version,
        course=found.course,
        area=found.area,
        held_on=found.held_on,
        hours=found.hours,
        attended=len(found.attended),
    )


async def courses(pool: asyncpg.Pool, asked: Asked, cursor: str | None, limit: int) -> CoursePage:
    """A page of courses and headcounts, newest first."""
    of = repr(asked)
    after = cursors.decode(cursor, tuple[date, UUID], of=of) if cursor is not None else None
    conditions, values = asked.narrowed(after)
    sql = COURSES.format(where=" and ".join(conditions), limit=limit + 1)
    rows = await pool.fetch(sql, *values)
    items = [CourseItem(**row) for row in rows[:limit]]
    more = len(rows) > limit
    last = (items[-1].starts_on, items[-1].id) if more else None
    return CoursePage(items=items, next=cursors.encode(last, of=of) if last else None)


async def learners(
    pool: asyncpg.Pool,
    id: UUID,  # noqa: A002
    cursor: str | None,
    limit: int,
) -> LearnerPage:
    """A page of the learners enrolled in a course, in the order of their ids."""
    of = f"learners:{id}"
    after = cursors.decode(cursor, UUID, of=of) if cursor is not None else None
    rows = await pool.fetch(LEARNERS, id, after, limit + 1)
    items = [LearnerItem(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return LearnerPage(items=items, next=cursors.encode(items[-1].learner, of=of) if more else None)


def _of_course(it: Course) -> CourseDetail:
    return CourseDetail(
        id=it.id,
        version=it.version,
        headcount=False,
        kind=it.kind,
        title=it.title,
        area=it.area,
        starts_on=it.starts_on,
        ends_on=it.ends_on,
        capacity=it.capacity,
        state=it.state,
        enrolled=len(it.learners),
        sessions=len(it.sessions),
        participants=it.participants,
        completed_on=it.completed_on,
        held=[HeldSession(session=id, held_on=day) for id, day in it.sessions.items()],  # noqa: A001
    )


def _of_headcount(it: Headcount) -> CourseDetail:
    return CourseDetail(
        id=it.id,
        version=it.version,
        headcount=True,
        kind=it.kind,
        title=it.title,
        area=it.area,
        starts_on=it.held_on,
        ends_on=it.ended_on,
        capacity=None,
        state=State.COMPLETED,
        enrolled=0,
        sessions=0,
        participants=it.participants,
        completed_on=it.ended_on,
    )
