"""Pure: the entries of a fund, and what it held as of a day and as known at an instant."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from chassis.log.record import Recorded

from funds.codec import CODEC
from funds.domain.fund import Earmark, Fund
from funds.domain.kind import Account, Movement
from funds.domain.money import Dong, Posting, postings


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of a fund: ``amount`` is what it gained, below zero what it lost.

    ``entry`` is the contribution, payment or fund (of an opening balance) that moved, ``cause`` the
    stream it belongs to; ``value_date`` is the day of the act, ``recorded_at`` when it was known.
    """

    position: int
    fund: UUID
    entry: UUID
    movement: Movement
    account: Account
    amount: Dong
    earmark: Earmark
    value_date: date
    cause: UUID
    recorded_at: datetime

    @property
    def postings(self) -> tuple[Posting, Posting]:
        """Both sides; they balance to zero."""
        return postings(self.movement, self.account, self.amount)

    def counts(self, as_of: date | None, known_at: datetime | None) -> bool:
        """Whether it was valid by that day and recorded by that instant."""
        valid = as_of is None or self.value_date <= as_of
        return valid and (known_at is None or self.recorded_at <= known_at)


@dataclass(slots=True)
class Balances:
    """What a fund holds by account and earmark; on some day of the past it may be below zero."""

    position: int = 0
    held: dict[Account, dict[Earmark, Dong]] = field(
        default_factory=lambda: {account: defaultdict(int) for account in Account}
    )

    def add(self, account: Account, earmark: Earmark, amount: Dong, position: int) -> None:
        self.held[account][earmark] += amount
        self.position = max(self.position, position)

    def total(self, account: Account) -> Dong:
        return sum(self.held[account].values())

    @property
    def below_zero(self) -> bool:
        return any(amount < 0 for purses in self.held.values() for amount in purses.values())


def entry_of(recorded: Recorded) -> Entry | None:
    """The movement that a stored event is; ``None`` for any other event."""
    return entry(recorded, CODEC.decode(recorded))


def entry(recorded: Recorded, event: object) -> Entry | None:
    """As ``entry_of``, where the event is decoded already."""
    match event:
        case Fund.FundMoved():
            moved = (event.entry, event.movement, event.account, event.amount, event.earmark)
            day, cause = event.value_date, event.cause
        case Fund.BalanceBroughtForward():
            kind = Movement.BROUGHT_FORWARD
            moved = (recorded.stream, kind, Account.MONEY, event.amount, event.earmark)
            day, cause = event.as_of, recorded.stream
        case _:
            return None
    return Entry(recorded.position, recorded.stream, *moved, day, cause, recorded.recorded_at)


def fold(
    entries: Iterable[Entry],
    as_of: date | None = None,
    known_at: datetime | None = None,
    onto: Balances | None = None,
) -> Balances:
    """The balances these entries make, added to ``onto``."""
    balances = onto or Balances()
    for each in entries:
        if each.counts(as_of, known_at):
            balances.add(each.account, each.earmark, each.amount, each.position)
    return balances
