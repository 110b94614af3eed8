"""What the report's template is given: the view, its sentences, and where its links lead."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from reporting.answer import instant
from reporting.catalogue.training import COURSE_KINDS
from reporting.measures import MEASURES, Kind
from reporting.page import addresses, chart, sentences, telling
from reporting.page.addresses import Address
from reporting.page.asking import EVERYTHING
from reporting.page.map import Picture
from reporting.page.model import Report
from reporting.page.question import Question
from reporting.page.sections import TOPICS, of_topic
from reporting.page.site import Visit
from reporting.page.voice import Voice

_YEARS = 5


def said(view: Report, visit: Visit, picture: Picture | None) -> dict[str, Any]:
    """What the report's template needs beside the view: sentences, choices and addresses."""
    voice, asked, address = visit.voice, view.question, visit.address
    return {
        "report": view,
        "sentence": {topic: telling.sentence(topic, view, voice) for topic in TOPICS},
        "standing_change": lambda standing: telling.compared(standing, voice),
        "standing_year": lambda standing: telling.of_year(standing, voice),
        "stated": sentences.stated(view, voice),
        "included": tuple(sentences.included(view, voice)),
        "compared": sentences.compared(view, voice),
        "of_patch": lambda patch: sentences.of_patch(patch, view, voice),
        "of_bar": lambda bar: sentences.of_bar(bar, view.trend.column, voice),
        "units": sentences.units(view, voice),
        "choices": tuple(_choices(asked, address, voice)),
        "columns": [(c.key, voice.say(f"col_{c.key}")) for c in asked.section.columns],
        "events_of": lambda **chosen: address.to(addresses.EVENTS, sort=None, **chosen),
        "kinds_of": COURSE_KINDS if asked.section.topic == "training" else (),
        "periods": tuple(_periods(visit, asked.query.as_of)),
        "adds": MEASURES[asked.measure].kind in (Kind.FLOW, Kind.STOCK),
        "plot_height": chart.HEIGHT,
        "drawn_since": picture.drawn_for if picture else None,
        "permanent": _permanent(view, visit.address),
        "machine": _machine(view),
    }


def _periods(visit: Visit, as_of: date) -> Iterator[tuple[str, str]]:
    """The periods of the form; one that stands in the address stays among them."""
    voice = visit.voice
    known = [("", str(voice.say("period_default")))]
    known += [
        (str(year), str(voice.say("period_year", year=year)))
        for year in range(as_of.year, as_of.year - _YEARS, -1)
    ]
    known.append((EVERYTHING, str(voice.say("period_all"))))
    chosen = visit.address.get("period")
    if chosen and chosen not in dict(known):
        yield chosen, chosen
    yield from known


def _permanent(view: Report, address: Address) -> str:
    """The same figures for ever: every date that was left open is written down."""
    asked = view.line
    period = view.question.query.periods[0].label
    return address.to(
        as_of=asked.as_of.isoformat(),
        known_at=instant(asked.known_at),
        map_date=asked.map_date.isoformat(),
        period=address.get("period") or period,
        **view.question.column.chosen,
    )


def _machine(view: Report) -> str:
    asked = view.question.figure().asked()
    plain = {name: ",".join(v) if isinstance(v, list) else v for name, v in asked.items() if v}
    return addresses.statistics({**plain, "by": "commune"} if view.whole else plain)


def _choices(
    asked: Question, address: Address, voice: Voice
) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    """What can be on the map: by topic its measures, and of the chosen measure its columns."""
    for topic in TOPICS:
        yield (
            str(voice.say(f"topic_{topic}")),
            [
                (
                    voice.measure(measure),
                    address.showing({"measure": measure}),
                    measure == asked.measure,
                )
                for measure in of_topic(topic)
            ],
        )
    columns = [c for c in asked.section.columns if c.measure == asked.measure]
    if len(columns) > 1:
        yield (
            voice.measure(asked.measure),
            [
                (str(voice.say(f"col_{c.key}")), address.showing(c.chosen), c == asked.column)
                for c in columns
            ],
        )
