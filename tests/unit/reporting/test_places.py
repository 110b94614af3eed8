"""Where facts are shown: on any map, and never twice."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from reporting.ask import parse_query
from reporting.grouping import Numbered, layers
from reporting.measures import MEASURES
from reporting.places import belonging
from reports import AREAS, REFORM

NOW = datetime(2025, 10, 20, tzinfo=UTC)
OLD = [str(unit.area) for unit in AREAS.in_force(date(2025, 6, 30))]
NEW = [str(unit.area) for unit in AREAS.in_force(REFORM)]
EVERYWHERE = ["14", *dict.fromkeys(OLD + NEW)]
MAPS = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 1, 1))


def ask(**given: str):
    return parse_query(
        {"measure": ["participations"]} | {k: [v] for k, v in given.items()}, NOW, AREAS
    )


def shown(asked: str, facts_at: str, **given: str):
    query = ask(area=asked, **given)
    return belonging(facts_at, query.areas[0], query, AREAS)


@settings(deadline=None)
@given(MAPS, st.sampled_from(EVERYWHERE), st.sampled_from(["", "commune", "village"]))
def test_every_fact_is_shown_somewhere_in_the_province_on_every_map(map_date, area, by) -> None:
    query = ask(map_date=map_date.isoformat(), by=by)
    place = belonging(area, AREAS.province, query, AREAS)
    assert place is not None
    standing = {str(unit.area) for unit in AREAS.in_force(map_date)}
    assert place.shown in ({"14"} | standing if by else {"14"})
    assert not (place.unallocated and place.shown != "14")


@settings(deadline=None)
@given(MAPS, st.sampled_from(EVERYWHERE))
def test_a_fact_is_in_the_one_commune_that_the_province_shows_it_in(map_date, area) -> None:
    query = ask(map_date=map_date.isoformat(), by="commune")
    place = belonging(area, AREAS.province, query, AREAS)
    assert place is not None
    communes = [unit.area for unit in AREAS.in_force(map_date)]
    homes = [str(one) for one in communes if belonging(area, one, query, AREAS)]
    assert homes == ([] if place.shown == "14" else [place.shown])


def test_old_facts_follow_their_land_into_the_communes_of_today() -> None:
    assert shown("03724", "03724@1900-01-01") == ("03724@2025-07-01", False)
    assert shown("03724", "03742@1900-01-01") is None
    merged = {area for area in OLD if shown("03724", area)}
    assert len(merged) == 2


def test_new_facts_of_a_merged_commune_are_not_guessed_onto_the_old_map() -> None:
    assert shown("14", "03724@2025-07-01", map_date="2025-06-30", by="commune") == ("14", True)
    assert shown("03724", "03724@2025-07-01", map_date="2025-06-30") is None


def test_a_commune_that_never_changed_is_on_both_maps() -> None:
    both = set(OLD) & set(NEW)
    assert len(both) == 7
    for area in both:
        assert shown("14", area, map_date="2025-06-30", by="commune") == (area, False)


def test_an_old_commune_may_be_asked_for_by_its_exact_name_on_the_map_of_today() -> None:
    assert shown("03724@1900-01-01", "03724@1900-01-01") == ("03724@1900-01-01", False)
    assert shown("03724@1900-01-01", "03724@2025-07-01") is None


def test_the_provinces_own_facts_are_in_no_commune_and_yet_allocated() -> None:
    assert shown("14", "14", by="commune") == ("14", False)
    assert shown("03763", "14") is None


def test_what_a_village_did_counts_for_its_commune_and_for_what_became_of_it() -> None:
    village = "03724-005@2024-03-01"
    assert shown("14", village, by="commune") == ("03724@2025-07-01", False)
    assert shown("03724", village, map_date="2025-06-30") == ("03724@1900-01-01", False)
    assert shown("03763", village) is None


def test_what_is_on_no_map_yet_counts_in_the_province_and_nowhere_else() -> None:
    for unknown in ("99999-005@2024-03-01", "04999@2026-03-01", "nowhere"):
        assert shown("14", unknown, by="commune") == ("14", True)
        assert shown("03763", unknown) is None


def test_a_series_counts_once_in_a_layer_though_its_places_overlap() -> None:
    series = [Numbered(n, area, {"kind": "LITERACY"}) for n, area in enumerate(EVERYWHERE, 1)]
    query = ask(area="14,03763,03724,03763@1900-01-01")
    found = layers(query, MEASURES["participations"], series, AREAS)
    assert [[group.shown for group in layer.groups] for layer in found] == [
        ["14"],
        ["03724@2025-07-01", "03763@2025-07-01"],
        ["03763@1900-01-01"],
    ]


def test_a_filter_leaves_only_its_values() -> None:
    series = [Numbered(1, "14", {"kind": "LITERACY"}), Numbered(3, "14", {"kind": "SEMINAR"})]
    query = ask(kind="SEMINAR", by="kind")
    [layer] = layers(query, MEASURES["participations"], series, AREAS)
    assert [group.dimensions for group in layer.groups] == [(("kind", "SEMINAR"),)]
    assert (layer.codes, layer.few) == ("{0,0,2}", (3,))


def test_a_place_as_a_whole_answers_only_what_names_no_dimension() -> None:
    series = [Numbered(1, "14", {}, whole=True), Numbered(2, "14", {"kind": "SEMINAR"})]
    codes = {
        by: layers(ask(by=by), MEASURES["participations"], series, AREAS)[0].codes
        for by in ("", "month", "kind")
    }
    assert codes == {"": "{2,2}", "month": "{2,2}", "kind": "{0,2}"}
    [filtered] = layers(ask(kind="SEMINAR"), MEASURES["participations"], series, AREAS)
    assert (filtered.codes, filtered.detailed) == ("{0,2}", True)
