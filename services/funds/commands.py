"""One struct and one handler per use case: load, ask the domain, save."""

from typing import Annotated
from uuid import UUID

from chassis.domain import uuid7
from chassis.edge.commands import Command
from chassis.edge.fields import (
    ActDay,
    Amount,
    AreaCode,
    Name,
    Part,
    PersonalName,
    PersonalProse,
    Prose,
)
from chassis.edge.session import Session
from chassis.log.sealed import Sealed
from msgspec import Meta

from funds.domain.award import Award
from funds.domain.contribution import BankReference, Contribution
from funds.domain.fund import Fund
from funds.domain.kind import Channel, FundKind, RecipientKind
from funds.domain.person import Person
from funds.domain.refusals import needed
from funds.persons import Ready
from funds.places import carried, placed

Purpose = Annotated[
    str,
    Meta(min_length=1, max_length=100, description="What the money is for; nothing else may be"),
]
Reference = Annotated[str, Meta(min_length=1, max_length=64)]


class Donor(Part):
    """Who gave: a subject, a name, or nobody who wishes to be known."""

    subject: UUID | None = None
    name: PersonalName | None = None
    anonymous: bool = False


class BankLine(Part):
    """The line of the fund's bank statement on which a gift came."""

    bank: Reference
    account: Reference
    transaction: Reference

    def reference(self) -> BankReference:
        return BankReference.of(self.bank, self.account, self.transaction)


class Beneficiary(Part):
    """Who is to receive an award; a collective is one."""

    kind: RecipientKind
    subject: UUID | None = None
    name: PersonalName | None = None


class OpenFund(Command, frozen=True, kw_only=True):
    """Open a fund."""

    id: UUID | None = None
    name: Name
    kind: FundKind
    area: AreaCode
    opened_on: ActDay | None = None


class ReceiveContribution(Command, frozen=True, kw_only=True):
    """Record a gift that was received; `item` says what came in kind."""

    fund: UUID
    amount: Amount
    channel: Channel
    earmark: Purpose | None = None
    item: Prose | None = None
    donor: Donor
    received_on: ActDay | None = None
    bank_reference: BankLine | None = None


class NominateBeneficiary(Command, frozen=True, kw_only=True):
    """Propose somebody for an award; the reply names the award."""

    fund: UUID
    amount: Amount
    beneficiary: Beneficiary
    earmark: Purpose | None = None
    reason: PersonalProse
    nominated_on: ActDay | None = None


class ApproveAward(Command, frozen=True, kw_only=True):
    """Approve what was nominated, or less."""

    award: UUID
    amount: Amount | None = None
    approved_on: ActDay | None = None


class PayAward(Command, frozen=True, kw_only=True):
    """Pay an approved award, or an instalment of it; `id` names the payment."""

    id: UUID | None = None
    award: UUID
    amount: Amount | None = None
    channel: Channel
    paid_on: ActDay | None = None


class ReverseEntry(Command, frozen=True, kw_only=True):
    """Undo a contribution, or a payment of an award, by its opposite."""

    contribution: UUID | None = None
    award: UUID | None = None
    payment: UUID | None = None
    reason: PersonalProse
    reversed_on: ActDay | None = None


class BringForward(Command, frozen=True, kw_only=True):
    """What a fund held before it was kept here: a stock, not a contribution."""

    fund: UUID
    amount: Amount
    earmark: Purpose | None = None
    as_of: ActDay | None = None
    source: Prose


async def open_fund(command: OpenFund, session: Session) -> Fund:
    opened_on = command.opened_on or session.today
    area = placed(command.area, opened_on, session)
    session.allow(area)
    fund = Fund.open(command.id or uuid7(), command.name, command.kind, str(area), opened_on)
    return session.save(fund)


async def bring_forward(command: BringForward, session: Session) -> Fund:
    fund = await allowed_fund(command.fund, session)
    as_of = command.as_of or session.today
    area = carried(fund.area, fund.opened_on, as_of, session.areas)
    fund.bring_forward(command.amount, purpose(command.earmark), as_of, command.source, area)
    return session.save(fund)


async def receive_contribution(command: ReceiveContribution, session: Session) -> Contribution:
    ready: Ready = session.prepared
    fund = await allowed_fund(command.fund, session)
    received_on = command.received_on or session.today
    earmark, donor, line = purpose(command.earmark), command.donor, command.bank_reference
    contribution = Contribution.receive(
        id=ready.id,
        fund=fund.id,
        kind=fund.kind,
        area=carried(fund.area, fund.opened_on, received_on, session.areas),
        amount=command.amount,
        channel=command.channel,
        received_on=received_on,
        earmark=earmark,
        item=command.item,
        subject=donor.subject,
        name=ready.seal(ready.id, 1, name=donor.name).get("name"),
        anonymous=donor.anonymous,
        bank_reference=line.reference() if line else None,
    )
    fund.receive(ready.id, command.amount, command.channel.account, earmark, received_on)
    session.save(contribution, fund)  # one append over both; the reply names the contribution
    return contribution


async def nominate(command: NominateBeneficiary, session: Session) -> Award:
    ready: Ready = session.prepared
    fund = await allowed_fund(command.fund, session)
    about, nominated_on = command.beneficiary, command.nominated_on or session.today
    if about.subject is None and about.name is None:
        raise needed("/beneficiary", "say who is to receive it", "cần ghi người được đề nghị")
    sealed = ready.seal(ready.id, 1, name=about.name, reason=command.reason)
    award = Award.nominate(
        id=ready.id,
        fund=fund.id,
        kind=fund.kind,
        area=carried(fund.area, fund.opened_on, nominated_on, session.areas),
        amount=command.amount,
        recipient_kind=about.kind,
        reason=sealed["reason"],
        proposer=acting(session),
        nominated_on=nominated_on,
        subject=about.subject,
        name=sealed.get("name"),
        earmark=purpose(command.earmark),
    )
    return session.save(award)


async def approve_award(command: ApproveAward, session: Session) -> Award:
    award = await allowed_award(command.award, session)
    approved_on = command.approved_on or session.today
    area = carried(award.area, award.nominated_on, approved_on, session.areas)
    award.approve(acting(session), command.amount, approved_on, area)
    return session.save(award)


async def pay_award(command: PayAward, session: Session) -> Award:
    award = await allowed_award(command.award, session)
    fund = await session.get(Fund, award.fund)
    paid_on, id_ = command.paid_on or session.today, command.id or uuid7()
    area = carried(award.area, award.nominated_on, paid_on, session.areas)
    payment = award.pay(id_, acting(session), command.amount, command.channel, paid_on, area)
    account = payment.channel.account
    fund.pay(payment.id, payment.amount, account, award.earmark, paid_on, award.id)
    session.save(award, fund)  # one append over both; the reply names the award
    return award


async def reverse(command: ReverseEntry, session: Session) -> Contribution | Award:
    if command.contribution is not None and command.award is None and command.payment is None:
        return await reverse_contribution(command.contribution, command, session)
    if command.contribution is None and command.award is not None and command.payment is not None:
        return await reverse_payment(command.award, command.payment, command, session)
    raise needed(
        "",
        "name either a contribution, or an award and its payment",
        "cần ghi hoặc một khoản đóng góp, hoặc một suất khen thưởng và lần chi của nó",
    )


def reversed_thing(command: ReverseEntry) -> str:
    """Where what is named by the reply of a reversal is read."""
    return "awards" if command.award is not None else "contributions"


async def reverse_contribution(
    id: UUID,  # noqa: A002  # the contribution's
    command: ReverseEntry,
    session: Session,
) -> Contribution:
    gift = await session.get(Contribution, id)
    session.allow(session.areas.resolve(gift.area, gift.received_on), gift.fund)
    fund = await session.get(Fund, gift.fund)
    on = command.reversed_on or session.today
    gift.reversible(on)
    reason = sealed_reason(gift, command, session)
    gift.reverse(reason, on, carried(gift.area, gift.received_on, on, session.areas))
    fund.give_back(gift.id, gift.amount, gift.channel.account, gift.earmark, on)
    session.save(gift, fund)
    return gift


async def reverse_payment(
    id: UUID,  # noqa: A002  # the award's
    payment: UUID,
    command: ReverseEntry,
    session: Session,
) -> Award:
    award = await allowed_award(id, session)
    fund = await session.get(Fund, award.fund)
    on = command.reversed_on or session.today
    award.reversible(payment, on)
    area = carried(award.area, award.nominated_on, on, session.areas)
    paid = award.reverse(payment, sealed_reason(award, command, session), on, area)
    account = paid.channel.account
    fund.regain(paid.id, paid.amount, account, award.earmark, on, award.id)
    session.save(award, fund)
    return award


def sealed_reason(it: Contribution | Award, command: ReverseEntry, session: Session) -> Sealed:
    """The reason of a reversal, sealed for the version that will tell of it."""
    ready: Ready = session.prepared
    return ready.seal(it.id, it.version + 1, reason=command.reason)["reason"]


async def allowed_fund(id: UUID, session: Session) -> Fund:  # noqa: A002
    """The fund, if the caller may act in its area and for it."""
    fund = await session.get(Fund, id)
    session.allow(session.areas.resolve(fund.area, fund.opened_on), fund.id)
    return fund


async def allowed_award(id: UUID, session: Session) -> Award:  # noqa: A002
    """The award, if the caller may act in its area and for its fund."""
    award = await session.get(Award, id)
    session.allow(session.areas.resolve(award.area, award.nominated_on), award.fund)
    return award


def acting(session: Session) -> Person:
    """Who does this act."""
    return Person(session.principal.sub, session.principal.subject)


def purpose(earmark: str | None) -> str | None:
    """A purpose with its words one space apart, so that it is one purpose however it is typed."""
    return " ".join(earmark.split()) if earmark is not None else None
