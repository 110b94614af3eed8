"""Writing: increments, their sums and members, in the transaction that moves the position."""

import io
import struct
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import asyncpg
import msgspec
from chassis.bus.envelope import Envelope, instant

from reporting.measures import NUMBERS
from reporting.projections import Rows, Series

Batch = Sequence[tuple[Envelope, Rows]]

# Binary COPY, as "COPY / File Formats / Binary Format" of the Postgres manual has it: five to ten
# times cheaper here than arrays of parameters or text.
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_INCREMENT = struct.Struct("!h ii ii ih ii ii ii iq iq iq")
_MEMBER = struct.Struct("!h ii i16s ii iq iq")
_YEAR_2000 = date(2000, 1, 1).toordinal()  # where Postgres counts days and microseconds from
_SINCE_1970 = 946_684_800_000_000
_DAY = 86_400_000_000
_UTC_7 = 7 * 3_600_000_000

RUN = 100
"""Increments to a row: some 3.4 kB, two rows to a page."""
DAY = 250
"""Sums to a row, some 3.1 kB."""

_STAGE = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
    series int, whole int, measure smallint, valid_on date, valid_month date, known_month date,
    recorded_at timestamptz, delta bigint, position bigint
) ON COMMIT DELETE ROWS;
TRUNCATE incoming
"""
_KEEP = f"""
WITH runs AS (
    INSERT INTO increment_run
    SELECT measure, known_month, $1, $2, $3, $4, $5, array_agg(series), array_agg(valid_on),
        array_agg(recorded_at), array_agg(delta), array_agg(position)
    FROM (
        SELECT *, (row_number() OVER (PARTITION BY measure, known_month) - 1) / {RUN} AS part
        FROM incoming
    ) AS cut
    GROUP BY measure, known_month, part
), day AS (
    SELECT measure, valid_on, known_month, series, sum(delta)::bigint AS total
    FROM incoming GROUP BY 1, 2, 3, 4
), days AS (
    INSERT INTO day_sum
    SELECT measure, valid_on, known_month, $1, $2, $3, $4, $5, array_agg(series), array_agg(total)
    FROM (
        SELECT *, (row_number() OVER (PARTITION BY measure, valid_on, known_month) - 1) / {DAY}
            AS part
        FROM day
    ) AS cut
    GROUP BY measure, valid_on, known_month, part
), month AS (
    SELECT measure, series, whole, valid_month, known_month, sum(delta)::bigint AS total
    FROM incoming GROUP BY 1, 2, 3, 4, 5
), places AS (
    INSERT INTO place_month AS known (measure, series, valid_month, known_month, total)
    SELECT measure, whole, valid_month, known_month, sum(total)::bigint
    FROM month GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (measure, series, valid_month, known_month)
    DO UPDATE SET total = known.total + excluded.total
)
INSERT INTO cell_month AS known (measure, series, valid_month, known_month, total)
SELECT measure, series, valid_month, known_month, total FROM month ORDER BY 1, 2, 3, 4
ON CONFLICT (measure, series, valid_month, known_month)
DO UPDATE SET total = known.total + excluded.total
"""
_STAGE_MEMBERS = """
CREATE TEMP TABLE IF NOT EXISTS incoming_member (
    series int, member uuid, valid_on date, recorded_at timestamptz, position bigint
) ON COMMIT DELETE ROWS;
TRUNCATE incoming_member
"""
_MEET = """
INSERT INTO person (member)
SELECT DISTINCT member FROM incoming_member
WHERE NOT EXISTS (SELECT FROM person WHERE person.member = incoming_member.member)
ON CONFLICT DO NOTHING
"""
_KEEP_MEMBERS = """
INSERT INTO membership (series, valid_on, recorded_at, position, people)
SELECT series, valid_on, recorded_at, position, array_agg(person.id)
FROM incoming_member JOIN person USING (member) GROUP BY 1, 2, 3, 4
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
    """Of a series, of its place as a whole, and of its measure."""

    series: int
    whole: int
    measure: int


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
            # fetch keeps the statement prepared; execute does not
            await connection.fetch(_KEEP, *_bounds(batch))
        if members:
            await connection.execute(_STAGE_MEMBERS)
            await _copy(connection, "incoming_member", members)
            await connection.fetch(_MEET)
            await connection.fetch(_KEEP_MEMBERS)

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
        measures = [NUMBERS[one.measure] for _, _, one in wanted]
        known.update(zip(wanted, map(_Numbers, found, numbers, measures), strict=True))

    async def _named(self, keys: Sequence[_Key], wholes: Sequence[int | None]) -> list[int]:
        """The numbers of series, given where they have none."""
        columns = _columns(keys)
        async with self._pool.acquire() as connection:
            await connection.execute(_NAME, *columns, wholes)
            return [row["id"] for row in await connection.fetch(_NAMED, *columns)]

    def _increments(self, batch: Batch) -> Iterator[bytes]:
        ids, pack = self._ids, _INCREMENT.pack
        for envelope, rows in batch:
            if not rows.increments:
                continue
            log, kind, position = envelope.log, envelope.type, envelope.position
            recorded = envelope.recorded_at - _SINCE_1970
            known = _days((recorded + _UTC_7) // _DAY)[1]
            for row in rows.increments:
                one, whole, measure = ids[log, kind, row.series]
                day, month = _days(row.valid_on.toordinal() - _YEAR_2000)
                yield pack(
                    9, 4, one, 4, whole, 2, measure, 4, day, 4, month, 4, known, 8, recorded,
                    8, row.delta, 8, position,
                )  # fmt: skip

    def _members(self, batch: Batch) -> Iterator[bytes]:
        ids, pack = self._ids, _MEMBER.pack
        for envelope, rows in batch:
            recorded = envelope.recorded_at - _SINCE_1970
            for row in rows.members:
                number = ids[envelope.log, envelope.type, row.series].series
                day, place = row.valid_on.toordinal() - _YEAR_2000, envelope.position
                yield pack(5, 4, number, 16, row.member.bytes, 4, day, 8, recorded, 8, place)


@lru_cache(100_000)
def _days(since_2000: int) -> tuple[int, int]:
    """A day and the first of its month, in days since 2000."""
    return since_2000, date.fromordinal(_YEAR_2000 + since_2000).replace(
        day=1
    ).toordinal() - _YEAR_2000


def _bounds(batch: Batch) -> tuple[datetime, datetime, str, int, int]:
    """Between which instants and positions the events of a batch, all of one log, lie."""
    times = [envelope.recorded_at for envelope, _ in batch]
    positions = [envelope.position for envelope, _ in batch]
    first, last = instant(min(times)), instant(max(times))
    return first, last, batch[0][0].log, min(positions), max(positions)


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
