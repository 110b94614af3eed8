"""Where a place stands: the published figures of three services beside those of a year before."""

from collections.abc import Iterable, Sequence
from functools import partial

from reporting.answer import Row
from reporting.page.addresses import Address
from reporting.page.figures import Overview as Asked
from reporting.page.model import Overview, Rate, Standing
from reporting.page.places import cell
from reporting.page.question import Question, span
from reporting.page.sections import EVERY, FUNDS, SECTIONS, TITLES, TRAINING, Column

MONEY = (
    *(column for column in FUNDS.columns if column.key != EVERY),
    *(SECTIONS[measure].column(EVERY) for measure in ("funds_spent", "awards_paid")),
)
COURSES = TRAINING.columns[:2]
PUBLISHED = ("PROFESSIONAL_TRAINING", "TECH_TRANSFER", "SEMINAR")
"""The kinds of course that the Association publishes."""


def overview(question: Question, asked: Asked, address: Address) -> Overview:
    """The figures of one place; every number stands in ``asked``."""
    titles = asked.titles.rows
    stand = partial(_standing, question, address)
    now, before = (span(day, day).label for day in (question.last, question.last_before))
    flows = (question.query.periods[0].label, question.year.label, question.year_before.label)
    everyone = sum(row.value for row in _in(now, titles) if row.by["model"] == "community")
    of_villages = cell(TITLES.column("community"), _in(now, titles)).value or 0
    return Overview(
        titles=tuple(
            stand(column, titles, (now, now, before), _rates(column, asked.rates.rows))
            for column in TITLES.columns
        ),
        funds=tuple(stand(column, asked.funds.rows, flows) for column in MONEY),
        training=tuple(stand(column, _held(asked.training.rows), flows) for column in COURSES),
        apart=int(everyone - of_villages),
        kinds=_kinds(_in(flows[0], asked.training.rows)) if question.divided else None,
    )


def _standing(
    question: Question,
    address: Address,
    column: Column,
    rows: Sequence[Row],
    periods: Iterable[str],
    rates: tuple[Rate, ...] = (),
) -> Standing:
    value, current, before = (cell(column, _in(period, rows)).value for period in periods)
    chosen = question.column == column
    href = address.showing(column.chosen)
    return Standing(column, value, current, before, href, chosen, rates)


def _rates(column: Column, rows: Iterable[Row]) -> tuple[Rate, ...]:
    return tuple(
        Rate(str(row.base_kind), row.value, row.base)
        for row in rows
        if row.by["model"] == column.key and isinstance(row.base, int)
    )


def _held(rows: Sequence[Row]) -> list[Row]:
    """Without the zeros of a period in which no course was completed: nobody reported those."""
    counted = {row.period for row in rows if row.measure == "courses_completed" and row.value}
    return [row for row in rows if row.period in counted]


def _kinds(rows: Sequence[Row]) -> tuple[tuple[str, int, int], ...]:
    counts = {(row.by["kind"], row.measure): int(row.value) for row in rows}
    courses, people = (column.measure for column in COURSES)
    return tuple(
        (kind, counts[kind, courses], counts.get((kind, people), 0))
        for kind in PUBLISHED
        if counts.get((kind, courses))
    )


def _in(period: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.period == period]
