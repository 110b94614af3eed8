"""What a contribution promises."""

from datetime import date
from uuid import uuid4

import pytest
from chassis.errors import Invalid, WrongState
from funds.domain.contribution import BankReference
from funds.domain.kind import Channel
from funds_builders import A_DAY, LATER, a_contribution, sealed
from hypothesis import given
from hypothesis import strategies as st


def test_a_gift_says_who_gave_it_or_that_they_stay_unknown() -> None:
    with pytest.raises(Invalid, match="say who gave") as refused:
        a_contribution(name=None)
    assert refused.value.faults[0].pointer == "/donor"
    assert a_contribution(anonymous=True).person is None


def test_an_anonymous_donor_may_be_known_to_the_ledger() -> None:
    name = sealed()
    assert a_contribution(anonymous=True, name=name).person == name.subject


def test_a_gift_in_kind_says_what_was_given() -> None:
    with pytest.raises(Invalid, match="says what was given"):
        a_contribution(channel=Channel.IN_KIND)
    assert a_contribution(channel=Channel.IN_KIND, item="200 quyển vở").item == "200 quyển vở"


@pytest.mark.parametrize("channel", [Channel.CASH, Channel.BANK])
def test_a_gift_of_money_has_no_item(channel: Channel) -> None:
    with pytest.raises(Invalid, match="has no item"):
        a_contribution(channel=channel, item="vở")


@pytest.mark.parametrize("channel", [Channel.CASH, Channel.IN_KIND])
def test_only_what_came_by_bank_is_on_a_statement(channel: Channel) -> None:
    item = "vở" if channel is Channel.IN_KIND else None
    line = BankReference.of("Agribank", "7900", "FT1")
    with pytest.raises(Invalid, match="no bank statement"):
        a_contribution(channel=channel, item=item, bank_reference=line)


def test_a_gift_is_reversed_once_and_a_reversal_never() -> None:
    gift = a_contribution()
    gift.reverse(sealed(), LATER, "14")
    with pytest.raises(WrongState, match=f"contribution {gift.id} is reversed already") as refused:
        gift.reverse(sealed(), LATER, "14")
    assert "không hoàn lại lần nữa" in refused.value.said.vi
    assert len(gift.collect_events()) == 2


def test_a_gift_is_not_reversed_before_it_came() -> None:
    with pytest.raises(Invalid, match=f"reversed_on 2025-08-31 is before {A_DAY}"):
        a_contribution().reverse(sealed(), date(2025, 8, 31), "14")


def test_a_reversal_bears_the_whole_amount_and_the_area_of_its_own_day() -> None:
    gift = a_contribution(area="03742@1900-01-01", amount=7)
    gift.reverse(sealed(), LATER, "03763@2025-07-01")
    received, reversal = gift.collect_events()
    assert (received.amount, reversal.amount) == (7, 7)
    assert (received.area, reversal.area) == ("03742@1900-01-01", "03763@2025-07-01")


words = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1)


@given(words, words, words)
def test_a_line_of_the_bank_is_one_contribution_however_it_is_typed(
    bank: str, account: str, transaction: str
) -> None:
    line = BankReference.of(bank, account, transaction)
    again = BankReference.of(f" {bank} ", " ".join(account), f"{transaction}\n")
    assert line.contribution("14") == again.contribution("14")


def test_lines_that_differ_anywhere_are_different_contributions() -> None:
    lines = [("AGRIBANK", "7900", "FT1"), ("AGRIBANK", "7900", "FT2"), ("AGRIBANK", "7901", "FT1"),
             ("BIDV", "7900", "FT1"), ("AGRIBANK7900", "F", "T1")]  # fmt: skip
    ids = {BankReference.of(*line).contribution("14") for line in lines}
    ids.add(BankReference.of(*lines[0]).contribution("11"))
    assert len(ids) == 6


def test_gifts_without_a_bank_line_are_never_taken_for_the_same() -> None:
    assert a_contribution(subject=uuid4()).id != a_contribution(subject=uuid4()).id
