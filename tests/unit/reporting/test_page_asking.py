"""From an address to a question, and who may ask it."""

from datetime import UTC, date, datetime

import pytest
from chassis.area import Area, AreaKind, Areas, Unit
from chassis.errors import BadPeriod, Invalid, Unauthenticated, UnknownArea, UnknownMeasure
from reporting.page.addresses import Address
from reporting.page.asking import question
from reporting.page.map import load
from reporting.page.problem import sentences, way_back
from reporting.page.sections import SECTIONS

AREAS = Areas.of_province("14")
PICTURE = load("14")
NOW = datetime(2025, 10, 15, 5, tzinfo=UTC)


def asked(signed_in=False, **chosen):
    return question(Address.of(chosen), NOW, AREAS, PICTURE, signed_in=signed_in)


def test_without_a_choice_the_page_counts_from_the_start_of_last_year_in_the_whole_province():
    found = asked()
    assert (found.first, found.last) == (date(2024, 1, 1), date(2025, 10, 15))
    assert found.query.areas == (AREAS.province,)
    assert found.column.chosen == {"measure": "titles_held", "model": "citizen"}


def test_all_time_has_no_first_day():
    assert asked(period="all").first is None
    assert asked(period="all").last == date(2025, 10, 15)


def test_a_period_ends_where_the_days_that_count_end():
    assert asked(period="2025", as_of="2025-03-31").last == date(2025, 3, 31)


def test_a_map_that_cannot_be_drawn_is_replaced_by_the_one_that_can():
    assert asked(map_date="2025-06-30").picture_day == date(2025, 7, 1)
    assert asked(map_date="2025-07-01").picture_day is None


@pytest.mark.parametrize(
    ("chosen", "refusal", "pointer"),
    [
        ({"as_of": "2025-02-30"}, Invalid, "?as_of"),
        ({"known_at": "soon"}, Invalid, "?known_at"),
        ({"map_date": "0000-01-01"}, Invalid, "?map_date"),
        ({"area": "99999"}, UnknownArea, "?area"),
        ({"area": "03721,03763"}, Invalid, "?area"),
        ({"period": "2025,2024"}, Invalid, "?period"),
        ({"period": "2025-13"}, BadPeriod, "?period"),
        ({"measure": "gold"}, UnknownMeasure, "?measure"),
        ({"model": "village"}, Invalid, "?model"),
        ({"model": "citizen,family"}, Invalid, "?model"),
        ({"fund_kind": "lottery", "measure": "funds_spent"}, Invalid, "?fund_kind"),
        ({"model": "citizen", "measure": "participations"}, Invalid, "?model"),
        ({"base_kind": "DOGS", "measure": "titles_rate"}, Invalid, "?base_kind"),
        ({"sort": "titles_held"}, Invalid, "?sort"),
        ({"kind": "DANCE", "measure": "participations"}, Invalid, "?kind"),
    ],
)
def test_what_is_wrong_is_named_said_in_both_languages_and_left_out_on_the_way_back(
    chosen, refusal, pointer
):
    with pytest.raises(refusal) as refused:
        asked(signed_in=True, lang="en", **chosen)
    [fault] = refused.value.faults
    assert fault.pointer == pointer
    for language in ("vi", "en"):
        [said] = sentences(refused.value, language)
        assert f"“{chosen[pointer[1:]]}”" in said
    back = way_back(refused.value, Address.of({"lang": "en", "area": "03721", **chosen}))
    assert "lang=en" in back
    assert f"{pointer[1:]}=" not in back


@pytest.mark.parametrize("measure", SECTIONS)
def test_any_measure_can_be_on_the_map_without_signing_in(measure):
    for column in SECTIONS[measure].columns:
        found = asked(**column.chosen)
        assert (found.column, found.query.dimensions) == (column, {})
        address = Address.of({"area": "03763", "sort": "name", "kind": "LITERACY"})
        assert asked(**Address.of(column.chosen).chosen, area="03763").column == column
        assert "sort=" not in address.showing(column.chosen)


def test_communities_are_counted_as_they_are_published_by_villages():
    found = asked(measure="titles_held", model="community")
    assert found.figure().dimensions == {"model": ("community",), "group": ("village",)}
    assert found.figure("titles_recognised").dimensions == {"model": ("community",)}


def test_an_unfinished_year_meets_the_same_days_of_the_year_before():
    found = asked(as_of="2024-02-29")
    assert (found.year.first, found.year.last) == (date(2024, 1, 1), date(2024, 2, 29))
    assert (found.year_before.first, found.last_before) == (date(2023, 1, 1), date(2023, 2, 28))


def test_a_kind_of_course_is_finer_than_a_commune_total():
    of = {"measure": "participations", "kind": "LITERACY"}
    with pytest.raises(Unauthenticated):
        asked(**of)
    assert asked(signed_in=True, **of).query.dimensions == {"kind": ("LITERACY",)}
    assert not asked(area="03721").divided
    assert asked(signed_in=True, area="03721").divided


def test_a_village_is_finer_than_a_commune_total():
    province = Unit(AREAS.province, "Sơn La", AreaKind.PROVINCE)
    commune = Unit(Area("03721", date(1900, 1, 1)), "Thuận Châu", AreaKind.COMMUNE)
    village = Unit(
        Area("03721-005", date(2020, 1, 1)), "Pán", AreaKind.VILLAGE, parent=commune.area
    )
    areas = Areas(province, [commune, village], [])
    address = Address.of({"area": "03721-005"})
    with pytest.raises(Unauthenticated):
        question(address, NOW, areas, None, signed_in=False)
    assert question(address, NOW, areas, None, signed_in=True).query.areas == (village.area,)


def test_an_address_keeps_what_was_chosen_and_forgets_what_was_taken_back():
    address = Address.of({"lang": "en", "area": "03721@2025-07-01", "known_at": "", "other": "x"})
    assert address.to() == "/report?lang=en&area=03721@2025-07-01"
    assert address.to(area=None, sort="name") == "/report?lang=en&sort=name"
    assert address.plain() == "/report?lang=en"
    assert Address.of({}).to() == "/report"
