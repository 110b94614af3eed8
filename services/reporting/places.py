"""Pure: which of the places that facts name belong to which place that was asked for."""

from datetime import date
from typing import NamedTuple

from chassis.area import Area, AreaKind, Areas

from reporting.ask import Query, exact
from reporting.villages import commune_of


class Belonging(NamedTuple):
    """Facts are shown at the exact area ``shown``; ``unallocated`` ones in no commune there."""

    shown: str
    unallocated: bool


def belonging(facts_at: str, asked: Area, query: Query, areas: Areas) -> Belonging | None:
    """Where the facts at an exact area are shown when ``asked`` is asked for; ``None``: nowhere.

    Every fact of the province is shown somewhere under the province, so totals are the same on
    every map. Under a commune stand its own facts, those of its villages and of what it succeeded.
    A fact that the map cannot place, or whose place was not known yet, is shown at the province,
    unallocated, and never guessed. An area that is not on the map asked for is taken on the map of
    its own first day.
    """
    area = exact(facts_at, areas)
    if is_village(asked, areas):
        return Belonging(str(asked), unallocated=False) if area == asked else None
    whole = asked == areas.province
    standing = whole or areas.unit(asked).in_force(query.map_date)
    place = _placed(facts_at, area, query.map_date if standing else asked.began, areas)
    if place is None:
        return Belonging(str(areas.province), unallocated=True) if whole else None
    if not whole and place != asked:
        return None
    if area and "village" in query.by and _stands(area, query.map_date, areas):
        return Belonging(str(area), unallocated=False)
    divided = "commune" in query.by or "village" in query.by
    return Belonging(str(place if divided else asked), unallocated=False)


def is_village(area: Area, areas: Areas) -> bool:
    """Whether an area of the maps is a village."""
    return areas.unit(area).kind is AreaKind.VILLAGE


def _placed(facts_at: str, area: Area | None, day: date, areas: Areas) -> Area | None:
    """The commune of that day's map, or the province, to which facts belong; ``None``: unsaid.

    Those of a village belong where the commune went in which it was opened.
    """
    commune = commune_of(facts_at, areas) if area is None else (_opened_in(area, areas) or area)
    if commune is None or commune == areas.province:
        return commune
    return areas.on_map(commune, day)


def _opened_in(area: Area, areas: Areas) -> Area | None:
    return areas.unit(area).parent if is_village(area, areas) else None


def _stands(area: Area, day: date, areas: Areas) -> bool:
    """Whether it is a village of that day's map: one opened later is none of it yet."""
    return is_village(area, areas) and areas.unit(area).in_force(day)
