"""Villages in their communes, on every map: nothing is lost, nothing counts twice or is guessed."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from chassis.area import Area, AreaKind
from chassis.errors import UnknownArea
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting.ask import Query, parse_query
from reporting.places import Belonging, belonging
from reporting.rates import _has_row
from reports import AREAS
from villages import BINH_THUAN, CO_MA, LONG_HE, LOWER, MERGED, OPENED, UPPER, with_villages

NOW = datetime(2026, 4, 1, tzinfo=UTC)
MAPS = with_villages(AREAS)
EVERYWHERE = ["14", *(str(unit.area) for unit in MAPS.units())]
NEAR = [LONG_HE, BINH_THUAN, CO_MA, MERGED, UPPER, LOWER, *OPENED, "14"]
PLACES = st.sampled_from(NEAR) | st.sampled_from(EVERYWHERE)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 1, 1))
CHANGES = st.sampled_from([date(2024, 3, 1), date(2025, 7, 1), date(2025, 7, 2), date(2026, 3, 1)])
SONG, FIRST = "03763-001@2025-07-02", "03724-501@2024-03-01"


def ask(maps=MAPS, **given: str) -> Query:
    params = {"measure": ["participations"]} | {k: [v] for k, v in given.items()}
    return parse_query(params, NOW, maps)


def counted(facts: list[tuple[str, int]], **given: str) -> Counter[str]:
    """What each row of a question holds."""
    query, found = ask(**given), Counter[str]()
    for place, amount in facts:
        if one := belonging(place, query.areas[0], query, MAPS):
            found[one.shown] += amount
    return found


def shown(place: str, **given: str) -> Belonging | None:
    query = ask(**given)
    return belonging(place, query.areas[0], query, MAPS)


@settings(deadline=None, max_examples=400)
@given(
    st.lists(st.tuples(PLACES, st.integers(0, 1000)), max_size=30),
    DAYS | CHANGES,
)
def test_villages_and_communes_add_up_to_the_province_on_every_map(facts, map_date) -> None:
    day = map_date.isoformat()
    total = counted(facts, map_date=day)["14"]
    assert total == sum(amount for _, amount in facts)
    communes = counted(facts, map_date=day, by="commune")
    villages = counted(facts, map_date=day, by="village")
    assert communes.total() == villages.total() == total
    assert villages["14"] == communes["14"]
    for commune, amount in communes.items():
        if commune == "14":
            continue
        own = counted(facts, map_date=day, area=commune, by="village")
        assert own.total() == counted(facts, map_date=day, area=commune)[commune] == amount
        assert all(villages[place] == value for place, value in own.items())
        for place in own:
            kind = MAPS.unit(Area.parse(place)).kind
            assert kind is AreaKind.VILLAGE or place == commune


@settings(deadline=None)
@given(DAYS | CHANGES, PLACES)
def test_only_what_stands_on_a_map_has_a_row_on_it(map_date, place) -> None:
    row = shown(place, map_date=map_date.isoformat(), by="village")
    assert row is not None
    standing = {str(unit.area) for unit in MAPS.in_force(map_date)}
    assert row.shown in {"14"} | standing


def test_a_village_has_a_row_and_what_is_in_none_stays_with_its_commune() -> None:
    assert shown(SONG, by="village") == (SONG, False)
    assert shown(SONG, by="commune") == (MERGED, False)
    assert shown(LONG_HE, by="village") == (MERGED, False)
    assert shown("14", by="village") == ("14", False)


def test_a_village_is_in_the_commune_that_its_commune_went_into() -> None:
    then = {"map_date": "2025-10-01"}
    assert shown(FIRST, area="03724", by="village", **then) == (FIRST, False)
    assert shown(FIRST, area=LONG_HE, by="village", **then) is None
    assert shown(FIRST, area="03763", by="village") == (FIRST, False)
    assert shown(FIRST, area="03724@1900-01-01", by="village") == (FIRST, False)


def test_a_village_of_a_divided_commune_is_allocated_to_neither_part() -> None:
    village = "03781-001@2025-07-02"
    assert shown(village, by="village") == ("14", True)
    assert shown(village, area=UPPER, by="village") is None
    assert shown(village, map_date="2026-02-28", by="village") == (village, False)
    assert shown("03781-002@2026-03-05", area=UPPER, by="village") == (
        "03781-002@2026-03-05",
        False,
    )


def test_a_village_opened_later_is_in_its_communes_row_on_an_earlier_map() -> None:
    village = "03763-002@2025-08-01"
    assert shown(village, map_date="2025-07-31", by="village") == (LONG_HE, False)
    assert shown(FIRST, map_date="2020-01-01", by="village") == ("03724@1900-01-01", False)


def test_a_village_that_is_not_known_yet_counts_in_its_commune() -> None:
    query = ask(AREAS, by="village")
    assert belonging(SONG, AREAS.province, query, AREAS) == (LONG_HE, False)
    with pytest.raises(UnknownArea, match="03763-001"):
        ask(AREAS, area=SONG)


def test_a_village_may_be_asked_for_by_its_exact_name_or_its_code() -> None:
    assert [str(area) for area in ask(area=f"{SONG},03763-002").areas] == [
        SONG,
        "03763-002@2025-08-01",
    ]
    assert shown(SONG, area=SONG) == (SONG, False)
    assert shown(SONG, area=SONG, map_date="2025-07-01") == (SONG, False)
    assert shown(LONG_HE, area=SONG) is None
    assert shown("03763-002@2025-08-01", area=SONG, by="village") is None


@pytest.mark.parametrize(
    ("asked", "rated"),
    [
        ({}, {"14"}),
        ({"by": "commune"}, {MERGED, UPPER}),
        ({"by": "village"}, {SONG}),
        ({"area": MERGED}, {MERGED}),
        ({"area": MERGED, "by": "village"}, {SONG}),
        ({"area": SONG, "by": "village"}, {SONG}),
        ({"area": SONG}, {SONG}),
    ],
)
def test_a_rate_is_of_a_place_of_which_the_row_holds_everything(asked, rated) -> None:
    query = ask(**asked)
    based = ("14", LONG_HE, MERGED, UPPER, SONG)
    assert {place for place in based if _has_row(place, query, MAPS)} == rated
