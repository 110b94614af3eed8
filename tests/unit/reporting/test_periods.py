"""Periods as people write them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
import speech
from chassis.errors import BadPeriod
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting.known import Span, months_and_days
from reporting.periods import (
    FIRST_DAY,
    Period,
    end_of_month,
    everything_until,
    parse_period,
    parse_periods,
)

DAYS = st.dates(min_value=FIRST_DAY, max_value=date(9998, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-Q1", "2025-01-01", "2025-03-31"),
        ("2025-Q4", "2025-10-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2025-10-15", "2025-10-15", "2025-10-15"),
        ("2024-01-01..2025-10-15", "2024-01-01", "2025-10-15"),
        ("..2025-10-15", "1900-01-01", "2025-10-15"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_period_has_the_days_people_mean(text, first, last) -> None:
    period = parse_period(text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.label == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-Q5",
        "2025-Q0",
        "2025-13",
        "2025-00",
        "2025-02-30",
        "2025-W10",
        "2025-1-1",
        "20251015",
        "2025-10-15T00:00:00Z",
        "2025-10-15..2024-01-01",
        "2024..2025",
        "2024-01-01..",
        "..",
        "0000",
        "1899",
        "1899-12-31..1900-01-02",
        "٢٠٢٥",
        "2025,",
        "; DROP TABLE cell",
        "9" * 5000,
    ],
)
def test_what_is_no_period_is_refused_by_name(text) -> None:
    with pytest.raises(BadPeriod) as refused:
        parse_periods(text)
    [fault] = refused.value.faults
    assert fault.pointer == "?period"
    assert len(str(refused.value)) < 400
    speech.check_all(refused.value)


def test_periods_asked_twice_are_answered_once() -> None:
    assert [p.label for p in parse_periods("2025, 2024,2025")] == ["2025", "2024"]


def test_no_more_periods_than_can_be_answered() -> None:
    with pytest.raises(BadPeriod, match="61 periods"):
        parse_periods(",".join(str(year) for year in range(1900, 1961)))


@settings(deadline=None)
@given(DAYS)
def test_the_month_quarter_and_year_of_a_day_hold_it(day) -> None:
    forms = (f"{day:%Y-%m}", f"{day.year}-Q{(day.month + 2) // 3}", f"{day.year}", f"{day}")
    sizes = []
    for form in forms:
        period = parse_period(form.zfill(4))
        assert period.first <= day <= period.last
        sizes.append((period.last - period.first).days + 1)
    month, quarter, year, one = sizes
    assert one == 1
    assert 28 <= month <= 31
    assert 90 <= quarter <= 92
    assert 365 <= year <= 366


@settings(deadline=None)
@given(DAYS, DAYS)
def test_a_range_is_the_days_between_and_both_ends(one, other) -> None:
    first, last = sorted((one, other))
    assert parse_period(f"{first}..{last}") == Period(f"{first}..{last}", first, last)


@settings(deadline=None)
@given(DAYS | st.just(date.max), DAYS | st.just(date.max))
def test_months_and_the_days_beside_them_make_up_the_period_exactly(one, other) -> None:
    first, last = sorted((one, other))
    months, edges = months_and_days(Period("", first, last))
    whole = [Span(months.first, end_of_month(months.last))] if months else []
    spans = sorted([*whole, *edges])
    assert spans[0].first == first
    assert spans[-1].last == last
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(spans))
    assert months is None or months.first.day == months.last.day == 1


def test_without_a_period_everything_up_to_the_day_is_meant() -> None:
    period = everything_until(date(2025, 10, 15))
    assert parse_period(period.label) == period
