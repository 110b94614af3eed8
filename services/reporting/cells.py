"""The SQL of an answer, composed of the few tables it needs."""

from collections.abc import Iterator
from typing import Any

from reporting.grouping import CODE, Layer
from reporting.known import Known, Span, months_and_days
from reporting.measures import NUMBERS, Measure
from reporting.periods import Period


class Statement:
    """A SELECT with its numbered arguments.

    It gives ``number`` (of the layer's group), ``bucket`` (the first day of a month or year; null
    where time is not divided), ``value``, and ``unallocated``. A series finds its group by
    subscript, which costs half of a join with a table of them.
    """

    def __init__(self, measure: Measure, layer: Layer, unit: str | None) -> None:
        self.arguments: list[Any] = [layer.codes]
        self._measure = f"measure = {NUMBERS[measure.id]}::smallint"
        self._series = layer.few
        self._months = "cell_month" if layer.detailed else "place_month"
        self._unallocated = layer.unallocated
        self._unit = unit
        self.text = ""

    def sums(self, period: Period, known: Known) -> "Statement":
        """Sums over the increments dated in the period and known by then."""
        facts = " UNION ALL ".join(self._facts(period, known))
        part = "sum(total) FILTER (WHERE code & 1 = 1)" if self._unallocated else "0"
        self.text = f"""
SELECT code >> 1 AS number, bucket, sum(total)::bigint AS value,
    coalesce({part}, 0)::bigint AS unallocated
FROM (SELECT {CODE} AS code, bucket, total FROM ({facts}) AS fact) AS placed
WHERE code > 0 GROUP BY 1, 2"""
        return self

    def distinct(self, period: Period, known: Known) -> "Statement":
        """Different members named in events dated in the period and known by then."""
        where = f"{self._dated(period)} AND recorded_at <= {self._give(known.at)}{self._few()}"
        apart = "count(DISTINCT person) FILTER (WHERE code & 1 = 1)" if self._unallocated else "0"
        self.text = f"""
SELECT code >> 1 AS number, bucket, count(DISTINCT person) AS value, {apart} AS unallocated
FROM (
    SELECT code, bucket, unnest(people) AS person
    FROM (
        SELECT {CODE} AS code, {self._bucket("valid_on")} AS bucket, people
        FROM membership WHERE {where}
    ) AS event
    WHERE code > 0
) AS named
GROUP BY 1, 2"""
        return self

    def _few(self) -> str:
        """An index finds a few series; more are met by reading along."""
        return f" AND series = ANY({self._give(list(self._series))}::int[])" if self._series else ""

    def _give(self, value: object) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def _facts(self, period: Period, known: Known) -> Iterator[str]:
        """Where the numbers are read from: the coarsest table that knows enough."""
        months, edges = months_and_days(period)
        before = "" if known.all_of_it else f" AND known_month < {self._give(known.month)}"
        if months:
            bucket = "valid_month" if self._unit == "month" else self._bucket("valid_month")
            where = self._within("valid_month", months) + before + self._few()
            yield f"""
    SELECT series, {bucket} AS bucket, total
    FROM {self._months} WHERE {self._measure} AND {where}"""
        for edge in edges:
            yield self._days(self._within("valid_on", edge) + before)
        if not known.all_of_it:
            month, at = self._give(known.month), self._give(known.at)
            dated = self._dated(period)
            yield self._days(f"{dated} AND known_month = {month} AND last_at <= {at}")
            yield self._cut(
                dated, f"known_month = {month} AND first_at <= {at} AND last_at > {at}", at
            )

    def _days(self, where: str) -> str:
        """Sums by valid day."""
        return f"""
    SELECT unnest(series) AS series, {self._bucket("valid_on")} AS bucket, unnest(total) AS total
    FROM day_sum WHERE {self._measure} AND {where}"""

    def _cut(self, dated: str, batches: str, at: str) -> str:
        """Of the batches in which the known time lies, increment by increment."""
        return f"""
    SELECT series, {self._bucket("valid_on")} AS bucket, delta AS total
    FROM (
        SELECT unnest(series) AS series, unnest(valid_on) AS valid_on,
            unnest(recorded_at) AS recorded_at, unnest(delta) AS delta
        FROM increment_run WHERE {self._measure} AND {batches}
    ) AS run
    WHERE {dated} AND recorded_at <= {at}"""

    def _bucket(self, day: str) -> str:
        unit = self._unit
        return f"date_trunc('{unit}', {day}::timestamp)::date" if unit else "NULL::date"

    def _within(self, column: str, span: Span) -> str:
        return f"{column} >= {self._give(span.first)} AND {column} <= {self._give(span.last)}"

    def _dated(self, period: Period) -> str:
        first, last = self._give(period.first), self._give(period.last)
        return f"valid_on >= {first} AND valid_on <= {last}"
