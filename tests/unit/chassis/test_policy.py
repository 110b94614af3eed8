"""Who may do what where: nothing unless a grant says so, and never beyond its area."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from chassis.area import Areas
from chassis.edge import policy
from chassis.edge.auth import Grant, Principal, Role
from chassis.errors import Forbidden, OutsideArea, UnknownArea
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2025, 10, 15)
AREAS = Areas.of_province("14")
NOW = [unit.area for unit in AREAS.in_force(TODAY)]
BEFORE = [unit.area for unit in AREAS.in_force(date(2025, 6, 30))]
FUNDS = [UUID(int=n) for n in range(3)]
PERSON = UUID(int=7)

roles = st.sampled_from(list(Role))
places = st.sampled_from([AREAS.province, *NOW, *BEFORE])
texts = st.one_of(places.map(str), places.map(lambda area: area.code), st.text(max_size=12))
grants = st.builds(Grant, roles, texts, st.none() | st.sampled_from(FUNDS))
principals = st.builds(
    Principal, st.just(PERSON), st.none(), st.lists(grants, max_size=4).map(tuple)
)
wanted = st.frozensets(roles, max_size=4)
funds = st.none() | st.sampled_from(FUNDS)


def allowed(principal, roles, area, fund=None):
    return policy.allows(principal, roles, area, AREAS, TODAY, fund)


def holding(*grants: Grant) -> Principal:
    return Principal(PERSON, None, grants)


@given(wanted, places, funds)
def test_without_a_grant_nothing_is_allowed(roles, area, fund):
    assert not allowed(holding(), roles, area, fund)


@given(principals, places, funds)
def test_what_no_role_may_is_allowed_to_nobody(principal, area, fund):
    assert not allowed(principal, frozenset(), area, fund)


@given(principals, wanted, places, funds)
def test_one_grant_must_hold_role_area_and_fund_together(principal, roles, area, fund):
    alone = [allowed(holding(grant), roles, area, fund) for grant in principal.grants]
    assert allowed(principal, roles, area, fund) == any(alone)


@given(principals, wanted, places, funds, grants)
def test_another_grant_never_takes_anything_away(principal, roles, area, fund, more):
    richer = holding(*principal.grants, more)
    assert allowed(richer, roles, area, fund) >= allowed(principal, roles, area, fund)


@given(principals, wanted, roles, places, funds)
def test_a_role_that_is_not_held_changes_nothing(principal, roles, other, area, fund):
    if other not in {grant.role for grant in principal.grants}:
        assert allowed(principal, roles | {other}, area, fund) == allowed(
            principal, roles, area, fund
        )


@given(roles, places, funds)
def test_a_grant_over_the_province_reaches_all_of_it(role, area, fund):
    assert allowed(holding(Grant(role, "14")), {role}, area, fund)


@given(roles, st.sampled_from(NOW), st.sampled_from(NOW))
def test_a_commune_reaches_no_other_commune_and_not_the_province(role, granted, other):
    held = holding(Grant(role, str(granted)))
    assert allowed(held, {role}, other) == (other == granted)
    assert not allowed(held, {role}, AREAS.province)


@given(roles, st.sampled_from(BEFORE))
def test_what_a_commune_succeeded_is_in_its_reach(role, old):
    heirs = [area for area in NOW if allowed(holding(Grant(role, str(area))), {role}, old)]
    if len(heirs) > 1:
        with pytest.raises(UnknownArea):  # it was divided among them
            AREAS.carry(old, TODAY)
    else:
        assert heirs == [AREAS.carry(old, TODAY)]


@given(roles, st.text(max_size=20).filter(lambda text: text.strip() != "14"))
def test_a_grant_whose_area_is_no_area_reaches_nothing(role, text):
    if text not in {str(area) for area in NOW} | {area.code for area in NOW}:
        assert not allowed(holding(Grant(role, text)), {role}, AREAS.province)


def test_a_grant_over_a_commune_that_has_ended_reaches_nothing():
    ended = next(area for area in BEFORE if AREAS.unit(area).ended)
    role = Role.COMMUNE_ASSOCIATION_OFFICER
    assert not allowed(holding(Grant(role, str(ended))), {role}, ended)


@given(st.sampled_from(FUNDS), st.sampled_from(FUNDS))
def test_a_grant_for_one_fund_reaches_that_fund_only(mine, asked):
    held = holding(Grant(Role.FUND_TREASURER, "14", mine))
    treasurer = {Role.FUND_TREASURER}
    assert allowed(held, treasurer, AREAS.province, asked) == (mine == asked)
    assert not allowed(held, treasurer, AREAS.province)


def test_the_refusal_says_whether_the_role_or_the_area_is_missing():
    officer = {Role.COMMUNE_ASSOCIATION_OFFICER}
    held = holding(Grant(Role.COMMUNE_ASSOCIATION_OFFICER, str(NOW[0])))
    with pytest.raises(OutsideArea, match=str(NOW[1])):
        policy.require(held, officer, NOW[1], AREAS, TODAY)
    with pytest.raises(Forbidden, match="fund_treasurer"):
        policy.require(held, {Role.FUND_TREASURER}, NOW[0], AREAS, TODAY, uuid4())
    policy.require(held, officer, NOW[0], AREAS, TODAY)
