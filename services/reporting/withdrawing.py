"""A log lost its newest events and the loss was accepted: what came of them is taken back."""

from datetime import datetime

import asyncpg

_KNOWN_AFTER = """
SELECT max(recorded_at) FROM increment JOIN series ON series.id = increment.series
WHERE log = $1 AND position <= $2
"""
_INCREMENTS = """
DELETE FROM increment USING series
WHERE series.id = increment.series AND log = $1 AND position > $2
RETURNING increment.series
"""
_MEMBERS = """
DELETE FROM member USING series
WHERE series.id = member.series AND log = $1 AND position > $2
"""
_DAYS = """
INSERT INTO cell (series, valid_on, known_on, total)
SELECT series, valid_on, (recorded_at AT TIME ZONE 'UTC' + interval '7 hours')::date,
    sum(delta)::bigint
FROM increment WHERE series = ANY($1) GROUP BY 1, 2, 3
"""
_MONTHS = """
INSERT INTO cell_month (series, valid_month, known_month, total)
SELECT series, date_trunc('month', valid_on::timestamp)::date,
    date_trunc('month', known_on::timestamp)::date, sum(total)::bigint
FROM cell WHERE series = ANY($1) GROUP BY 1, 2, 3
"""
_PLACES = """
INSERT INTO place_month (series, valid_month, known_month, total)
SELECT whole, valid_month, known_month, sum(total)::bigint
FROM cell_month JOIN series ON series.id = cell_month.series WHERE whole = ANY($1) GROUP BY 1, 2, 3
"""
_WHOLES = "SELECT DISTINCT whole FROM series WHERE id = ANY($1)"
_NOTE = """
INSERT INTO withdrawal (log, above, known_after, accepted_at, increments)
VALUES ($1, $2, $3, $4, $5)
"""


async def withdraw(connection: asyncpg.Connection, log: str, *, above: int, at: datetime) -> None:
    """Take back what events of a log above a position came to, within the caller's transaction.

    The sums of the series concerned are made again from what remains. Known times later than the
    last that remains were answered differently until ``at``; answers about them say so.
    """
    known_after = await connection.fetchval(_KNOWN_AFTER, log, above)
    gone = await connection.fetch(_INCREMENTS, log, above)
    await connection.execute(_MEMBERS, log, above)
    touched = list({row["series"] for row in gone})
    for table in ("cell", "cell_month"):
        await connection.execute(f"DELETE FROM {table} WHERE series = ANY($1)", touched)
    wholes = [row["whole"] for row in await connection.fetch(_WHOLES, touched)]
    await connection.execute("DELETE FROM place_month WHERE series = ANY($1)", wholes)
    for again, concerned in ((_DAYS, touched), (_MONTHS, touched), (_PLACES, wholes)):
        await connection.execute(again, concerned)
    await connection.execute(_NOTE, log, above, known_after, at, len(gone))
