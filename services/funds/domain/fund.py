"""Fund: what it holds, by purpose, and never less than nothing."""

from datetime import date
from uuid import UUID

from chassis.domain import Aggregate, event
from chassis.errors import Said

from funds.domain.kind import Account, FundKind, Movement
from funds.domain.money import HIGHEST, Dong, dong
from funds.domain.refusals import (
    BroughtForward,
    elsewhere,
    in_order,
    insufficient,
    spent,
    too_many_earmarks,
    too_much_held,
)

Earmark = str | None
"""What a gift may be spent on; ``None`` where the donor left it to the fund."""
MOST_EARMARKS = 1_000


class Fund(Aggregate):
    """Balances only, so that it stays small under any number of gifts.

    They are checked in the order of record. Each gift and each award has a stream of its own.
    """

    CALLED = Said("fund", "quỹ")

    class FundOpened(Aggregate.Created):
        TOPIC = "funds.FundOpened"
        name: str
        kind: FundKind
        area: str
        opened_on: date

    class BalanceBroughtForward(Aggregate.Event):
        TOPIC = "funds.BalanceBroughtForward"
        kind: FundKind
        area: str
        amount: Dong
        earmark: str | None
        as_of: date
        source: str

    class FundMoved(Aggregate.Event):
        """The fund's side of a gift or a payment; the fact itself is on the other stream."""

        TOPIC = "funds.FundMoved"
        entry: UUID
        movement: Movement
        account: Account
        amount: Dong
        earmark: str | None
        value_date: date
        cause: UUID

    @classmethod
    def open(
        cls,
        id: UUID,  # noqa: A002  # the aggregate's own word
        name: str,
        kind: FundKind,
        area: str,
        opened_on: date,
    ) -> "Fund":
        """A fund of ``area`` (exact, in force on ``opened_on``), which holds nothing yet."""
        return cls(id=id, name=name, kind=kind, area=area, opened_on=opened_on)

    @event(FundOpened)
    def __init__(self, name: str, kind: FundKind, area: str, opened_on: date) -> None:
        self.name = name
        self.kind = kind
        self.area = area
        self.opened_on = opened_on
        self.held: dict[Account, dict[Earmark, Dong]] = {Account.MONEY: {}, Account.IN_KIND: {}}
        self.brought: set[Earmark] = set()

    def balance(self, account: Account = Account.MONEY) -> Dong:
        """All it holds, for whatever purpose."""
        return sum(self.held[account].values())

    def available(self, earmark: Earmark, account: Account = Account.MONEY) -> Dong:
        """What it holds for one purpose."""
        return self.held[account].get(earmark, 0)

    def bring_forward(
        self, amount: Dong, earmark: Earmark, as_of: date, source: str, area: str
    ) -> None:
        """What it held before it was kept here: once for each purpose."""
        in_order(self.opened_on, as_of, "as_of")
        if earmark in self.brought:
            raise BroughtForward(self.id, earmark)
        self._take_in(Account.MONEY, amount, earmark)
        self._brought_forward(
            kind=self.kind, area=area, amount=amount, earmark=earmark, as_of=as_of, source=source
        )

    def receive(
        self,
        contribution: UUID,
        amount: Dong,
        account: Account,
        earmark: Earmark,
        received_on: date,
    ) -> None:
        in_order(self.opened_on, received_on, "received_on")
        self._take_in(account, amount, earmark)
        self._moved(
            entry=contribution, movement=Movement.CONTRIBUTION, account=account, amount=amount,
            earmark=earmark, value_date=received_on, cause=contribution,
        )  # fmt: skip

    def give_back(
        self,
        contribution: UUID,
        amount: Dong,
        account: Account,
        earmark: Earmark,
        reversed_on: date,
    ) -> None:
        """A contribution is reversed; refused where it has been spent."""
        held = self.available(earmark, account)
        if amount > held:
            raise spent(self.id, amount, held, earmark)
        self._moved(
            entry=contribution, movement=Movement.CONTRIBUTION_REVERSED, account=account,
            amount=-amount, earmark=earmark, value_date=reversed_on, cause=contribution,
        )  # fmt: skip

    def pay(
        self,
        payment: UUID,
        amount: Dong,
        account: Account,
        earmark: Earmark,
        paid_on: date,
        award: UUID,
    ) -> None:
        held, total = self.available(earmark, account), self.balance(account)
        if amount > total:
            raise insufficient(self.id, account, amount, total)
        if amount > held:
            raise elsewhere(self.id, amount, held, total, earmark)
        self._moved(
            entry=payment, movement=Movement.PAYMENT, account=account, amount=-amount,
            earmark=earmark, value_date=paid_on, cause=award,
        )  # fmt: skip

    def regain(
        self,
        payment: UUID,
        amount: Dong,
        account: Account,
        earmark: Earmark,
        reversed_on: date,
        award: UUID,
    ) -> None:
        """A payment is reversed: its amount is there again, for the same purpose."""
        self._take_in(account, amount, earmark)
        self._moved(
            entry=payment, movement=Movement.PAYMENT_REVERSED, account=account, amount=amount,
            earmark=earmark, value_date=reversed_on, cause=award,
        )  # fmt: skip

    def _take_in(self, account: Account, amount: Dong, earmark: Earmark) -> None:
        dong(amount)
        if self.balance(account) + amount > HIGHEST:
            raise too_much_held(self.id, amount, HIGHEST)
        purses = self.held[account]
        if earmark not in purses and len(purses) >= MOST_EARMARKS:
            raise too_many_earmarks(self.id, MOST_EARMARKS)

    @event(BalanceBroughtForward)
    def _brought_forward(
        self,
        kind: FundKind,
        area: str,
        amount: Dong,
        earmark: str | None,
        as_of: date,
        source: str,
    ) -> None:
        self.brought.add(earmark)
        self._add(Account.MONEY, amount, earmark)

    @event(FundMoved)
    def _moved(
        self,
        entry: UUID,
        movement: Movement,
        account: Account,
        amount: Dong,
        earmark: str | None,
        value_date: date,
        cause: UUID,
    ) -> None:
        self._add(account, amount, earmark)

    def _add(self, account: Account, amount: Dong, earmark: Earmark) -> None:
        purses = self.held[account]
        purses[earmark] = purses.get(earmark, 0) + amount
