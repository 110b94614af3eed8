"""Pure: which part of what is known an answer may use, and from which table it is read.

Months of known time that ended before the instant asked about are read from whole-month sums,
batches of the month that were recorded by then from day sums, and the increments one by one of
those batches in which the instant itself lies.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from chassis.clock import civil_day, end_of_day

from reporting.periods import Period, end_of_month, month_after

_A_DAY = timedelta(days=1)


class Known(NamedTuple):
    """Everything recorded up to ``at``; ``all_of_it`` when nothing was recorded later."""

    at: datetime
    all_of_it: bool

    @property
    def month(self) -> date:
        """The first month of which not every instant is known."""
        day = civil_day(self.at)
        month = day.replace(day=1)
        whole = day == end_of_month(day) and self.at >= end_of_day(day)
        return month_after(month) if whole and day < date.max else month


class Span(NamedTuple):
    """Civil days, or first days of months, from ``first`` to ``last``, both included."""

    first: date
    last: date


def months_and_days(period: Period) -> tuple[Span | None, list[Span]]:
    """A period as its whole months and the days at its ends that do not fill a month."""
    months = _whole_months(period)
    if months is None:
        return None, [Span(period.first, period.last)]
    edges = []
    if period.first < months.first:
        edges.append(Span(period.first, months.first - _A_DAY))
    if end_of_month(months.last) < period.last:
        edges.append(Span(end_of_month(months.last) + _A_DAY, period.last))
    return months, edges


def _whole_months(period: Period) -> Span | None:
    begun, ended = period.first, period.last.replace(day=1)
    if begun.day > 1:
        if end_of_month(begun) >= period.last:
            return None
        begun = month_after(begun)
    if end_of_month(ended) > period.last:
        ended = (ended - _A_DAY).replace(day=1)
    return Span(begun, ended) if begun <= ended else None
