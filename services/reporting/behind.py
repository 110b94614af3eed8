"""The events behind one figure, in the order in which they were recorded."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import asyncpg
import msgspec
from chassis.area import Areas
from chassis.clock import civil_day
from chassis.edge import cursors
from chassis.errors import Invalid

from reporting.ask import PLACES, Query
from reporting.grouping import CODE, Layer
from reporting.maps import atlas_of
from reporting.measures import NUMBERS, Kind, Measure
from reporting.series import catalogue_of
from reporting.sources import known_positions


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one event did to a figure. For a distinct measure ``delta`` is how many it names."""

    log: str
    position: int
    type: str
    valid_on: date
    recorded_at: datetime
    delta: int


class Place(NamedTuple):
    """Where a page ended."""

    recorded_at: datetime
    log: str
    position: int
    series: int
    valid_on: date


_CALLED = {"measure": "chỉ tiêu", "area": "địa bàn", "period": "kỳ"}
_Page = tuple[Sequence[Change], str | None]


async def events(
    pool: asyncpg.Pool, base: Areas, query: Query, cursor: str | None, limit: int
) -> _Page:
    """A page of the events that one figure consists of, and the cursor of the next page.

    Raises:
        Invalid: the query asks for more than one figure, or the cursor is of another query.
    """
    measure = _one(query)
    after = cursors.decode(cursor, Place, of=_name(query)) if cursor else None
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        query, known, _ = await known_positions(connection, query)
        areas = await atlas_of(pool, base).known(connection, query.known_at)
        [layer] = await catalogue_of(pool).layers(connection, query, measure, areas)
        shown = [group.shown for group in layer.groups]
        asked = str(query.areas[0])
        if asked not in shown:
            return [], None
        period = query.span(measure, query.periods[0])
        given = [layer.codes, shown.index(asked) + 1, period.first, period.last, known.at]
        read = _named if measure.kind is Kind.DISTINCT else _counted
        found = await read(connection, measure, layer, given, after, limit + 1)
    return _page(found, limit, _name(query))


_COUNTED = f"""
SELECT log, type, position, valid_on, recorded_at, delta, series
FROM (
    SELECT unnest(series) AS series, unnest(valid_on) AS valid_on,
        unnest(recorded_at) AS recorded_at, unnest(delta) AS delta, unnest(position) AS position
    FROM increment_run WHERE measure = $6::smallint AND known_month = $7
) AS run JOIN series ON series.id = run.series
WHERE {CODE} >> 1 = $2 AND valid_on >= $3 AND valid_on <= $4 AND recorded_at <= $5 {{after}}
ORDER BY recorded_at, log, position, series, valid_on LIMIT $8
"""
_MONTHS = "SELECT DISTINCT known_month FROM increment_run WHERE measure = $1 ORDER BY 1"
_MONTHS_OF_FEW = """
SELECT DISTINCT known_month FROM cell_month WHERE measure = $1 AND series = ANY($2) ORDER BY 1
"""
_NAMED = f"""
SELECT log, type, position, valid_on, recorded_at, cardinality(people)::bigint AS delta, series
FROM membership JOIN series ON series.id = membership.series
WHERE {CODE} >> 1 = $2 AND valid_on >= $3 AND valid_on <= $4 AND recorded_at <= $5
    AND (cardinality($6::int[]) = 0 OR series = ANY($6)) {{after}}
ORDER BY recorded_at, log, position, series, valid_on LIMIT $7
"""


def _later(first: int, after: Place | None) -> str:
    """The condition that a page begins after another; its arguments count from ``first``."""
    if after is None:
        return ""
    place = ", ".join(f"${number}" for number in range(first, first + len(after)))
    return f"AND (recorded_at, log, position, series, valid_on) > ({place})"


async def _counted(
    connection: asyncpg.Connection,
    measure: Measure,
    layer: Layer,
    given: list[Any],
    after: Place | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Increments in the order of recording, month after month until there are enough."""
    number = NUMBERS[measure.id]
    found: list[asyncpg.Record] = []
    asked = (_MONTHS_OF_FEW, number, list(layer.few)) if layer.few else (_MONTHS, number)
    text = _COUNTED.format(after=_later(9, after))
    for (month,) in await connection.fetch(*asked):
        if after and month < civil_day(after.recorded_at).replace(day=1):
            continue
        wanted = (number, month, limit - len(found), *(after or ()))
        found += await connection.fetch(text, *given, *wanted)
        if len(found) == limit:
            break
    return found


async def _named(
    connection: asyncpg.Connection,
    measure: Measure,
    layer: Layer,
    given: list[Any],
    after: Place | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Events by how many members each names; an index serves a few series."""
    del measure  # the only distinct one
    wanted = (list(layer.few or ()), limit, *(after or ()))
    found: list[asyncpg.Record] = await connection.fetch(
        _NAMED.format(after=_later(8, after)), *given, *wanted
    )
    return found


def _page(found: Sequence[asyncpg.Record], limit: int, name: str) -> _Page:
    shown = found[:limit]
    items = [
        Change(
            log=row["log"],
            position=row["position"],
            type=row["type"],
            valid_on=row["valid_on"],
            recorded_at=row["recorded_at"],
            delta=row["delta"],
        )
        for row in shown
    ]
    if len(found) <= limit:
        return items, None
    last = shown[-1]
    return items, cursors.encode(Place(*(last[part] for part in Place._fields)), of=name)


def _one(query: Query) -> Measure:
    """The measure of a query about a single figure."""
    if any(measure.kind is Kind.RATIO for measure in query.measures):
        raise Invalid.at(
            "?measure",
            "a rate has no events of its own; ask for those behind titles_held",
            "tỷ lệ không có sự kiện riêng; hỏi các sự kiện của chỉ tiêu titles_held",
        )
    given = {
        "measure": len(query.measures),
        "area": len(query.areas),
        "period": len(query.periods),
    }
    for name, count in given.items():
        if count != 1:
            raise Invalid.at(
                f"?{name}",
                f"one figure has one {name}; {count} were given",
                f"một con số chỉ có một {_CALLED[name]}; đã nêu {count}",
            )
    for name in query.by:
        if name not in PLACES:
            raise Invalid.at(
                "?by",
                f"one figure is not divided by {name}; ask for one value of it",
                f"một con số không chia tiếp theo {name}; hỏi riêng từng giá trị",
            )
    return query.measures[0]


def _name(query: Query) -> str:
    """What a cursor belongs to. The present moves on between pages; a known time does not."""
    asked = query.asked()
    if query.known_now:
        del asked["known_at"]
    return msgspec.json.encode(asked).decode()
