"""The map of the province, and what happens to it."""

from collections import Counter
from datetime import date

import pytest
from chassis.area import Area, Areas
from chassis.errors import Invalid, WrongState
from registry.domain.area import AreaUnit, area_id, first_areas
from registry_builders import PROVINCE, a_commune, replayed

REFORM = date(2025, 7, 1)
NEXT = Area("03764", date(2027, 1, 1))


@pytest.fixture(scope="module")
def first() -> list[AreaUnit]:
    return list(first_areas(Areas.of_province(PROVINCE)))


def test_the_files_become_the_map_of_200_and_the_map_of_75(first) -> None:
    before = [unit for unit in first if unit.opened_on < REFORM]
    after = [unit for unit in first if unit.closed_on is None]
    assert (len(before), len(after)) == (200, 75)
    assert Counter(unit.closed_on for unit in before) == {REFORM: 193, None: 7}


def test_every_place_that_ended_was_succeeded_by_one_that_stands(first) -> None:
    standing = {unit.area for unit in first if unit.closed_on is None}
    for unit in first:
        assert bool(unit.successors) == (unit.closed_on is not None)
        assert standing.issuperset(unit.successors)


def test_what_succeeds_another_has_opened_before_it_does(first) -> None:
    opened: set[str] = set()
    for unit in first:
        assert opened.issuperset(unit.successors)
        opened.add(unit.area)


def test_a_place_has_its_own_stream_by_code_and_first_day(first) -> None:
    assert len({unit.id for unit in first}) == len(first)
    assert all(unit.id == area_id(PROVINCE, unit.area) for unit in first)


def test_the_events_alone_give_the_same_places(first) -> None:
    for unit in list(first)[:80]:
        again = replayed(list(unit.pending_events))
        assert vars(again) | {"_pending_events": []} == vars(unit) | {"_pending_events": []}


def test_a_place_is_succeeded_and_then_closes() -> None:
    commune = a_commune()
    commune.succeed(NEXT, NEXT.began)
    commune.close(NEXT.began)
    assert (commune.successors, commune.closed_on) == ([str(NEXT)], NEXT.began)


def test_a_divided_place_has_several_successors() -> None:
    commune = a_commune()
    commune.succeed(NEXT, NEXT.began)
    commune.succeed(Area("03765", NEXT.began), NEXT.began)
    assert len(commune.successors) == 2


@pytest.mark.parametrize("again", ["03764@2027-01-01", "03763@2025-07-01"])
def test_nothing_is_succeeded_twice_by_one_or_by_itself(again: str) -> None:
    commune = a_commune()
    commune.succeed(NEXT, NEXT.began)
    code, _, began = again.partition("@")
    with pytest.raises(WrongState, match=code):
        commune.succeed(Area(code, date.fromisoformat(began)), NEXT.began)


def test_a_closed_place_neither_closes_again_nor_finds_another_successor() -> None:
    commune = a_commune()
    commune.close(NEXT.began)
    for act in (lambda: commune.close(NEXT.began), lambda: commune.succeed(NEXT, NEXT.began)):
        with pytest.raises(WrongState, match="2027-01-01"):
            act()


def test_a_place_cannot_close_before_it_has_stood_a_day() -> None:
    with pytest.raises(Invalid, match="2025-07-01") as refused:
        a_commune().close(REFORM)
    assert refused.value.faults[0].pointer == "/closed_on"
