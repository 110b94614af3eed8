"""A log lost its newest events and the loss was accepted: what came of them is taken back."""

from datetime import datetime

import asyncpg

from reporting.writer import DAY

_KNOWN_AFTER = "SELECT max(recorded_at) FROM increment WHERE log = $1 AND position <= $2"
_TOUCHED = """
SELECT series, count(*) AS increments FROM increment WHERE log = $1 AND position > $2 GROUP BY 1
"""
_CUT_RUNS = """
WITH gone AS (
    DELETE FROM increment_run WHERE log = $1 AND until_position > $2 RETURNING *
)
INSERT INTO increment_run
SELECT measure, known_month, first_at, last_at, log, batch, until_position, array_agg(left_.series),
    array_agg(left_.valid_on), array_agg(left_.recorded_at), array_agg(left_.delta),
    array_agg(left_.position)
FROM (SELECT row_number() OVER () AS run, * FROM gone WHERE batch <= $2) AS cut
CROSS JOIN LATERAL unnest(series, valid_on, recorded_at, delta, position)
    AS left_ (series, valid_on, recorded_at, delta, position)
WHERE left_.position <= $2
GROUP BY run, measure, known_month, first_at, last_at, log, batch, until_position
"""
_CUT_DAYS = f"""
WITH gone AS (
    DELETE FROM day_sum WHERE log = $1 AND until_position > $2
), sums AS (
    SELECT measure, cut.valid_on, known_month, first_at, last_at, log, batch, until_position,
        cut.series, sum(cut.delta)::bigint AS total
    FROM increment_run
    CROSS JOIN LATERAL unnest(series, valid_on, delta) AS cut (series, valid_on, delta)
    WHERE log = $1 AND until_position > $2
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
INSERT INTO day_sum
SELECT measure, valid_on, known_month, first_at, last_at, log, batch, until_position,
    array_agg(series), array_agg(total)
FROM (
    SELECT *, (row_number() OVER (PARTITION BY batch, measure, valid_on, known_month) - 1) / {DAY}
        AS part
    FROM sums
) AS cut
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, part
"""
_MEMBERS = """
DELETE FROM membership USING series
WHERE series.id = membership.series AND log = $1 AND position > $2
"""
_MONTHS = """
INSERT INTO cell_month (measure, series, valid_month, known_month, total)
SELECT measure, series, date_trunc('month', valid_on::timestamp)::date, known_month,
    sum(total)::bigint
FROM cell WHERE series = ANY($1) GROUP BY 1, 2, 3, 4
"""
_PLACES = """
INSERT INTO place_month (measure, series, valid_month, known_month, total)
SELECT cell_month.measure, whole, valid_month, known_month, sum(total)::bigint
FROM cell_month JOIN series ON series.id = cell_month.series
WHERE whole = ANY($1) GROUP BY 1, 2, 3, 4
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
    gone = await connection.fetch(_TOUCHED, log, above)
    for cut in (_CUT_RUNS, _CUT_DAYS, _MEMBERS):
        await connection.execute(cut, log, above)
    touched = [row["series"] for row in gone]
    wholes = [row["whole"] for row in await connection.fetch(_WHOLES, touched)]
    await connection.execute("DELETE FROM cell_month WHERE series = ANY($1)", touched)
    await connection.execute("DELETE FROM place_month WHERE series = ANY($1)", wholes)
    await connection.execute(_MONTHS, touched)
    await connection.execute(_PLACES, wholes)
    increments = sum(row["increments"] for row in gone)
    await connection.execute(_NOTE, log, above, known_after, at, increments)
