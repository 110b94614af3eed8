"""The sentences of the report: the answer first, what it includes, and what is said of a place."""

from collections.abc import Iterator
from datetime import date

from chassis.area import AreaKind
from markupsafe import Markup

from reporting.measures import MEASURES, Kind
from reporting.page.chart import Bar
from reporting.page.model import Cell, Line, Patch, Report
from reporting.page.question import Question
from reporting.page.sections import Column
from reporting.page.voice import Voice

_JOINED = Markup(" · ")


def when(first: date | None, last: date, voice: Voice) -> Markup:
    """``Từ 1/1/2024 đến 15/10/2025``, at the start of a sentence."""
    if first is None:
        return voice.say("when_until", end=voice.day(last))
    if first == last:
        return voice.say("when_day", day=voice.day(last))
    return voice.say("when_span", start=voice.day(first), end=voice.day(last))


def held_on(day: date, voice: Voice) -> Markup:
    """The day of a stock, at the start of a sentence."""
    return voice.say("when_held", day=voice.day(day))


def days_of(question: Question, voice: Voice) -> Markup:
    """The days that count in the figure on the map."""
    if MEASURES[question.measure].kind in (Kind.STOCK, Kind.RATIO):
        return held_on(question.last, voice)
    return when(question.first, question.last, voice)


def stated(report: Report, voice: Voice) -> Markup:
    """The figure on the map, its days, and whose it is."""
    question = report.question
    kinds = ", ".join(voice.label("kind", k) for k in question.query.dimensions.get("kind", ()))
    return voice.say(
        "stated",
        when=days_of(question, voice),
        place=voice.place(report.place),
        value=counted(report.numbers.cells[question.column.key], question.column, voice),
        of_kind=voice.say("of_kind", kinds=kinds) if kinds else "",
    )


def counted(cell: Cell, column: Column, voice: Voice) -> Markup:
    """``<b>27.003</b> lượt người``."""
    if cell.suppressed or cell.value is None:
        return voice.say("suppressed" if cell.suppressed else "no_report")
    value, noun = cell.value, voice.noun(column, cell.value)
    if not noun:
        return Markup("<b>{}</b>").format(voice.counted(column, value))
    return Markup("<b>{}</b> {}").format(voice.plain(column.measure, value), noun)


def included(report: Report, voice: Voice) -> Iterator[Markup]:
    """What the answer includes and what it does not."""
    listed, missing = len(report.lines), len(report.lines) - report.reported
    if report.whole:
        key = "included_all" if not missing else "included"
        yield voice.say(
            key, reported=report.reported, listed=listed, missing=missing,
            units=units(report, voice),
            province=voice.say("included_province") if report.elsewhere.reported else "",
        )  # fmt: skip
    elif report.rank:
        measure = voice.title(report.question.column)
        yield voice.say("place_rank", rank=report.rank, count=report.reported, measure=measure)
    if report.numbers.unknown is not None:
        yield voice.say(
            "included_learners",
            learners=figure(report.numbers.cells["distinct_learners"], "distinct_learners", voice),
            unknown=voice.number(report.numbers.unknown),
        )


def figure(cell: Cell, measure: str, voice: Voice) -> str:
    """A figure in a table or a label."""
    if cell.suppressed:
        return str(voice.say("suppressed"))
    return str(voice.say("no_report")) if cell.value is None else voice.plain(measure, cell.value)


def of_patch(patch: Patch, report: Report, voice: Voice) -> str:
    """What is said of a place of the map: name, value, rank."""
    name, column = voice.place_title(patch.unit), report.question.column
    if patch.cell.value is None:
        return f"{name}: {figure(patch.cell, column.measure, voice)}"
    assert report.picture
    rank = voice.say("rank", rank=patch.rank, count=report.picture.reported)
    return f"{name}: {voice.counted(column, patch.cell.value)}, {rank}"


def compared(report: Report, voice: Voice) -> Markup | None:
    """Twelve months beside the twelve before, the percentage with its base."""
    trend = report.trend
    if trend.chart.empty:
        return voice.say("trend_none")
    if trend.now is None or trend.before is None:
        return None
    said = {"end": voice.day(trend.last), "now": voice.counted(trend.column, trend.now)}
    difference = trend.now - trend.before
    if not trend.before or not difference:
        return voice.say("trend_new" if not trend.before else "trend_same", **said)
    return voice.say(
        "trend_more" if difference > 0 else "trend_less",
        difference=voice.amount(trend.column, abs(difference)),
        percent=voice.percentage(abs(difference), trend.before),
        before=voice.amount(trend.column, trend.before),
        **said,
    )


def small_line(line: Line, voice: Voice, above: Line | None = None) -> Markup:
    """As of, known at, map of, positions, parked; those of the line ``above`` are not repeated."""
    same = above is not None and line.positions == above.positions
    parts = [
        voice.say("line_as_of", day=voice.short_day(line.as_of)),
        voice.say("line_known", instant=voice.instant(line.known_at)),
        voice.say("line_map", day=voice.short_day(line.map_date)),
        *([voice.say("line_same")] if same else _positions(line, voice)),
    ]
    return _JOINED.join(Markup("<span>{}</span>").format(part) for part in parts)


def _positions(line: Line, voice: Voice) -> Iterator[Markup]:
    for p in line.positions:
        if p.recorded_at:
            at = voice.instant(p.recorded_at)
            yield voice.say("line_position", log=p.log, position=p.position, instant=at)
        else:
            yield voice.say("line_position_none", log=p.log)
    yield voice.say("line_parked", count=line.parked) if line.parked else voice.say("line_current")


def units(report: Report, voice: Voice) -> Markup:
    """What the places of the table are called: the map before July 2025 had townships as well."""
    townships = any(line.unit.kind is AreaKind.TOWNSHIP for line in report.lines)
    return voice.say("units_with_townships" if townships else "units")


def of_bar(bar: Bar, column: Column, voice: Voice) -> str:
    """What is said of a month of the trend."""
    said = [
        voice.amount(column, value) if value is not None else str(voice.say("no_report"))
        for value in (bar.value, bar.before)
    ]
    return f"{voice.month(bar.month)}: {said[0]}; {voice.say('trend_before')}: {said[1]}"
