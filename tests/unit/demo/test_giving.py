"""Generated funds receive and pay what was published, and never pay what they do not hold."""

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from demo.__main__ import gifts_and_awards
from demo.acts import Made
from demo.calendar import AS_OF
from demo.figures import figures
from demo.giving import purses, sums

SCALES = st.floats(min_value=0.001, max_value=1)


def acts(scale):
    return gifts_and_awards(figures(scale), scale, 387)


def told(acts):
    """(received by fund kind, awards paid, dong paid), reversals taken off, as statistics would."""
    kinds = {a.body["id"]: a.body["kind"] for a in acts if a.path == "/v1/funds"}
    received, amounts, gifts = Counter(), {}, {}
    for act in acts:
        if act.path == "/v1/contributions":
            received[kinds[act.body["fund"]]] += act.body["amount"]
            gifts[Made(act.name)] = act.body
        elif act.path == "/v1/reversals":
            gift = gifts[act.body["contribution"]]
            received[kinds[gift["fund"]]] -= gift["amount"]
        elif act.path == "/v1/nominations":
            amounts[Made(act.name)] = act.body["amount"]
    paid = [amounts[act.body["award"]] for act in acts if act.path == "/v1/payments"]
    return received, len(paid), sum(paid)


@settings(max_examples=12, deadline=None)  # a whole province each
@given(scale=SCALES)
def test_every_published_figure_of_the_funds_comes_out_of_the_acts_at_any_scale(scale):
    received, awards, amount = told(acts(scale))
    found = figures(scale)
    assert found["fund.promotion.mobilised"].holds(received["education_promotion"])
    assert found["fund.tohieu.mobilised"].holds(received["scholarship"])
    assert found["award.recipients"].holds(awards)
    assert found["award.amount"].holds(amount)


@settings(max_examples=12, deadline=None)  # a whole province each
@given(scale=SCALES)
def test_money_without_a_purpose_covers_every_payment_when_it_is_made(scale):
    found, held, amounts = acts(scale), Counter(), {}
    for act in found:
        body = act.body
        if act.path == "/v1/contributions" and body["channel"] != "in_kind":
            held[body["fund"]] += 0 if "earmark" in body else body["amount"]
        elif act.path == "/v1/nominations":
            amounts[Made(act.name)] = (body["fund"], body["amount"])
        elif act.path == "/v1/payments":
            fund, amount = amounts[body["award"]]
            held[fund] -= amount
            assert held[fund] >= 0


def test_an_award_is_nominated_approved_and_paid_by_three_persons_in_that_order():
    found, persons = acts(0.1), {}
    for act in found:
        if act.path == "/v1/nominations":
            persons[Made(act.name)] = [act]
        elif act.path in ("/v1/approvals", "/v1/payments"):
            persons[act.body["award"]].append(act)
    assert len(persons) == 107
    for steps in persons.values():
        paths = [act.path for act in steps]
        assert paths == ["/v1/nominations", "/v1/approvals", "/v1/payments"]
        assert len({act.person.name for act in steps}) == 3
        assert steps[-1].body["paid_on"] <= AS_OF.isoformat()


def test_gifts_come_in_the_order_of_their_record_time_under_keys_that_stay():
    found = acts(0.05)
    assert found == acts(0.05)
    assert all(one.recorded_at <= other.recorded_at for one, other in pairwise(found))
    assert len({act.key for act in found}) == len(found)


def test_what_came_in_is_cash_bank_money_and_things_some_for_a_purpose_some_from_nobody_known():
    gifts = [act.body for act in acts(0.1) if act.path == "/v1/contributions"]
    assert {gift["channel"] for gift in gifts} == {"cash", "bank", "in_kind"}
    assert any("earmark" in gift for gift in gifts)
    assert any(gift["donor"].get("anonymous") for gift in gifts)
    lines = [tuple(g["bank_reference"].values()) for g in gifts if g["channel"] == "bank"]
    assert len(set(lines)) == len(lines)
    assert all("mẫu" in gift["donor"].get("name", "mẫu") for gift in gifts)


@given(total=st.integers(1, 10**10), parts=st.integers(1, 300), seed=st.integers())
def test_amounts_add_up_and_are_never_nothing(total, parts, seed):
    total = max(total, parts)
    found = sums(total, parts, Random(seed))
    assert (sum(found), len(found)) == (total, parts)
    assert min(found) >= 1


def test_the_two_funds_share_the_awards():
    shared = purses(figures(1), 1)
    assert sum(purse.awards for purse in shared) == 1070
    assert all(purse.awards for purse in shared)
