"""What an award promises."""

from datetime import date
from uuid import uuid4

import pytest
from chassis.errors import AlreadyExists, Invalid, SamePerson, WrongState
from funds.domain.award import MOST_PAYMENTS, Award
from funds.domain.kind import AwardState, Channel
from funds.domain.person import Person
from funds_builders import A_DAY, APPROVER, LATER, PAYER, PROPOSER, a_person, an_award, sealed

BEFORE = date(2025, 8, 31)


def pay(award: Award, amount: int | None = None, payer: Person = PAYER, **act: object) -> None:
    given = {"id": uuid4(), "channel": Channel.CASH, "paid_on": LATER, "area": "14"} | act
    award.pay(payer=payer, amount=amount, **given)


def test_nobody_is_paid_without_approval() -> None:
    with pytest.raises(WrongState, match="is nominated: it cannot be paid") as refused:
        pay(an_award())
    assert "mới được đề nghị: không thể chi tiền" in refused.value.said.vi


def test_an_award_is_approved_once() -> None:
    award = an_award(approved=True)
    with pytest.raises(WrongState, match="is approved: it cannot be approved"):
        award.approve(a_person(), None, LATER, "14")


def test_an_award_is_approved_for_what_was_nominated_or_less() -> None:
    assert an_award(amount=900, approved=True).approved == 900
    assert an_award(amount=900, approved=300).approved == 300
    with pytest.raises(Invalid, match="901 dong is more than the 900 that was nominated"):
        an_award(amount=900, approved=901)


def test_whoever_proposes_does_not_approve() -> None:
    award = an_award()
    with pytest.raises(SamePerson, match=r"whoever approves award .* may not be who proposes it"):
        award.approve(PROPOSER, None, LATER, "14")


@pytest.mark.parametrize("payer", [PROPOSER, APPROVER], ids=["proposer", "approver"])
def test_whoever_proposed_or_approved_does_not_pay(payer: Person) -> None:
    with pytest.raises(SamePerson, match="whoever pays award"):
        pay(an_award(approved=True), payer=payer)


def test_nobody_proposes_approves_or_pays_their_own_award() -> None:
    winner = uuid4()
    myself = a_person(subject=winner)
    with pytest.raises(SamePerson, match="is their own"):
        an_award(subject=winner, proposer=myself)
    award = an_award(subject=winner)
    with pytest.raises(SamePerson, match="is their own"):
        award.approve(myself, None, LATER, "14")
    award.approve(APPROVER, None, LATER, "14")
    with pytest.raises(SamePerson, match="is their own"):
        pay(award, payer=myself)


def test_a_second_account_does_not_make_a_second_person() -> None:
    subject = uuid4()
    award = an_award(proposer=a_person(subject))
    with pytest.raises(SamePerson):
        award.approve(a_person(subject), None, LATER, "14")


def test_an_award_is_paid_whole_unless_an_instalment_is_named() -> None:
    award = an_award(amount=900, approved=True)
    pay(award)
    assert (award.state, award.paid) == (AwardState.PAID, 900)


def test_instalments_never_sum_to_more_than_was_approved() -> None:
    award = an_award(amount=900, approved=True, paid=[300, 400])
    with pytest.raises(WrongState, match="approved for 900 dong, of which 200 is not yet paid"):
        pay(award, 201)
    pay(award)
    assert award.paid == 900
    for amount in (1, None):
        with pytest.raises(WrongState, match="of which 0 is not yet paid"):
            pay(award, amount)


def test_a_recipient_is_counted_with_the_first_payment_and_until_the_last_is_reversed() -> None:
    award = an_award(amount=900, approved=True, paid=[300, 300])
    first, second = award.payments
    award.reverse(first, sealed(), LATER, "14")
    award.reverse(second, sealed(), LATER, "14")
    assert award.state is AwardState.REVERSED
    pay(award, 500)
    assert award.state is AwardState.PAID
    flags = [
        getattr(event, "first", getattr(event, "last", None))
        for event in award.collect_events()[2:]
    ]
    assert flags == [True, False, False, True, True]


def test_what_was_reversed_may_be_paid_again() -> None:
    award = an_award(amount=900, approved=True, paid=[900])
    (payment,) = award.payments
    award.reverse(payment, sealed(), LATER, "14")
    pay(award)
    assert award.paid == 900


def test_a_payment_is_reversed_once_and_a_reversal_never() -> None:
    award = an_award(paid=[1_000_000])
    (payment,) = award.payments
    award.reverse(payment, sealed(), LATER, "14")
    with pytest.raises(WrongState, match=f"payment {payment} is reversed already"):
        award.reverse(payment, sealed(), LATER, "14")


def test_only_the_awards_own_payments_are_reversed() -> None:
    stranger = uuid4()
    with pytest.raises(Invalid, match=f"{stranger} is not a payment of award") as refused:
        an_award(paid=[5]).reverse(stranger, sealed(), LATER, "14")
    assert refused.value.faults[0].pointer == "/payment"


def test_a_payment_is_known_by_its_id() -> None:
    award = an_award(amount=900, approved=True, paid=[300])
    (payment,) = award.payments
    with pytest.raises(AlreadyExists, match=str(payment)):
        pay(award, 300, id=payment)


def test_an_award_is_not_paid_in_drops() -> None:
    award = an_award(amount=900, paid=[1] * MOST_PAYMENTS)
    with pytest.raises(WrongState, match=f"has {MOST_PAYMENTS} payments"):
        pay(award, 1)


def test_no_step_is_dated_before_the_one_it_follows() -> None:
    award = an_award()
    with pytest.raises(Invalid, match=f"approved_on 2025-08-31 is before {A_DAY}"):
        award.approve(APPROVER, None, BEFORE, "14")
    award.approve(APPROVER, None, A_DAY, "14")
    with pytest.raises(Invalid, match=f"paid_on 2025-08-31 is before {A_DAY}"):
        pay(award, paid_on=BEFORE)
    pay(award)
    (payment,) = award.payments
    with pytest.raises(Invalid, match=f"reversed_on {A_DAY} is before {LATER}"):
        award.reverse(payment, sealed(), A_DAY, "14")


@pytest.mark.parametrize("amount", [0, -5])
def test_only_amounts_of_money_are_nominated_approved_and_paid(amount: int) -> None:
    with pytest.raises(Invalid, match="is not an amount"):
        an_award(amount=amount)
    with pytest.raises(Invalid, match="is not an amount"):
        an_award().approve(APPROVER, amount, LATER, "14")
    with pytest.raises(Invalid, match="is not an amount"):
        pay(an_award(approved=True), amount)


def test_a_refusal_leaves_nothing_behind() -> None:
    award = an_award(approved=True)
    award.collect_events()
    with pytest.raises(SamePerson):
        pay(award, payer=APPROVER)
    assert (award.version, award.collect_events()) == (2, [])
