"""What every service answers beside its own: health, metrics, position, events, areas, labels."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from chassis.area import Area, Areas, Unit
from chassis.clock import civil_day
from chassis.edge.body import NDJSON
from chassis.edge.labels import Labels
from chassis.edge.reads import Caller, Reading, answer
from chassis.edge.replay import Page, Published, Replay, Wanted, plain
from chassis.edge.waiting import LONGEST_WAIT_S
from chassis.errors import UnknownArea
from chassis.run.metrics import CONTENT_TYPE, exposition

_MOST_EVENTS = 10_000
_encoder = msgspec.json.Encoder()

health = APIRouter(tags=["health"])
common = APIRouter(prefix="/v1", tags=["common"])
logged = APIRouter(prefix="/v1", tags=["log"])


@health.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@health.get("/readyz")
async def readyz(request: Request) -> dict[str, str]:
    """The service can do its work; `busy` (503) while it cannot."""
    await request.app.state.ready()
    return {"status": "ready"}


@health.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Metrics in Prometheus' text format."""
    return Response(exposition(), media_type=CONTENT_TYPE)


@common.get("/labels", operation_id="labels")
async def labels(request: Request) -> Response:
    """What codes are called, in Vietnamese and English, by group; needs no token."""
    known: Labels = request.app.state.labels
    shown = Response(msgspec.json.encode(known), media_type="application/json")
    shown.headers["cache-control"] = "public, max-age=3600"
    return shown


@common.get("/areas", operation_id="areas")
async def areas(
    request: Request,
    _: Caller,
    map_date: Annotated[date | None, Query(description="The day of the map; today if left out")] = (
        None
    ),
    under: Annotated[
        str | None, Query(max_length=32, description="Only what lies in this area")
    ] = None,
) -> Response:
    """The areas of a day's map, by code."""
    known: Areas = request.app.state.areas
    on = map_date or civil_day(request.app.state.clock.now())
    above = known.resolve(under, on) if under else known.province
    units = [unit for unit in known.in_force(on) if _lies_under(known, unit, above, on)]
    return answer({"items": [_shown(known, unit, on) for unit in units], "next": None})


@logged.get("/position", operation_id="position")
async def position(request: Request, _: Caller) -> Response:
    """The newest position of this service's log, and how far it is published."""
    replay: Replay = request.app.state.replay
    return answer(await replay.position())


@logged.get("/events", operation_id="events", response_class=StreamingResponse)
async def events(
    request: Request,
    reading: Reading,
    after: Annotated[int, Query(ge=0, le=2**62, description="Events behind this position")] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST_EVENTS, description="Events at most")] = 1000,
    stream: Annotated[UUID | None, Query(description="Only this stream")] = None,
    type: Annotated[  # noqa: A002  # the query's name
        list[str] | None, Query(max_length=100, description="Only these types (full names)")
    ] = None,
    wait: Annotated[
        float, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for a first event")
    ] = 0,
) -> Response:
    """Published events in order, one JSON document a line, for auditors of the whole province."""
    reading.require((), reading.areas.province)
    replay: Replay = request.app.state.replay
    if wait:
        await replay.wait(after, wait)
    chosen = Wanted(after=after, stream=stream, types=frozenset(type or ()))
    pages = replay.pages(chosen, min(limit, 1000))
    first = await anext(pages, None)  # so that a failure is a problem, not half an answer
    return StreamingResponse(_lines(first, pages, limit), media_type=NDJSON)


async def _lines(
    first: Page | None, pages: AsyncIterator[Page], limit: int
) -> AsyncIterator[bytes]:
    page, left = first, limit
    while page is not None and left > 0:
        chosen = page.events[:left]
        left -= len(chosen)
        if chosen:
            yield b"".join([_line(event) for event in chosen])
        page = await anext(pages, None) if left else None


def _line(event: Published) -> bytes:
    stored = event.stored
    line = {
        "position": stored.position,
        "stream": stored.stream,
        "version": stored.version,
        "type": event.type,
        "recorded_at": stored.recorded_at,
        "data": plain(event.message),
    }
    return _encoder.encode(line) + b"\n"


def _lies_under(areas: Areas, unit: Unit, above: Area, on: date) -> bool:
    """On that day's map; a village moves on when its commune ends."""
    return unit.area != above and areas.covers(above, unit.area, on)


def _shown(areas: Areas, unit: Unit, on: date) -> dict[str, Any]:
    return {
        "area": str(unit.area),
        "code": unit.area.code,
        "name": unit.name,
        "kind": unit.kind,
        "began": unit.area.began,
        "ended": unit.ended,
        "district": unit.district,
        "parent": str(_parent(areas, unit.parent, on)) if unit.parent else None,
    }


def _parent(areas: Areas, given: Area, on: date) -> Area:
    """What a place lies in on that day; as it was given where that was divided since."""
    try:
        return areas.carry(given, on)
    except UnknownArea:
        return given
