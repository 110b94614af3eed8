"""Answers as they are written down."""

import csv
import io

import msgspec
from reporting.answer import Row, Statistics, to_csv


def answer(*rows: Row) -> Statistics:
    return Statistics(province="14", asked={}, rows=rows, positions={}, catalogue="1")


def row(**given) -> Row:
    plain = {"measure": "participations", "area": "14", "period": "2025", "by": {}, "value": 7}
    return Row(**{**plain, **given})


def test_a_row_says_only_what_its_measure_has() -> None:
    assert msgspec.json.decode(msgspec.json.encode(row())) == {
        "measure": "participations",
        "area": "14",
        "period": "2025",
        "by": {},
        "value": 7,
        "unallocated": 0,
        "suppressed": False,
    }
    assert msgspec.json.decode(msgspec.json.encode(row(unknown=3)))["unknown"] == 3


def test_csv_has_the_same_rows_with_a_column_for_each_division() -> None:
    text = to_csv(
        answer(row(by={"kind": "LITERACY"}), row(by={"kind": "SEMINAR"}, value=40, unallocated=2))
    )
    assert list(csv.DictReader(io.StringIO(text))) == [
        {
            "measure": "participations",
            "area": "14",
            "period": "2025",
            "kind": kind,
            "value": value,
            "unallocated": part,
            "suppressed": "false",
        }
        for kind, value, part in (("LITERACY", "7", "0"), ("SEMINAR", "40", "2"))
    ]


def test_csv_of_two_measures_leaves_empty_what_one_of_them_has_not() -> None:
    text = to_csv(answer(row(), row(measure="distinct_learners", unknown=4)))
    assert [line["unknown"] for line in csv.DictReader(io.StringIO(text))] == ["", "4"]


def test_csv_without_rows_is_its_header() -> None:
    assert to_csv(answer()) == "measure,area,period,value,unallocated,suppressed\r\n"
