"""The read paths of titles and decisions."""

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.edge.reads import Cursor, Limit, Reached, Reading, answer, entity
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from registry.domain.kind import Model
from registry.places import Places
from registry.reads import AUDITORS, OF_CASES, OF_REASONS, InArea, personal_reader, seen
from registry.schemas import DecisionDetail, HoldingDetail, HoldingPage
from registry.title_queries import Held, TitleQueries


def titles(found: TitleQueries, places: Places) -> APIRouter:
    """Holdings and decisions; each reader sees those of their own areas."""
    router = APIRouter(prefix="/v1", tags=["reads"])

    @router.get("/holdings/{id}", operation_id="holding", response_model=HoldingDetail)
    async def holding(request: Request, reader: Reading, id: UUID) -> Response:  # noqa: A002
        it, ground, area = await found.holding(id)
        to = await personal_reader(reader, places, area, OF_CASES, OF_REASONS)
        return entity(request, await found.holding_detail(it, ground, to), it.version)

    @router.get(
        "/holdings", operation_id="holdings", response_model=HoldingPage, dependencies=[Reached]
    )
    async def holdings(
        reader: Reading,
        area: InArea = None,
        model: Model | None = None,
        subject: UUID | None = None,
        as_of: Annotated[date | None, Query(description="Titles that stand on this day")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        areas = await seen(area, reader, places, OF_CASES | AUDITORS)
        held = Held(as_of=as_of or reader.today, areas=areas, model=model, subject=subject)
        return answer(await found.holdings(held, cursor, limit))

    @router.get("/decisions/{id}", operation_id="decision", response_model=DecisionDetail)
    async def decision(reader: Reading, id: UUID) -> Response:  # noqa: A002
        it = await found.decision(id)
        await personal_reader(reader, places, it.office.rpartition(":")[0], OF_CASES, ())
        return answer(it)

    return router
