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
    A fact that the map cannot place is shown at the province, unallocated, and never guessed. An
    area that is not on the map asked for is taken on the map of its own first day.
    """
    area = exact(facts_at, areas) or commune_of(facts_at, areas)
    if area is None:
        return None
    whole = asked == areas.province
    standing = whole or areas.unit(asked).in_force(query.map_date)
    place = _placed(area, query.map_date if standing else asked.began, areas)
    if whole:
        shown = areas.province if place is None else _divided(place, query, areas)
        return Belonging(str(shown), place is None)
    if place is None or asked not in (place, _commune(place, areas)):
        return None
    return Belonging(str(place if "village" in query.by else asked), unallocated=False)


def _placed(area: Area, day: date, areas: Areas) -> Area | None:
    """The place of that day's map to which an area's facts belong; ``None``: it cannot be said."""
    return area if area == areas.province else areas.on_map(area, day)


def _divided(place: Area, query: Query, areas: Areas) -> Area:
    """What a place of the province is shown as, by how finely the province is divided."""
    if "village" in query.by:
        return place
    return _commune(place, areas) if "commune" in query.by else areas.province


def _commune(place: Area, areas: Areas) -> Area:
    """The commune in which a village lies; any other place itself."""
    unit = areas.unit(place)
    return unit.parent if unit.kind is AreaKind.VILLAGE and unit.parent else place
