"""From statistics to what a page shows: pure, without a clock, a database or a template."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from chassis.area import Areas

from reporting.answer import Origin, Row, Statistics
from reporting.measures import MEASURES, Kind
from reporting.page.addresses import Address
from reporting.page.chart import draw
from reporting.page.figures import Figures
from reporting.page.map import Picture
from reporting.page.model import Cell, KindLine, Line, Notice, Position, Report, Trend
from reporting.page.places import in_order, map_view, numbers, of_area, place_lines, village_lines
from reporting.page.question import Question
from reporting.page.sections import Column
from reporting.page.standing import overview
from reporting.sources import Source

LATE_S = 5
SILENT_S = 30
"""A source this many seconds behind is said to be late; less is an event's ordinary way."""


def report(
    question: Question, figures: Figures, areas: Areas, picture: Picture | None, address: Address
) -> Report:
    """The page for one question; every number in it stands in ``figures``."""
    area, section = question.query.areas[0], question.section
    lines = place_lines(question, figures.places.rows, areas, address)
    key = question.column.key
    whole = area == areas.province
    total = numbers(section, figures.totals.rows)
    elsewhere = of_area(figures.places.rows, areas.province)
    sorted_by = address.get("sort") or key
    below = figures.villages.rows if figures.villages else ()
    return Report(
        question=question,
        place=areas.unit(area),
        whole=whole,
        overview=overview(question, figures.overview, address),
        numbers=total,
        rank=next((line.rank for line in lines if line.chosen), None),
        reported=sum(line.numbers.cells[key] != Cell() for line in lines),
        notices=tuple(notices(figures)),
        picture=map_view(question, figures, areas, picture, address),
        lines=in_order(lines, sorted_by),
        total=total if whole else None,
        elsewhere=numbers(section, elsewhere),
        unallocated=sum(int(r.unallocated) for r in elsewhere if _leads(question, r)),
        kinds=kinds(question, figures.breakdown),
        kind_columns=_kind_columns(question),
        trend=trend(question, figures),
        line=line(figures.totals),
        picture_line=line(figures.pictured or figures.places),
        places_line=line(figures.places),
        kinds_line=line(figures.breakdown) if figures.breakdown else None,
        months_line=line(figures.months),
        sorted_by=sorted_by,
        villages=village_lines(question, below, areas, address) if below else (),
        in_no_village=numbers(section, of_area(below, area)),
    )


def kinds(question: Question, breakdown: Statistics | None) -> tuple[KindLine, ...] | None:
    """The kinds of which anything was reported, the largest first."""
    if breakdown is None:
        return None
    divided = question.column.divided or ""
    section = replace(question.section, columns=_kind_columns(question))
    by_value: dict[str, list[Row]] = {}
    for row in breakdown.rows:
        by_value.setdefault(row.by[divided], []).append(row)
    found = [KindLine(value, numbers(section, rows)) for value, rows in by_value.items()]
    reported = [each for each in found if each.numbers.reported]
    key = question.column.key
    return tuple(sorted(reported, key=lambda k: (-(k.numbers.cells[key].value or 0), k.value)))


def trend(question: Question, figures: Figures) -> Trend:
    """Twelve months of the chosen figure beside the same days a year before."""
    now, before = _by_month(figures.months), _by_month(figures.months_before)
    column = replace(question.column, measure=question.section.months or question.measure)
    adds = MEASURES[column.measure].kind is Kind.FLOW
    return Trend(
        column=column,
        chart=draw(now, before, question.months),
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
    found = tuple(notices_of(figures.sources))
    yield from (notice for notice in found if notice.kind == "alarm")
    for log, position in sorted(figures.totals.positions.items()):
        if isinstance(position.origin, Origin):
            yield Notice("withdrawn", log, position=position.origin.at)
    yield from (notice for notice in found if notice.kind != "alarm")


def notices_of(sources: Sequence[Source]) -> Iterator[Notice]:
    """What the sources themselves give reason to say, the gravest first."""
    for source in sources:
        if source.alarms:
            yield Notice("alarm", source.log, position=source.position)
    for source in sources:
        if source.parked_events:
            yield Notice("parked", source.log, count=source.parked_events)
    for source in sources:
        seconds = round(source.lag_s)
        if source.lag_events and seconds >= LATE_S:
            yield Notice("late", source.log, count=source.lag_events, seconds=seconds)
        elif seconds >= SILENT_S:
            yield Notice("silent", source.log, seconds=seconds)


def _by_month(statistics: Statistics) -> dict[str, int]:
    """Figures by month; a month without a row was not reported."""
    return {row.by["month"]: int(row.value) for row in statistics.rows if not row.suppressed}


def _kind_columns(question: Question) -> tuple[Column, ...]:
    """Courses are shown with everything known of them; other figures alone."""
    return question.section.columns if question.section.leading else (question.column,)


def _leads(question: Question, row: Row) -> bool:
    """Whether a row says how much of the table has no place."""
    leading = question.section.leading
    return row.measure == leading if leading else question.column.holds(row)
