"""Writing: increments, their sums and members, in the transaction that moves the position."""

import io
import struct
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import asyncpg
import msgspec
from chassis.bus.envelope import Envelope

from reporting.projections import Rows, Series

Batch = Sequence[tuple[Envelope, Rows]]

# Binary COPY, as "COPY / File Formats / Binary Format" of the Postgres manual has it: five to ten
# times cheaper here than arrays of parameters or text.
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_INCREMENT = struct.Struct("!h ii ii ii ii iq iq iq")
_MEMBER = struct.Struct("!h ii i16s ii iq iq")
_YEAR_2000 = date(2000, 1, 1).toordinal()  # where Postgres counts days and microseconds from
_SINCE_1970 = 946_684_800_000_000
_DAY = 86_400_000_000
_UTC_7 = 7 * 3_600_000_000

_STAGE = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
    series int, whole int, valid_on date, known_on date,
    recorded_at timestamptz, delta bigint, position bigint
) ON COMMIT DELETE ROWS
"""
_KEEP = """
WITH kept AS (
    INSERT INTO increment (series, valid_on, recorded_at, delta, position)
    SELECT series, valid_on, recorded_at, delta, position FROM incoming
), days AS (
    INSERT INTO cell (series, valid_on, known_on, total)
    SELECT series, valid_on, known_on, sum(delta)::bigint FROM incoming GROUP BY 1, 2, 3
), places AS (
    INSERT INTO place_month AS known (series, valid_month, known_month, total)
    SELECT whole, date_trunc('month', valid_on::timestamp)::date,
        date_trunc('month', known_on::timestamp)::date, sum(delta)::bigint
    FROM incoming GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (series, valid_month, known_month)
    DO UPDATE SET total = known.total + excluded.total
)
INSERT INTO cell_month AS known (series, valid_month, known_month, total)
SELECT series, date_trunc('month', valid_on::timestamp)::date,
    date_trunc('month', known_on::timestamp)::date, sum(delta)::bigint
FROM incoming GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (series, valid_month, known_month) DO UPDATE SET total = known.total + excluded.total
"""
_NAME = """
INSERT INTO series (log, type, measure, area, dimensions, whole)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::int[])
ON CONFLICT DO NOTHING
"""
_NAMED = """
SELECT series.id
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
    WITH ORDINALITY AS wanted (log, type, measure, area, dimensions, place)
JOIN series USING (log, type, measure, area, dimensions)
ORDER BY wanted.place
"""

_Key = tuple[str, str, Series]


class _Numbers(NamedTuple):
    """Of a series, and of its place as a whole."""

    series: int
    whole: int


class Writer:
    """Writes batches of projected events. ``pool`` is for naming series, outside the batch's
    transaction: a series without increments does no harm, a number without its series would.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._ids: dict[_Key, _Numbers] = {}

    async def write(self, connection: asyncpg.Connection, batch: Batch) -> None:
        """Add what the events add, within the caller's transaction."""
        increments, members = await self._packed(batch)
        if increments:
            await connection.execute(_STAGE)
            await _copy(connection, "incoming", increments)
            await connection.fetch(_KEEP)  # fetch keeps the statement prepared; execute does not
        if members:
            await _copy(connection, "member", members)

    async def _packed(self, batch: Batch) -> tuple[bytes, bytes]:
        try:
            return b"".join(self._increments(batch)), b"".join(self._members(batch))
        except KeyError:  # a series is met for the first time, which soon becomes rare
            await self._learn(batch)
            return b"".join(self._increments(batch)), b"".join(self._members(batch))

    async def _learn(self, batch: Batch) -> None:
        """Make sure that every series of the batch has its number."""
        known = self._ids
        wanted = dict.fromkeys(key for key in _keys(batch) if key not in known)
        wholes = [(log, "", Series(one.measure, one.area, ())) for log, _, one in wanted]
        numbers = await self._named(wholes, [None] * len(wholes))
        found = await self._named(list(wanted), numbers)
        known.update(zip(wanted, map(_Numbers, found, numbers), strict=True))

    async def _named(self, keys: Sequence[_Key], wholes: Sequence[int | None]) -> list[int]:
        """The numbers of series, given where they have none."""
        columns = _columns(keys)
        async with self._pool.acquire() as connection:
            await connection.execute(_NAME, *columns, wholes)
            return [row["id"] for row in await connection.fetch(_NAMED, *columns)]

    def _increments(self, batch: Batch) -> Iterator[bytes]:
        ids, pack = self._ids, _INCREMENT.pack
        for envelope, rows in batch:
            log, kind, position = envelope.log, envelope.type, envelope.position
            recorded = envelope.recorded_at - _SINCE_1970
            known = (recorded + _UTC_7) // _DAY
            for row in rows.increments:
                one, whole = ids[log, kind, row.series]
                day, delta = row.valid_on.toordinal() - _YEAR_2000, row.delta
                yield pack(
                    7, 4, one, 4, whole, 4, day, 4, known, 8, recorded, 8, delta, 8, position
                )

    def _members(self, batch: Batch) -> Iterator[bytes]:
        ids, pack = self._ids, _MEMBER.pack
        for envelope, rows in batch:
            recorded = envelope.recorded_at - _SINCE_1970
            for row in rows.members:
                number = ids[envelope.log, envelope.type, row.series].series
                day, place = row.valid_on.toordinal() - _YEAR_2000, envelope.position
                yield pack(5, 4, number, 16, row.member.bytes, 4, day, 8, recorded, 8, place)


def _keys(batch: Batch) -> Iterator[_Key]:
    for envelope, rows in batch:
        log, kind = envelope.log, envelope.type
        for increment in rows.increments:
            yield log, kind, increment.series
        for member in rows.members:
            yield log, kind, member.series


async def _copy(connection: asyncpg.Connection, table: str, rows: bytes) -> None:
    source = io.BytesIO(_HEADER + rows + _TRAILER)
    await connection.copy_to_table(table, source=source, format="binary")


def _columns(keys: Sequence[_Key]) -> list[list[str]]:
    return [
        [log for log, _, _ in keys],
        [kind for _, kind, _ in keys],
        [series.measure for _, _, series in keys],
        [series.area for _, _, series in keys],
        [msgspec.json.encode(dict(series.dimensions)).decode() for _, _, series in keys],
    ]
