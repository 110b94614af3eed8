"""The rules that money must never break, each against many made-up cases."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from chassis.domain import events_of
from chassis.errors import Refusal, SamePerson, WrongState
from funds.codec import AGGREGATES
from funds.domain.contribution import BankReference, Contribution
from funds.domain.fund import Fund
from funds.domain.kind import Account, Channel, Movement
from funds.domain.money import HIGHEST
from funds.domain.person import Person
from funds.domain.refusals import EarmarkMismatch, InsufficientBalance
from funds.history import entry_of, fold
from funds_builders import A_DAY, a_contribution, a_fund, an_award, as_recorded, sealed
from hypothesis import given
from hypothesis import strategies as st

MONEY = Account.MONEY
sums = st.integers(1, 10**12)
some_sums = st.lists(sums, min_size=1, max_size=8)
purposes = st.sampled_from([None, "sách vở", "học sinh nghèo", "giáo viên"])
gifts = st.lists(st.tuples(purposes, sums), min_size=1, max_size=10)


def a_fund_with(given: list[tuple[str | None, int]]) -> Fund:
    fund = a_fund()
    for purpose, amount in given:
        fund.receive(uuid4(), amount, MONEY, purpose, A_DAY)
    return fund


def pay(fund: Fund, amount: int, purpose: str | None = None) -> None:
    fund.pay(uuid4(), amount, MONEY, purpose, A_DAY, uuid4())


@given(st.integers() | st.floats() | st.decimals())
def test_amounts_are_whole_dong_above_zero(amount: object) -> None:
    """Invariant 1."""
    sound = type(amount) is int and 1 <= amount <= HIGHEST
    try:
        made = a_contribution(amount=amount)
    except Refusal:
        assert not sound
    else:
        assert sound
        assert made.amount == amount


@given(gifts)
def test_a_balance_is_the_sum_of_entries_that_each_balance(given: list) -> None:
    """Invariant 2."""
    fund = a_fund_with(given)
    entries = [entry for each in as_recorded(fund) if (entry := entry_of(each))]
    assert fund.balance() == sum(amount for _, amount in given) == fold(entries).total(MONEY)
    postings = [side for each in entries for side in each.postings]
    assert sum(side.amount for side in postings) == 0
    assert sum(side.amount for side in postings if side.account is MONEY) == fund.balance()


@given(gifts, st.lists(st.tuples(purposes, sums), max_size=10))
def test_no_purse_is_ever_below_zero_in_the_order_of_record(given: list, wanted: list) -> None:
    """Invariant 3."""
    fund = a_fund_with(given)
    for purpose, amount in wanted:
        before = fund.available(purpose)
        try:
            pay(fund, amount, purpose)
        except (InsufficientBalance, EarmarkMismatch):
            assert amount > before
        else:
            assert fund.available(purpose) == before - amount >= 0


@given(sums, some_sums)
def test_payments_of_an_award_never_exceed_what_was_approved(approved: int, wanted: list) -> None:
    """Invariant 4."""
    award = an_award(amount=approved, approved=True)
    for amount in wanted:
        rest = award.approved - award.paid
        try:
            award.pay(uuid4(), Person(uuid4()), amount, Channel.CASH, A_DAY, "14")
        except WrongState:
            assert amount > rest
        assert award.paid <= approved
    assert award.paid == sum(payment.amount for payment in award.payments.values())


@given(st.lists(st.tuples(sums, st.booleans()), min_size=1, max_size=10))
def test_only_what_was_received_and_stands_is_mobilised(given: list) -> None:
    """Invariant 8: there is no event for a promise, and opening balances are apart."""
    fund = a_fund()
    fund.bring_forward(1_000, None, A_DAY, "Sổ quỹ", "14")
    for amount, stands in given:
        gift = uuid4()
        fund.receive(gift, amount, MONEY, None, A_DAY)
        if not stands:
            fund.give_back(gift, amount, MONEY, None, A_DAY)
    mobilising = {Movement.CONTRIBUTION, Movement.CONTRIBUTION_REVERSED}
    entries = [entry for each in as_recorded(fund) if (entry := entry_of(each))]
    mobilised = sum(each.amount for each in entries if each.movement in mobilising)
    assert mobilised == sum(amount for amount, stands in given if stands)
    assert fund.balance() == mobilised + 1_000


@given(gifts, purposes, sums)
def test_money_for_a_purpose_is_spent_on_nothing_else(given: list, purpose, amount: int) -> None:
    """Invariant 11: refused as misdirected exactly when other purposes would have paid for it."""
    fund = a_fund_with(given)
    others = {p: n for p, n in fund.held[MONEY].items() if p != purpose}
    held, total = fund.available(purpose), fund.balance()
    try:
        pay(fund, amount, purpose)
    except EarmarkMismatch:
        assert held < amount <= total
    except InsufficientBalance:
        assert amount > total
    else:
        assert amount <= held
    assert {p: n for p, n in fund.held[MONEY].items() if p != purpose} == others


@given(sums)
def test_a_correction_adds_the_opposite_and_changes_nothing_that_was_recorded(amount: int) -> None:
    """Invariant 13."""
    fund = a_fund()
    gift = a_contribution(fund, amount=amount)
    fund.receive(gift.id, amount, MONEY, None, A_DAY)
    before = as_recorded(gift, fund)
    gift.reverse(sealed(), A_DAY, "14")
    fund.give_back(gift.id, amount, MONEY, None, A_DAY)
    correction = as_recorded(gift, fund, start=len(before) + 1)
    entries = [entry for each in [*before, *correction] if (entry := entry_of(each))]
    assert [each.amount for each in entries] == [amount, -amount]
    names = {event.TOPIC.partition(".")[2] for each in AGGREGATES for event in events_of(each)}
    assert not {n for n in names if n.endswith(("Changed", "Corrected", "Deleted", "Amended"))}


@given(st.lists(st.tuples(*[st.sampled_from(["A", "b", "C1"])] * 3), max_size=20))
def test_each_line_of_a_bank_statement_is_one_contribution(lines: list) -> None:
    """Invariant 14."""
    ids = {BankReference.of(*line).contribution("14") for line in lines}
    assert len(ids) == len(set(lines))
    assert ids == {
        BankReference.of(*(w.lower() for w in line)).contribution("14") for line in lines
    }


people = st.builds(Person, st.sampled_from([UUID(int=n) for n in range(1, 6)]),
                   st.none() | st.sampled_from([UUID(int=n) for n in range(11, 14)]))  # fmt: skip


@given(people, people, people, st.none() | st.sampled_from([UUID(int=n) for n in range(11, 14)]))
def test_proposer_approver_payer_and_beneficiary_are_four_persons(
    proposer: Person, approver: Person, payer: Person, winner: UUID | None
) -> None:
    """Invariant 15."""
    three = [proposer, approver, payer]
    subs = {person.sub for person in three}
    known = [subject for person in three if (subject := person.subject)]
    known += [winner] if winner else []
    apart = len(subs) == 3 and len(set(known)) == len(known)
    try:
        award = an_award(subject=winner, proposer=proposer)
        award.approve(approver, None, A_DAY, "14")
        award.pay(uuid4(), payer, None, Channel.CASH, A_DAY, "14")
    except SamePerson:
        assert not apart
    else:
        assert apart


@given(st.lists(st.tuples(st.integers(0, 9), sums), min_size=1, max_size=8), st.integers(0, 9))
def test_a_late_entry_shows_on_its_own_day_even_where_that_day_falls_below_zero(
    given: list, day: int
) -> None:
    """A gift entered late with a later day than a payment: the past day is below zero and says so."""
    fund = a_fund()
    for n, amount in given:
        fund.receive(uuid4(), amount, MONEY, None, A_DAY + timedelta(days=n))
    pay(fund, fund.balance())
    entries = [entry for each in as_recorded(fund) if (entry := entry_of(each))]
    balances = fold(entries, as_of=A_DAY + timedelta(days=day))
    late = sum(amount for n, amount in given if n > day)
    assert balances.total(MONEY) == -late
    assert balances.below_zero == (late > 0)


def test_pledges_have_no_event() -> None:
    names = [event.TOPIC for event in events_of(Contribution)]
    assert names == ["funds.ContributionReceived", "funds.ContributionReversed"]


def test_insufficient_and_misdirected_are_told_apart() -> None:
    fund = a_fund(balance=5, earmarked={"sách vở": 5})
    with pytest.raises(EarmarkMismatch):
        pay(fund, 10)
    with pytest.raises(InsufficientBalance):
        pay(fund, 11)
