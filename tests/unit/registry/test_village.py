"""Villages: who names them, and what they keep when their commune goes."""

from datetime import date, timedelta
from unicodedata import normalize

import pytest
from chassis.area import Area, Areas
from chassis.errors import WrongState
from registry.domain.area import EARLIER_FROM, MOST_VILLAGES, first_areas
from registry.domain.refusals import VillageExists
from registry.domain.village import Village
from registry_builders import A_DAY, LONG_HE, PROVINCE, a_commune, replayed


def test_the_registry_mints_the_numbers_of_villages_one_after_another() -> None:
    commune = a_commune()
    minted = [Village.open(PROVINCE, commune, f"Bản {n}", A_DAY).village for n in range(1, 4)]
    assert minted == [f"03763-00{n}@2025-09-01" for n in (1, 2, 3)]


def test_a_village_says_its_commune_and_its_commune_keeps_its_name() -> None:
    commune = a_commune()
    village = Village.open(PROVINCE, commune, "Bản Lằn", A_DAY)
    assert (village.commune, village.opened_on) == (LONG_HE, A_DAY)
    assert list(commune.villages.values()) == [1]
    assert replayed(list(village.pending_events)).village == village.village


@pytest.mark.parametrize(
    "again", ["Bản Lằn", "BẢN LẰN", " bản  lằn", normalize("NFD", "Bản Lằn")], ids=range(4)
)
def test_one_commune_has_no_two_villages_of_one_name(again: str) -> None:
    commune = a_commune()
    Village.open(PROVINCE, commune, "Bản Lằn", A_DAY)
    with pytest.raises(VillageExists, match="number 001") as refused:
        Village.open(PROVINCE, commune, again, A_DAY)
    assert refused.value.code == "already-exists"


def test_names_that_differ_by_a_mark_are_two_villages() -> None:
    commune = a_commune()
    Village.open(PROVINCE, commune, "Bản Lằn", A_DAY)
    assert Village.open(PROVINCE, commune, "Bản Lán", A_DAY).village.startswith("03763-002")


@pytest.mark.parametrize("day", [date(2025, 6, 30), date(2027, 1, 1)])
def test_no_village_opens_in_a_commune_that_was_not_in_force(day: date) -> None:
    commune = a_commune()
    commune.close(date(2027, 1, 1))
    with pytest.raises(WrongState, match=str(day)):
        Village.open(PROVINCE, commune, "Bản Lằn", day)
    assert Village.open(PROVINCE, commune, "Bản Lằn", date(2026, 12, 31))


def test_a_commune_runs_out_of_numbers_aloud() -> None:
    commune = a_commune()
    commune.next_number = MOST_VILLAGES
    Village.open(PROVINCE, commune, "Bản Cuối", A_DAY)
    with pytest.raises(WrongState, match="no village numbers"):
        Village.open(PROVINCE, commune, "Bản Thừa", A_DAY)


def test_a_bare_code_names_one_village_even_where_two_maps_share_a_commune_code() -> None:
    places = list(first_areas(Areas.of_province(PROVINCE)))
    today = [unit for unit in places if unit.closed_on is None]
    codes = {unit.area[:5] for unit in today}
    earlier = [unit for unit in places if unit.closed_on is not None and unit.area[:5] in codes]
    assert {unit.next_number for unit in today} == {1}
    assert {unit.next_number for unit in earlier} == {EARLIER_FROM}
    assert len(earlier) == 68  # every code of the map of 75 but the 7 that stayed as they were


def test_a_village_keeps_its_identity_when_its_commune_goes_and_only_its_parent_changes() -> None:
    areas = Areas.of_province(PROVINCE).copy()
    (old,) = [
        unit for unit in first_areas(areas) if unit.name == "Long Hẹ" and unit.closed_on is not None
    ]
    village = Village.open(PROVINCE, old, "Bản Lằn", date(2020, 5, 1))
    areas.add(village.unit())
    place = areas.resolve(village.village, A_DAY)
    assert str(place) == village.village
    before, today = date(2025, 6, 30), A_DAY
    code, _, began = old.area.partition("@")
    commune = Area(code, date.fromisoformat(began))
    assert areas.carry(commune, before) == commune
    successor = areas.carry(commune, today)
    assert successor != commune
    assert areas.covers(successor, place, today)
    assert areas.carry(place, today + timedelta(days=365)) == place
