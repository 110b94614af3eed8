"""Pure: rows of an answer out of the numbers that were read."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from chassis.area import Areas
from msgspec import UNSET

from reporting.answer import Row
from reporting.ask import TIMES, Query
from reporting.grouping import Group
from reporting.measures import Measure
from reporting.periods import Period, month_of, year_of
from reporting.places import is_village


class Key(NamedTuple):
    """What a figure is about: a group, and the first day of its month or year."""

    group: Group
    bucket: date | None


class Figure(NamedTuple):
    """``unknown`` is given for a distinct measure: participants without a name."""

    value: int
    unallocated: int
    unknown: int | None = None


def unit_of(query: Query) -> str | None:
    """By what time is divided: ``month`` where both are asked for."""
    return next((unit for unit in TIMES if unit in query.by), None)


def rows(
    query: Query, measure: Measure, period: Period, figures: Mapping[Key, Figure], areas: Areas
) -> Iterator[Row]:
    """A row for each figure, and a zero for each area whose one figure nothing was said about.

    Where a question divides, only what is known has a row: "nothing reported" is not "0".
    """
    for key, figure in figures.items():
        yield _row(query, measure, _label(query, period, key.bucket), key, figure)
    if unit_of(query) or any(name in query.by for name in measure.dimensions):
        return
    for asked in _undivided(query, areas):
        key = Key(Group(asked, ()), None)
        if key not in figures:
            nothing = Figure(0, 0, None if measure.of is None else 0)
            yield _row(query, measure, period.label, key, nothing)


def in_order(found: Iterable[Row]) -> tuple[Row, ...]:
    """By measure, area, period and what divides; what two periods share stands once."""
    unique = {
        (row.measure, row.area, row.period, tuple(row.by.items()), row.base_kind or ""): row
        for row in found
    }
    return tuple(unique[key] for key in sorted(unique))


def _undivided(query: Query, areas: Areas) -> Iterator[str]:
    """The areas asked for that are not themselves divided into places."""
    for area in query.areas:
        divided = area == areas.province and "commune" in query.by
        if is_village(area, areas) or not ("village" in query.by or divided):
            yield str(area)


def _row(query: Query, measure: Measure, label: str, key: Key, figure: Figure) -> Row:
    single = {name: values[0] for name, values in query.dimensions.items() if len(values) == 1}
    return Row(
        measure=measure.id,
        area=key.group.shown,
        period=label,
        by={**single, **dict(key.group.dimensions), **_times(query, key.bucket)},
        value=figure.value,
        unallocated=figure.unallocated,
        unknown=UNSET if figure.unknown is None else figure.unknown,
    )


def _times(query: Query, bucket: date | None) -> dict[str, str]:
    if bucket is None:
        return {}
    named = {"year": year_of(bucket).label, "month": month_of(bucket).label}
    return {name: named[name] for name in query.by if name in TIMES}


def _label(query: Query, period: Period, bucket: date | None) -> str:
    """The month or year of a row; its days, where one of several periods holds only part of it."""
    if bucket is None:
        return period.label
    whole = month_of(bucket) if unit_of(query) == "month" else year_of(bucket)
    first, last = max(whole.first, period.first), min(whole.last, period.last)
    partial = len(query.periods) > 1 and (first, last) != (whole.first, whole.last)
    return f"{first.isoformat()}..{last.isoformat()}" if partial else whole.label
