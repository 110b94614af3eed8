"""What each event of funds adds to the figures."""

from datetime import date

import pytest
from khuyenhoc.funds.v1 import events_pb2 as funds
from reporting.measures import MEASURES
from reporting.projections import Rows, Unprojectable, projector
from reports import AREAS, enclosed

project = projector(AREAS)
GIFT = {
    "fund_kind": "scholarship",
    "area": "03763@2025-07-01",
    "amount": 500_000,
    "channel": "bank",
}
PAID = {
    "fund_kind": "education_promotion",
    "area": "14",
    "amount": 300_000,
    "recipient_kind": "collective",
    "use": "award",
}


def received(**other) -> funds.ContributionReceived:
    return funds.ContributionReceived(**{**GIFT, "received_on": "2025-09-05", **other})


def given_back(**other) -> funds.ContributionReversed:
    return funds.ContributionReversed(**{**GIFT, "reversed_on": "2025-10-01", **other})


def paid(**other) -> funds.DisbursementPaid:
    return funds.DisbursementPaid(**{**PAID, "paid_on": "2025-06-01", **other})


def paid_back(**other) -> funds.DisbursementReversed:
    return funds.DisbursementReversed(**{**PAID, "reversed_on": "2025-06-20", **other})


def added(message) -> dict[str, int]:
    return {one.series.measure: one.delta for one in project(enclosed(message)).increments}


def test_a_gift_is_mobilised_on_the_day_it_was_received() -> None:
    [one] = project(enclosed(received())).increments
    assert (one.series.measure, one.delta) == ("funds_mobilised", 500_000)
    assert (one.valid_on, one.series.area) == (date(2025, 9, 5), "03763@2025-07-01")
    assert one.series.dimensions == (("fund_kind", "scholarship"), ("channel", "bank"))


def test_a_gift_given_back_is_taken_off_on_the_day_it_was_given_back() -> None:
    [one] = project(enclosed(given_back())).increments
    assert (one.delta, one.valid_on) == (-500_000, date(2025, 10, 1))
    assert one.series == project(enclosed(received())).increments[0].series


def test_the_first_payment_of_an_award_is_money_spent_and_one_recipient() -> None:
    rows = project(enclosed(paid(first=True)))
    assert added(paid(first=True)) == {"funds_spent": 300_000, "awards_paid": 1}
    assert {one.series.measure: one.series.dimensions for one in rows.increments} == {
        "funds_spent": (("fund_kind", "education_promotion"), ("use", "award")),
        "awards_paid": (("fund_kind", "education_promotion"), ("recipient_kind", "collective")),
    }
    assert {one.valid_on for one in rows.increments} == {date(2025, 6, 1)}


def test_a_further_payment_is_money_and_no_further_recipient() -> None:
    assert added(paid()) == {"funds_spent": 300_000}


def test_a_payment_that_came_back_is_money_not_spent() -> None:
    assert added(paid_back()) == {"funds_spent": -300_000}


def test_once_no_payment_of_an_award_stands_its_recipient_counts_no_more() -> None:
    rows = project(enclosed(paid_back(last=True)))
    assert added(paid_back(last=True)) == {"funds_spent": -300_000, "awards_paid": -1}
    assert {one.valid_on for one in rows.increments} == {date(2025, 6, 20)}


@pytest.mark.parametrize(
    "message",
    [
        funds.FundOpened(),
        funds.BalanceBroughtForward(amount=5_000_000),
        funds.NomineeSubmitted(amount=300_000),
        funds.AwardApproved(amount=300_000),
    ],
    ids=lambda message: message.DESCRIPTOR.name,
)
def test_neither_an_opening_balance_nor_a_promise_is_a_flow(message) -> None:
    assert project(enclosed(message)) == Rows()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (received(amount=0), "0 dong"),
        (given_back(amount=-1), "-1 dong"),
        (received(area="03763"), "not an area"),
        (received(received_on="2025-06-30"), "had not begun"),
        (received(received_on="2025-02-30"), "2025-02-30"),
        (received(channel=0), "0 is not a channel"),
        (received(fund_kind=0), "0 is not a kind of fund"),
        (paid(use="management"), "'management' is not a use"),
        (paid(first=True, recipient_kind=0), "0 is not a kind of recipient"),
    ],
)
def test_what_cannot_be_true_is_set_aside(wrong, said) -> None:
    with pytest.raises(Unprojectable, match=said):
        project(enclosed(wrong))


@pytest.mark.parametrize("message", [received(), given_back(), paid(first=True), paid_back()])
def test_every_increment_has_all_dimensions_of_its_measure(message) -> None:
    for one in project(enclosed(message)).increments:
        measure = MEASURES[one.series.measure]
        assert tuple(name for name, _ in one.series.dimensions) == measure.dimensions
        assert message.DESCRIPTOR.full_name in measure.source
