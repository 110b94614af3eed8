"""Valid funds, gifts and awards by default: a test says only what matters to it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.domain import Aggregate
from chassis.log.record import Recorded
from chassis.log.sealed import Sealed
from funds.codec import CODEC
from funds.domain.award import Award
from funds.domain.contribution import Contribution
from funds.domain.fund import Fund
from funds.domain.kind import Account, Channel, FundKind, RecipientKind
from funds.domain.person import Person

LONG_HE = "03763@2025-07-01"
OPENED = date(2019, 1, 10)
A_DAY = date(2025, 9, 1)
LATER = date(2025, 9, 30)
NOON = datetime(2025, 10, 1, 5, tzinfo=UTC)


def a_person(subject: UUID | None = None) -> Person:
    return Person(uuid4(), subject)


PROPOSER, APPROVER, PAYER = a_person(), a_person(), a_person()


def sealed(subject: UUID | None = None) -> Sealed:
    """A value that only the vault could open."""
    return Sealed(subject or uuid4(), b"\x00" * 60)


def a_fund(
    *, balance: int = 0, earmarked: dict[str | None, int] | None = None, **fields: Any
) -> Fund:
    """A fund that holds so much for no particular purpose, and so much for others."""
    opened: dict[str, Any] = {
        "id": uuid4(),
        "name": "Quỹ học bổng Tô Hiệu",
        "kind": FundKind.SCHOLARSHIP,
        "area": "14",
        "opened_on": OPENED,
    }
    fund = Fund.open(**(opened | fields))
    purses: dict[str | None, int] = {None: balance, **(earmarked or {})}
    for earmark, amount in purses.items():
        if amount:
            fund.receive(uuid4(), amount, Account.MONEY, earmark, OPENED)
    return fund


def a_contribution(fund: Fund | None = None, **fields: Any) -> Contribution:
    to = fund or a_fund()
    received: dict[str, Any] = {
        "id": uuid4(),
        "fund": to.id,
        "kind": to.kind,
        "area": to.area,
        "amount": 500_000,
        "channel": Channel.CASH,
        "received_on": A_DAY,
    }
    if not {"subject", "name", "anonymous"} & set(fields):
        received["name"] = sealed()
    return Contribution.receive(**(received | fields))


def an_award(
    fund: Fund | None = None,
    *,
    approved: int | bool = False,
    paid: Iterable[int] = (),
    **fields: Any,
) -> Award:
    """A nominee; approved (for an amount), and paid in so many instalments."""
    of = fund or a_fund()
    nominated: dict[str, Any] = {
        "id": uuid4(),
        "fund": of.id,
        "kind": of.kind,
        "area": of.area,
        "amount": 1_000_000,
        "recipient_kind": RecipientKind.PERSON,
        "reason": sealed(),
        "proposer": PROPOSER,
        "nominated_on": A_DAY,
    }
    award = Award.nominate(**(nominated | fields))
    instalments = list(paid)
    if approved or instalments:
        amount = None if isinstance(approved, bool) else approved
        award.approve(APPROVER, amount, A_DAY, of.area)
    for amount in instalments:
        award.pay(uuid4(), PAYER, amount, Channel.CASH, A_DAY, of.area)
    return award


def as_recorded(*aggregates: Aggregate, start: int = 1) -> list[Recorded]:
    """What these decided, as the log would store it: one after the other, a minute apart."""
    events = [event for aggregate in aggregates for event in aggregate.collect_events()]
    return [recorded(event, at) for at, event in enumerate(events, start)]


def recorded(event: Any, position: int = 1, at: datetime | None = None) -> Recorded:
    new = CODEC.encode(event, UUID(int=1))
    return Recorded(
        position=position,
        stream=new.stream,
        version=new.version,
        type=new.type,
        recorded_at=at or NOON + timedelta(minutes=position),
        command=UUID(int=position),
        payload=new.payload,
        meta=new.meta,
    )
