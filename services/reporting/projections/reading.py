"""Pure: how the days, places and codes in an event are understood, each looked up once."""

from datetime import date
from functools import lru_cache
from typing import Any

from chassis.area import Area, Areas
from chassis.errors import UnknownArea

from reporting.projections.rows import Unprojectable
from reporting.villages import commune_of

KEPT = 100_000  # distinct days, areas and series kept parsed; more than a history names
_SHOWN = 40  # characters of a wrong value that a reason repeats


class Places:
    """Which areas a province has; each exact name is looked up once."""

    def __init__(self, areas: Areas) -> None:
        self._areas = areas
        self._first_day = lru_cache(KEPT)(self._look_up)

    def known(self, area: str) -> None:
        """Refuse an area that the province does not have."""
        self._first_day(area)

    def check(self, area: str, on: date) -> None:
        """Refuse an area that the province does not have, or that had not begun by that day."""
        if on < self._first_day(area):
            raise Unprojectable(f"{area} had not begun on {on}")

    def _look_up(self, text: str) -> date:
        if text == str(self._areas.province):
            return self._areas.province.began
        code, _, began = text.partition("@")
        if commune_of(text, self._areas):
            return date.fromisoformat(began)
        try:
            return self._areas.unit(Area(code, date.fromisoformat(began))).area.began
        except (ValueError, UnknownArea):
            wrong = f"{text[:_SHOWN]!r} is not an area of this province"
            raise Unprojectable(wrong) from None


@lru_cache(KEPT)
def day(text: str) -> date:
    """The civil day written in an event."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unprojectable(f"{text[:_SHOWN]!r} is not a day") from None


def name_of(enum: Any, number: int, called: str) -> str:
    """The name of a code; ``called`` says what it is one of. 0 says nothing, and is none."""
    if number == 0 or number not in enum.values():
        raise Unprojectable(f"{number} is not a {called}")
    name: str = enum.Name(number)
    return name
