"""Pure: which part of what is known an answer may use, and from which table it is read.

Months of known time that ended before the one asked about are read from whole-month sums, days of
that month from day sums, and what was recorded inside the last day from the increments.
"""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from chassis.clock import VIET_NAM, civil_day, end_of_day

from reporting.periods import Period, month_after


class Known(NamedTuple):
    """Everything recorded up to ``at``; ``all_of_it`` when nothing was recorded later."""

    at: datetime
    all_of_it: bool

    @property
    def day(self) -> date:
        return civil_day(self.at)

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    @property
    def month_from(self) -> datetime:
        """Where the month of the last day begins."""
        return _start(self.month)

    @property
    def whole_days_before(self) -> date:
        """The first civil day of which not every instant is known."""
        whole = self.at >= end_of_day(self.day)
        return self.day + timedelta(days=1) if whole else self.day

    @property
    def inside_from(self) -> datetime | None:
        """Where the last day, known in part, begins; ``None`` when it is known whole."""
        if self.whole_days_before > self.day:
            return None
        return _start(self.day)


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIET_NAM).astimezone(UTC)


class Span(NamedTuple):
    """Civil days from ``first`` until before ``end``."""

    first: date
    end: date


def months_and_days(period: Period) -> tuple[Span | None, list[Span]]:
    """A period as its whole months and the days at its ends that do not fill a month."""
    end = period.last + timedelta(days=1)
    first_month = period.first if period.first.day == 1 else month_after(period.first)
    end_month = end.replace(day=1)
    if end_month <= first_month:
        return None, [Span(period.first, end)]
    edges = [Span(period.first, first_month), Span(end_month, end)]
    return Span(first_month, end_month), [span for span in edges if span.first < span.end]
