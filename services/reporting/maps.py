"""The maps as they were known at any time: those of the data files, and what the registry told."""

from bisect import bisect_right
from datetime import datetime
from functools import lru_cache

import asyncpg
from chassis.area import Areas
from chassis.bus import places
from chassis.bus.maps import drawn
from chassis.bus.places import Kept, Version

_KEPT = 8  # maps known at different times; some 300 units each, and every village


class Atlas:
    """The maps of one database. Known time applies to them too: a village or a reform that was
    recorded later is on none of an earlier time's maps.
    """

    def __init__(self, base: Areas) -> None:
        self._base = base
        self._version = Version(None, None)
        self._told: list[Kept] = []
        self._drawn: dict[int, Areas] = {0: base}

    async def known(self, reader: asyncpg.Connection | asyncpg.Pool, at: datetime | None) -> Areas:
        """The maps as known at a time, or by now; never changed afterwards."""
        version = Version(*await reader.fetchrow(f"SELECT {places.VERSION}"))
        if version != self._version:
            told = await places.kept(reader)
            self._told, self._version, self._drawn = told, version, {0: self._base}
        return self._of(len(self._told) if at is None else self._recorded_by(at))

    def _recorded_by(self, at: datetime) -> int:
        return bisect_right(self._told, at, key=lambda each: each.recorded_at)

    def _of(self, count: int) -> Areas:
        if count not in self._drawn:
            if len(self._drawn) >= _KEPT:
                del self._drawn[next(iter(self._drawn))]
            told = self._told[:count]
            self._drawn[count] = drawn(self._base, [each.change for each in told])
        return self._drawn[count]


@lru_cache(maxsize=8)
def atlas_of(pool: asyncpg.Pool, base: Areas) -> Atlas:
    """The maps kept for a pool's database; ``base`` are those of the data files."""
    del pool  # it is only part of the key
    return Atlas(base)
