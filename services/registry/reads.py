"""The reads of the registry: one thing from its stream, lists, and the search for people."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import msgspec
from chassis.edge import policy
from chassis.edge.auth import Role
from chassis.edge.decode import Form
from chassis.edge.fields import AreaCode, Part, PersonalName
from chassis.edge.reads import Cursor, Limit, Reached, Reader, Reading, answer, entity
from chassis.errors import Forbidden, UnknownArea
from chassis.log.vault import Reader as PersonalReader
from chassis.log.vault import Vault
from fastapi import APIRouter, Query, Request
from msgspec import Meta
from starlette.responses import Response

from registry import queries
from registry.commands.office import CHAIRS, OFFICERS, SIGNERS
from registry.criteria import CriteriaSets
from registry.domain.kind import CaseState, Model
from registry.places import Places, parsed
from registry.queries import Queries
from registry.schemas import (
    CaseDetail,
    CasePage,
    CriteriaPage,
    SubjectDetail,
    SubjectItem,
    SubjectPage,
    VillageDetail,
)
from registry.search import names
from registry.search.finding import Question, Search

OF_CASES = OFFICERS | CHAIRS | SIGNERS
OF_REASONS = OFFICERS | SIGNERS
AUDITORS = frozenset({Role.AUDITOR_EXTERNAL})
OF_SUBJECTS = OFFICERS | {Role.DATA_PROTECTION_OFFICER}

InArea = Annotated[
    str | None,
    Query(max_length=32, description="A code of today's map, or exact; with all that lies in it"),
]


class SearchSubjects(Part, frozen=True, kw_only=True):
    """Whom somebody looks for; a name with marks finds only names with the same marks."""

    name: PersonalName | None = None
    area: AreaCode | None = None
    model: Model | None = None
    cursor: Annotated[str, Meta(max_length=512)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


FORM = Form(SearchSubjects)
_, _PARTS = msgspec.json.schema_components(
    [SearchSubjects], ref_template="#/components/schemas/{name}"
)
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _PARTS[SearchSubjects.__name__]}},
    }
}


def things(found: Queries, places: Places) -> APIRouter:
    """One village, subject or case by its id; for those who may act in its area."""
    router = APIRouter(prefix="/v1", tags=["reads"])

    @router.get("/villages/{id}", operation_id="village", response_model=VillageDetail)
    async def village(request: Request, _: Reading, id: UUID) -> Response:  # noqa: A002
        it = await found.village(id)
        return entity(request, it, it.version)

    @router.get("/subjects/{id}", operation_id="subject", response_model=SubjectDetail)
    async def subject(request: Request, reader: Reading, id: UUID) -> Response:  # noqa: A002
        it = await found.subject(id)
        to = await personal_reader(reader, places, it.area, OF_SUBJECTS, OFFICERS)
        return entity(request, await found.subject_detail(it, to), it.version)

    @router.get("/cases/{id}", operation_id="case", response_model=CaseDetail)
    async def case(request: Request, reader: Reading, id: UUID) -> Response:  # noqa: A002
        it, reasons = await found.case(id)
        to = await personal_reader(reader, places, it.area, OF_CASES, OF_REASONS)
        shown = await found.case_detail(it, reasons, to, reader.language)
        return entity(request, shown, it.version)

    return router


def lists(pool: asyncpg.Pool, places: Places, criteria: CriteriaSets) -> APIRouter:
    """Cases, from the read tables, and the criteria sets; each reader sees their own areas."""
    router = APIRouter(prefix="/v1", tags=["reads"])

    @router.get("/cases", operation_id="cases", response_model=CasePage, dependencies=[Reached])
    async def cases(
        reader: Reading,
        area: InArea = None,
        model: Model | None = None,
        season: Annotated[int | None, Query(ge=1900, le=9999)] = None,
        state: CaseState | None = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        areas = await seen(area, reader, places, OF_CASES | AUDITORS)
        asked = queries.Asked(areas=areas, model=model, season=season, state=state)
        return answer(await queries.cases(pool, asked, cursor, limit))

    @router.get("/criteria-sets", operation_id="criteria_sets", response_model=CriteriaPage)
    async def criteria_sets(
        _: Reading,
        model: Model | None = None,
        on: Annotated[date | None, Query(description="Those in force on this day")] = None,
    ) -> Response:
        chosen = [
            each
            for each in criteria
            if model in (None, each.model) and (on is None or each.in_force(on))
        ]
        return answer({"items": chosen, "next": None})

    return router


def searching(search: Search, places: Places, vault: Vault) -> APIRouter:
    """The search for people: a POST, so that no name stands in an address."""
    router = APIRouter(prefix="/v1", tags=["reads"], dependencies=[Reached])

    @router.post(
        "/subjects/search",
        operation_id="search_subjects",
        response_model=SubjectPage,
        openapi_extra=BODY,
    )
    async def search_subjects(request: Request, reader: Reading) -> Response:
        asked = FORM.one(await request.body())
        named = policy.holds(reader.principal, OFFICERS)
        if asked.name is not None and not named:
            raise Forbidden(
                "who may not see names cannot search by them",
                "người không được xem họ tên thì không thể tìm theo họ tên",
            )
        areas = await seen(asked.area, reader, places, OFFICERS if named else AUDITORS)
        query = names.asked(asked.name) if asked.name is not None else None
        if asked.name is not None and query is None:
            return answer(SubjectPage(items=[]))
        question = Question(query, areas, asked.model)
        page = await search.find(question, asked.cursor, asked.limit, named=named)
        if named and page.rows:
            shown = {row["subject"]: ["name"] for row in page.rows}
            await vault.record(PersonalReader(reader.principal.sub, "search"), shown)
        items = [
            SubjectItem(
                id=row["subject"],
                model=row["model"],
                area=row["area"],
                name=row["name"] if named else None,
            )
            for row in page.rows
        ]
        return answer(SubjectPage(items=items, next=page.next))

    return router


async def seen(
    text: str | None, reader: Reader, places: Places, readers: Collection[Role]
) -> list[str] | None:
    """The exact areas whose things a list shows; None means all of the province.

    Raises:
        Forbidden: no role of the reader lets them see such things.
        OutsideArea: not those of the area asked for.
    """
    who, today, areas = reader.principal, reader.today, reader.areas
    await places.ready_for([text] if text else [], who, today)
    asked = areas.province if text is None else place(text, reader)
    if text is not None or not policy.holds(who, readers):
        policy.require(who, readers, asked, areas, today)
    if policy.allows(who, readers, asked, areas, today):
        return None if asked == areas.province else list(places.reach(asked, today))
    granted = [grant.area for grant in who.grants if grant.role in readers]
    reached = [area for each in granted for area in places.reach_of_grant(each, today)]
    return list(dict.fromkeys(reached))


def place(text: str, reader: Reader) -> Any:
    """The area that `text` names: a bare code on today's map, an exact one on any map.

    Raises:
        UnknownArea: there is none.
    """
    areas = reader.areas
    if "@" not in text:
        return areas.resolve(text, reader.today)
    try:
        return areas.unit(parsed(areas, text)).area
    except (ValueError, UnknownArea):
        return areas.resolve(text, reader.today)


async def personal_reader(
    reader: Reader,
    places: Places,
    area: str,
    roles: Collection[Role],
    personal: Collection[Role],
) -> UUID | None:
    """Who reads, if they may see personal fields there; None for those who may not.

    Raises:
        Forbidden, OutsideArea: they may not read the thing at all.
    """
    await places.ready_for((), reader.principal, reader.today)
    exact = await places.exact(area)
    reader.require(roles, exact)
    may = policy.allows(reader.principal, personal, exact, reader.areas, reader.today)
    return reader.principal.sub if may else None
