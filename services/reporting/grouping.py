"""Pure: the rows of an answer, and for each stored series the row it counts in."""

from collections.abc import Iterable
from typing import NamedTuple

from chassis.area import Area, Areas

from reporting.ask import Query
from reporting.measures import Measure
from reporting.places import Belonging, belonging

CODE = "((SELECT $1::text::int[]))[series]"
"""A layer's code of a series, in SQL: the subquery is run once, a bare cast for each row."""

_FEW = 300  # up to so many series are looked up in an index; more are met by reading along


class Numbered(NamedTuple):
    """One series by the number under which its increments and sums are stored.

    A ``whole`` one stands for its place without dimensions, and has sums by month alone.
    """

    id: int
    area: str
    dimensions: dict[str, str]
    whole: bool = False


class Group(NamedTuple):
    """What one row is about, apart from its period."""

    shown: str
    dimensions: tuple[tuple[str, str], ...]


class Layer(NamedTuple):
    """Groups that share no series.

    ``codes`` is a Postgres array literal: element ``n`` is 0 where series ``n`` does not count,
    else twice the number (from 1) of its group, plus 1 where it is unallocated. A literal is sent
    and read ten times faster than a list of numbers.
    """

    groups: tuple[Group, ...]
    codes: str
    few: tuple[int, ...] | None
    unallocated: bool
    detailed: bool


def layers(query: Query, measure: Measure, series: Iterable[Numbered], areas: Areas) -> list[Layer]:
    """The series that count, by layer: two areas asked for may share land, such as the province
    and a commune, and a series counts once in a layer.
    """
    detailed = is_detailed(query, measure)
    counted = [one for one in series if not (detailed and one.whole) and _passes(one, query)]
    placed: list[dict[str, Belonging]] = []
    for asked in query.areas:
        shown = _shown(asked, counted, query, areas)
        free = next((layer for layer in placed if not layer.keys() & shown.keys()), None)
        if free is None:
            placed.append(shown)
        else:
            free.update(shown)
    return [_layer(query, measure, counted, places) for places in placed]


def is_detailed(query: Query, measure: Measure) -> bool:
    """Whether a question names a dimension, so that places as a whole cannot answer it."""
    return bool(query.dimensions) or any(name in query.by for name in measure.dimensions)


def _passes(series: Numbered, query: Query) -> bool:
    return all(series.dimensions.get(name) in values for name, values in query.dimensions.items())


def _shown(
    asked: Area, series: Iterable[Numbered], query: Query, areas: Areas
) -> dict[str, Belonging]:
    found = {area: belonging(area, asked, query, areas) for area in {one.area for one in series}}
    return {area: place for area, place in found.items() if place is not None}


def _layer(
    query: Query, measure: Measure, series: Iterable[Numbered], places: dict[str, Belonging]
) -> Layer:
    by = [name for name in measure.dimensions if name in query.by]
    numbers: dict[Group, int] = {}
    codes: dict[int, int] = {}
    for one in series:
        if place := places.get(one.area):
            dimensions = tuple((name, one.dimensions.get(name, "")) for name in by)
            number = numbers.setdefault(Group(place.shown, dimensions), len(numbers) + 1)
            codes[one.id] = 2 * number + place.unallocated
    dense = [0] * max(codes, default=0)
    for number, code in codes.items():
        dense[number - 1] = code
    return Layer(
        groups=tuple(numbers),
        codes="{" + ",".join(map(str, dense)) + "}",
        few=tuple(codes) if len(codes) <= _FEW else None,
        unallocated=any(code & 1 for code in dense),
        detailed=is_detailed(query, measure),
    )
