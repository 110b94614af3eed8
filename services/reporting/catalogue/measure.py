"""What a statistic is: its names, what it counts, how it adds."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """How a measure adds.

    A stock is read on a day and never adds over time; a flow adds over time and areas; a distinct
    measure counts members and adds over neither; a ratio is one measure over a base.
    """

    STOCK = "stock"
    FLOW = "flow"
    DISTINCT = "distinct"
    RATIO = "ratio"


class Words(msgspec.Struct, frozen=True):
    """The same words for people, in Vietnamese and in English."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} ({self.en})"


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One statistic. ``source`` names the events it is counted from, by full name.

    ``of`` is given for a distinct measure: the flow of which only the part with names can be
    counted once each. The increments of the distinct measure are that part; the rest is unknown.
    """

    id: str
    name: Words
    kind: Kind
    unit: Words
    dimensions: tuple[str, ...]
    definition: Words
    source: tuple[str, ...]
    version: str = "1"
    of: str | None = None
