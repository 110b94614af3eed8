"""The SQL of an answer, composed of the few tables it needs."""

from collections.abc import Iterator, Sequence
from datetime import datetime
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
        if months:
            until = "" if known.all_of_it else f" AND known_month < {self._give(known.month)}"
            where = self._within("valid_month", months) + until
            yield self._read(self._months, "valid_month", where)
        yield from (self._increments if self._few else self._days)(period, edges, known)

    def _days(self, period: Period, edges: Sequence[Span], known: Known) -> Iterator[str]:
        """Days that fill no month; and what became known in the last month asked about, day by
        day, and inside its last day.
        """
        for edge in edges:
            until = "" if known.all_of_it else f" AND known_on < {self._give(known.month)}"
            yield self._read("cell", "valid_on", self._within("valid_on", edge) + until)
        if not known.all_of_it and known.month < known.whole_days_before:
            days = self._within("known_on", Span(known.month, known.whole_days_before))
            yield self._read("cell", "valid_on", f"{self._dated(period)} AND {days}")
        if not known.all_of_it and known.inside_from is not None:
            inside = self._recorded(known.inside_from, known.at)
            where = f"{self._dated(period)} AND {inside}"
            yield self._read("increment", "valid_on", where, total="delta")

    def _increments(self, period: Period, edges: Sequence[Span], known: Known) -> Iterator[str]:
        """The same for a few series, whose increments an index finds."""
        for edge in edges:
            until = "" if known.all_of_it else f" AND recorded_at < {self._give(known.month_from)}"
            where = self._within("valid_on", edge) + until
            yield self._read("increment", "valid_on", where, total="delta")
        if not known.all_of_it:
            recent = self._recorded(known.month_from, known.at)
            where = f"{self._dated(period)} AND {recent}"
            yield self._read("increment", "valid_on", where, total="delta")

    def _read(self, table: str, day: str, where: str, total: str = "total") -> str:
        bucket = day if day == "valid_month" and self._unit == "month" else self._bucket(day)
        return f"""
    SELECT series, {bucket} AS bucket, {total} AS total FROM {table} WHERE {where}{self._few}"""

    def _bucket(self, day: str) -> str:
        unit = self._unit
        return f"date_trunc('{unit}', {day}::timestamp)::date" if unit else "NULL::date"

    def _within(self, column: str, span: Span) -> str:
        return f"{column} >= {self._give(span.first)} AND {column} < {self._give(span.end)}"

    def _recorded(self, since: datetime, until: datetime) -> str:
        return f"recorded_at >= {self._give(since)} AND recorded_at <= {self._give(until)}"

    def _dated(self, period: Period) -> str:
        first, last = self._give(period.first), self._give(period.last)
        return f"valid_on >= {first} AND valid_on <= {last}"
