"""Assessment: scores given by one person on one day, and what the criteria set said of them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from chassis.errors import Invalid

from registry.domain.criteria import CriteriaSet
from registry.domain.kind import Group, Level, Model
from registry.domain.refusals import ScoreOutOfRange, WrongModel, refuse
from registry.domain.scoring import Result, Score, Why, evaluate


class Assessment(msgspec.Struct, frozen=True):
    """What a case keeps of an assessment; it is never scored again."""

    criteria_set: str
    assessor: UUID
    assessed_on: date
    passed: bool
    total: float | None
    level: Level | None
    scores: tuple[Score, ...]
    why: tuple[Why, ...]


def assess(
    criteria_set: CriteriaSet,
    scores: Sequence[Score],
    *,
    model: Model,
    group: Group | None,
    season: int,
) -> Result:
    """Judge scores by a set that must be one for this subject and this season.

    Raises:
        WrongModel: the set is for another model, or another group of it.
        Invalid: it was not in force in that season.
        ScoreOutOfRange: see `evaluate`.
    """
    if not criteria_set.suits(model, group):
        who = f"{model} ({group})" if group else str(model)
        raise refuse(
            WrongModel,
            "/criteria_set",
            f"criteria set {criteria_set.id} is not for a {who}",
            f"bộ tiêu chí {criteria_set.id} không dành cho {who}",
            criteria_set.id,
        )
    if not criteria_set.covers(season):
        raise refuse(
            Invalid,
            "/criteria_set",
            f"criteria set {criteria_set.id} was not in force in {season}",
            f"bộ tiêu chí {criteria_set.id} không có hiệu lực trong năm {season}",
            criteria_set.id,
        )
    return evaluate(criteria_set, scores)


def same_set(pinned: str, criteria_set: CriteriaSet) -> None:
    """A verification looks at the same items as the self-assessment did."""
    if criteria_set.id != pinned:
        raise refuse(
            ScoreOutOfRange,
            "/criteria_set",
            f"the case was assessed by criteria set {pinned}, not by {criteria_set.id}",
            f"hồ sơ đã tự đánh giá theo bộ tiêu chí {pinned}, không phải {criteria_set.id}",
            criteria_set.id,
        )
