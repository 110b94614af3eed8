"""Scores against a criteria set: three engines, and why each said what it said."""

from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

from registry.domain.criteria import CriteriaSet, Engine, Item
from registry.domain.kind import Level
from registry.domain.refusals import ScoreOutOfRange, refuse_all


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was given for one item: points, whether a target is met, or a share of people."""

    item: str
    points: float | None = None
    met: bool | None = None
    numerator: int | None = None
    denominator: int | None = None


class Cause(StrEnum):
    ENOUGH_POINTS = "enough_points"
    TOO_FEW_POINTS = "too_few_points"
    ITEM_BELOW_FLOOR = "item_below_floor"
    BAND_REACHED = "band_reached"
    ALL_TARGETS_MET = "all_targets_met"
    TARGET_MISSED = "target_missed"
    SHARE_TOO_SMALL = "share_too_small"


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One reason of a result: the figure reached and the one needed, so that it explains itself."""

    cause: Cause
    got: float | None = None
    needed: float | None = None
    item: str | None = None


class ItemResult(msgspec.Struct, frozen=True):
    """One item, what was given for it, and whether that is enough for the item itself."""

    item: Item
    score: Score
    met: bool


class Result(msgspec.Struct, frozen=True):
    """What the set says of some scores. `total` is in points, None where targets are counted."""

    criteria_set: CriteriaSet
    passed: bool
    total: float | None
    level: Level | None
    why: tuple[Why, ...]
    items: tuple[ItemResult, ...]


def evaluate(criteria_set: CriteriaSet, scores: Sequence[Score]) -> Result:
    """Judge scores, one for each item of the set, in any order.

    Raises:
        ScoreOutOfRange: an item is missing, unknown or given twice, or a score is not of the
            item's kind or outside its bounds; each wrong place is named.
    """
    given = {score.item: score for score in scores}
    items = []
    for item in criteria_set.items:
        score = given.get(item.id)
        met = None if score is None else _met(item, score)
        if met is None:
            break
        items.append(ItemResult(item, given[item.id], met))
    if not len(items) == len(criteria_set.items) == len(scores):
        raise _refusal(criteria_set, scores)
    return _ENGINES[criteria_set.engine](criteria_set, tuple(items))


def _points_with_floor(criteria_set: CriteriaSet, items: tuple[ItemResult, ...]) -> Result:
    total, needed = _total(items), criteria_set.threshold or 0.0
    why = [Why(Cause.TOO_FEW_POINTS, total, needed)] if total < needed else []
    why += [
        Why(Cause.ITEM_BELOW_FLOOR, it.score.points, it.item.floor, it.item.id)
        for it in items
        if not it.met
    ]
    passed = not why
    why = why or [Why(Cause.ENOUGH_POINTS, total, needed)]
    level = criteria_set.level if passed else None
    return _result(criteria_set, items, why, total, level, passed=passed)


def _points_banded(criteria_set: CriteriaSet, items: tuple[ItemResult, ...]) -> Result:
    total = _total(items)
    for band in criteria_set.bands:
        if total >= band.points:
            why = Why(Cause.BAND_REACHED, total, band.points)
            return _result(criteria_set, items, (why,), total, band.level, passed=True)
    why = Why(Cause.TOO_FEW_POINTS, total, criteria_set.bands[-1].points)
    return _result(criteria_set, items, (why,), total, passed=False)


def _all_targets(criteria_set: CriteriaSet, items: tuple[ItemResult, ...]) -> Result:
    why = tuple(_missed(it) for it in items if not it.met)
    if why:
        return _result(criteria_set, items, why, passed=False)
    why = (Why(Cause.ALL_TARGETS_MET, float(len(items)), float(len(items))),)
    return _result(criteria_set, items, why, level=criteria_set.level, passed=True)


def _result(
    criteria_set: CriteriaSet,
    items: tuple[ItemResult, ...],
    why: Sequence[Why],
    total: float | None = None,
    level: Level | None = None,
    *,
    passed: bool,
) -> Result:
    return Result(criteria_set, passed, total, level, tuple(why), items)


_ENGINES: dict[Engine, Callable[[CriteriaSet, tuple[ItemResult, ...]], Result]] = {
    Engine.POINTS_WITH_FLOOR: _points_with_floor,
    Engine.POINTS_BANDED: _points_banded,
    Engine.ALL_TARGETS: _all_targets,
}


def _total(items: tuple[ItemResult, ...]) -> float:
    return sum(it.score.points or 0.0 for it in items)


def _missed(it: ItemResult) -> Why:
    if it.item.at_least is None:
        return Why(Cause.TARGET_MISSED, item=it.item.id)
    return Why(Cause.SHARE_TOO_SMALL, share(it.score), float(it.item.at_least), it.item.id)


def share(score: Score) -> float:
    """Per cent, rounded down to a tenth, so that no share reads as if it were enough."""
    return (score.numerator or 0) * 1000 // (score.denominator or 1) / 10


def _met(item: Item, score: Score) -> bool | None:
    """Whether a score is enough for its item; None when it is out of range or of another kind."""
    points, met, part, whole = score.points, score.met, score.numerator, score.denominator
    if item.max is not None:
        if points is None or met is not None or part is not None or whole is not None:
            return None
        fits = 0 <= points <= item.max and not points % item.step
        return points >= item.floor if fits else None
    if item.at_least is not None:
        if part is None or whole is None or points is not None or met is not None:
            return None
        return part * 100 >= item.at_least * whole if 0 <= part <= whole > 0 else None
    return met if points is part is whole is None else None


Wrong = tuple[str, str, str, object]  # where, said in English and in Vietnamese, the value


def _refusal(criteria_set: CriteriaSet, scores: Sequence[Score]) -> ScoreOutOfRange:
    """Everything that is wrong with some scores, in their order, and what is missing last."""
    seen: set[str] = set()
    faults: list[Wrong] = []
    for place, score in enumerate(scores):
        item = criteria_set.by_id.get(score.item)
        if item is None or score.item in seen:
            faults.append(_stray(criteria_set, place, score))
        elif _met(item, score) is None:
            field, en, vi, value = _out_of_range(item, score)
            faults.append((f"/scores/{place}{field}", en, vi, value))
        seen.add(score.item)
    faults += [_missing(item) for item in criteria_set.items if item.id not in seen]
    return refuse_all(ScoreOutOfRange, faults, faults[0][1], faults[0][2])


def _out_of_range(item: Item, score: Score) -> Wrong:
    if item.max is not None:
        return _wrong_points(item, item.max, score)
    if item.at_least is not None:
        return _wrong_share(item, score)
    en = f"item {item.id} asks whether a target is met, `met`: true or false"
    return "", en, f"mục {item.id} hỏi chỉ tiêu có đạt không, ghi `met`: true hoặc false", None


def _wrong_points(item: Item, most: float, score: Score) -> Wrong:
    points = score.points
    if points is None or _given(score) != 1:
        en = f"item {item.id} asks for points, `points`: 0 to {plain(most)}"
        return "", en, f"mục {item.id} chấm bằng điểm, ghi `points`: 0 đến {plain(most)}", None
    en = f"item {item.id} takes 0 to {plain(most)} points in steps of {plain(item.step)}"
    vi = f"mục {item.id} nhận 0 đến {comma(most)} điểm, bước {comma(item.step)} điểm"
    return "/points", f"{en}, not {plain(points)}", f"{vi}, không phải {comma(points)}", points


def _wrong_share(item: Item, score: Score) -> Wrong:
    part, whole = score.numerator, score.denominator
    if part is None or whole is None or _given(score) != 2:  # noqa: PLR2004  # the two numbers
        en = f"item {item.id} asks for a share, `numerator` out of `denominator`"
        return "", en, f"mục {item.id} hỏi tỷ lệ, ghi `numerator` trên `denominator`", None
    en = f"item {item.id} cannot be {part} out of {whole}"
    return "/numerator", en, f"mục {item.id} không thể là {part} trên {whole}", part


def _given(score: Score) -> int:
    values = (score.points, score.met, score.numerator, score.denominator)
    return sum(value is not None for value in values)


def _stray(criteria_set: CriteriaSet, place: int, score: Score) -> Wrong:
    shown = score.item[:40]
    if score.item in criteria_set.by_id:
        en, vi = f"item {shown} is given twice", f"mục {shown} được ghi hai lần"
    else:
        en = f"criteria set {criteria_set.id} has no item {shown!r}"
        vi = f"bộ tiêu chí {criteria_set.id} không có mục {shown!r}"
    return f"/scores/{place}/item", en, vi, shown


def _missing(item: Item) -> Wrong:
    en = f"item {item.id} ({item.name.en}) has no score"
    return "/scores", en, f"mục {item.id} ({item.name.vi}) chưa có điểm", item.id


def plain(number: float) -> str:
    """8 for 8.0, 7.5 for 7.5."""
    return f"{number:g}"


def comma(number: float) -> str:
    """As `plain`, with the decimal comma of Vietnamese."""
    return plain(number).replace(".", ",")
