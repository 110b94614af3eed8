"""What the registry tells of places becomes the same map in the services that follow it."""

from datetime import date

import pytest
from chassis.area import Area, Areas
from chassis.bus.envelope import Envelope
from chassis.bus.maps import Change, apply, change, drawn
from chassis.errors import UnknownArea
from khuyenhoc.registry.v1.events_pb2 import (
    AreaClosed,
    AreaOpened,
    AreaSucceeded,
    SubjectErased,
    VillageOpened,
)

OLD, NEW = "03763@2025-07-01", "03999@2026-03-01"
VILLAGE = "03763-005@2025-07-02"
REFORM = (
    AreaOpened(area=NEW, name="Long Hẹ Mới", kind="commune", opened_on="2026-03-01", parent="14"),
    AreaSucceeded(area=OLD, successor=NEW, succeeded_on="2026-03-01"),
    AreaClosed(area=OLD, closed_on="2026-03-01"),
)


def told(message) -> Change | None:
    name = message.DESCRIPTOR.full_name
    return change(Envelope("14.registry", 1, "s", 1, 0, name, message.SerializeToString()))


@pytest.fixture
def areas() -> Areas:
    return Areas.of_province("14").copy()


def learn(areas: Areas, *messages) -> None:
    for message in messages:
        apply(areas, told(message))


def test_a_village_is_a_place_of_its_commune_from_its_first_day(areas):
    commune, today = Area.parse(OLD), date(2025, 10, 1)
    learn(areas, VillageOpened(village=VILLAGE, name="Bản Nà Tòng", commune=OLD))
    village = areas.resolve("03763-005", today)
    assert (str(village), areas.unit(village).title()) == (VILLAGE, "Bản Bản Nà Tòng")
    assert areas.covers(commune, village, today)
    with pytest.raises(UnknownArea):
        areas.resolve("03763-005", date(2025, 7, 1))


def test_a_later_reform_moves_what_was_given_before_to_the_successor(areas):
    learn(areas, *REFORM)
    assert str(areas.carry(Area.parse(OLD), date(2026, 4, 1))) == NEW
    assert str(areas.resolve("03763", date(2026, 2, 28))) == OLD
    with pytest.raises(UnknownArea, match=r"03999@2026-03-01"):
        areas.resolve("03763", date(2026, 3, 1))


def test_a_village_follows_its_commune_through_a_reform(areas):
    learn(areas, VillageOpened(village=VILLAGE, name="Nà Tòng", commune=OLD), *REFORM)
    village, later = Area.parse(VILLAGE), date(2026, 4, 1)
    assert areas.resolve("03763-005", later) == village
    assert areas.covers(Area.parse(NEW), village, later)
    assert not areas.covers(Area.parse(OLD), village, later)


def test_told_twice_is_told_once(areas):
    learn(areas, *REFORM, *REFORM)
    assert areas.successors(Area.parse(OLD)) == (Area.parse(NEW),)
    assert len([u for u in areas.units() if u.area == Area.parse(NEW)]) == 1


def test_the_maps_of_the_data_files_told_again_change_nothing(areas):
    files = Areas.of_province("14")
    for unit in files.units():
        learn(
            areas,
            AreaOpened(area=str(unit.area), name=unit.name, kind=str(unit.kind), parent="14"),
        )
        learn(
            areas,
            *(AreaSucceeded(area=str(unit.area), successor=str(s)) for s in files.successors(unit.area)),
        )  # fmt: skip
        if unit.ended:
            learn(areas, AreaClosed(area=str(unit.area), closed_on=unit.ended.isoformat()))
    assert sorted(map(repr, areas.units())) == sorted(map(repr, files.units()))
    assert all(areas.successors(u.area) == files.successors(u.area) for u in files.units())


@pytest.mark.parametrize(
    "message",
    [
        VillageOpened(village="bản Nà Tòng", commune=OLD),
        VillageOpened(village=VILLAGE),
        AreaOpened(area=NEW, kind="kingdom", parent="14"),
        AreaClosed(area=OLD, closed_on="soon"),
        AreaSucceeded(area=OLD, successor="03763"),
    ],
)
def test_what_is_no_place_or_no_day_is_refused_to_be_parked(message):
    with pytest.raises(ValueError, match=r".+"):
        told(message)


def test_what_closes_a_place_that_waits_parked_is_left_out_of_the_maps(areas):
    closed = told(AreaClosed(area=NEW, closed_on="2026-03-01"))
    opened = told(VillageOpened(village=VILLAGE, name="Nà Tòng", commune=OLD))
    found = drawn(areas, [closed, opened])
    assert found.unit(Area.parse(VILLAGE)).name == "Nà Tòng"
    with pytest.raises(UnknownArea):
        areas.unit(Area.parse(VILLAGE))


def test_other_events_change_no_map():
    assert told(SubjectErased(subject="x")) is None
