"""Where an act counts: the fund's area on the act's own day, over the reform of 1 July 2025."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from chassis.area import Area, Areas
from chassis.errors import UnknownArea
from funds.commands import purpose
from funds.places import carried, placed

SON_LA = Areas.of_province("14")
OLD, NEW = date(2025, 6, 30), date(2025, 7, 1)


@dataclass
class Desk:
    """As much of a session as dates and places need."""

    today: date = date(2025, 10, 15)
    areas: Areas = SON_LA


def a_desk(**known: Any) -> Any:
    return Desk(**known)


def test_a_gift_after_the_reform_counts_where_the_commune_is_now() -> None:
    given, since = "03742@1900-01-01", date(2019, 1, 10)
    successor = str(SON_LA.carry(Area("03742", date(1900, 1, 1)), NEW))
    assert carried(given, since, OLD, SON_LA) == given
    assert carried(given, since, NEW, SON_LA) == successor != given


def test_a_fund_of_the_province_stays_the_provinces() -> None:
    assert {carried("14", date(2019, 1, 10), day, SON_LA) for day in (OLD, NEW)} == {"14"}


def test_a_fund_opened_before_the_reform_names_its_place_in_full() -> None:
    assert str(placed("03763@1900-01-01", OLD, a_desk())) == "03763@1900-01-01"
    with pytest.raises(UnknownArea, match=r"03763@1900-01-01") as refused:
        placed("03763", OLD, a_desk())
    assert "không phải là địa bàn" in refused.value.said.vi


def test_a_purpose_is_one_however_many_spaces_were_typed() -> None:
    assert purpose("  học  sinh\tnghèo ") == purpose("học sinh nghèo") == "học sinh nghèo"
    assert purpose(None) is None
