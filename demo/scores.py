"""Scores by whatever criteria set the registry has, made to pass or to fail."""

from math import floor
from typing import Any

Criteria = dict[str, Any]
"""A criteria set as ``GET /v1/criteria-sets`` gives it."""


def scores(criteria: Criteria, number: int, *, passes: bool) -> list[dict[str, Any]]:
    """One score for each item; the number makes them differ from one subject to the next."""
    return [
        _score(item, number + place, passes=passes) for place, item in enumerate(criteria["items"])
    ]


def _score(item: dict[str, Any], turn: int, *, passes: bool) -> dict[str, Any]:
    if most := item.get("max"):
        share = (80 + turn % 3 * 10) / 100 if passes else (50 + turn % 2 * 10) / 100
        return {"item": item["id"], "points": floor(most * share)}
    if (least := item.get("at_least")) is not None:
        met = least + turn % (101 - least) if passes else least - 1 - turn % 20
        return {"item": item["id"], "numerator": met, "denominator": 100}
    return {"item": item["id"], "met": passes or turn % 4 != 0}
