"""What the stored numbers are about: numbered series, read once and kept while none is added."""

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

import asyncpg
import msgspec


class Numbered(NamedTuple):
    """One series by the number under which its increments and sums are stored."""

    id: int
    area: str
    dimensions: dict[str, str]


class Catalogue:
    """The series of one database by measure. Rows are only ever added, so counting them tells
    whether what is kept is complete.
    """

    def __init__(self) -> None:
        self._version: tuple[int, int] | None = None
        self._by_measure: dict[str, tuple[Numbered, ...]] = {}

    async def of(self, connection: asyncpg.Connection, measure: str) -> tuple[Numbered, ...]:
        """The series of a measure, as of the connection's snapshot."""
        row = await connection.fetchrow("SELECT count(*), coalesce(max(id), 0) FROM series")
        if row != self._version:
            await self._read(connection)
            self._version = row
        return self._by_measure.get(measure, ())

    async def _read(self, connection: asyncpg.Connection) -> None:
        found: dict[str, list[Numbered]] = defaultdict(list)
        for row in await connection.fetch("SELECT id, measure, area, dimensions FROM series"):
            dimensions = msgspec.json.decode(row["dimensions"], type=dict[str, str])
            found[row["measure"]].append(Numbered(row["id"], row["area"], dimensions))
        self._by_measure = {measure: tuple(series) for measure, series in found.items()}


@lru_cache(maxsize=8)
def catalogue_of(pool: asyncpg.Pool) -> Catalogue:
    """The catalogue kept for a pool's database."""
    del pool  # it is only the key
    return Catalogue()
