"""The trend: twelve months beside the same months a year before."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting.page.chart import HEIGHT, draw
from reporting.periods import Period

YEAR = Period("", date(2024, 11, 1), date(2025, 10, 15))


def test_a_month_stands_beside_the_same_month_a_year_before():
    chart = draw({"2025-03": 40}, {"2024-03": 30, "2024-02": 7}, YEAR)
    assert [bar.month.month for bar in chart.bars] == [11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    march = chart.bars[4]
    assert (march.value, march.before) == (40, 30)
    assert (chart.bars[3].value, chart.bars[3].before) == (None, 7)


def test_a_month_without_a_report_is_not_a_month_with_zero():
    bars = draw({"2025-03": 0}, {}, YEAR).bars
    assert (bars[4].value, bars[5].value) == (0, None)


@given(st.integers(1, 10**12))
def test_the_axis_ends_at_a_round_number_that_holds_the_highest_bar(highest):
    chart = draw({"2025-03": highest}, {}, YEAR)
    values = [value for value, _ in chart.lines]
    assert values[0] == 0
    assert values[-1] >= highest
    assert 2 <= len(values) <= 7
    assert 0 < chart.bars[4].height <= HEIGHT


def test_what_was_counted_is_never_invisible():
    bars = draw({"2025-03": 100_000, "2025-04": 1}, {}, YEAR).bars
    assert bars[5].height == 1


@pytest.mark.parametrize("last", [date(9999, 12, 31), date(1901, 1, 1)])
def test_the_ends_of_the_calendar_can_be_drawn(last):
    assert len(draw({}, {}, Period("", last.replace(month=1, day=1), last)).bars) >= 1
