"""Contribution: a gift received, in cash, by bank or in kind, and its reversal."""

from datetime import date
from uuid import UUID

import msgspec
from chassis.domain import Aggregate, event, natural_id
from chassis.errors import Said
from chassis.log.sealed import Sealed

from funds.domain.kind import Channel, FundKind
from funds.domain.money import Dong, dong
from funds.domain.refusals import AlreadyReversed, in_order, needed


class BankReference(msgspec.Struct, frozen=True):
    """One line of a statement of the fund's own bank. Spaces and case do not count in it."""

    bank: str
    account: str
    transaction: str

    @classmethod
    def of(cls, bank: str, account: str, transaction: str) -> "BankReference":
        plain = ("".join(each.split()).upper() for each in (bank, account, transaction))
        return cls(*plain)

    def contribution(self, province: str) -> UUID:
        """The one contribution that this line can be."""
        return natural_id(province, "contribution", self.bank, self.account, self.transaction)


class Contribution(Aggregate):
    """Pledges are not recorded: only what was received counts."""

    CALLED = Said("contribution", "khoản đóng góp")

    class ContributionReceived(Aggregate.Created):
        """``name`` and ``subject`` are the donor's, both left out where nobody said who it is."""

        TOPIC = "funds.ContributionReceived"
        fund: UUID
        kind: FundKind
        area: str
        amount: Dong
        channel: Channel
        earmark: str | None
        item: str | None
        subject: UUID | None
        name: Sealed | None
        anonymous: bool
        bank_reference: BankReference | None
        received_on: date

    class ContributionReversed(Aggregate.Event):
        TOPIC = "funds.ContributionReversed"
        fund: UUID
        kind: FundKind
        area: str
        amount: Dong
        channel: Channel
        reason: Sealed
        reversed_on: date

    @classmethod
    def receive(
        cls,
        id: UUID,  # noqa: A002  # the aggregate's own word
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        channel: Channel,
        received_on: date,
        *,
        earmark: str | None = None,
        item: str | None = None,
        subject: UUID | None = None,
        name: Sealed | None = None,
        anonymous: bool = False,
        bank_reference: BankReference | None = None,
    ) -> "Contribution":
        """A gift to a fund; in kind it says what, by bank it may name the statement's line."""
        dong(amount)
        _fits(channel, item, bank_reference)
        _known(anonymous or subject is not None or name is not None)
        return cls(
            id=id,
            fund=fund,
            kind=kind,
            area=area,
            amount=amount,
            channel=channel,
            earmark=earmark,
            item=item,
            subject=subject,
            name=name,
            anonymous=anonymous,
            bank_reference=bank_reference,
            received_on=received_on,
        )

    @event(ContributionReceived)
    def __init__(
        self,
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        channel: Channel,
        earmark: str | None,
        item: str | None,
        subject: UUID | None,
        name: Sealed | None,
        anonymous: bool,
        bank_reference: BankReference | None,
        received_on: date,
    ) -> None:
        self.fund = fund
        self.kind = kind
        self.area = area
        self.amount = amount
        self.channel = channel
        self.earmark = earmark
        self.item = item
        self.subject = subject
        self.name = name
        self.anonymous = anonymous
        self.bank_reference = bank_reference
        self.received_on = received_on
        self.reason: Sealed | None = None
        self.reversed_on: date | None = None

    @property
    def person(self) -> UUID | None:
        """Under whose key its donor's name is sealed."""
        return self.name.subject if self.name is not None else self.subject

    def reversible(self, reversed_on: date) -> None:
        """Pass if it may be reversed on that day.

        Raises:
            AlreadyReversed: it was.
            Invalid: the day is before the gift.
        """
        if self.reversed_on is not None:
            raise AlreadyReversed(self.CALLED, self.id)
        in_order(self.received_on, reversed_on, "reversed_on")

    def reverse(self, reason: Sealed, reversed_on: date, area: str) -> None:
        """Correct it by its opposite; the fund must still hold it."""
        self.reversible(reversed_on)
        self._reversed(
            fund=self.fund, kind=self.kind, area=area, amount=self.amount, channel=self.channel,
            reason=reason, reversed_on=reversed_on,
        )  # fmt: skip

    @event(ContributionReversed)
    def _reversed(
        self,
        fund: UUID,
        kind: FundKind,
        area: str,
        amount: Dong,
        channel: Channel,
        reason: Sealed,
        reversed_on: date,
    ) -> None:
        self.reason = reason
        self.reversed_on = reversed_on


def _fits(channel: Channel, item: str | None, bank_reference: BankReference | None) -> None:
    in_kind = channel is Channel.IN_KIND
    if in_kind and item is None:
        raise needed(
            "/item", "a gift in kind says what was given", "đóng góp hiện vật cần ghi tên hiện vật"
        )
    if item is not None and not in_kind:
        raise needed(
            "/item", f"a gift in {channel} has no item", f"đóng góp {channel} không ghi hiện vật"
        )
    if bank_reference is not None and channel is not Channel.BANK:
        raise needed(
            "/bank_reference",
            f"a gift with channel {channel} is on no bank statement",
            f"đóng góp qua kênh {channel} không có trong sao kê ngân hàng",
        )


def _known(said: bool) -> None:
    if not said:
        raise needed(
            "/donor",
            "say who gave, or that they wish to stay unknown",
            "cần ghi người đóng góp, hoặc ghi là ẩn danh",
        )
