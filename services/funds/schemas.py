"""What reads answer with. Amounts are whole dong; a field named in `erased` was destroyed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from funds.domain.kind import (
    Account,
    AwardState,
    Channel,
    FundKind,
    Movement,
    RecipientKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundItem:
    """A fund in a list; `balance` is money for whatever purpose, `in_kind` valued goods."""

    id: UUID
    version: int
    name: str
    kind: FundKind
    area: str
    opened_on: date
    balance: int
    in_kind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarmarkBalance:
    earmark: str
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FundDetail(FundItem):
    """What a fund holds, or held: `balance` is `unearmarked` and all `earmarks` together.

    `position` is the newest event of the fund that was considered. Looked at as of a day a purse
    may be below zero, where an entry came late: `below_zero` says so.
    """

    unearmarked: int
    earmarks: list[EarmarkBalance]
    below_zero: bool
    position: int
    as_of: date | None
    known_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingItem:
    """One side of an entry: an account of the fund, or where money comes from and goes to."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryItem:
    """A movement; `cause` is its contribution, award or (for an opening balance) fund."""

    position: int
    entry: UUID
    movement: Movement
    account: Account
    amount: int
    earmark: str | None
    value_date: date
    cause: UUID
    recorded_at: datetime
    postings: list[PostingItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A published event of a fund, of one of its contributions or of one of its awards."""

    position: int
    stream: UUID
    version: int
    type: str
    recorded_at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardItem:
    """An award in a list; `approved` and `paid` are 0 until then."""

    id: UUID
    version: int
    fund: UUID
    kind: FundKind
    area: str
    recipient_kind: RecipientKind
    amount: int
    earmark: str | None
    nominated_on: date
    state: AwardState
    approved: int
    paid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficiaryItem:
    kind: RecipientKind
    subject: UUID | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentItem:
    payment: UUID
    amount: int
    channel: Channel
    paid_on: date
    reversed_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDetail(AwardItem):
    beneficiary: BeneficiaryItem
    reason: str | None
    approved_on: date | None
    payments: list[PaymentItem]
    erased: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorItem:
    """Nothing of an anonymous donor is shown to anybody."""

    subject: UUID | None
    name: str | None
    anonymous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLineItem:
    bank: str
    account: str
    transaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionDetail:
    id: UUID
    version: int
    fund: UUID
    kind: FundKind
    area: str
    amount: int
    channel: Channel
    earmark: str | None
    item: str | None
    donor: DonorItem
    bank_reference: BankLineItem | None
    received_on: date
    reversed_on: date | None
    reason: str | None
    erased: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FundPage:
    items: list[FundItem]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    items: list[EntryItem]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    items: list[Fact]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPage:
    items: list[AwardItem]
    next: str | None = None
