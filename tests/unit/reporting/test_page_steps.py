"""Five steps of colour, and ranks."""

from hypothesis import given
from hypothesis import strategies as st
from reporting.page.steps import divide, ranks

VALUES = st.dictionaries(st.text(min_size=1), st.integers(0, 50), min_size=1, max_size=80)


@given(VALUES)
def test_a_higher_value_never_has_a_lighter_colour_and_equal_values_share_one(values):
    steps, legend = divide(values)
    for one, value in values.items():
        for other, more in values.items():
            assert value != more or steps[one] == steps[other]
            assert value >= more or steps[one] <= steps[other]
    assert sum(step.places for step in legend) == len(values)


@given(VALUES)
def test_the_legend_states_values_that_occur(values):
    steps, legend = divide(values)
    for step in legend:
        shown = [values[place] for place, number in steps.items() if number == step.number]
        assert (step.lowest, step.highest) == (min(shown), max(shown))


def test_seventy_five_different_values_make_five_steps_of_fifteen():
    _, legend = divide({str(n): n for n in range(75)})
    assert [step.places for step in legend] == [15] * 5


def test_equal_values_share_the_better_rank_and_the_next_is_skipped():
    assert ranks({"a": 5, "b": 9, "c": 5, "d": 1}) == {"b": 1, "a": 2, "c": 2, "d": 4}
