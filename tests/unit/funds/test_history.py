"""What a fund held: as of a day, and as known at an instant."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from funds.domain.fund import Fund
from funds.domain.kind import Account, Movement
from funds.history import Entry, entry_of, fold
from funds_builders import A_DAY, a_contribution, a_fund, as_recorded
from hypothesis import given
from hypothesis import strategies as st

MONEY = Account.MONEY
NOW = datetime(2025, 10, 1, tzinfo=UTC)
lines = st.lists(
    st.tuples(
        st.sampled_from(Account),
        st.sampled_from([None, "sách vở"]),
        st.integers(-9, 9).filter(bool),
        st.integers(0, 9),
    ),
    max_size=12,
)


def book(given: list) -> list[Entry]:
    return [
        Entry(
            position=at,
            fund=uuid4(),
            entry=uuid4(),
            movement=Movement.CONTRIBUTION,
            account=account,
            amount=amount,
            earmark=purpose,
            value_date=A_DAY + timedelta(days=day),
            cause=uuid4(),
            recorded_at=NOW + timedelta(minutes=at),
        )
        for at, (account, purpose, amount, day) in enumerate(given, 1)
    ]


@given(lines, st.integers(-1, 10), st.integers(-1, 13))
def test_a_state_is_what_was_valid_by_the_day_and_recorded_by_the_instant(
    given: list, day: int, minute: int
) -> None:
    found = fold(book(given), A_DAY + timedelta(days=day), NOW + timedelta(minutes=minute))
    counted = [(a, p, n) for at, (a, p, n, on) in enumerate(given, 1) if on <= day and at <= minute]
    for account in Account:
        assert found.total(account) == sum(n for a, _, n in counted if a is account)


@given(lines, st.integers(0, 12), st.integers(0, 5))
def test_what_was_known_then_never_changes_by_what_is_recorded_later(
    given: list, minute: int, more: int
) -> None:
    then = NOW + timedelta(minutes=minute)
    later = [*given, *[(MONEY, None, 1, 0)] * more]
    known = [each for each in book(later) if each.recorded_at <= then]
    assert fold(book(later), known_at=then).held == fold(known).held


@given(lines, st.integers(0, 12))
def test_a_state_may_be_built_on_an_earlier_one(given: list, cut: int) -> None:
    entries = book(given)
    assert fold(entries[cut:], onto=fold(entries[:cut])).held == fold(entries).held


def test_a_fund_is_known_by_its_own_entries_and_its_opening_balances() -> None:
    fund: Fund = a_fund()
    fund.bring_forward(900, "sách vở", A_DAY, "Sổ quỹ", "14")
    fund.receive(uuid4(), 100, Account.IN_KIND, None, A_DAY)
    stored = as_recorded(fund, a_contribution(fund))
    entries = [entry_of(each) for each in stored]
    assert [entry and entry.movement for entry in entries] == [
        None, "brought_forward", "contribution", None
    ]  # fmt: skip
    found = fold(entry for entry in entries if entry)
    assert (found.total(MONEY), found.total(Account.IN_KIND), found.position) == (900, 100, 3)
