"""Rates: titles held over a base. Where no base is known there is no rate, and no row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import asyncpg
import msgspec
from chassis.area import Area, Areas

from reporting.answer import Row
from reporting.ask import PLACES, Query, exact
from reporting.catalogue.titles import BASES, MODELS
from reporting.known import Known
from reporting.measures import MEASURES, Measure
from reporting.periods import Period
from reporting.places import belonging, is_village
from reporting.rows import Figure, Key

HELD = MEASURES["titles_held"]
_VILLAGE = "village"  # administrative communities are another thing than villages
_BASES = """
SELECT DISTINCT ON (base_kind, area) base_kind, area, amount FROM base
WHERE valid_on <= $1 AND ($3 OR recorded_at <= $2)
ORDER BY base_kind, area, valid_on DESC, recorded_at DESC
"""


def of_holders(query: Query) -> Query:
    """The question about the holders that the rates of a question are made of."""
    models = query.dimensions.get("model", MODELS)
    places = tuple(name for name in query.by if name in PLACES)
    return msgspec.structs.replace(
        query, measures=(HELD,), by=(*places, "model", "group"), dimensions={"model": models}
    )


async def bases(
    connection: asyncpg.Connection, query: Query, period: Period, known: Known
) -> list[asyncpg.Record]:
    """For each kind and exact area the last base at the end of a period, as known then."""
    found: list[asyncpg.Record] = await connection.fetch(
        _BASES, query.span(HELD, period).last, known.at, query.known_now
    )
    return found


def rows(
    query: Query,
    measure: Measure,
    period: Period,
    held: Mapping[Key, Figure],
    known: Iterable[asyncpg.Record],
    areas: Areas,
) -> Iterator[Row]:
    """A row for each place and base that the question asks for."""
    holders, kinds = _holders(held), _kinds(query)
    for base in known:
        kind, area, amount = base["base_kind"], base["area"], base["amount"]
        if kind not in kinds or not _has_row(area, query, areas):
            continue
        numerator = holders[area, BASES[kind]]
        yield Row(
            measure=measure.id,
            area=area,
            period=period.label,
            by={"model": BASES[kind]},
            value=100 * numerator / amount,
            numerator=numerator,
            base=amount,
            base_kind=kind,
        )


def _holders(held: Mapping[Key, Figure]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for key, figure in held.items():
        of = dict(key.group.dimensions)
        if of["model"] != "community" or of["group"] == _VILLAGE:
            found[key.group.shown, of["model"]] += figure.value
    return found


def _has_row(area: str, query: Query, areas: Areas) -> bool:
    """Whether a row of the question is about all of a place, and not what its parts leave over:
    the base of that is not known.
    """
    place = exact(area, areas)
    if place is None or not _undivided(place, query, areas):
        return False
    found = (belonging(area, asked, query, areas) for asked in query.areas)
    return any(one is not None and one.shown == area for one in found)


def _undivided(place: Area, query: Query, areas: Areas) -> bool:
    if is_village(place, areas):
        return True
    return "village" not in query.by and (place != areas.province or "commune" not in query.by)


def _kinds(query: Query) -> set[str]:
    models = query.dimensions.get("model", MODELS)
    kinds = query.dimensions.get("base_kind", tuple(BASES))
    return {kind for kind in kinds if BASES[kind] in models}
