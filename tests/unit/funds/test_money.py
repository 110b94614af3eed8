"""What money promises: whole dong, and two sides to every entry."""

import pytest
from chassis.errors import Invalid
from funds.domain.kind import Account, Channel, Movement
from funds.domain.money import HIGHEST, dong, postings
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(1, HIGHEST))
def test_every_whole_amount_from_one_dong_up_is_money(amount: int) -> None:
    assert dong(amount) == amount


@given(st.integers(max_value=0) | st.integers(min_value=HIGHEST + 1) | st.floats() | st.booleans())
def test_nothing_else_is(amount: object) -> None:
    with pytest.raises(Invalid, match="is not an amount") as refused:
        dong(amount)  # type: ignore[arg-type]
    assert refused.value.faults[0].pointer == "/amount"


@given(st.sampled_from(Movement), st.sampled_from(Account), st.integers(-HIGHEST, HIGHEST))
def test_every_entry_balances_to_zero(movement: Movement, account: Account, amount: int) -> None:
    ours, theirs = postings(movement, account, amount)
    assert ours.amount + theirs.amount == 0
    assert (ours.account, ours.amount) == (account, amount)


def test_only_what_is_given_in_kind_is_kept_apart_from_money() -> None:
    assert {channel: channel.account for channel in Channel} == {
        Channel.CASH: Account.MONEY,
        Channel.BANK: Account.MONEY,
        Channel.IN_KIND: Account.IN_KIND,
    }
