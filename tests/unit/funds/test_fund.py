"""What a fund promises."""

from datetime import date
from uuid import uuid4

import pytest
from chassis.domain import events_of
from chassis.errors import AlreadyExists, Invalid
from funds.domain.fund import MOST_EARMARKS, Fund
from funds.domain.kind import Account
from funds.domain.money import HIGHEST
from funds.domain.refusals import EarmarkMismatch, InsufficientBalance
from funds_builders import A_DAY, LATER, OPENED, a_fund

MONEY, IN_KIND = Account.MONEY, Account.IN_KIND
POOR_PUPILS = "học sinh nghèo vượt khó"


def pay(fund: Fund, amount: int, earmark: str | None = None, account: Account = MONEY) -> None:
    fund.pay(uuid4(), amount, account, earmark, LATER, uuid4())


def test_a_new_fund_holds_nothing() -> None:
    fund = a_fund()
    assert (fund.balance(), fund.balance(IN_KIND)) == (0, 0)


def test_a_fund_never_pays_out_more_than_it_holds() -> None:
    fund = a_fund(balance=500_000)
    fund.collect_events()
    with pytest.raises(
        InsufficientBalance, match="holds 500000 dong in money: 500001 cannot"
    ) as no:
        pay(fund, 500_001)
    assert "còn 500000 đồng tiền: không đủ 500001 đồng" in no.value.said.vi
    assert not fund.collect_events()


def test_a_fund_may_be_paid_out_to_the_last_dong() -> None:
    fund = a_fund(balance=500_000)
    pay(fund, 500_000)
    assert fund.balance() == 0


def test_money_given_for_one_purpose_is_not_spent_on_another() -> None:
    fund = a_fund(balance=100, earmarked={POOR_PUPILS: 900})
    with pytest.raises(EarmarkMismatch, match="holds 1000 dong, but only 100 for no particular"):
        pay(fund, 101)
    with pytest.raises(EarmarkMismatch, match="but only 0 for 'sách'"):
        pay(fund, 1, "sách")
    with pytest.raises(InsufficientBalance):
        pay(fund, 1_001, POOR_PUPILS)
    pay(fund, 900, POOR_PUPILS)
    assert fund.held[MONEY] == {None: 100, POOR_PUPILS: 0}


def test_free_money_does_not_top_up_what_was_given_for_a_purpose() -> None:
    fund = a_fund(balance=900, earmarked={POOR_PUPILS: 100})
    with pytest.raises(EarmarkMismatch, match=f"but only 100 for '{POOR_PUPILS}'"):
        pay(fund, 200, POOR_PUPILS)


def test_things_pay_for_nothing_and_money_is_no_thing() -> None:
    fund = a_fund(balance=100)
    fund.receive(uuid4(), 5_000, IN_KIND, None, A_DAY)
    assert (fund.balance(), fund.balance(IN_KIND)) == (100, 5_000)
    with pytest.raises(InsufficientBalance, match="100 dong in money"):
        pay(fund, 101)
    with pytest.raises(InsufficientBalance, match="5000 dong in goods"):
        pay(fund, 5_001, account=IN_KIND)


def test_a_gift_that_was_spent_cannot_be_taken_back() -> None:
    fund = a_fund(balance=500)
    gift = uuid4()
    fund.receive(gift, 300, MONEY, None, A_DAY)
    pay(fund, 600)
    with pytest.raises(InsufficientBalance, match="it is spent already, only 200 is left"):
        fund.give_back(gift, 300, MONEY, None, LATER)


def test_a_gift_is_taken_back_from_its_own_purpose_only() -> None:
    fund, gift = a_fund(balance=500), uuid4()
    fund.receive(gift, 300, MONEY, POOR_PUPILS, A_DAY)
    pay(fund, 300, POOR_PUPILS)
    with pytest.raises(InsufficientBalance, match=f"only 0 is left for '{POOR_PUPILS}'"):
        fund.give_back(gift, 300, MONEY, POOR_PUPILS, LATER)
    assert fund.balance() == 500


def test_a_reversed_payment_is_there_again_for_the_same_purpose() -> None:
    fund, payment, award = a_fund(earmarked={POOR_PUPILS: 300}), uuid4(), uuid4()
    fund.pay(payment, 300, MONEY, POOR_PUPILS, A_DAY, award)
    fund.regain(payment, 300, MONEY, POOR_PUPILS, LATER, award)
    assert fund.available(POOR_PUPILS) == 300


def test_what_a_fund_held_before_is_brought_forward_once_for_each_purpose() -> None:
    fund = a_fund()
    fund.bring_forward(16_000, None, date(2025, 2, 1), "Sổ quỹ tháng 2/2025", "14")
    fund.bring_forward(500, POOR_PUPILS, date(2025, 2, 1), "Sổ quỹ tháng 2/2025", "14")
    with pytest.raises(AlreadyExists, match="has its opening balance for no particular purpose"):
        fund.bring_forward(1, None, A_DAY, "Sổ khác", "14")
    with pytest.raises(AlreadyExists, match=POOR_PUPILS):
        fund.bring_forward(1, POOR_PUPILS, A_DAY, "Sổ khác", "14")
    assert fund.held[MONEY] == {None: 16_000, POOR_PUPILS: 500}


def test_nothing_befalls_a_fund_before_it_was_opened() -> None:
    fund, before = a_fund(), date(2019, 1, 9)
    with pytest.raises(Invalid, match=f"received_on 2019-01-09 is before {OPENED}"):
        fund.receive(uuid4(), 1, MONEY, None, before)
    with pytest.raises(Invalid, match=f"as_of 2019-01-09 is before {OPENED}"):
        fund.bring_forward(1, None, before, "Sổ quỹ", "14")


@pytest.mark.parametrize("amount", [0, -1, HIGHEST + 1])
def test_only_amounts_of_money_come_in(amount: int) -> None:
    fund = a_fund()
    with pytest.raises(Invalid, match="is not an amount"):
        fund.receive(uuid4(), amount, MONEY, None, A_DAY)


def test_a_fund_holds_no_more_than_can_be_written_down() -> None:
    fund = a_fund(balance=HIGHEST)
    with pytest.raises(Invalid, match="would hold over"):
        fund.receive(uuid4(), 1, MONEY, "khác", A_DAY)


def test_a_fund_keeps_apart_only_so_many_purposes() -> None:
    fund = a_fund(earmarked={str(n): 1 for n in range(MOST_EARMARKS)})
    with pytest.raises(Invalid, match=f"for {MOST_EARMARKS} purposes already"):
        fund.receive(uuid4(), 1, MONEY, "một mục đích nữa", A_DAY)
    fund.receive(uuid4(), 1, MONEY, "7", A_DAY)
    assert fund.available("7") == 2


def test_no_event_lends_invests_or_takes_a_deposit() -> None:
    assert {event.TOPIC for event in events_of(Fund)} == {
        "funds.FundOpened",
        "funds.BalanceBroughtForward",
        "funds.FundMoved",
    }
