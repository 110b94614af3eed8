"""Award: nominated, approved, paid out, each by another person than the one who receives it."""

from datetime import date
from uuid import UUID

import msgspec
from chassis.domain import Aggregate, event
from chassis.errors import Said
from chassis.log.sealed import Sealed

from funds.domain import refusals
from funds.domain.kind import AwardState, Channel, FundKind, RecipientKind
from funds.domain.money import Dong, dong
from funds.domain.person import Person
from funds.domain.refusals import AlreadyReversed, NotNow, OverApproved, both_acts, own_award

USE = "award"
"""What the money of an award is spent on, as published."""
MOST_PAYMENTS = 200
PAYMENT = Said("payment", "lần chi")
PROPOSES = Said("proposes", "đề nghị")
APPROVES = Said("approves", "duyệt")
PAYS = Said("pays", "chi tiền")


class Reversal(msgspec.Struct, frozen=True):
    """When a payment was undone and why, sealed in that version of the award."""

    on: date
    reason: Sealed
    version: int


class Payment(msgspec.Struct, frozen=True):
    """One instalment; it stands unless it was reversed."""

    id: UUID
    amount: Dong
    channel: Channel
    paid_on: date
    reversal: Reversal | None = None


class Award(Aggregate):
    """Proposer, approver, payer and beneficiary are four persons."""

    CALLED = Said("award", "suất khen thưởng")

    class NomineeSubmitted(Aggregate.Created):
        """``subject`` is the beneficiary's entry in the registry, where there is one."""

        TOPIC = "funds.NomineeSubmitted"
        fund: UUID
        kind: FundKind
        area: str
        amount: Dong
        recipient_kind: RecipientKind
        subject: UUID | None
        name: Sealed | None
        earmark: str | None
        reason: Sealed
        proposer: Person
        nominated_on: date

    class AwardApproved(Aggregate.Event):
        TOPIC = "funds.AwardApproved"
        fund: UUID
        kind: FundKind
        area: str
        amount: Dong
        recipient_kind: RecipientKind
        approver: Person
        approved_on: date

    class DisbursementPaid(Aggregate.Event):
        """``first``: no other payment of the award stands, so its recipient is counted now."""

        TOPIC = "funds.DisbursementPaid"
        payment: UUID
        fund: UUID
        kind: FundKind
        area: str
        amount: Dong
        recipient_kind: RecipientKind
        use: str
        first: bool
        channel: Channel
        payer: Person
        paid_on: date

    class DisbursementReversed(Aggregate.Event):
        """``last``: no payment of the award stands any more, so nobody is counted for it."""

        TOPIC = "funds.DisbursementReversed"
        payment: UUID
        fund: UUID
        kind: FundKind
        area: str
        amount: Dong
        recipient_kind: RecipientKind
        use: str
        last: bool
        reason: Sealed
        reversed_on: date

    @classmethod
    def nominate(
        cls,
        id: UUID,  # noqa: A002  # the aggregate's own word
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        recipient_kind: RecipientKind,
        reason: Sealed,
        proposer: Person,
        nominated_on: date,
        *,
        subject: UUID | None = None,
        name: Sealed | None = None,
        earmark: str | None = None,
    ) -> "Award":
        """Propose somebody; ``reason`` is sealed under the beneficiary's key."""
        dong(amount)
        if proposer.is_subject(subject):
            raise own_award(id, PROPOSES)
        return cls(
            id=id,
            fund=fund,
            kind=kind,
            area=area,
            amount=amount,
            recipient_kind=recipient_kind,
            subject=subject,
            name=name,
            earmark=earmark,
            reason=reason,
            proposer=proposer,
            nominated_on=nominated_on,
        )

    @event(NomineeSubmitted)
    def __init__(
        self,
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        recipient_kind: RecipientKind,
        subject: UUID | None,
        name: Sealed | None,
        earmark: str | None,
        reason: Sealed,
        proposer: Person,
        nominated_on: date,
    ) -> None:
        self.fund = fund
        self.kind = kind
        self.area = area
        self.amount = amount
        self.recipient_kind = recipient_kind
        self.subject = subject
        self.name = name
        self.earmark = earmark
        self.reason = reason
        self.proposer = proposer
        self.nominated_on = nominated_on
        self.state = AwardState.NOMINATED
        self.approved = 0
        self.approver: Person | None = None
        self.approved_on: date | None = None
        self.payments: dict[UUID, Payment] = {}

    @property
    def person(self) -> UUID:
        """Under whose key the award's personal fields are sealed."""
        return self.reason.subject

    @property
    def paid(self) -> Dong:
        """The sum of the payments that stand."""
        return sum(each.amount for each in self.payments.values() if each.reversal is None)

    def approve(self, approver: Person, amount: Dong | None, approved_on: date, area: str) -> None:
        """Approve what was nominated, or less."""
        if self.state is not AwardState.NOMINATED:
            raise NotNow(self.id, self.state, refusals.APPROVED)
        self._apart(approver, APPROVES, {PROPOSES: self.proposer})
        refusals.in_order(self.nominated_on, approved_on, "approved_on")
        amount = self.amount if amount is None else dong(amount)
        if amount > self.amount:
            raise refusals.more_than_nominated(amount, self.amount)
        self._approved(
            fund=self.fund, kind=self.kind, area=area, amount=amount,
            recipient_kind=self.recipient_kind, approver=approver, approved_on=approved_on,
        )  # fmt: skip

    def pay(
        self,
        id: UUID,  # noqa: A002  # the payment's
        payer: Person,
        amount: Dong | None,
        channel: Channel,
        paid_on: date,
        area: str,
    ) -> Payment:
        """Pay all that is left of it, or an instalment."""
        if self.approver is None or self.approved_on is None:
            raise NotNow(self.id, self.state, refusals.PAID)
        self._apart(payer, PAYS, {PROPOSES: self.proposer, APPROVES: self.approver})
        refusals.in_order(self.approved_on, paid_on, "paid_on")
        if id in self.payments:
            raise refusals.PaymentKnown(self.id, id)
        amount = self._instalment(amount)
        self._paid(
            payment=id, fund=self.fund, kind=self.kind, area=area, amount=amount,
            recipient_kind=self.recipient_kind, use=USE, first=not self.paid, channel=channel,
            payer=payer, paid_on=paid_on,
        )  # fmt: skip
        return self.payments[id]

    def reversible(self, payment: UUID, reversed_on: date) -> Payment:
        """The payment, if it may be reversed on that day.

        Raises:
            Invalid: the award has no such payment, or the day is before it.
            AlreadyReversed: it was reversed.
        """
        found = self.payments.get(payment)
        if found is None:
            raise refusals.no_such_payment(self.id, payment)
        if found.reversal is not None:
            raise AlreadyReversed(PAYMENT, payment)
        refusals.in_order(found.paid_on, reversed_on, "reversed_on")
        return found

    def reverse(self, payment: UUID, reason: Sealed, reversed_on: date, area: str) -> Payment:
        """Correct a payment by its opposite."""
        found = self.reversible(payment, reversed_on)
        last = self.paid == found.amount
        self._reversed(
            payment=payment, fund=self.fund, kind=self.kind, area=area, amount=found.amount,
            recipient_kind=self.recipient_kind, use=USE, last=last, reason=reason,
            reversed_on=reversed_on,
        )  # fmt: skip
        return found

    def _instalment(self, amount: Dong | None) -> Dong:
        rest = self.approved - self.paid
        wanted = rest if amount is None else dong(amount)
        if not rest or wanted > rest:
            raise OverApproved(self.id, wanted or self.approved, self.approved, rest)
        if len(self.payments) >= MOST_PAYMENTS:
            raise refusals.TooManyPayments(self.id, MOST_PAYMENTS)
        return wanted

    def _apart(self, person: Person, act: Said, others: dict[Said, Person]) -> None:
        if person.is_subject(self.subject):
            raise own_award(self.id, act)
        for did, other in others.items():
            if person.is_same(other):
                raise both_acts(self.id, act, did)

    @event(AwardApproved)
    def _approved(
        self,
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        recipient_kind: RecipientKind,
        approver: Person,
        approved_on: date,
    ) -> None:
        self.state = AwardState.APPROVED
        self.approved = amount
        self.approver = approver
        self.approved_on = approved_on

    @event(DisbursementPaid)
    def _paid(
        self,
        payment: UUID,
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        recipient_kind: RecipientKind,
        use: str,
        first: bool,
        channel: Channel,
        payer: Person,
        paid_on: date,
    ) -> None:
        self.payments[payment] = Payment(payment, amount, channel, paid_on)
        self.state = AwardState.PAID

    @event(DisbursementReversed)
    def _reversed(
        self,
        payment: UUID,
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        recipient_kind: RecipientKind,
        use: str,
        last: bool,
        reason: Sealed,
        reversed_on: date,
    ) -> None:
        undone = Reversal(reversed_on, reason, self.version + 1)  # the event that tells of it
        paid = self.payments[payment]
        self.payments[payment] = msgspec.structs.replace(paid, reversal=undone)
        if last:
            self.state = AwardState.REVERSED
