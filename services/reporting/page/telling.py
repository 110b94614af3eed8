"""The published paragraph: titles held, money mobilised and spent, courses, each leading on."""

from collections.abc import Iterable

from markupsafe import Markup

from reporting.page.model import Cell, Report, Standing
from reporting.page.sections import Topic
from reporting.page.sentences import counted, held_on, when
from reporting.page.voice import Voice


def sentence(topic: Topic, report: Report, voice: Voice) -> Markup:
    """The figures of a topic, their days and whose they are; each leads to where it is shown."""
    of, asked = report.overview, report.question
    if topic == "titles":
        days, said = held_on(asked.last, voice), _together(of.titles, voice)
    else:
        days = when(asked.first, asked.last, voice)
        said = _funds(of.funds, voice) if topic == "funds" else _training(report, voice)
    key = f"answer_{topic}" if said else f"answer_{topic}_none"
    return voice.say(key, when=days, place=voice.place(report.place), said=said)


def compared(standing: Standing, voice: Voice) -> Markup:
    """In words how a figure stands to the one of a year before, with the base of the per cent."""
    column, now, before = standing.column, standing.current or 0, standing.before
    if before is None:
        return voice.say("change_new")
    difference = now - before
    if not difference:
        return voice.say("change_same")
    key = "change_more" if difference > 0 else "change_less"
    size = abs(difference)
    said = voice.amount(column, size)
    if before <= 0:
        return voice.say(key, difference=said)
    percent = voice.percentage(size, before)
    return voice.say(f"{key}_percent", difference=said, percent=percent)


def of_year(standing: Standing, voice: Voice) -> str:
    """What of a flow fell in the year so far."""
    if standing.current is None:
        return str(voice.say("no_report"))
    return voice.amount(standing.column, standing.current)


def _counted(standing: Standing, voice: Voice) -> Markup:
    said = counted(Cell(standing.value), standing.column, voice)
    return Markup('<a href="{}#figure">{}</a>').format(standing.href, said)


def _together(standings: Iterable[Standing], voice: Voice) -> Markup:
    said = [_counted(each, voice) for each in standings if each.value is not None]
    return listed(said, voice)


def _funds(standings: Iterable[Standing], voice: Voice) -> Markup:
    """What each kind of fund received, and what was spent on how many."""
    promotion, scholarship, spent, awards = standings
    came = [
        voice.say(
            "of_fund", fund=voice.label(*each.column.filters[0]), amount=_counted(each, voice)
        )
        for each in (promotion, scholarship)
        if each.value is not None
    ]
    parts = [listed(came, voice)] if came else []
    if spent.value is not None and awards.value is not None:
        parts.append(
            voice.say(
                "funds_spent_on", spent=_counted(spent, voice), awards=_counted(awards, voice)
            )
        )
    return Markup("; ").join(parts)


def _training(report: Report, voice: Voice) -> Markup:
    courses, people = report.overview.training
    if courses.value is None:
        return Markup("")
    said = voice.say(
        "courses_held", courses=_counted(courses, voice), people=_counted(people, voice)
    )
    kinds = [
        voice.say(f"published_{kind}", courses=voice.number(held), people=voice.number(came))
        for kind, held, came in report.overview.kinds or ()
    ]
    if not kinds:
        return said
    return said + voice.say("among_them", kinds=Markup("; ").join(kinds))


def listed(said: list[Markup], voice: Voice) -> Markup:
    """``a, b và c``."""
    if len(said) < 2:  # noqa: PLR2004  # nothing to join
        return Markup("").join(said)
    return Markup(", ").join(said[:-1]) + voice.say("and") + said[-1]
