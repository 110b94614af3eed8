"""`khuyenhoc.reporting.v1.Reporting`: statistics over gRPC, with the fields of the HTTP replies."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import msgspec
from chassis.area import Areas
from chassis.clock import Clock
from chassis.edge.reads import wanted
from chassis.edge.rpc import Service
from chassis.edge.waiting import LONGEST_WAIT_S, Positions
from chassis.errors import Invalid
from khuyenhoc.reporting.v1 import service_pb2, service_pb2_grpc
from msgspec import UNSET

from reporting import queries
from reporting.answer import Origin, Row, SourcePosition, Statistics
from reporting.measures import MEASURES, Measure

_LISTS = ("measure", "area", "period", "by")
_TEXTS = ("as_of", "known_at", "map_date")


class ReportingServicer(service_pb2_grpc.ReportingServicer):
    def __init__(
        self, pool: asyncpg.Pool, areas: Areas, clock: Clock, positions: Positions
    ) -> None:
        self._pool, self._areas, self._clock, self._positions = pool, areas, clock, positions

    async def GetStatistics(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetStatisticsRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.Statistics:
        if request.min_position:
            if not 0 <= request.wait <= LONGEST_WAIT_S:
                raise Invalid.at(
                    "/wait",
                    f"wait is 0 to {LONGEST_WAIT_S:.0f} seconds",
                    f"thời gian chờ từ 0 đến {LONGEST_WAIT_S:.0f} giây",
                    request.wait,
                )
            await self._positions.reach(wanted(list(request.min_position)), request.wait)
        now = self._clock.now()
        query = await queries.ask(self._pool, self._areas, _params(request), now)
        return _statistics(await queries.statistics(self._pool, self._areas, query))

    async def ListMeasures(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.ListMeasuresRequest,  # noqa: ARG002
        context: Any,  # noqa: ARG002
    ) -> service_pb2.ListMeasuresReply:
        measures = [_measure(measure) for measure in MEASURES.values()]
        return service_pb2.ListMeasuresReply(measures=measures)


def reporting_service(
    pool: asyncpg.Pool, areas: Areas, clock: Clock, positions: Positions
) -> Service:
    """The service to hand to ``rpc.create_server``."""
    return Service(
        "khuyenhoc.reporting.v1.Reporting",
        ReportingServicer(pool, areas, clock, positions),
        service_pb2_grpc.add_ReportingServicer_to_server,
    )


def _params(request: service_pb2.GetStatisticsRequest) -> dict[str, Sequence[str]]:
    """A field left out is a parameter left out."""
    lists = {name: list(getattr(request, name)) for name in _LISTS}
    texts = {name: [getattr(request, name)] for name in _TEXTS if getattr(request, name)}
    dimensions = {name: [value] for name, value in request.dimensions.items()}
    return {**dimensions, **{name: given for name, given in lists.items() if given}, **texts}


def _statistics(found: Statistics) -> service_pb2.Statistics:
    return service_pb2.Statistics(
        province=found.province,
        asked=_asked(found.asked),
        rows=[_row(row) for row in found.rows],
        positions={log: _source(source) for log, source in found.positions.items()},
        catalogue=found.catalogue,
    )


def _asked(asked: Mapping[str, str | list[str]]) -> service_pb2.Asked:
    own = {name: asked[name] for name in (*_LISTS, *_TEXTS)}
    dimensions = {name: ",".join(value) for name, value in asked.items() if name not in own}
    return service_pb2.Asked(**own, dimensions=dimensions)  # type: ignore[arg-type]  # by name


def _row(row: Row) -> service_pb2.Row:
    given = {
        name: value for name, value in msgspec.structs.asdict(row).items() if value is not UNSET
    }
    if isinstance(row.value, float):
        given["ratio"] = given.pop("value")
    return service_pb2.Row(**given)


def _source(source: SourcePosition) -> service_pb2.Source:
    return service_pb2.Source(
        position=source.position,
        recorded_at=source.recorded_at or "",
        parked=source.parked,
        origin=_origin(source.origin) if isinstance(source.origin, Origin) else None,
    )


def _origin(origin: Origin) -> service_pb2.Origin:
    return service_pb2.Origin(
        at=origin.at, known_after=origin.known_after or "", accepted_at=origin.accepted_at
    )


def _measure(measure: Measure) -> service_pb2.Measure:
    return service_pb2.Measure(
        id=measure.id,
        name_vi=measure.name.vi,
        name_en=measure.name.en,
        kind=measure.kind,
        unit=measure.unit.vi,
        unit_en=measure.unit.en,
        dimensions=measure.dimensions,
        definition=measure.definition.vi,
        definition_en=measure.definition.en,
        source=", ".join(measure.source),
        version=measure.version,
    )
