"""What the page asks of reporting: its query functions, several times for one known time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chassis.area import Area, Areas
from msgspec.structs import replace as _replace

from reporting.behind import Change
from reporting.measures import MEASURES
from reporting.page.question import Question, span
from reporting.page.sections import FUNDS, RATES, TITLES, TRAINING, of_topic
from reporting.periods import Period
from reporting.queries import Query, Source, Statistics


class Reporting(Protocol):
    """The query functions of reporting, bound to their database."""

    async def maps(self, at: datetime | None) -> Areas:
        """The maps as known at a time, or by now."""
        ...

    async def statistics(self, query: Query) -> Statistics: ...

    async def sources(self) -> Sequence[Source]: ...

    async def bases_known(self) -> str:
        """What changes whenever a base of rates is added."""
        ...

    async def events(
        self, query: Query, cursor: str | None, limit: int
    ) -> tuple[Sequence[Change], str | None]:
        """The events behind one figure, and the cursor of those that follow."""
        ...


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page begins with. ``titles`` are held on two days, a year apart; money and courses
    fall in three periods: the one asked for, the year so far, and the same days a year earlier.
    """

    titles: Statistics
    rates: Statistics
    funds: Statistics
    training: Statistics


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything one page shows. ``pictured`` holds the units of the map that can be drawn, where
    another map was asked for; ``breakdown`` and ``villages`` are None where they may not be shown,
    or are of nothing.
    """

    overview: Overview
    totals: Statistics
    places: Statistics
    months: Statistics
    months_before: Statistics
    breakdown: Statistics | None
    pictured: Statistics | None
    sources: Sequence[Source]
    villages: Statistics | None = None


async def ask(reporting: Reporting, question: Question, province: Area) -> Figures:
    """Every figure of one page, known at the moment that the first answer gives as its own."""
    section = question.section
    totals = await reporting.statistics(_replace(question.query, by=section.by))
    known_at = datetime.fromisoformat(str(totals.asked["known_at"]))
    query = _replace(question.query, known_at=known_at, known_now=False)
    question = replace(question, query=query)
    whole = _replace(query, areas=(province,), by=("commune", *section.by))
    monthly = _replace(question.figure(section.months), by=("month",))
    return Figures(
        overview=await _overview(reporting, question),
        totals=totals,
        places=await reporting.statistics(whole),
        months=await reporting.statistics(_in(monthly, question.months)),
        months_before=await reporting.statistics(_in(monthly, question.months_before)),
        breakdown=await _breakdown(reporting, question),
        pictured=await _pictured(reporting, question, whole),
        villages=await _villages(reporting, question, province),
        sources=await reporting.sources(),
    )


async def _overview(reporting: Reporting, question: Question) -> Overview:
    """The published figures of a place, beside those of a year before."""
    days = tuple(span(day, day) for day in (question.last, question.last_before))
    flows = (question.query.periods[0], question.year, question.year_before)
    kinds = ("kind",) if question.divided else ()

    async def about(measures: Iterable[str], periods: tuple[Period, ...], *by: str) -> Statistics:
        asked = tuple(MEASURES[measure] for measure in measures)
        plain = _replace(question.query, measures=asked, dimensions={})
        return await reporting.statistics(_replace(plain, by=by, periods=periods))

    return Overview(
        titles=await about(TITLES.measures, days, *TITLES.by),
        rates=await about(RATES.measures, days[:1]),
        funds=await about(of_topic("funds"), flows, *FUNDS.by),
        training=await about(TRAINING.measures[:2], flows, *kinds),
    )


async def _breakdown(reporting: Reporting, question: Question) -> Statistics | None:
    divided = question.column.divided
    if divided is None or not question.divided:
        return None
    query = question.query if question.section.leading else question.figure()
    return await reporting.statistics(_replace(query, by=(divided,)))


async def _pictured(reporting: Reporting, question: Question, whole: Query) -> Statistics | None:
    if question.picture_day is None:
        return None
    return await reporting.statistics(_replace(whole, map_date=question.picture_day))


async def _villages(reporting: Reporting, question: Question, province: Area) -> Statistics | None:
    """What is below a commune, for those who may see it."""
    if not question.divided or question.query.areas[0] == province:
        return None
    by = ("village", *question.section.by)
    return await reporting.statistics(_replace(question.query, by=by))


def _in(query: Query, period: Period) -> Query:
    return _replace(query, periods=(period,))
