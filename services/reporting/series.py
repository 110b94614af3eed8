"""What the stored numbers are about: numbered series, read once and kept while none is added."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

import asyncpg
import msgspec
from chassis.area import Areas

from reporting.ask import Query
from reporting.grouping import Layer, Numbered, layers
from reporting.measures import Measure

_KEPT = 64  # recent questions; some 30 KB each where series are ten thousand


class Catalogue:
    """The series of one database, by measure, and which row of recent questions each counted in.

    Rows are only ever added to the table, so counting them tells whether what is kept is complete.
    """

    def __init__(self) -> None:
        self._version: tuple[int, int] | None = None
        self._by_measure: dict[str, tuple[Numbered, ...]] = {}
        self._layers: dict[object, list[Layer]] = {}

    async def layers(
        self, connection: asyncpg.Connection, query: Query, measure: Measure, areas: Areas
    ) -> list[Layer]:
        """The rows a question divides a measure into, as of the connection's snapshot."""
        await self._refresh(connection)
        dimensions = tuple(query.dimensions.items())
        key = (measure.id, query.areas, query.map_date, query.by, dimensions, areas)
        if key not in self._layers:
            if len(self._layers) >= _KEPT:
                del self._layers[next(iter(self._layers))]
            series = self._by_measure.get(measure.id, ())
            self._layers[key] = layers(query, measure, series, areas)
        return self._layers[key]

    async def _refresh(self, connection: asyncpg.Connection) -> None:
        row = await connection.fetchrow("SELECT count(*), coalesce(max(id), 0) FROM series")
        version = tuple(row)
        if version != self._version:
            rows = await connection.fetch("SELECT id, measure, area, dimensions, type FROM series")
            self._by_measure, self._layers, self._version = _by_measure(rows), {}, version


def _by_measure(rows: Iterable[asyncpg.Record]) -> dict[str, tuple[Numbered, ...]]:
    found: dict[str, list[Numbered]] = defaultdict(list)
    for row in rows:
        dimensions = msgspec.json.decode(row["dimensions"], type=dict[str, str])
        found[row["measure"]].append(Numbered(row["id"], row["area"], dimensions, not row["type"]))
    return {measure: tuple(series) for measure, series in found.items()}


@lru_cache(maxsize=8)
def catalogue_of(pool: asyncpg.Pool) -> Catalogue:
    """The catalogue kept for a pool's database."""
    del pool  # it is only the key
    return Catalogue()
