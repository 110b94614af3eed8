"""Pure: how the days, places and codes in an event are understood, each looked up once."""

from datetime import date
from functools import lru_cache
from typing import Any

from chassis.area import Area, Areas

from reporting.projections.rows import Unprojectable

KEPT = 100_000  # distinct days, areas and series kept parsed; more than a history names
_SHOWN = 40  # characters of a wrong value that a reason repeats


class Places:
    """What the exact form of an area says by itself; each is read once.

    Which areas there are is not asked: a log may tell of a commune or a village before the
    registry's tells of its opening, and what is on no map counts in the province meanwhile.
    """

    def __init__(self, areas: Areas) -> None:
        self._areas = areas
        self._first_day = lru_cache(KEPT)(self._read)

    def known(self, area: str) -> None:
        """Refuse what is no area of a province."""
        self._first_day(area)

    def check(self, area: str, on: date) -> None:
        """Refuse what is no area of a province, or had not begun by that day."""
        if on < self._first_day(area):
            raise Unprojectable(f"{area} had not begun on {on}")

    def _read(self, text: str) -> date:
        try:
            area = Area.parse(text)
        except ValueError:
            area = None
        ours = area and (area.began > date.min or area.code == self._areas.province.code)
        if area is None or str(area) != text or not ours:
            raise Unprojectable(f"{text[:_SHOWN]!r} is not an area of this province")
        return area.began


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
