"""`khuyenhoc.registry.v1.Registry`: one thing over gRPC, with the fields of the HTTP reply."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.clock import Clock, civil_day
from chassis.edge.reads import Reader
from chassis.edge.rpc import Service, caller
from chassis.errors import Invalid
from khuyenhoc.registry.v1 import events_pb2, service_pb2, service_pb2_grpc

from registry.commands.office import OFFICERS
from registry.places import Places
from registry.publish import MODELS
from registry.queries import Queries
from registry.reads import OF_CASES, OF_REASONS, OF_SUBJECTS, personal_reader
from registry.schemas import AssessmentDetail, StandingDetail
from registry.title_queries import TitleQueries


class RegistryServicer(service_pb2_grpc.RegistryServicer):
    def __init__(
        self, queries: Queries, titles: TitleQueries, places: Places, clock: Clock
    ) -> None:
        self._queries = queries
        self._titles = titles
        self._places = places
        self._clock = clock

    async def GetSubject(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetSubjectRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.Subject:
        found = await self._queries.subject(_id(request.id))
        reader = self._reader()
        to = await personal_reader(reader, self._places, found.area, OF_SUBJECTS, OFFICERS)
        it = await self._queries.subject_detail(found, to)
        return service_pb2.Subject(
            id=str(it.id),
            version=it.version,
            model=MODELS[it.model],
            area=it.area,
            entered_on=it.entered_on.isoformat(),
            group=it.group,
            kind=it.kind,
            sex=it.sex,
            head=_text(it.head),
            name=it.name,
            national_id=it.national_id,
            birth_year=it.birth_year,
            erased=it.erased,
        )

    async def GetCase(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetCaseRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.Case:
        found, reasons = await self._queries.case(_id(request.id))
        reader = self._reader()
        to = await personal_reader(reader, self._places, found.area, OF_CASES, OF_REASONS)
        it = await self._queries.case_detail(found, reasons, to, reader.language)
        return service_pb2.Case(
            id=str(it.id),
            version=it.version,
            subject=str(it.subject),
            model=MODELS[it.model],
            season=it.season,
            area=it.area,
            state=it.state,
            registered_on=it.registered_on.isoformat(),
            group=it.group,
            assisted_by=_text(it.assisted_by),
            self_assessment=_assessed(it.self_assessment),
            verification=_assessed(it.verification),
            proposer=_text(it.proposer),
            decision=_text(it.decision),
            verification_reason=it.verification_reason,
            rejection_reason=it.rejection_reason,
            erased=it.erased,
        )

    async def GetHolding(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetHoldingRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.TitleHolding:
        found, ground, area = await self._titles.holding(_id(request.id))
        to = await personal_reader(self._reader(), self._places, area, OF_CASES, OF_REASONS)
        it = await self._titles.holding_detail(found, ground, to)
        return service_pb2.TitleHolding(
            id=str(it.id),
            version=it.version,
            subject=str(it.subject),
            model=MODELS[it.model],
            titles=[_title(title) for title in it.titles],
            revoked_on=_text(it.revoked_on),
            ground=it.ground,
            erased=it.erased,
        )

    def _reader(self) -> Reader:
        today = civil_day(self._clock.now())
        return Reader(principal=caller(), areas=self._places.areas, today=today, language="vi")


def registry_service(
    queries: Queries, titles: TitleQueries, places: Places, clock: Clock
) -> Service:
    """The service to hand to `rpc.create_server`."""
    return Service(
        "khuyenhoc.registry.v1.Registry",
        RegistryServicer(queries, titles, places, clock),
        service_pb2_grpc.add_RegistryServicer_to_server,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid.at("/id", "the id is not a UUID", "mã không phải là UUID", text) from None


def _text(value: UUID | date | None) -> str | None:
    return None if value is None else str(value)


def _assessed(it: AssessmentDetail | None) -> service_pb2.Assessed | None:
    if it is None:
        return None
    return service_pb2.Assessed(
        criteria_set=it.criteria_set,
        assessed_on=it.assessed_on.isoformat(),
        assessor=str(it.assessor),
        passed=it.passed,
        total=it.total,
        level=it.level,
        reason=it.result["reason"],
    )


def _title(it: StandingDetail) -> events_pb2.Holding:
    return events_pb2.Holding(
        area=it.area,
        season=it.season,
        group=it.group or "",
        level=it.level or "",
        valid_from=it.valid_from.isoformat(),
        valid_until=_text(it.valid_until),
    )
