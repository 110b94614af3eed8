"""What a page is about: one place, one table, one figure on the map, and the days that count."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import msgspec

from reporting.measures import MEASURES
from reporting.page.sections import Column, Section
from reporting.periods import FIRST_DAY, Period
from reporting.queries import Query

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """One page. ``query`` names the table's measures, one area, one period and every date.

    ``column`` is the figure on the map. ``picture_day`` is a day whose map can be drawn, where the
    map asked for cannot. ``divided`` says whether the reader may see more than the place's totals.
    """

    query: Query
    section: Section
    column: Column
    picture_day: date | None = None
    divided: bool = True

    @property
    def measure(self) -> str:
        return self.column.measure

    def figure(self, measure: str | None = None) -> Query:
        """The same question about the chosen figure alone, or about its like of another measure."""
        asked = MEASURES[measure or self.measure]
        filters = {n: (value,) for n, value in self.column.filters if n in asked.dimensions}
        dimensions = {**self.query.dimensions, **filters}
        return msgspec.structs.replace(self.query, measures=(asked,), dimensions=dimensions)

    @property
    def first(self) -> date | None:
        """The first day that counts; None where everything up to ``last`` does."""
        first = self.query.periods[0].first
        return None if first == FIRST_DAY else first

    @property
    def last(self) -> date:
        return min(self.query.periods[0].last, self.query.as_of)

    @property
    def last_before(self) -> date:
        """The same day of the year before."""
        return a_year_before(self.last)

    @property
    def year(self) -> Period:
        """The year of ``last``, up to that day."""
        return span(self.last.replace(month=1, day=1), self.last)

    @property
    def year_before(self) -> Period:
        return span(self.last_before.replace(month=1, day=1), self.last_before)

    @property
    def months(self) -> Period:
        """The month of ``last``, up to that day, and the eleven before it."""
        month = self.last.year * _MONTHS + self.last.month - _MONTHS
        return span(date(month // _MONTHS, month % _MONTHS + 1, 1), self.last)

    @property
    def months_before(self) -> Period:
        """The same days a year earlier, so that an unfinished month meets an unfinished one."""
        now = self.months
        return span(now.first.replace(year=now.first.year - 1), self.last_before)

    @property
    def partial(self) -> bool:
        """Whether the last month is unfinished."""
        return self.last.day != monthrange(self.last.year, self.last.month)[1]


def a_year_before(day: date) -> date:
    """The same day a year earlier; the last of a month for the last of a month."""
    whole = day.day == monthrange(day.year, day.month)[1]
    longest = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, longest if whole else min(day.day, longest))


def span(first: date, last: date) -> Period:
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last)
