"""The criteria sets are data that must hold together, and must say what is known and what not."""

from datetime import date
from typing import Any

import msgspec
import pytest
from chassis.errors import Invalid
from registry import criteria
from registry.criteria import CriteriaSets, faults
from registry.domain.criteria import CriteriaSet, Engine, Mark, Rule
from registry.domain.kind import GROUP_NEEDED, GROUPS, Group, Level, Model

SETS = list(criteria.load())
TODAY = date(2026, 11, 24)
EVERY_SET = pytest.mark.parametrize("one", SETS, ids=lambda one: one.id)


def changed(id_: str, **fields) -> CriteriaSet:
    return msgspec.structs.replace(criteria.load().get(id_), **fields)


def test_every_model_and_group_can_be_judged_today_and_in_the_season_of_the_first_titles() -> None:
    load = criteria.load()
    for model in Model:
        known = GROUPS[model] if model in GROUP_NEEDED else {None}
        for group in known - {Group.PROVINCE} | (
            {Group.PROVINCE} if model is Model.UNIT else set()
        ):
            assert load.in_force(model, TODAY, group), (model, group)
            assert load.in_force(model, date(2024, 6, 1), group), (model, group)


def test_all_three_engines_are_in_use() -> None:
    assert {one.engine for one in SETS} == set(Engine)


@EVERY_SET
def test_every_set_holds_together(one: CriteriaSet) -> None:
    assert not list(faults(one))


@EVERY_SET
def test_every_set_says_how_it_is_known_and_when_it_was_reviewed(one: CriteriaSet) -> None:
    assert one.legal_basis
    assert one.reviewed_on <= TODAY
    if one.dates is Mark.ASSUMED or one.valid_for.mark is Mark.ASSUMED:
        assert one.note
        assert one.valid_for.note


@EVERY_SET
def test_no_number_of_a_document_is_guessed(one: CriteriaSet) -> None:
    for basis in one.legal_basis:
        unknown = basis.number == "chưa rõ"
        assert unknown == (basis.mark is Mark.ASSUMED)
        assert unknown or "/" in basis.number


@EVERY_SET
def test_every_text_is_there_in_both_languages(one: CriteriaSet) -> None:
    texts = [one.name, *(item.name for item in one.items), *(b.name for b in one.legal_basis)]
    noted: tuple[Any, ...] = (one, one.valid_for, *one.items, *one.legal_basis)
    texts += [each.note for each in noted if each.note]
    assert all(text.vi.strip() and text.en.strip() and text.vi != text.en for text in texts)


def test_the_citizens_set_is_the_published_scale() -> None:
    one = criteria.load().get("citizen-2022")
    assert (one.full_marks, one.threshold, len(one.items)) == (100, 80, 10)
    assert {(item.max, item.floor) for item in one.items} == {(10, 5)}


def test_the_circular_of_2020_has_its_published_bands() -> None:
    one = criteria.load().get("unit-province-2020")
    bands = [(band.level, band.points) for band in one.bands]
    assert bands == [(Level.GOOD, 85), (Level.FAIR, 70), (Level.AVERAGE, 50)]
    assert one.full_marks == 100


def test_the_shares_of_the_circular_of_2023_are_90_and_95_per_cent() -> None:
    for level, needed in ((1, 90), (2, 95)):
        one = criteria.load().get(f"unit-province-2024-level-{level}")
        assert one.by_id["3.1"].at_least == needed
        assert one.level == f"level_{level}"


def test_a_set_is_in_force_on_its_first_and_last_day_and_not_beside_them() -> None:
    one = criteria.load().get("unit-province-2020")
    days = {date(2020, 9, 20): False, date(2020, 9, 21): True, date(2024, 1, 25): True}
    days[date(2024, 1, 26)] = False
    assert {day: one.in_force(day) for day in days} == days
    seasons = {2019: False, 2020: True, 2024: True, 2025: False}
    assert {season: one.covers(season) for season in seasons} == seasons


def test_one_unit_is_judged_by_points_until_the_day_before_it_is_judged_by_levels() -> None:
    def ids(on: date) -> set[str]:
        return {one.id for one in criteria.load().in_force(Model.UNIT, on, Group.PROVINCE)}

    assert ids(date(2024, 1, 25)) == {"unit-province-2020"}
    assert ids(date(2024, 1, 26)) == {"unit-province-2024-level-1", "unit-province-2024-level-2"}


def test_a_village_is_never_judged_as_a_commune() -> None:
    (one,) = criteria.load().in_force(Model.COMMUNITY, TODAY, Group.VILLAGE)
    assert not one.suits(Model.COMMUNITY, Group.COMMUNE)
    assert not one.suits(Model.UNIT, Group.VILLAGE)


def test_a_title_stands_to_the_end_of_the_following_year_or_until_it_is_revoked() -> None:
    one = criteria.load().get("family-2021")
    assert one.title_until(2025) == date(2026, 12, 31)
    open_ = msgspec.structs.replace(one.valid_for, rule=Rule.OPEN)
    assert changed("family-2021", valid_for=open_).title_until(2025) is None


def test_an_unknown_set_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(Invalid, match="citizen-2022") as refused:
        criteria.load().get("citizen-1999")
    assert refused.value.faults[0].value == "citizen-1999"


def test_two_sets_never_share_an_id() -> None:
    with pytest.raises(ValueError, match="citizen-2022"):
        CriteriaSets([changed("citizen-2022"), changed("citizen-2022")])


@pytest.mark.parametrize(
    ("id_", "fields", "fault"),
    [
        ("citizen-2022", {"threshold": None}, "need a threshold"),
        ("citizen-2022", {"threshold": 101.0}, "within 1 to 100"),
        ("citizen-2022", {"groups": (Group.VILLAGE,)}, "no group village"),
        ("citizen-2022", {"valid_until": date(2020, 1, 1)}, "ends before it begins"),
        ("citizen-2022", {"items": ()}, "its items need ids"),
        ("citizen-2022", {"engine": Engine.ALL_TARGETS}, "a target, or a share"),
        ("clan-2021", {"engine": Engine.POINTS_BANDED}, "needs `max`"),
        ("unit-province-2020", {"bands": ()}, "bands go down"),
    ],
)
def test_a_file_that_breaks_a_rule_is_named_for_it(id_: str, fields: dict, fault: str) -> None:
    assert any(fault in said for said in faults(changed(id_, **fields)))


def test_steps_that_do_not_add_up_exactly_are_refused() -> None:
    one = criteria.load().get("citizen-2022")
    first = msgspec.structs.replace(one.items[0], step=0.3)
    broken = changed("citizen-2022", items=(first, *one.items[1:]))
    assert list(faults(broken)) == ["item 1 has a `step` that does not divide its `max`"]


def test_a_file_with_a_fault_stops_the_service_and_names_itself(tmp_path, monkeypatch) -> None:
    (tmp_path / "clan-2021.toml").write_text('id = "clan-2021"\n', "utf-8")
    monkeypatch.setattr(criteria, "_FILES", tmp_path)
    with pytest.raises(ValueError, match=r"clan-2021\.toml"):
        criteria.load.__wrapped__()
