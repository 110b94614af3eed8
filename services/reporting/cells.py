"""The SQL of an answer, composed of the few tables it needs."""

from collections.abc import Iterator
from typing import Any

from reporting.grouping import CODE, Layer
from reporting.known import Known, Span, months_and_days
from reporting.periods import Period


class Statement:
    """A SELECT with its numbered arguments.

    It gives ``number`` (of the layer's group), ``bucket`` (the first day of a month or year; null
    where time is not divided), ``value``, and ``unallocated``. A series finds its group by
    subscript, which costs half of a join with a table of them.
    """

    def __init__(self, layer: Layer, unit: str | None) -> None:
        self.arguments: list[Any] = [layer.codes]
        self._few = f" AND series = ANY({self._give(list(layer.few))}::int[])" if layer.few else ""
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
        dated = self._dated(period)
        partly = "bool_or(code & 1 = 1)" if self._unallocated else "false"
        self.text = f"""
SELECT number, bucket, count(*) AS value, count(*) FILTER (WHERE unallocated) AS unallocated
FROM (
    SELECT code >> 1 AS number, bucket, member, {partly} AS unallocated
    FROM (
        SELECT {CODE} AS code, {self._bucket("valid_on")} AS bucket, member
        FROM member WHERE {dated} AND recorded_at <= {self._give(known.at)}{self._few}
    ) AS placed
    WHERE code > 0 GROUP BY 1, 2, 3
) AS person
GROUP BY 1, 2"""
        return self

    def _give(self, value: object) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def _facts(self, period: Period, known: Known) -> Iterator[str]:
        """Where the numbers are read from: the coarsest table that knows enough."""
        months, edges = months_and_days(period)
        before = None if known.all_of_it else self._give(known.month)
        if months:
            until = f" AND known_month < {before}" if before else ""
            yield self._read(
                "cell_month", "valid_month", self._within("valid_month", months) + until
            )
        until = f" AND known_on < {before}" if before else ""
        for edge in edges:
            yield self._read("cell", "valid_on", self._within("valid_on", edge) + until)
        if not known.all_of_it:
            yield from self._recent(self._dated(period), known)

    def _recent(self, dated: str, known: Known) -> Iterator[str]:
        """What became known in the last month asked about, day by day, and inside its last day."""
        if known.month < known.whole_days_before:
            days = self._within("known_on", Span(known.month, known.whole_days_before))
            yield self._read("cell", "valid_on", f"{dated} AND {days}")
        if known.inside_from is not None:
            since, at = self._give(known.inside_from), self._give(known.at)
            inside = f"{dated} AND recorded_at >= {since} AND recorded_at <= {at}"
            yield self._read("increment", "valid_on", inside, total="delta")

    def _read(self, table: str, day: str, where: str, total: str = "total") -> str:
        bucket = day if day == "valid_month" and self._unit == "month" else self._bucket(day)
        return f"""
    SELECT series, {bucket} AS bucket, {total} AS total FROM {table} WHERE {where}{self._few}"""

    def _bucket(self, day: str) -> str:
        unit = self._unit
        return f"date_trunc('{unit}', {day}::timestamp)::date" if unit else "NULL::date"

    def _within(self, column: str, span: Span) -> str:
        return f"{column} >= {self._give(span.first)} AND {column} < {self._give(span.end)}"

    def _dated(self, period: Period) -> str:
        first, last = self._give(period.first), self._give(period.last)
        return f"valid_on >= {first} AND valid_on <= {last}"
