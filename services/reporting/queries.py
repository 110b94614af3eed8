"""Reads: statistics and how far each source is included. SQL in plain sight."""

import asyncpg
import msgspec
from chassis.area import Areas

from reporting.answer import Row, SourcePosition, Statistics, to_csv
from reporting.ask import Query, parse_query

__all__ = [
    "Query",
    "Row",
    "Source",
    "SourcePosition",
    "Statistics",
    "parse_query",
    "sources",
    "statistics",
    "to_csv",
]


class Source(msgspec.Struct, kw_only=True, frozen=True):
    """One log as reporting has read it. ``lag_s`` is the age of the oldest event not yet read."""

    log: str
    position: int
    recorded_at: str | None
    published: int | None
    lag_events: int | None
    lag_s: float | None
    parked: tuple[dict[str, str | int], ...] = ()
    alarms: tuple[str, ...] = ()


async def statistics(pool: asyncpg.Pool, areas: Areas, query: Query) -> Statistics:
    """The figures asked for, in one snapshot with the positions they include."""
    raise NotImplementedError


async def sources(pool: asyncpg.Pool) -> tuple[Source, ...]:
    """Every log that reporting reads, by name."""
    raise NotImplementedError
