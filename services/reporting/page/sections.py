"""The catalogue of the page: which figures stand in the columns of a table, and what they are of.

A reader chooses a measure and, where it has several, one value of what divides it: that is the
column on the map, in the months and behind "which events". The table shows all its neighbours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from reporting.answer import Row
from reporting.catalogue.funds import FUND_KINDS
from reporting.catalogue.titles import BASES, MODELS

Topic = Literal["titles", "funds", "training"]
TOPICS: tuple[Topic, ...] = ("titles", "funds", "training")
EVERY = "all"
"""The column that holds every kind of fund."""

VILLAGE = ("group", "village")
"""Communities as they are published: administrative communities are another thing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a place. ``filters`` are what of its measure counts in it.

    ``divided`` is the dimension by which somebody may look further into it, if there is one.
    """

    key: str
    measure: str
    filters: tuple[tuple[str, str], ...] = ()
    divided: str | None = None

    def holds(self, row: Row) -> bool:
        """Whether a row counts in this column."""
        return row.measure == self.measure and all(
            value in (row.by.get(name), row.base_kind) for name, value in self.filters
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What an address says to choose this column: a base kind is of one model alone."""
        named = {name: value for name, value in self.filters if name != VILLAGE[0]}
        return {"measure": self.measure, **named}


@dataclass(frozen=True, slots=True)
class Section:
    """The columns of one table. ``by`` are the dimensions that tell them apart.

    Where the column ``leading`` counts nothing, nothing was reported and 0 would be a claim.
    ``months`` is the measure whose months are drawn: what happened, where the columns are stocks.
    """

    topic: Topic
    columns: tuple[Column, ...]
    by: tuple[str, ...] = ()
    leading: str | None = None
    months: str | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(column.measure for column in self.columns))

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def among(self, measure: str, chosen: Iterable[tuple[str, str]]) -> Column | None:
        """The column that somebody chose: the first of the measure that fits."""
        wanted = set(chosen)
        fitting = (c for c in self.columns if c.measure == measure and wanted <= set(c.filters))
        return next(fitting, None)


def _titles(measure: str, months: str, *, villages: bool = False) -> Section:
    def column(model: str) -> Column:
        village = (VILLAGE,) if villages and model == "community" else ()
        divided = "group" if villages and model in ("citizen", "unit") else None
        return Column(model, measure, (("model", model), *village), divided)

    by = ("model", "group") if villages else ("model",)
    return Section("titles", tuple(column(model) for model in MODELS), by, months=months)


def _funds(measure: str, divided: str) -> Section:
    kinds = tuple(Column(k, measure, (("fund_kind", k),), divided) for k in FUND_KINDS)
    return Section("funds", (Column(EVERY, measure, (), divided), *kinds), ("fund_kind",))


RATES = Section(
    "titles",
    tuple(
        Column(base.lower(), "titles_rate", (("model", model), ("base_kind", base)))
        for base, model in BASES.items()
    ),
    months="titles_recognised",
)
TITLES = _titles("titles_held", "titles_recognised", villages=True)
TRAINING = Section(
    "training",
    tuple(
        Column(measure, measure, (), "kind")
        for measure in ("courses_completed", "participations", "distinct_learners")
    ),
    leading="courses_completed",
)
FUNDS = _funds("funds_mobilised", "channel")

SECTIONS: Mapping[str, Section] = {
    "titles_held": TITLES,
    "titles_rate": RATES,
    "titles_recognised": _titles("titles_recognised", "titles_recognised"),
    "registrations": _titles("registrations", "registrations"),
    "funds_mobilised": FUNDS,
    "funds_spent": _funds("funds_spent", "use"),
    "awards_paid": _funds("awards_paid", "recipient_kind"),
    **dict.fromkeys(TRAINING.measures, TRAINING),
}
"""Every measure that can be on the map, in the order of the page, and the table that shows it."""

PLOTTED = "titles_held"
"""What is on the map unless a reader chooses otherwise."""


def of_topic(topic: Topic) -> tuple[str, ...]:
    """The measures of a topic."""
    return tuple(measure for measure, section in SECTIONS.items() if section.topic == topic)
