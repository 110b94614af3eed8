"""Whatever is asked of funds, in whatever order, they agree with a cash book kept by hand."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.domain import Aggregate
from chassis.errors import Refusal
from funds.domain.award import Award
from funds.domain.contribution import Contribution
from funds.domain.fund import Fund
from funds.domain.kind import Account, Channel
from funds.history import Entry, entry_of, fold
from funds_builders import A_DAY, a_contribution, a_fund, a_person, an_award, recorded, sealed
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

AREA = "14"
amounts = st.integers(-1, 12)
purposes = st.sampled_from([None, "sách vở", "học sinh nghèo"])
channels = st.sampled_from(Channel)
days = st.integers(0, 6).map(lambda n: A_DAY + timedelta(days=n))
which = st.integers(0, 50)
people = st.integers(0, 3)


class FundsAgainstACashBook(RuleBasedStateMachine):
    """The book: one line an entry. Beside it: what stands of each gift and of each award."""

    @initialize()
    def open(self) -> None:
        self.staff = [a_person(uuid4()) for _ in range(4)]
        self.log: list[Any] = []
        self.book: list[tuple[Account, str | None, int, date]] = []
        self.gifts: dict[UUID, dict[str, Any]] = {}
        self.awards: dict[UUID, dict[str, Any]] = {}
        self.brought: set[str | None] = set()
        self.fund = a_fund()
        self.store(self.fund)

    # -- what a store does: one append over several streams, or none

    def stored(self, cls: type[Aggregate], stream: UUID) -> Any:
        aggregate: Any = None
        for event in self.log:
            if event.originator_id == stream:
                aggregate = event.mutate(aggregate)
        assert isinstance(aggregate, cls)
        return aggregate

    def store(self, *aggregates: Aggregate) -> None:
        for aggregate in aggregates:
            self.log += aggregate.collect_events()

    def agreed(self, allowed: bool, act: Callable[[Fund], tuple[Aggregate, ...]]) -> bool:
        """Do it; it must be accepted exactly when the book allows it, and else leave nothing."""
        try:
            self.store(*act(self.stored(Fund, self.fund.id)))
        except Refusal:
            assert not allowed
            return False
        assert allowed
        return True

    def held(self, account: Account, purpose: str | None) -> int:
        return sum(line[2] for line in self.book if line[:2] == (account, purpose))

    # -- the acts

    @rule(amount=amounts, channel=channels, purpose=purposes, day=days)
    def contribute(self, amount: int, channel: Channel, purpose: str | None, day: date) -> None:
        gift, account = uuid4(), channel.account

        def act(fund: Fund) -> tuple[Aggregate, ...]:
            item = "vở" if channel is Channel.IN_KIND else None
            given = {"amount": amount, "channel": channel, "earmark": purpose, "item": item}
            made = a_contribution(fund, id=gift, received_on=day, **given)
            fund.receive(gift, amount, account, purpose, day)
            return made, fund

        if self.agreed(amount > 0, act):
            self.book.append((account, purpose, amount, day))
            self.gifts[gift] = {"line": (account, purpose, amount, day), "stands": True}

    @precondition(lambda self: self.gifts)
    @rule(at=which, day=days)
    def reverse_contribution(self, at: int, day: date) -> None:
        gift = list(self.gifts)[at % len(self.gifts)]
        account, purpose, amount, received = self.gifts[gift]["line"]

        def act(fund: Fund) -> tuple[Aggregate, ...]:
            found = self.stored(Contribution, gift)
            found.reverse(sealed(), day, AREA)
            fund.give_back(gift, amount, account, purpose, day)
            return found, fund

        unspent = self.held(account, purpose) >= amount
        if self.agreed(self.gifts[gift]["stands"] and day >= received and unspent, act):
            self.book.append((account, purpose, -amount, day))
            self.gifts[gift]["stands"] = False

    @rule(amount=amounts, purpose=purposes, day=days)
    def bring_forward(self, amount: int, purpose: str | None, day: date) -> None:
        def act(fund: Fund) -> tuple[Aggregate, ...]:
            fund.bring_forward(amount, purpose, day, "Sổ quỹ", AREA)
            return (fund,)

        if self.agreed(amount > 0 and purpose not in self.brought, act):
            self.book.append((Account.MONEY, purpose, amount, day))
            self.brought.add(purpose)

    @rule(amount=amounts, purpose=purposes, winner=people, proposer=people, day=days)
    def nominate(
        self, amount: int, purpose: str | None, winner: int, proposer: int, day: date
    ) -> None:
        award, subject = uuid4(), self.staff[winner].subject

        def act(fund: Fund) -> tuple[Aggregate, ...]:
            return (
                an_award(
                    fund,
                    id=award,
                    amount=amount,
                    proposer=self.staff[proposer],
                    nominated_on=day,
                    subject=subject,
                    earmark=purpose,
                ),
            )

        if self.agreed(amount > 0 and winner != proposer, act):
            self.awards[award] = {
                "amount": amount, "purpose": purpose, "approved": None, "on": day,
                "people": {winner, proposer}, "payments": {},
            }  # fmt: skip

    @precondition(lambda self: self.awards)
    @rule(at=which, approver=people, amount=st.none() | amounts, day=days)
    def approve(self, at: int, approver: int, amount: int | None, day: date) -> None:
        award = list(self.awards)[at % len(self.awards)]
        kept = self.awards[award]

        def act(_: Fund) -> tuple[Aggregate, ...]:
            found = self.stored(Award, award)
            found.approve(self.staff[approver], amount, day, AREA)
            return (found,)

        fits = amount is None or 0 < amount <= kept["amount"]
        apart = approver not in kept["people"]
        if self.agreed(kept["approved"] is None and apart and fits and day >= kept["on"], act):
            kept["approved"] = kept["amount"] if amount is None else amount
            kept["on"], kept["people"] = day, kept["people"] | {approver}

    @precondition(lambda self: self.awards)
    @rule(at=which, payer=people, amount=st.none() | amounts, channel=channels, day=days)
    def pay(self, at: int, payer: int, amount: int | None, channel: Channel, day: date) -> None:
        award = list(self.awards)[at % len(self.awards)]
        kept, payment, account = self.awards[award], uuid4(), channel.account
        rest = (kept["approved"] or 0) - sum(kept["payments"].values())
        wanted = rest if amount is None else amount

        def act(fund: Fund) -> tuple[Aggregate, ...]:
            found = self.stored(Award, award)
            paid = found.pay(payment, self.staff[payer], amount, channel, day, AREA)
            fund.pay(payment, paid.amount, account, found.earmark, day, award)
            return found, fund

        apart, there = payer not in kept["people"], self.held(account, kept["purpose"]) >= wanted
        sound = kept["approved"] is not None and 0 < wanted <= rest and day >= kept["on"]
        if self.agreed(sound and apart and there, act):
            kept["payments"][payment] = wanted
            kept.setdefault("lines", {})[payment] = (account, day)
            self.book.append((account, kept["purpose"], -wanted, day))

    @precondition(lambda self: any(a.get("lines") for a in self.awards.values()))
    @rule(at=which, one=which, day=days)
    def reverse_payment(self, at: int, one: int, day: date) -> None:
        ever = [(award, p) for award, a in self.awards.items() for p in a.get("lines", {})]
        award, payment = ever[(at + one) % len(ever)]
        kept = self.awards[award]
        account, paid_on = kept["lines"][payment]

        def act(fund: Fund) -> tuple[Aggregate, ...]:
            found = self.stored(Award, award)
            paid = found.reverse(payment, sealed(), day, AREA)
            fund.regain(payment, paid.amount, account, found.earmark, day, award)
            return found, fund

        if self.agreed(payment in kept["payments"] and day >= paid_on, act):
            self.book.append((account, kept["purpose"], kept["payments"].pop(payment), day))

    # -- what holds after each

    def entries(self) -> list[Entry]:
        found = (entry_of(recorded(event, at)) for at, event in enumerate(self.log, 1))
        return [entry for entry in found if entry is not None]

    @invariant()
    def balances_are_the_sums_of_their_entries_and_never_below_zero(self) -> None:
        book: Counter[tuple[Account, str | None]] = Counter()
        for account, purpose, amount, _ in self.book:
            book[account, purpose] += amount
        held = self.stored(Fund, self.fund.id).held
        found = {(a, p): n for a, purses in held.items() for p, n in purses.items()}
        assert found == dict(book)
        assert all(amount >= 0 for amount in found.values())
        assert fold(self.entries()).held == held

    @invariant()
    def every_entry_has_two_sides_that_balance(self) -> None:
        assert all(sum(side.amount for side in each.postings) == 0 for each in self.entries())

    @invariant()
    def a_day_shows_what_was_valid_by_then(self) -> None:
        entries = self.entries()
        for n in range(-1, 7):
            day = A_DAY + timedelta(days=n)
            wanted = sum(line[2] for line in self.book if line[3] <= day)
            balances = fold(entries, as_of=day)
            assert sum(balances.total(account) for account in Account) == wanted

    @invariant()
    def an_award_is_never_paid_more_than_it_was_approved_for(self) -> None:
        for award, kept in self.awards.items():
            found = self.stored(Award, award)
            assert (found.approved, found.paid) == (
                kept["approved"] or 0,
                sum(kept["payments"].values()),
            )
            assert found.paid <= found.approved


TestFundsAgainstACashBook = FundsAgainstACashBook.TestCase
TestFundsAgainstACashBook.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None
)
