"""The catalogue: what each statistic is called, counts, is dated by and can be divided by."""

from collections.abc import Iterable, Mapping

from reporting.catalogue import funds, titles, training
from reporting.catalogue.measure import Kind, Measure, Words

__all__ = [
    "CATALOGUE",
    "MEASURES",
    "NUMBERS",
    "VALUES",
    "Kind",
    "Measure",
    "Words",
    "dimensions_of",
    "every_dimension",
]

CATALOGUE = "1"
"""The version of the definitions; a changed definition is a new version."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "model": titles.MODELS,
    "group": titles.GROUPS,
    "level": titles.LEVELS,
    "renewal": titles.RENEWALS,
    "base_kind": tuple(titles.BASES),
    "kind": training.COURSE_KINDS,
    "fund_kind": funds.FUND_KINDS,
    "channel": funds.CHANNELS,
    "use": funds.USES,
    "recipient_kind": funds.RECIPIENT_KINDS,
}
"""The values a dimension can take, where they are a closed list."""

_ALL = (*titles.MEASURES, *funds.MEASURES, *training.MEASURES, *titles.RATES)

MEASURES: Mapping[str, Measure] = {measure.id: measure for measure in _ALL}

NUMBERS: Mapping[str, int] = {
    "titles_held": 1,
    "titles_recognised": 2,
    "registrations": 3,
    "funds_mobilised": 4,
    "funds_spent": 5,
    "awards_paid": 6,
    "courses_completed": 7,
    "participations": 8,
    "distinct_learners": 9,
}
"""By which number a measure is stored; none is given twice, or changed."""


def dimensions_of(measures: Iterable[Measure]) -> tuple[str, ...]:
    """The dimensions that every one of the measures has, in the first one's order."""
    first, *others = measures
    return tuple(
        name for name in first.dimensions if all(name in other.dimensions for other in others)
    )


def every_dimension() -> frozenset[str]:
    """The names of all dimensions of all measures."""
    return frozenset(name for measure in _ALL for name in measure.dimensions)
