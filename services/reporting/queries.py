"""Reads: statistics, the events behind them, and how far each source is included."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg
from chassis.area import Areas

from reporting import rates
from reporting.answer import Row, SourcePosition, Statistics, to_csv
from reporting.ask import Params, Query, known_time, parse_query
from reporting.behind import Change, events
from reporting.cells import Statement
from reporting.known import Known
from reporting.maps import atlas_of
from reporting.measures import CATALOGUE, MEASURES, Kind, Measure
from reporting.periods import Period
from reporting.rows import Figure, Key, in_order, rows, unit_of
from reporting.series import Catalogue, catalogue_of
from reporting.sources import Source, known_positions, sources

__all__ = [
    "Change",
    "Query",
    "Row",
    "Source",
    "SourcePosition",
    "Statistics",
    "ask",
    "events",
    "parse_query",
    "sources",
    "statistics",
    "to_csv",
]


class Reading:
    """One snapshot of the database, and the question asked of it."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        series: Catalogue,
        areas: Areas,
        query: Query,
        known: Known,
    ) -> None:
        self._connection, self._series, self._areas = connection, series, areas
        self.query, self._known = query, known

    async def rates(self, measure: Measure, period: Period) -> list[Row]:
        """The rows of a rate."""
        query = rates.of_holders(self.query)
        holders = Reading(self._connection, self._series, self._areas, query, self._known)
        held = await holders.figures(rates.HELD, query.span(rates.HELD, period))
        known = await rates.bases(self._connection, query, period, self._known)
        return list(rates.rows(self.query, measure, period, held, known, self._areas))

    async def figures(self, measure: Measure, period: Period) -> dict[Key, Figure]:
        """Every figure of a measure in a period of which something is known."""
        if measure.of is None:
            return await self._sums(measure, period)
        distinct = await self._read(measure, period, distinct=True)
        everybody = await self._sums(MEASURES[measure.of], period)
        named = await self._sums(measure, period)
        nobody = Figure(0, 0)
        return {
            key: Figure(
                *distinct.get(key, nobody)[:2],
                everybody.get(key, nobody).value - named.get(key, nobody).value,
            )
            for key in everybody.keys() | distinct.keys()
        }

    async def _sums(self, measure: Measure, period: Period) -> dict[Key, Figure]:
        return await self._read(measure, period, distinct=False)

    async def _read(self, measure: Measure, period: Period, *, distinct: bool) -> dict[Key, Figure]:
        found: dict[Key, Figure] = {}
        layers = await self._series.layers(self._connection, self.query, measure, self._areas)
        for layer in layers:
            if not layer.groups:
                continue
            statement = Statement(measure, layer, unit_of(self.query))
            shape = statement.distinct if distinct else statement.sums
            shape(period, self._known)
            for row in await self._connection.fetch(statement.text, *statement.arguments):
                key = Key(layer.groups[row["number"] - 1], row["bucket"])
                found[key] = Figure(row["value"], row["unallocated"])
        return found


async def _rows(reading: Reading, measure: Measure, period: Period, areas: Areas) -> Iterable[Row]:
    if measure.kind is Kind.RATIO:
        return await reading.rates(measure, period)
    query = reading.query
    span = query.span(measure, period)
    figures = {} if span.empty else await reading.figures(measure, span)
    return rows(query, measure, period, figures, areas)


async def ask(pool: asyncpg.Pool, base: Areas, params: Params, now: datetime) -> Query:
    """The question in a request's parameters, on the maps as known at the time asked about.

    Raises:
        Refusal: as ``parse_query``.
    """
    areas = await atlas_of(pool, base).known(pool, known_time(params, now))
    return parse_query(params, now, areas)


async def statistics(pool: asyncpg.Pool, base: Areas, query: Query) -> Statistics:
    """The figures asked for, in one snapshot with the positions and the maps they include.

    ``base`` are the maps of the data files.
    """
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        query, known, positions = await known_positions(connection, query)
        areas = await atlas_of(pool, base).known(connection, query.known_at)
        reading = Reading(connection, catalogue_of(pool), areas, query, known)
        found: list[Row] = []
        for measure in query.measures:
            for period in query.periods:
                found += await _rows(reading, measure, period, areas)
    return Statistics(
        province=str(base.province),
        asked=query.asked(),
        rows=in_order(found),
        positions=positions,
        catalogue=CATALOGUE,
    )
