"""What the page asks of reporting: its query functions, several times for one known time."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

import msgspec
from chassis.area import Area

from reporting.behind import Change
from reporting.measures import MEASURES
from reporting.page.sections import Section
from reporting.periods import FIRST_DAY, Period
from reporting.queries import Query, Source, Statistics

_MONTHS = 12


class Reporting(Protocol):
    """The query functions of reporting, bound to their database."""

    async def statistics(self, query: Query) -> Statistics: ...

    async def sources(self) -> Sequence[Source]: ...

    async def events(
        self, query: Query, cursor: str | None, limit: int
    ) -> tuple[Sequence[Change], str | None]:
        """The events behind one figure, and the cursor of those that follow."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """One page. ``query`` names the section's measures, one area, one period and every date.

    ``picture_day`` is a day whose map can be drawn, where the map asked for cannot. ``divided``
    says whether the reader may see the place's figures by the section's dimension.
    """

    query: Query
    section: Section
    measure: str
    picture_day: date | None = None
    divided: bool = True

    def query_of(self, measure: str) -> Query:
        """The same question about one measure."""
        return msgspec.structs.replace(self.query, measures=(MEASURES[measure],))

    @property
    def first(self) -> date | None:
        """The first day that counts; None where everything up to ``last`` does."""
        first = self.query.periods[0].first
        return None if first == FIRST_DAY else first

    @property
    def last(self) -> date:
        return min(self.query.periods[0].last, self.query.as_of)

    def months(self) -> Period:
        """The month of ``last``, up to that day, and the eleven before it."""
        month = self.last.year * _MONTHS + self.last.month - _MONTHS
        return _period(date(month // _MONTHS, month % _MONTHS + 1, 1), self.last)

    def months_before(self) -> Period:
        """The same days a year earlier, so that an unfinished month meets an unfinished one."""
        now = self.months()
        year, month, day = now.last.year - 1, now.last.month, now.last.day
        whole = day == monthrange(now.last.year, month)[1]
        longest = monthrange(year, month)[1]
        last = date(year, month, longest if whole else min(day, longest))
        return _period(now.first.replace(year=now.first.year - 1), last)

    @property
    def partial(self) -> bool:
        """Whether the last month is unfinished."""
        return self.last.day != monthrange(self.last.year, self.last.month)[1]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one page shows. ``pictured`` holds the units of the map that can be drawn, where
    another map was asked for; ``breakdown`` is None where it may not be shown.
    """

    totals: Statistics
    places: Statistics
    months: Statistics
    months_before: Statistics
    breakdown: Statistics | None
    pictured: Statistics | None
    sources: Sequence[Source]


async def ask(reporting: Reporting, question: Question, province: Area) -> Figures:
    """Every figure of one page, known at the moment that the first answer gives as its own."""
    totals = await reporting.statistics(question.query)
    known_at = datetime.fromisoformat(str(totals.asked["known_at"]))
    query = msgspec.structs.replace(question.query, known_at=known_at, known_now=False)
    question = replace(question, query=query)
    measure = (MEASURES[question.measure],)
    whole = msgspec.structs.replace(query, areas=(province,), by=("commune",))
    monthly = msgspec.structs.replace(query, measures=measure, by=("month",))
    return Figures(
        totals=totals,
        places=await reporting.statistics(whole),
        months=await reporting.statistics(_in(monthly, question.months())),
        months_before=await reporting.statistics(_in(monthly, question.months_before())),
        breakdown=await _breakdown(reporting, question),
        pictured=await _pictured(reporting, question, whole),
        sources=await reporting.sources(),
    )


async def _breakdown(reporting: Reporting, question: Question) -> Statistics | None:
    if not question.divided:
        return None
    by = (question.section.breakdown,)
    return await reporting.statistics(msgspec.structs.replace(question.query, by=by))


async def _pictured(reporting: Reporting, question: Question, whole: Query) -> Statistics | None:
    if question.picture_day is None:
        return None
    return await reporting.statistics(msgspec.structs.replace(whole, map_date=question.picture_day))


def _in(query: Query, period: Period) -> Query:
    return msgspec.structs.replace(query, periods=(period,))


def _period(first: date, last: date) -> Period:
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last)
