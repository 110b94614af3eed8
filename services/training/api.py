"""The paths of training: commands in one line each, and the reads."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

import asyncpg
from chassis.area import Area
from chassis.edge import policy
from chassis.edge.auth import Role
from chassis.edge.commands import C, Commands, Handler
from chassis.edge.reads import Cursor, Limit, Reached, Reader, Reading, answer, entity
from chassis.errors import UnknownArea
from chassis.log.repository import Repository
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from training import commands as act
from training import queries
from training.domain.kind import Kind, State
from training.schemas import CourseDetail, CoursePage, LearnerPage, SessionDetail

OFFICERS = frozenset({Role.COMMUNE_ASSOCIATION_OFFICER, Role.PROVINCIAL_ASSOCIATION_OFFICER})
READERS = OFFICERS | {Role.AUDITOR_EXTERNAL}

InArea = Annotated[
    str | None,
    Query(max_length=32, description="A code of today's map, or exact; with all that lies in it"),
]


def accept(commands: Commands) -> None:
    """Every command of training; each takes JSON and NDJSON on its path."""
    new, state = {"already-exists"}, {"wrong-state"}

    def post(
        path: str,
        command: type[C],
        handler: Handler[C],
        refuses: Collection[str],
        creates: str = "courses",
    ) -> None:
        commands.accept(path, command, handler, roles=OFFICERS, creates=creates, refuses=refuses)

    post("/courses", act.PlanCourse, act.plan_course, new)
    post("/openings", act.OpenEnrolment, act.open_enrolment, state)
    post("/cancellations", act.CancelCourse, act.cancel_course, state)
    post("/enrolments", act.EnrolLearner, act.enrol_learner, state)
    post("/sessions", act.HoldSession, act.hold_session, state | new, "sessions")
    post("/attendances", act.RecordAttendance, act.record_attendance, state, "sessions")
    post("/completions", act.CompleteCourse, act.complete_course, state)
    post("/headcounts", act.ReportHeadcount, act.report_headcount, new)


def things(repository: Repository) -> APIRouter:
    """One course or session by its id, from its stream; for those who may act in its area."""
    router = APIRouter(prefix="/v1", tags=["reads"])

    @router.get("/courses/{id}", operation_id="course", response_model=CourseDetail)
    async def course(request: Request, reader: Reading, id: UUID) -> Response:  # noqa: A002
        found = await queries.course(repository, id)
        reader.require(OFFICERS, place(found.area, reader))
        return entity(request, found, found.version)

    @router.get("/sessions/{id}", operation_id="session", response_model=SessionDetail)
    async def session(request: Request, reader: Reading, id: UUID) -> Response:  # noqa: A002
        found = await queries.session(repository, id)
        reader.require(OFFICERS, place(found.area, reader))
        return entity(request, found, found.version)

    return router


def lists(pool: asyncpg.Pool, repository: Repository) -> APIRouter:
    """Courses and learners, from the read tables; each reader sees those of their own areas."""
    router = APIRouter(prefix="/v1", tags=["reads"], dependencies=[Reached])

    @router.get("/courses", operation_id="courses", response_model=CoursePage)
    async def courses(
        reader: Reading,
        area: InArea = None,
        kind: Kind | None = None,
        state: State | None = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        asked = queries.Asked(areas=seen(area, reader), kind=kind, state=state)
        return answer(await queries.courses(pool, asked, cursor, limit))

    @router.get(
        "/courses/{id}/learners", operation_id="course_learners", response_model=LearnerPage
    )
    async def learners(
        reader: Reading,
        id: UUID,  # noqa: A002
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        found = await queries.course(repository, id)
        reader.require(OFFICERS, place(found.area, reader))
        return answer(await queries.learners(pool, id, cursor, limit))

    return router


def place(text: str, reader: Reader) -> Area:
    """The area that `text` names: a bare code on today's map, an exact one on any map.

    Raises:
        UnknownArea: there is none.
    """
    _, _, began = text.partition("@")
    try:
        on = date.fromisoformat(began) if began else reader.today
    except ValueError:
        raise UnknownArea(
            f"{text!r} is not an area; write 03763 or 03763@2025-07-01",
            f"{text!r} không phải là mã địa bàn; ghi 03763 hoặc 03763@2025-07-01",
        ) from None
    return reader.areas.resolve(text, on)


def seen(text: str | None, reader: Reader) -> list[str] | None:
    """The exact areas whose courses a list shows; None means all of the province.

    Raises:
        Forbidden: no role of the reader lets them see courses.
        OutsideArea: not those of the area asked for.
    """
    areas, today = reader.areas, reader.today
    if text is not None:
        asked = place(text, reader)
        reader.require(OFFICERS, asked)
        return None if asked == areas.province else _exact(areas.reach(asked, today))
    if reader.may(OFFICERS, areas.province):
        return None
    if not policy.holds(reader.principal, READERS):
        raise policy.lacks(READERS)
    return _exact(area for area in areas.reach(areas.province, today) if reader.may(OFFICERS, area))


def _exact(areas: Iterable[Area]) -> list[str]:
    return [str(area) for area in areas]
