"""Pure: what the events of funds add."""

from datetime import date
from functools import lru_cache

from khuyenhoc.funds.v1 import events_pb2 as funds

from reporting.catalogue.funds import USES
from reporting.projections.known import names_of, projects
from reporting.projections.reading import KEPT, Places, day, name_of
from reporting.projections.rows import Increment, Rows, Series, Unprojectable

WITHOUT_STATISTIC = names_of(
    funds.FundOpened,
    funds.BalanceBroughtForward,  # money from before this system: a stock, not a contribution
    funds.NomineeSubmitted,
    funds.AwardApproved,
)


@projects(funds.ContributionReceived)
def contribution_received(received: funds.ContributionReceived, places: Places) -> Rows:
    on = _there(day(received.received_on), received.area, received.amount, places)
    mobilised = _mobilised(received.area, received.fund_kind, received.channel)
    return Rows((Increment(mobilised, on, received.amount),))


@projects(funds.ContributionReversed)
def contribution_reversed(back: funds.ContributionReversed, places: Places) -> Rows:
    on = _there(day(back.reversed_on), back.area, back.amount, places)
    mobilised = _mobilised(back.area, back.fund_kind, back.channel)
    return Rows((Increment(mobilised, on, -back.amount),))


@projects(funds.DisbursementPaid)
def disbursement_paid(paid: funds.DisbursementPaid, places: Places) -> Rows:
    on = _there(day(paid.paid_on), paid.area, paid.amount, places)
    spent = Increment(_spent(paid.area, paid.fund_kind, paid.use), on, paid.amount)
    recipient = _recipients(paid.area, paid.fund_kind, paid.recipient_kind)
    return Rows((spent, Increment(recipient, on, 1)) if paid.first else (spent,))


@projects(funds.DisbursementReversed)
def disbursement_reversed(back: funds.DisbursementReversed, places: Places) -> Rows:
    on = _there(day(back.reversed_on), back.area, back.amount, places)
    spent = Increment(_spent(back.area, back.fund_kind, back.use), on, -back.amount)
    recipient = _recipients(back.area, back.fund_kind, back.recipient_kind)
    return Rows((spent, Increment(recipient, on, -1)) if back.last else (spent,))


def _there(on: date, area: str, amount: int, places: Places) -> date:
    """The day, if that area had begun on it and money moved."""
    places.check(area, on)
    if amount <= 0:
        raise Unprojectable(f"{amount} dong")
    return on


@lru_cache(KEPT)
def _mobilised(area: str, fund_kind: int, channel: int) -> Series:
    came = name_of(funds.Channel, channel, "channel")
    return Series("funds_mobilised", area, (_fund(fund_kind), ("channel", came)))


@lru_cache(KEPT)
def _spent(area: str, fund_kind: int, use: str) -> Series:
    if use not in USES:
        raise Unprojectable(f"{use[:40]!r} is not a use of money")
    return Series("funds_spent", area, (_fund(fund_kind), ("use", use)))


@lru_cache(KEPT)
def _recipients(area: str, fund_kind: int, kind: int) -> Series:
    recipient = name_of(funds.RecipientKind, kind, "kind of recipient")
    return Series("awards_paid", area, (_fund(fund_kind), ("recipient_kind", recipient)))


def _fund(kind: int) -> tuple[str, str]:
    return "fund_kind", name_of(funds.FundKind, kind, "kind of fund")
