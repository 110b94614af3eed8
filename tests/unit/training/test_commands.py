"""Where and when an act counts: the area of its day, carried over the reform of 1 July 2025."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from builders import a_course
from chassis.area import Area, AreaKind, Areas, Unit
from chassis.errors import UnknownArea
from training.commands import carried, placed

SON_LA = Areas.of_province("14")
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)
FIRST_MAP = date(1900, 1, 1)


@dataclass
class Desk:
    """As much of a session as dates and places need."""

    today: date = date(2025, 10, 15)
    areas: Areas = SON_LA


def a_desk(**known: Any) -> Any:
    return Desk(**known)


def test_a_bare_code_means_todays_map() -> None:
    assert str(placed("03763", date(2025, 9, 1), a_desk())) == "03763@2025-07-01"


def test_a_bare_code_of_today_was_another_place_before_the_reform() -> None:
    with pytest.raises(UnknownArea, match=r"2025-06-30.*03763@1900-01-01"):
        placed("03763", OLD, a_desk())


def test_an_act_before_the_reform_names_its_place_in_full() -> None:
    assert str(placed("03763@1900-01-01", OLD, a_desk())) == "03763@1900-01-01"


def test_a_place_that_is_gone_is_refused_with_what_stands_there_now() -> None:
    with pytest.raises(UnknownArea, match=r"2025-07-01.*03646@2025-07-01"):
        placed("03649@1900-01-01", NEW, a_desk())


def test_a_bare_code_that_is_on_no_map_of_today_is_shown_as_it_was_written_then() -> None:
    with pytest.raises(UnknownArea, match=r"03649.*not on today's map.*03649@1900-01-01"):
        placed("03649", OLD, a_desk())


def test_on_the_day_itself_a_bare_code_is_of_that_days_map() -> None:
    assert str(placed("03763", OLD, a_desk(today=OLD))) == "03763@1900-01-01"


def test_a_commune_that_stayed_as_it_was_keeps_its_name_on_every_day() -> None:
    assert str(placed("03820", OLD, a_desk())) == "03820@1900-01-01"


def test_nonsense_is_refused_by_name() -> None:
    with pytest.raises(UnknownArea, match="Atlantis"):
        placed("Atlantis", NEW, a_desk())


def test_the_province_holds_its_own_courses_on_any_day() -> None:
    assert [str(placed("14", day, a_desk())) for day in (OLD, NEW)] == ["14", "14"]


def test_a_course_over_the_reform_is_carried_to_the_place_of_each_days_map() -> None:
    course = a_course(area="03742@1900-01-01", starts_on=date(2025, 6, 20))
    successor = str(SON_LA.carry(Area("03742", FIRST_MAP), NEW))
    assert carried(course, OLD, a_desk()) == "03742@1900-01-01"
    assert carried(course, NEW, a_desk()) == successor != "03742@1900-01-01"


def test_an_enrolment_before_the_reform_in_a_course_after_it_keeps_the_courses_place() -> None:
    course = a_course(area="03763@2025-07-01", starts_on=date(2025, 9, 1))
    assert carried(course, OLD, a_desk()) == "03763@2025-07-01"


def test_a_place_that_was_divided_is_kept_rather_than_guessed() -> None:
    gone = Area("09001", FIRST_MAP)
    halves = [Area("09001", NEW), Area("09002", NEW)]
    units = [Unit(gone, "Cũ", AreaKind.COMMUNE, ended=NEW)]
    units += [Unit(half, "Mới", AreaKind.COMMUNE) for half in halves]
    province = Unit(Area("14", FIRST_MAP), "Sơn La", AreaKind.PROVINCE)
    areas = Areas(province, units, [(gone, half) for half in halves])
    course = a_course(id=uuid4(), area="09001@1900-01-01", starts_on=date(2025, 6, 20))
    assert carried(course, NEW, a_desk(areas=areas)) == "09001@1900-01-01"
