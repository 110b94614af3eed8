"""`khuyenhoc.funds.v1.Funds`: a fund and an award over gRPC, with the fields of the HTTP reply."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.area import Areas
from chassis.clock import Clock, civil_day
from chassis.edge.reads import Reader
from chassis.edge.rpc import Service, caller
from chassis.errors import Invalid
from chassis.log.repository import Repository
from khuyenhoc.funds.v1 import service_pb2, service_pb2_grpc

from funds import queries
from funds.api import STAFF, award_for, fund_seen
from funds.known import known_instant
from funds.opening import Opening
from funds.publish import CHANNELS, KINDS, RECIPIENTS
from funds.schemas import AwardDetail, FundDetail, PaymentItem


class FundsServicer(service_pb2_grpc.FundsServicer):
    def __init__(
        self, repository: Repository, opening: Opening, areas: Areas, clock: Clock
    ) -> None:
        self._repository = repository
        self._opening = opening
        self._areas = areas
        self._clock = clock

    async def GetFund(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetFundRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.Fund:
        id_, as_of = _id(request.id), _day(request.as_of)
        known = known_instant(request.known_at) if request.known_at else None
        await fund_seen(id_, STAFF, self._reader(), self._repository)
        return _fund(await queries.fund(self._repository, id_, as_of, known))

    async def GetAward(  # noqa: N802  # the contract's name
        self,
        request: service_pb2.GetAwardRequest,
        context: Any,  # noqa: ARG002
    ) -> service_pb2.Award:
        return _award(await award_for(_id(request.id), self._reader(), self._opening))

    def _reader(self) -> Reader:
        today = civil_day(self._clock.now())
        return Reader(principal=caller(), areas=self._areas, today=today, language="vi")


def funds_service(repository: Repository, opening: Opening, areas: Areas, clock: Clock) -> Service:
    """The service to hand to `rpc.create_server`."""
    return Service(
        "khuyenhoc.funds.v1.Funds",
        FundsServicer(repository, opening, areas, clock),
        service_pb2_grpc.add_FundsServicer_to_server,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid.at(
            "/id",
            "a fund and an award are named by a UUID",
            "quỹ và suất khen thưởng được gọi bằng UUID",
            text,
        ) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid.at(
            "/as_of",
            "as_of is a day, such as 2025-10-15",
            "as_of là một ngày, như 2025-10-15",
            text,
        ) from None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _fund(it: FundDetail) -> service_pb2.Fund:
    message = service_pb2.Fund(
        id=str(it.id),
        version=it.version,
        name=it.name,
        kind=KINDS[it.kind],
        area=it.area,
        opened_on=it.opened_on.isoformat(),
        balance=it.balance,
        unearmarked=it.unearmarked,
        earmarks=[
            service_pb2.EarmarkBalance(earmark=each.earmark, balance=each.balance)
            for each in it.earmarks
        ],
        in_kind=it.in_kind,
        below_zero=it.below_zero,
        position=it.position,
        as_of=_iso(it.as_of),
    )
    if it.known_at:
        message.known_at.FromDatetime(it.known_at)
    return message


def _award(it: AwardDetail) -> service_pb2.Award:
    about = it.beneficiary
    return service_pb2.Award(
        id=str(it.id),
        version=it.version,
        fund=str(it.fund),
        kind=KINDS[it.kind],
        area=it.area,
        recipient_kind=RECIPIENTS[it.recipient_kind],
        amount=it.amount,
        earmark=it.earmark,
        nominated_on=it.nominated_on.isoformat(),
        state=it.state,
        approved=it.approved,
        paid=it.paid,
        beneficiary=service_pb2.Beneficiary(
            kind=RECIPIENTS[about.kind],
            subject=str(about.subject) if about.subject else None,
            name=about.name,
        ),
        reason=it.reason,
        approved_on=_iso(it.approved_on),
        payments=[_payment(each) for each in it.payments],
        erased=it.erased,
    )


def _payment(it: PaymentItem) -> service_pb2.Payment:
    return service_pb2.Payment(
        payment=str(it.payment),
        amount=it.amount,
        channel=CHANNELS[it.channel],
        paid_on=it.paid_on.isoformat(),
        reversed_on=_iso(it.reversed_on),
        reason=it.reason,
    )
