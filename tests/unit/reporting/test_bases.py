"""Bases of rates: what a file may say, and what is refused by its line."""

from datetime import date

import pytest
import speech
from chassis.errors import Invalid
from reporting.bases import Base, read
from reports import AREAS

HEAD = "base_kind,area,valid_on,amount,source\n"
GOOD = "HOUSEHOLDS,03763,2025-07-01,2500,Niên giám thống kê 2024\n"


def test_a_base_has_a_place_a_day_and_a_source() -> None:
    assert read(HEAD + GOOD + "CLANS,14,2024-12-31,1400,Hội Khuyến học tỉnh\n", AREAS) == [
        Base("HOUSEHOLDS", "03763@2025-07-01", date(2025, 7, 1), 2500, "Niên giám thống kê 2024"),
        Base("CLANS", "14", date(2024, 12, 31), 1400, "Hội Khuyến học tỉnh"),
    ]


def test_a_code_is_the_place_that_bore_it_on_the_day_of_the_base() -> None:
    [base] = read(HEAD + GOOD.replace("2025-07-01", "2024-07-01"), AREAS)
    assert base.area == "03763@1900-01-01"


def test_a_spreadsheet_may_put_its_mark_before_the_first_column() -> None:
    assert len(read("\ufeff" + HEAD + GOOD, AREAS)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "has the columns"),
        ("area,base_kind\n", "has the columns"),
        (HEAD + GOOD + "PEOPLE,14,2025-01-01,5,x\n", "line 3: 'PEOPLE' is not a kind"),
        (HEAD + "CLANS,99999,2025-01-01,5,x\n", "'99999' is not an area on 2025-01-01"),
        (HEAD + "CLANS,14,2025-02-30,5,x\n", "'2025-02-30' is not a day"),
        (HEAD + "CLANS,14,2025-01-01,0,x\n", "'0' is not a number"),
        (HEAD + "CLANS,14,2025-01-01,-3,x\n", "'-3' is not a number"),
        (HEAD + "CLANS,14,2025-01-01,1.5,x\n", "'1.5' is not a number"),
        (HEAD + "CLANS,14,2025-01-01,5,\n", "line 2: '' is not a source"),
        (HEAD + GOOD + GOOD, "line 3: 'HOUSEHOLDS 03763@2025-07-01 2025-07-01' is not named"),
        (HEAD + "CLANS,14,2025-01-01\n", "line 2"),
        (HEAD + "CLANS,14,2025-01-01,5,x,more\n", "line 2"),
    ],
)
def test_a_line_that_cannot_be_is_named(wrong, said) -> None:
    with pytest.raises(Invalid) as refused:
        read(wrong, AREAS)
    assert said in str(refused.value)
    speech.check_all(refused.value)
