"""Numbers, days and names as people of each language write them."""

from datetime import UTC, date, datetime

import pytest
from reporting.page import formats


def test_thousands_are_parted_by_a_point_in_vietnamese_and_a_comma_in_english():
    assert formats.number(234902, "vi") == "234.902"
    assert formats.number(234902, "en") == "234,902"
    assert formats.number(-5, "vi") == "−5"


def test_a_share_has_one_decimal():
    assert formats.percentage(1, 3, "vi") == "33,3\u00a0%"
    assert formats.percentage(2, 3, "en") == "66.7%"


def test_an_instant_is_shown_on_the_clock_of_viet_nam():
    at = datetime(2025, 10, 20, 16, 59, 59, 999999, tzinfo=UTC)
    assert formats.instant(at, "vi") == "23:59:59 ngày 20/10/2025"
    assert formats.instant(at, "en") == "20 Oct 2025, 23:59:59"


def test_days_are_written_out_in_english_and_short_in_vietnamese():
    day = date(2025, 1, 2)
    assert formats.day(day, "vi") == "2/1/2025"
    assert formats.day(day, "en").replace("\xa0", " ") == "2 January 2025"
    assert formats.month(day, "vi") == "tháng 1/2025"


def test_names_stand_in_the_order_of_the_vietnamese_alphabet():
    names = ["Đoàn Kết", "Dân Tiến", "Chiềng Ơn", "Chiềng On", "Ẳng", "An", "Bó Sinh", "Ân"]
    assert sorted(names, key=formats.sort_key) == [
        "An", "Ẳng", "Ân", "Bó Sinh", "Chiềng On", "Chiềng Ơn", "Dân Tiến", "Đoàn Kết",
    ]  # fmt: skip


def test_tones_decide_only_between_equal_letters():
    assert sorted(["Mạ", "Má", "Mà", "Ma", "Mả", "Mã"], key=formats.sort_key) == [
        "Ma", "Mà", "Mả", "Mã", "Má", "Mạ",
    ]  # fmt: skip
    assert formats.sort_key("Sạp A") < formats.sort_key("Sáp B")


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (0, "0 đồng", "0 dong"),
        (850_000, "850.000 đồng", "850,000 dong"),
        (71_400_000, "71,4 triệu đồng", "71.4 million dong"),
        (999_960_000, "1 tỷ đồng", "1 billion dong"),
        (7_140_000_123, "7,14 tỷ đồng", "7.14 billion dong"),
        (-71_400_000, "−71,4 triệu đồng", "−71.4 million dong"),
    ],
)
def test_money_is_written_as_people_say_it(value, vi, en):
    assert formats.dong(value, "vi").replace("\u00a0", " ") == vi
    assert formats.dong(value, "en").replace("\u00a0", " ") == en


def test_a_column_of_money_is_in_millions_and_small_amounts_do_not_vanish():
    assert formats.millions(7_140_000_000, "vi") == "7.140,0"
    assert formats.millions(850_000, "vi") == "0,85"
