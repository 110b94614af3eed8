"""Five quantile steps of colour, and the rank of each place."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

COUNT = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One colour of the map: 1 is the lightest; both ends are values that occur."""

    number: int
    lowest: float
    highest: float
    places: int


def divide(values: Mapping[str, float]) -> tuple[dict[str, int], tuple[Step, ...]]:
    """Each place's step (1 to 5) and the legend; equal values always share a step.

    A step that ties leave empty is missing in the legend, so few values make few steps.
    """
    ordered = sorted(values.values())
    where = {
        place: 1 + COUNT * bisect_left(ordered, value) // len(ordered)
        for place, value in values.items()
    }
    members: dict[int, list[float]] = {}
    for place, number in where.items():
        members.setdefault(number, []).append(values[place])
    legend = (Step(n, min(of), max(of), len(of)) for n, of in sorted(members.items()))
    return where, tuple(legend)


def ranks(values: Mapping[str, float]) -> dict[str, int]:
    """1 for the highest value; equal values share the better rank."""
    ordered = sorted(-value for value in values.values())
    return {place: 1 + bisect_left(ordered, -value) for place, value in values.items()}
