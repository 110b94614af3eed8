"""The sentences of the report: the answer first, what it includes, and what is said of a place."""

from collections.abc import Iterator
from datetime import date

from chassis.area import AreaKind
from markupsafe import Markup

from reporting.page.chart import Bar
from reporting.page.model import Cell, Line, Numbers, Patch, Report
from reporting.page.voice import Voice

_JOINED = Markup(" · ")


def when(first: date | None, last: date, voice: Voice) -> Markup:
    """``Từ 1/1/2024 đến 15/10/2025``, at the start of a sentence."""
    if first is None:
        return voice.say("when_until", end=voice.day(last))
    if first == last:
        return voice.say("when_day", day=voice.day(last))
    return voice.say("when_span", start=voice.day(first), end=voice.day(last))


def answer(report: Report, voice: Voice) -> Markup:
    """The one sentence: the figures, their days, and whose they are."""
    question = report.question
    kinds = ", ".join(voice.kind(kind) for kind in question.query.dimensions.get("kind", ()))
    return voice.say(
        f"answer_{question.section.id}",
        when=when(question.first, question.last, voice),
        place=voice.place(report.place),
        of_kind=voice.say("of_kind", kinds=kinds) if kinds else "",
        **{m: counted(report.numbers, m, voice) for m in question.section.measures},
    )


def counted(numbers: Numbers, measure: str, voice: Voice) -> Markup:
    """``<b>27.003</b> lượt người``."""
    cell = numbers.cells[measure]
    if cell.suppressed or cell.value is None:
        return voice.say("suppressed" if cell.suppressed else "no_report")
    noun = voice.say(f"{measure}_{'one' if cell.value == 1 else 'many'}")
    return Markup("<b>{}</b> {}").format(voice.number(cell.value), noun)


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
        measure = voice.measure(report.question.measure).lower()
        yield voice.say("place_rank", rank=report.rank, count=report.reported, measure=measure)
    if report.numbers.unknown is not None:
        yield voice.say(
            "included_learners",
            learners=figure(report.numbers.cells["distinct_learners"], voice),
            unknown=voice.number(report.numbers.unknown),
        )


def figure(cell: Cell, voice: Voice) -> str:
    """A figure in a table or a label."""
    if cell.suppressed:
        return str(voice.say("suppressed"))
    return str(voice.say("no_report")) if cell.value is None else voice.number(cell.value)


def of_patch(patch: Patch, report: Report, voice: Voice) -> str:
    """What is said of a place of the map: name, value, rank."""
    measure = report.question.measure
    name = voice.place_title(patch.unit)
    if patch.cell.value is None:
        return f"{name}: {figure(patch.cell, voice)}"
    assert report.picture
    noun = voice.say(f"{measure}_{'one' if patch.cell.value == 1 else 'many'}")
    rank = voice.say("rank", rank=patch.rank, count=report.picture.reported)
    return f"{name}: {figure(patch.cell, voice)} {noun}, {rank}"


def compared(report: Report, voice: Voice) -> Markup | None:
    """Twelve months beside the twelve before, the percentage with its base."""
    trend = report.trend
    if trend.chart.empty:
        return voice.say("trend_none")
    if trend.now is None or trend.before is None:
        return None
    one = f"{report.question.measure}_{'one' if trend.now == 1 else 'many'}"
    said = {"end": voice.day(trend.last), "now": f"{voice.number(trend.now)} {voice.say(one)}"}
    difference = trend.now - trend.before
    if not trend.before or not difference:
        return voice.say("trend_new" if not trend.before else "trend_same", **said)
    return voice.say(
        "trend_more" if difference > 0 else "trend_less",
        difference=voice.number(abs(difference)),
        percent=voice.percentage(abs(difference), trend.before),
        before=voice.number(trend.before),
        **said,
    )


def small_line(line: Line, voice: Voice) -> Markup:
    """As of, known at, map of, positions, parked."""
    parts = [
        voice.say("line_as_of", day=voice.short_day(line.as_of)),
        voice.say("line_known", instant=voice.instant(line.known_at)),
        voice.say("line_map", day=voice.short_day(line.map_date)),
        *(
            voice.say("line_position", log=p.log, position=p.position,
                      instant=voice.instant(p.recorded_at))
            if p.recorded_at else voice.say("line_position_none", log=p.log)
            for p in line.positions
        ),
        voice.say("line_parked", count=line.parked) if line.parked else voice.say("line_current"),
    ]  # fmt: skip
    return _JOINED.join(Markup("<span>{}</span>").format(part) for part in parts)


def units(report: Report, voice: Voice) -> Markup:
    """What the places of the table are called: the map before July 2025 had townships as well."""
    townships = any(line.unit.kind is AreaKind.TOWNSHIP for line in report.lines)
    return voice.say("units_with_townships" if townships else "units")


def of_bar(bar: Bar, voice: Voice) -> str:
    """What is said of a month of the trend."""
    said = [
        voice.number(value) if value is not None else str(voice.say("no_report"))
        for value in (bar.value, bar.before)
    ]
    return f"{voice.month(bar.month)}: {said[0]}; {voice.say('trend_before')}: {said[1]}"
