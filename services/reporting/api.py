"""The paths of reporting, all of them reads; any token may ask."""

from typing import Any

import asyncpg
from chassis.area import Areas
from chassis.edge.reads import Caller, Cursor, Limit, Reached, answer
from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response

from reporting import queries
from reporting.answer import Statistics
from reporting.ask import Params
from reporting.measures import MEASURES
from reporting.schemas import Changes, Measures, parameters, reply
from reporting.sources import Source

CSV = "text/csv"
_ASKED: dict[str, Any] = {"parameters": parameters()}


def reads(pool: asyncpg.Pool, areas: Areas) -> APIRouter:
    """Statistics, the events behind them, the catalogue, and how far each source is included."""
    router = APIRouter(prefix="/v1", tags=["statistics"])
    _add_figures(router, pool, areas)
    _add_catalogue(router, pool)
    return router


def _add_figures(router: APIRouter, pool: asyncpg.Pool, areas: Areas) -> None:
    async def asked(request: Request) -> queries.Query:
        now = request.app.state.clock.now()
        return await queries.ask(pool, areas, given(request.query_params), now)

    @router.get(
        "/statistics",
        operation_id="statistics",
        dependencies=[Reached],
        openapi_extra=_ASKED,
        responses=reply(Statistics, **{CSV: {"schema": {"type": "string"}}}),
    )
    async def statistics(request: Request, _: Caller) -> Response:
        """Figures by area, period and dimension, as of a day, as known at a time, on any map."""
        found = await queries.statistics(pool, areas, await asked(request))
        return _in_form(found, request.headers.get("accept", ""))

    @router.get(
        "/statistics/events",
        operation_id="statistics_events",
        dependencies=[Reached],
        openapi_extra=_ASKED,
        responses=reply(Changes),
    )
    async def events(
        request: Request, _: Caller, cursor: Cursor = None, limit: Limit = 50
    ) -> Response:
        """The events behind one figure: one measure, one area, one period."""
        items, following = await queries.events(pool, areas, await asked(request), cursor, limit)
        return answer(Changes(list(items), following))


def _add_catalogue(router: APIRouter, pool: asyncpg.Pool) -> None:
    @router.get("/measures", operation_id="measures", responses=reply(Measures))
    async def measures(_: Caller) -> Response:
        """What each statistic is called, counts, is dated by and can be divided by."""
        return answer(Measures(list(MEASURES.values())))

    @router.get("/sources", operation_id="sources", responses=reply(dict[str, Source]))
    async def sources(_: Caller) -> Response:
        """How far each log has been read, by its name, and what of it is parked."""
        return answer({source.log: source for source in await queries.sources(pool)})


def given(parameters: QueryParams) -> Params:
    """Query parameters by name, each with all its values."""
    return {name: parameters.getlist(name) for name in parameters}


def _in_form(found: Statistics, accept: str) -> Response:
    """JSON, unless CSV is what the caller would rather have (RFC 9110, 12.5.1)."""
    response = answer(found)
    if _weight(accept, CSV) > _weight(accept, "application/json"):
        response = Response(queries.to_csv(found), media_type=f"{CSV}; header=present")
    response.headers["vary"] = "accept"
    return response


def _weight(accept: str, wanted: str) -> float:
    """The weight given to a media type by name; 0 where it is not named."""
    for part in accept.split(","):
        name, *settings = [piece.strip().lower() for piece in part.split(";")]
        if name == wanted:
            weights = [one[2:] for one in settings if one.startswith("q=")]
            try:
                return float(weights[0]) if weights else 1.0
            except ValueError:
                return 0.0
    return 0.0
