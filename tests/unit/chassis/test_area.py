"""What the map of the province promises, before and after the reform of 1 July 2025."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import speech
from chassis import area
from chassis.area import Area, AreaKind, Areas, Unit, without_marks
from chassis.errors import UnknownArea

FIRST = date(1900, 1, 1)
EVE = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
AFTER = date(2025, 10, 15)

SON_LA = Areas.of_province("14")
PHONG_LAI = Area("03724", FIRST)
CHIENG_PHA = Area("03730", FIRST)
BINH_THUAN = Area("03724", REFORM)
NGOC_CHIEN = Area("03820", FIRST)
LONG_HE = Area("03763", REFORM)


def refusal(text: str, on: date) -> str:
    with pytest.raises(UnknownArea) as refused:
        SON_LA.resolve(text, on)
    speech.check_all(refused.value)
    return str(refused.value)


def a_province_that_divides() -> Areas:
    """A made-up later reform: one commune is divided, another renamed; a village lies in each."""
    first, second = date(2000, 1, 1), date(2030, 1, 1)
    province = Unit(Area("14", FIRST), "Sơn La", AreaKind.PROVINCE)
    whole, left, right = Area("00001", first), Area("00001", second), Area("00002", second)
    old, new = Area("00009", first), Area("00009", second)

    def commune(area: Area, ended: date | None = None) -> Unit:
        return Unit(area, f"Xã {area}", AreaKind.COMMUNE, ended=ended, parent=province.area)

    units = [commune(whole, second), commune(left), commune(right)]
    units += [commune(old, second), commune(new)]
    units.append(Unit(Area("00009-005", date(2026, 3, 1)), "Pán", AreaKind.VILLAGE, parent=old))
    return Areas(province, units, [(whole, left), (whole, right), (old, new)])


def test_the_province_had_200_units_and_has_75() -> None:
    assert len(SON_LA.in_force(EVE)) == 200
    assert len(SON_LA.in_force(REFORM)) == 75


def test_seven_units_kept_their_identity_and_the_other_68_are_new_places() -> None:
    before = {unit.area for unit in SON_LA.in_force(EVE)}
    after = {unit.area for unit in SON_LA.in_force(REFORM)}
    assert len(before & after) == 7
    assert {area.began for area in after - before} == {REFORM}
    assert len(after - before) == 68


def test_all_75_codes_were_in_use_before_and_17_of_them_named_another_commune() -> None:
    before = {unit.area.code: unit.name for unit in SON_LA.in_force(EVE)}
    after = {unit.area.code: unit.name for unit in SON_LA.in_force(REFORM)}
    assert set(after) <= set(before)
    assert sum(before[code] != name for code, name in after.items()) == 17


def test_code_03724_is_a_smaller_place_on_the_last_day_of_june_than_on_the_first_of_july() -> None:
    smaller, larger = SON_LA.resolve("03724", EVE), SON_LA.resolve("03724", REFORM)
    assert (smaller, larger) == (PHONG_LAI, BINH_THUAN)
    assert SON_LA.unit(smaller).title() == "Xã Phổng Lái"
    assert SON_LA.unit(larger).title() == "Xã Bình Thuận"
    grown = {
        unit.area for unit in SON_LA.in_force(EVE) if SON_LA.carry(unit.area, REFORM) == larger
    }
    assert grown == {smaller, CHIENG_PHA}


def test_the_kinds_of_place_are_those_of_each_map() -> None:
    before = Counter(unit.kind for unit in SON_LA.in_force(EVE))
    after = Counter(unit.kind for unit in SON_LA.in_force(REFORM))
    assert before == {AreaKind.COMMUNE: 177, AreaKind.WARD: 15, AreaKind.TOWNSHIP: 8}
    assert after == {AreaKind.COMMUNE: 67, AreaKind.WARD: 8}


def test_an_area_is_written_with_its_first_day_and_the_province_without() -> None:
    assert str(LONG_HE) == "03763@2025-07-01"
    assert str(SON_LA.province) == "14"


def test_what_is_written_is_read_back_as_the_same_place() -> None:
    for day in (EVE, REFORM):
        for unit in SON_LA.in_force(day):
            assert SON_LA.resolve(str(unit.area), day) == unit.area
            assert SON_LA.resolve(unit.area.code, day) == unit.area
    assert SON_LA.resolve("14", AFTER) == SON_LA.province


def test_an_exact_place_must_be_in_force_on_the_day_of_the_act() -> None:
    detail = refusal("03724@2025-07-01", EVE)
    assert "03724@2025-07-01 (Xã Bình Thuận)" in detail
    assert "2025-06-30" in detail
    assert "03724@1900-01-01 (Xã Phổng Lái, Huyện Thuận Châu)" in detail
    assert "03730@1900-01-01 (Xã Chiềng Pha, Huyện Thuận Châu)" in detail


def test_a_code_that_went_out_of_use_is_answered_with_the_place_that_took_it_over() -> None:
    detail = refusal("03730", AFTER)
    assert detail.startswith("03730@1900-01-01 (Xã Chiềng Pha, Huyện Thuận Châu)")
    assert "03724@2025-07-01 (Xã Bình Thuận)" in detail
    assert SON_LA.resolve("03730", EVE) == CHIENG_PHA


def test_a_wrong_first_day_is_answered_with_the_place_of_that_code() -> None:
    assert "03763@2025-07-01 (Xã Long Hẹ)" in refusal("03763@2025-07-02", AFTER)


def test_a_mistyped_code_is_answered_with_codes_close_to_it() -> None:
    assert "03763@2025-07-01 (Xã Long Hẹ)" in refusal("03765", AFTER)


@pytest.mark.parametrize("typed", ["Long Hẹ", "long he", "Xã Long Hẹ", "  LONG HE "])
def test_a_name_is_not_an_area_but_is_answered_with_the_areas_of_that_name(typed: str) -> None:
    assert "03763@2025-07-01 (Xã Long Hẹ)" in refusal(typed, AFTER)


def test_two_old_communes_of_one_name_are_told_apart_by_district() -> None:
    detail = refusal("Chiềng Chung", EVE)
    assert "Thị xã Mộc Châu" in detail
    assert "Huyện Mai Sơn" in detail


@pytest.mark.parametrize("nonsense", ["", "@", "03763@", "3763", "٠٣٧٦٣", "x" * 100_000, "14@1900"])
def test_nonsense_is_refused_in_a_short_sentence(nonsense: str) -> None:
    assert len(refusal(nonsense, AFTER)) < 400


def test_no_refusal_is_longer_than_a_paragraph() -> None:
    codes = {unit.area.code for day in (EVE, REFORM) for unit in SON_LA.in_force(day)}
    gone = codes - {unit.area.code for unit in SON_LA.in_force(AFTER)}
    late = [f"{unit.area}" for unit in SON_LA.in_force(REFORM) if unit.area.began == REFORM]
    sentences = [refusal(code, AFTER) for code in gone] + [refusal(text, EVE) for text in late]
    assert max(map(len, sentences)) < 600
    assert len(sentences) == 125 + 68


def test_before_the_first_map_nothing_is_in_force() -> None:
    assert "1899-12-31" in refusal("03763", date(1899, 12, 31))


def test_every_old_place_is_carried_to_one_of_the_75() -> None:
    today = {unit.area for unit in SON_LA.in_force(AFTER)}
    carried = Counter(SON_LA.carry(unit.area, AFTER) for unit in SON_LA.in_force(EVE))
    assert set(carried) == today
    assert sum(carried.values()) == 200


def test_a_place_is_never_carried_to_a_day_before_it_began() -> None:
    with pytest.raises(UnknownArea, match="03730@1900-01-01"):
        SON_LA.carry(BINH_THUAN, EVE)


def test_a_grant_covers_the_areas_its_area_succeeded() -> None:
    assert SON_LA.covers(BINH_THUAN, BINH_THUAN, AFTER)
    assert SON_LA.covers(BINH_THUAN, PHONG_LAI, AFTER)
    assert SON_LA.covers(BINH_THUAN, CHIENG_PHA, AFTER)
    assert not SON_LA.covers(BINH_THUAN, LONG_HE, AFTER)
    assert not SON_LA.covers(PHONG_LAI, BINH_THUAN, AFTER)
    assert not SON_LA.covers(PHONG_LAI, CHIENG_PHA, EVE)


def test_a_grant_on_the_province_covers_all_of_it_and_no_commune_covers_the_province() -> None:
    for day in (EVE, REFORM):
        assert all(SON_LA.covers(SON_LA.province, unit.area, day) for unit in SON_LA.in_force(day))
    assert not SON_LA.covers(BINH_THUAN, SON_LA.province, AFTER)


def test_an_area_nobody_knows_is_covered_by_nothing() -> None:
    unknown = Area("99999", FIRST)
    assert not SON_LA.covers(SON_LA.province, unknown, AFTER)
    assert not SON_LA.covers(unknown, unknown, AFTER)
    with pytest.raises(UnknownArea, match="99999"):
        SON_LA.unit(unknown)


def test_old_facts_are_shown_on_the_new_map_and_new_facts_are_not_guessed_onto_the_old() -> None:
    assert SON_LA.on_map(CHIENG_PHA, AFTER) == BINH_THUAN
    assert SON_LA.on_map(BINH_THUAN, EVE) is None
    assert SON_LA.on_map(NGOC_CHIEN, EVE) == SON_LA.on_map(NGOC_CHIEN, AFTER) == NGOC_CHIEN
    assert SON_LA.on_map(SON_LA.province, EVE) == SON_LA.province


def test_on_the_old_map_only_the_seven_unchanged_can_show_new_facts() -> None:
    shown = [unit for unit in SON_LA.in_force(AFTER) if SON_LA.on_map(unit.area, EVE)]
    assert len(shown) == 7


def test_a_divided_commune_is_neither_carried_nor_allocated() -> None:
    areas, whole = a_province_that_divides(), Area("00001", date(2000, 1, 1))
    assert areas.on_map(whole, date(2031, 1, 1)) is None
    with pytest.raises(UnknownArea, match=r"00001@2030-01-01.*00002@2030-01-01"):
        areas.carry(whole, date(2031, 1, 1))


def test_a_renamed_commune_is_the_same_land_on_both_maps() -> None:
    areas = a_province_that_divides()
    old, new = Area("00009", date(2000, 1, 1)), Area("00009", date(2030, 1, 1))
    assert areas.on_map(new, date(2029, 1, 1)) == old
    assert areas.on_map(old, date(2031, 1, 1)) == new


def test_a_village_keeps_its_identity_when_its_commune_goes_and_follows_it() -> None:
    areas = a_province_that_divides()
    old, new = Area("00009", date(2000, 1, 1)), Area("00009", date(2030, 1, 1))
    village = areas.resolve("00009-005", date(2031, 1, 1))
    assert str(village) == "00009-005@2026-03-01"
    assert areas.covers(new, village, date(2031, 1, 1))
    assert areas.covers(old, village, date(2029, 1, 1))
    assert not areas.covers(old, village, date(2031, 1, 1))
    assert not areas.covers(new, village, date(2029, 1, 1))
    assert areas.on_map(village, date(2020, 1, 1)) == old


def test_names_are_said_in_both_languages() -> None:
    to_hieu = SON_LA.unit(SON_LA.resolve("03646", AFTER))
    assert (to_hieu.title(), to_hieu.title("en")) == ("Phường Tô Hiệu", "Tô Hiệu Ward")
    assert SON_LA.unit(SON_LA.province).title("en") == "Sơn La Province"


def test_names_without_marks_are_those_of_the_official_list() -> None:
    file = Path(area.__file__).with_name("areas") / "14" / "communes.csv"
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    official = [row["name_ascii"].lower() for row in rows]
    assert [without_marks(row["name_vi"]) for row in rows] == official


def test_a_province_without_files_is_refused() -> None:
    for code in ("99", "../14", ""):
        with pytest.raises(UnknownArea):
            Areas.of_province(code)


def test_a_place_added_to_a_copy_is_known_there_and_nowhere_else():
    known = Areas.of_province("14")
    commune = known.resolve("03763", date(2025, 10, 15))
    village = Unit(Area("03763-001", date(2025, 8, 1)), "Nà Tòng", AreaKind.VILLAGE, parent=commune)
    mine = known.copy()
    mine.add(village)
    mine.add(village)
    assert mine.resolve("03763-001", date(2025, 10, 15)) == village.area
    assert mine.covers(commune, village.area, date(2025, 10, 15))
    with pytest.raises(UnknownArea):
        known.resolve("03763-001", date(2025, 10, 15))
