"""From statistics to what a page shows: pure, without a clock, a database or a template."""

from collections.abc import Iterator
from datetime import date, datetime

from chassis.area import Areas

from reporting.answer import Origin, Row, Statistics
from reporting.measures import MEASURES, Kind
from reporting.page.addresses import Address
from reporting.page.chart import draw
from reporting.page.figures import Figures, Question
from reporting.page.map import Picture
from reporting.page.model import KindLine, Line, Notice, Position, Report, Trend
from reporting.page.places import in_order, map_view, numbers, of_area, place_lines

LATE_S = 5
SILENT_S = 30
"""A source this many seconds behind is said to be late; less is an event's ordinary way."""


def report(
    question: Question, figures: Figures, areas: Areas, picture: Picture | None, address: Address
) -> Report:
    """The page for one question; every number in it stands in ``figures``."""
    area, section = question.query.areas[0], question.section
    lines = place_lines(question, figures.places.rows, areas, address)
    whole = area == areas.province
    total = numbers(section, figures.totals.rows)
    elsewhere = of_area(figures.places.rows, areas.province)
    sorted_by = address.get("sort") or question.measure
    return Report(
        question=question,
        place=areas.unit(area),
        whole=whole,
        numbers=total,
        rank=next((line.rank for line in lines if line.chosen), None),
        reported=sum(line.numbers.reported for line in lines),
        notices=tuple(notices(figures)),
        picture=map_view(question, figures, areas, picture, address),
        lines=in_order(lines, sorted_by),
        total=total if whole else None,
        elsewhere=numbers(section, elsewhere),
        unallocated=sum(int(r.unallocated) for r in elsewhere if r.measure == section.leading),
        kinds=kinds(question, figures.breakdown),
        trend=trend(question, figures),
        line=line(figures.totals),
        picture_line=line(figures.pictured or figures.places),
        places_line=line(figures.places),
        kinds_line=line(figures.breakdown) if figures.breakdown else None,
        months_line=line(figures.months),
        sorted_by=sorted_by,
    )


def kinds(question: Question, breakdown: Statistics | None) -> tuple[KindLine, ...] | None:
    """The kinds of which anything was reported, the largest first."""
    if breakdown is None:
        return None
    section = question.section
    by_value: dict[str, list[Row]] = {}
    for row in breakdown.rows:
        by_value.setdefault(row.by[section.breakdown], []).append(row)
    found = [KindLine(value, numbers(section, by_value.get(value, ()))) for value in section.values]
    reported = [each for each in found if each.numbers.reported]
    return tuple(sorted(reported, key=lambda k: -(k.numbers.cells[question.measure].value or 0)))


def trend(question: Question, figures: Figures) -> Trend:
    """Twelve months of the chosen measure beside the same days a year before."""
    now, before = _by_month(figures.months), _by_month(figures.months_before)
    adds = MEASURES[question.measure].kind is Kind.FLOW
    return Trend(
        chart=draw(now, before, question.months()),
        now=sum(now.values()) if adds else None,
        before=sum(before.values()) if adds else None,
        last=question.last,
        partial=question.partial,
    )


def line(statistics: Statistics) -> Line:
    """The small line under a figure, from the answer that holds it."""
    asked = statistics.asked
    return Line(
        as_of=date.fromisoformat(str(asked["as_of"])),
        known_at=datetime.fromisoformat(str(asked["known_at"])),
        map_date=date.fromisoformat(str(asked["map_date"])),
        positions=tuple(
            Position(
                log,
                source.position,
                datetime.fromisoformat(source.recorded_at) if source.recorded_at else None,
                source.parked,
            )
            for log, source in sorted(statistics.positions.items())
        ),
    )


def notices(figures: Figures) -> Iterator[Notice]:
    """What a reader must know of the sources before the figures, the gravest first."""
    for source in figures.sources:
        if source.alarms:
            yield Notice("alarm", source.log, position=source.position)
    for log, position in sorted(figures.totals.positions.items()):
        if isinstance(position.origin, Origin):
            yield Notice("withdrawn", log, position=position.origin.at)
    for source in figures.sources:
        if source.parked_events:
            yield Notice("parked", source.log, count=source.parked_events)
    for source in figures.sources:
        seconds = round(source.lag_s)
        if source.lag_events and seconds >= LATE_S:
            yield Notice("late", source.log, count=source.lag_events, seconds=seconds)
        elif seconds >= SILENT_S:
            yield Notice("silent", source.log, seconds=seconds)


def _by_month(statistics: Statistics) -> dict[str, int]:
    """Figures by month; a month without a row was not reported."""
    return {row.by["month"]: int(row.value) for row in statistics.rows if not row.suppressed}
