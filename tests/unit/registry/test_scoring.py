"""What scores are worth: three engines, and the sentences in which they say so."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry import criteria
from registry.domain.criteria import CriteriaSet, Engine, Item
from registry.domain.kind import Level
from registry.domain.reasons import of_item, of_result, of_verdict
from registry.domain.refusals import ScoreOutOfRange
from registry.domain.scoring import Cause, Score, Why, evaluate, share
from registry_builders import CITIZENS, points, scores

SETS = list(criteria.load())
UNITS = criteria.load().get("unit-province-2020")
CLANS = criteria.load().get("clan-2021")
PROVINCE_2 = criteria.load().get("unit-province-2024-level-2")


def score_for(item: Item) -> st.SearchStrategy[Score]:
    if item.max is not None:
        return st.integers(0, int(item.max)).map(lambda n: Score(item.id, points=float(n)))
    if item.at_least is not None:
        whole = st.integers(1, 500)
        return whole.flatmap(
            lambda n: st.integers(0, n).map(lambda m: Score(item.id, numerator=m, denominator=n))
        )
    return st.booleans().map(lambda met: Score(item.id, met=met))


def given_scores(one: CriteriaSet) -> st.SearchStrategy[tuple[CriteriaSet, list[Score]]]:
    return st.tuples(*map(score_for, one.items)).map(lambda given: (one, list(given)))


anything = st.sampled_from(SETS).flatmap(given_scores)


@given(anything)
def test_a_citizen_passes_with_80_points_and_no_indicator_below_5_and_so_on(case) -> None:
    """The rules once more, as somebody would check them by hand."""
    one, found = case
    result = evaluate(one, found)
    total = sum(score.points or 0 for score in found)
    if one.engine is Engine.ALL_TARGETS:
        by_hand = all(
            score.met
            or (score.numerator or 0) / (score.denominator or 1) >= (item.at_least or 999) / 100
            for score, item in zip(found, one.items, strict=True)
        )
        assert (result.passed, result.total) == (by_hand, None)
    elif one.engine is Engine.POINTS_WITH_FLOOR:
        floors = all(s.points >= i.floor for s, i in zip(found, one.items, strict=True))
        assert (result.passed, result.total) == (total >= one.threshold and floors, total)
    else:
        assert (result.passed, result.total) == (total >= 50, total)


@given(anything, st.randoms())
def test_the_order_of_the_scores_is_nothing(case, random) -> None:
    one, found = case
    shuffled = random.sample(found, len(found))
    assert evaluate(one, shuffled) == evaluate(one, found)


@given(anything)
def test_a_result_always_has_a_reason_and_passing_is_having_no_failing_one(case) -> None:
    result = evaluate(*case)
    good = {Cause.ENOUGH_POINTS, Cause.BAND_REACHED, Cause.ALL_TARGETS_MET}
    assert result.why
    assert result.passed == all(each.cause in good for each in result.why)


@given(anything)
def test_every_sentence_is_there_in_both_languages_and_names_what_failed(case) -> None:
    result = evaluate(*case)
    told = of_result(result)
    assert told.vi.startswith("Đạt: " if result.passed else "Chưa đạt: ")
    assert told.en.startswith("Passed: " if result.passed else "Not passed: ")
    for it in result.items:
        said = of_item(it)
        assert said.vi.startswith(it.item.name.vi)
        assert said.en.startswith(it.item.name.en)
        if not it.met:
            assert it.item.name.vi in told.vi
            assert it.item.name.en in told.en


@given(anything)
def test_an_event_keeps_enough_of_a_result_to_tell_it_again(case) -> None:
    result = evaluate(*case)
    kept = msgspec.json.decode(msgspec.json.encode(result.why), type=tuple[Why, ...])
    told = of_verdict(result.criteria_set, result.passed, result.level, kept)
    assert told == of_result(result)


@given(anything, st.data())
def test_one_point_or_one_target_more_never_makes_a_result_worse(case, data) -> None:
    one, found = case
    place = data.draw(st.integers(0, len(found) - 1))
    item, score = one.items[place], found[place]
    if item.max is not None:
        better = msgspec.structs.replace(score, points=min(item.max, score.points + 1))
    elif item.at_least is not None:
        better = msgspec.structs.replace(score, numerator=score.denominator)
    else:
        better = msgspec.structs.replace(score, met=True)
    again = evaluate(one, [*found[:place], better, *found[place + 1 :]])
    assert again.passed >= evaluate(one, found).passed


def test_80_points_are_enough_and_79_are_not() -> None:
    assert evaluate(CITIZENS, points(8, 8, 8, 8, 8, 8, 8, 8, 8, 8)).passed
    assert not evaluate(CITIZENS, points(8, 8, 8, 8, 8, 8, 8, 8, 8, 7)).passed


def test_no_indicator_may_be_below_5_whatever_the_sum() -> None:
    result = evaluate(CITIZENS, points(10, 10, 10, 10, 10, 10, 10, 10, 10, 4))
    assert (result.passed, result.total) == (False, 94)
    assert [(each.cause, each.item) for each in result.why] == [(Cause.ITEM_BELOW_FLOOR, "10")]
    assert evaluate(CITIZENS, points(10, 10, 10, 10, 10, 5, 5, 5, 10, 5)).passed


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (100, Level.GOOD), (85, Level.GOOD), (84, Level.FAIR), (70, Level.FAIR),
        (69, Level.AVERAGE), (50, Level.AVERAGE), (49, None), (0, None),
    ],
)  # fmt: skip
def test_a_unit_is_graded_by_bands(total: int, level: Level | None) -> None:
    left, found = float(total), []
    for item in UNITS.items:
        taken = min(left, item.max or 0.0)
        found.append(Score(item.id, points=taken))
        left -= taken
    result = evaluate(UNITS, found)
    assert (result.level, result.passed) == (level, level is not None)


@pytest.mark.parametrize(
    ("part", "whole", "met"), [(95, 100, True), (19, 20, True), (94, 99, False)]
)
def test_a_share_is_compared_exactly(part: int, whole: int, met: bool) -> None:
    found = [
        Score(s.item, numerator=part, denominator=whole) if s.item == "3.1" else s
        for s in scores(PROVINCE_2)
    ]
    result = evaluate(PROVINCE_2, found)
    assert (result.passed, result.level) == (met, Level.LEVEL_2 if met else None)


def test_a_share_just_short_never_reads_as_if_it_were_enough() -> None:
    assert share(Score("4", numerator=69_999, denominator=100_000)) == 69.9


def test_one_missed_target_is_enough_to_miss_the_title() -> None:
    found = [*scores(CLANS)[:2], Score("3", met=False), scores(CLANS)[3]]
    result = evaluate(CLANS, found)
    assert (result.passed, result.level) == (False, None)
    assert "Có quỹ khuyến học dòng họ" in of_result(result).vi


def test_a_passing_citizen_reads_why() -> None:
    told = of_result(evaluate(CITIZENS, points(8, 8, 8, 9, 9, 9, 9, 9, 9, 9)))
    assert told.vi == "Đạt: được 87 trên 100 điểm, cần ít nhất 80."
    assert told.en == "Passed: 87 of 100 points, at least 80 needed."


def test_a_failing_citizen_reads_everything_that_was_short() -> None:
    told = of_result(evaluate(CITIZENS, points(9, 9, 9, 9, 4, 5, 5, 5, 9, 9)))
    assert told.vi == (
        "Chưa đạt: được 73 trên 100 điểm, còn thiếu so với 80; "
        "«Dùng công nghệ thông tin theo yêu cầu công việc» được 4 điểm, dưới mức tối thiểu 5."
    )


def test_each_item_is_told_in_a_sentence() -> None:
    low = evaluate(CITIZENS, points(4, *[9] * 9)).items[0]
    assert of_item(low).vi.endswith("4 trên 10 điểm, dưới mức tối thiểu 5 điểm.")
    families = evaluate(CLANS, [*scores(CLANS)[:3], Score("4", numerator=33, denominator=50)])
    assert of_item(families.items[3]).vi.endswith(
        "33 trên 50, tức 66 %; cần ít nhất 70 %, chưa đạt."
    )
    assert of_item(families.items[0]).en.endswith("written rules: met.")


def faults_of(one: CriteriaSet, found: list[Score]) -> list[tuple[str, object]]:
    with pytest.raises(ScoreOutOfRange) as refused:
        evaluate(one, found)
    assert refused.value.code == "score-out-of-range"
    return [(fault.pointer, fault.value) for fault in refused.value.faults]


@pytest.mark.parametrize("value", [-1, 11, 7.5, float("inf")])
def test_points_stay_between_nothing_and_the_most_in_whole_steps(value: float) -> None:
    found = [*points(*[8] * 10)[:9], Score("10", points=value)]
    assert faults_of(CITIZENS, found) == [("/scores/9/points", value)]


def test_not_a_number_is_not_a_number_of_points() -> None:
    found = [*points(*[8] * 10)[:9], Score("10", points=float("nan"))]
    assert [pointer for pointer, _ in faults_of(CITIZENS, found)] == ["/scores/9/points"]


def test_a_missing_an_unknown_and_a_doubled_item_are_all_named() -> None:
    found = [*points(*[8] * 10)[:9], Score("11", points=8.0), Score("1", points=8.0)]
    assert faults_of(CITIZENS, found) == [
        ("/scores/9/item", "11"),
        ("/scores/10/item", "1"),
        ("/scores", "10"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        Score("1"),
        Score("1", points=1.0),
        Score("1", met=True, points=1.0),
        Score("1", numerator=1, denominator=1),
    ],
    ids=range(4),
)
def test_a_target_is_met_or_not_and_nothing_else(wrong: Score) -> None:
    assert faults_of(CLANS, [wrong, *scores(CLANS)[1:]]) == [("/scores/0", None)]


@pytest.mark.parametrize("wrong", [Score("1", met=True), Score("1", points=8.0, met=True)])
def test_points_are_not_given_as_a_target(wrong: Score) -> None:
    assert faults_of(CITIZENS, [wrong, *points(*[8] * 10)[1:]]) == [("/scores/0", None)]


@pytest.mark.parametrize(
    ("part", "whole", "pointer"),
    [
        (1, 0, "/scores/3/numerator"),
        (0, 0, "/scores/3/numerator"),
        (51, 50, "/scores/3/numerator"),
        (-1, 50, "/scores/3/numerator"),
        (1, None, "/scores/3"),
        (None, 50, "/scores/3"),
    ],
)
def test_a_share_is_a_part_of_a_whole(part, whole, pointer: str) -> None:
    wrong = Score("4", numerator=part, denominator=whole)
    assert [p for p, _ in faults_of(CLANS, [*scores(CLANS)[:3], wrong])] == [pointer]


def test_a_form_filled_wrong_throughout_gets_a_short_answer() -> None:
    found = [Score(f"x{n}", met=True) for n in range(100)]
    assert len(faults_of(CITIZENS, found)) == 20
