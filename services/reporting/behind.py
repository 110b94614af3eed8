"""The events behind one figure, in the order in which they were recorded."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import asyncpg
import msgspec
from chassis.area import Areas
from chassis.edge import cursors
from chassis.errors import Invalid

from reporting.ask import PLACES, Query
from reporting.grouping import CODE, Layer
from reporting.measures import Kind, Measure
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
    pool: asyncpg.Pool, areas: Areas, query: Query, cursor: str | None, limit: int
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
        [layer] = await catalogue_of(pool).layers(connection, query, measure, areas)
        shown = [group.shown for group in layer.groups]
        asked = str(query.areas[0])
        if asked not in shown:
            return [], None
        text = _STATEMENTS[measure.kind is Kind.DISTINCT].format(**_parts(layer, after))
        period = query.span(measure, query.periods[0])
        arguments = [layer.codes, shown.index(asked) + 1, period.first, period.last, known.at]
        more = [limit + 1, list(layer.few or ()), *(after or ())]
        found = await connection.fetch(text, *arguments, *more)
    return _page(found, limit, _name(query))


_INCREMENTS = f"""
SELECT log, type, position, valid_on, recorded_at, delta, series
FROM increment JOIN series ON series.id = increment.series
WHERE {CODE} >> 1 = $2 AND valid_on >= $3 AND valid_on <= $4 AND recorded_at <= $5
    {{few}} {{after}}
ORDER BY recorded_at, log, position, series, valid_on LIMIT $6
"""
_MEMBERS = f"""
SELECT log, type, position, valid_on, recorded_at, count(*) AS delta, series
FROM member JOIN series ON series.id = member.series
WHERE {CODE} >> 1 = $2 AND valid_on >= $3 AND valid_on <= $4 AND recorded_at <= $5
    {{few}} {{after}}
GROUP BY log, type, position, valid_on, recorded_at, series
ORDER BY recorded_at, log, position, series, valid_on LIMIT $6
"""
_STATEMENTS = (_INCREMENTS, _MEMBERS)


def _parts(layer: Layer, after: Place | None) -> dict[str, str]:
    """An index serves a few series; a whole province is found by reading along."""
    few = "AND series = ANY($7::int[])" if layer.few else "AND cardinality($7::int[]) = 0"
    place = "AND (recorded_at, log, position, series, valid_on) > ($8, $9, $10, $11, $12)"
    return {"few": few, "after": place if after else ""}


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
