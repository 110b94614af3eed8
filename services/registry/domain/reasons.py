"""The sentences in which a result is told to the person it is about, in both languages."""

from collections.abc import Sequence

from registry.domain.criteria import CriteriaSet, Item, Text
from registry.domain.kind import Level
from registry.domain.scoring import Cause, ItemResult, Result, Score, Why, comma, plain, share

GRADES = {
    Level.GOOD: Text(vi="Tốt", en="Good"),
    Level.FAIR: Text(vi="Khá", en="Fair"),
    Level.AVERAGE: Text(vi="Trung bình", en="Average"),
    Level.LEVEL_1: Text(vi="Mức độ 1", en="Level 1"),
    Level.LEVEL_2: Text(vi="Mức độ 2", en="Level 2"),
}


def of_result(result: Result) -> Text:
    """Why some scores pass or do not, in one sentence."""
    return of_verdict(result.criteria_set, result.passed, result.level, result.why)


def of_verdict(
    criteria_set: CriteriaSet, passed: bool, level: Level | None, why: Sequence[Why]
) -> Text:
    """The same from what an event keeps of a result."""
    parts = [_because(criteria_set, level, each) for each in why]
    head = Text(vi="Đạt", en="Passed") if passed else Text(vi="Chưa đạt", en="Not passed")
    return Text(
        vi=f"{head.vi}: {'; '.join(part.vi for part in parts)}.",
        en=f"{head.en}: {'; '.join(part.en for part in parts)}.",
    )


def of_item(result: ItemResult) -> Text:
    """What one item got and what it needs, in one sentence."""
    item, score = result.item, result.score
    if item.max is not None:
        return _points(item, item.max, score, met=result.met)
    if item.at_least is not None:
        return _share(item, item.at_least, score, met=result.met)
    if result.met:
        return Text(vi=f"{item.name.vi}: đạt.", en=f"{item.name.en}: met.")
    return Text(vi=f"{item.name.vi}: chưa đạt.", en=f"{item.name.en}: not met.")


def _points(item: Item, most: float, score: Score, *, met: bool) -> Text:
    got = score.points or 0.0
    vi = f"{item.name.vi}: {comma(got)} trên {comma(most)} điểm"
    en = f"{item.name.en}: {plain(got)} of {plain(most)} points"
    if not met:
        vi += f", dưới mức tối thiểu {comma(item.floor)} điểm"
        en += f", below the least of {plain(item.floor)}"
    return Text(vi=f"{vi}.", en=f"{en}.")


def _share(item: Item, at_least: int, score: Score, *, met: bool) -> Text:
    part, whole, got = score.numerator, score.denominator, share(score)
    vi = f"{item.name.vi}: {part} trên {whole}, tức {comma(got)} %"
    en = f"{item.name.en}: {part} out of {whole}, that is {plain(got)} %"
    vi += f"; cần ít nhất {at_least} %" + ("." if met else ", chưa đạt.")
    en += f"; at least {at_least} % is needed" + ("." if met else ", not met.")
    return Text(vi=vi, en=en)


def _because(criteria_set: CriteriaSet, level: Level | None, why: Why) -> Text:
    got, needed = why.got or 0.0, why.needed or 0.0
    full = criteria_set.full_marks
    match why.cause:
        case Cause.ENOUGH_POINTS | Cause.BAND_REACHED:
            grade = (
                f", {GRADES[level].vi}" if level else "",
                f", {GRADES[level].en}" if level else "",
            )
            vi = f"được {comma(got)} trên {comma(full)} điểm, cần ít nhất {comma(needed)}{grade[0]}"
            en = f"{plain(got)} of {plain(full)} points, at least {plain(needed)} needed{grade[1]}"
        case Cause.TOO_FEW_POINTS:
            vi = f"được {comma(got)} trên {comma(full)} điểm, còn thiếu so với {comma(needed)}"
            en = f"{plain(got)} of {plain(full)} points, fewer than the {plain(needed)} needed"
        case Cause.ALL_TARGETS_MET:
            vi, en = f"cả {plain(got)} chỉ tiêu đều đạt", f"all {plain(got)} targets are met"
        case _:
            vi, en = _because_of(criteria_set, why, got, needed)
    return Text(vi=vi, en=en)


def _because_of(criteria_set: CriteriaSet, why: Why, got: float, needed: float) -> tuple[str, str]:
    """The reasons that lie in one item."""
    name = criteria_set.by_id[why.item or ""].name
    match why.cause:
        case Cause.ITEM_BELOW_FLOOR:
            return (
                f"«{name.vi}» được {comma(got)} điểm, dưới mức tối thiểu {comma(needed)}",
                f"“{name.en}” has {plain(got)} points, below the least of {plain(needed)}",
            )
        case Cause.SHARE_TOO_SMALL:
            return (
                f"«{name.vi}» mới {comma(got)} %, cần ít nhất {comma(needed)} %",
                f"“{name.en}” is at {plain(got)} %, at least {plain(needed)} % is needed",
            )
    return f"«{name.vi}» chưa đạt", f"“{name.en}” is not met"
