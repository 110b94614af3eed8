"""A wrong parameter of an address is said to people, in both languages."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
import speech
from chassis.edge import parameters
from pydantic import Field, TypeAdapter, ValidationError


class State(StrEnum):
    OPEN = "open"
    PLANNED = "planned"


def fault(type_: Any, value: Any):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(type_).validate_python(value)
    found = refused.value.errors()[0]
    return parameters.fault({**found, "loc": ("query", "it", *found["loc"])})


Limit = Annotated[int, Field(ge=1, le=200)]
Between = Annotated[float, Field(gt=0, lt=30)]
Few = Annotated[list[str], Field(min_length=1, max_length=2)]


@pytest.mark.parametrize(
    ("type_", "value", "vi"),
    [
        (Limit, "0", "0 quá nhỏ: ít nhất là 1"),
        (Limit, "201", "201 quá lớn: nhiều nhất là 200"),
        (Limit, "x", "x không phải là số nguyên; chỉ ghi chữ số, không đặt trong ngoặc kép, như 34"),
        (Limit, "1.5", "1.5 không phải là số nguyên; chỉ ghi chữ số, không đặt trong ngoặc kép, như 34"),
        (Between, "0", "0 quá nhỏ: phải lớn hơn 0"),
        (Between, "30", "30 quá lớn: phải nhỏ hơn 30"),
        (Between, "x", "x không phải là số; ghi không có ngoặc kép, như 2.5"),
        (date, "2025-02-30", "2025-02-30 không phải là một ngày có thật; ghi như 2025-10-02"),
        (date, "hôm nay", "“hôm nay” chưa đúng cách ghi ngày; ghi năm, tháng, ngày như 2025-10-02"),
        (date, "2025-10-02T10:00", "“2025-10-02T10:00” chưa đúng cách ghi ngày; ghi năm, tháng, ngày như 2025-10-02"),
        (UUID, "x", "“x” không phải là mã định danh (UUID); mã có dạng 8c6f2a36-0f0e-4d63-9a52-0c8a3b5c1f10"),
        (State | None, "done", "“done” không có trong các mã được dùng: open, planned"),
        (Literal["a", "b"], "c", "“c” không có trong các mã được dùng: a, b"),
        (Annotated[str, Field(max_length=3)], "abcd", "dài 4 ký tự là quá dài: nhiều nhất 3 ký tự"),
        (Few, ["a", "b", "c"], "danh sách có 3 dòng: nhiều nhất 2 dòng"),
        (Few, [], "danh sách có 0 dòng: ít nhất 1 dòng"),
        (bool, "có", "“có” không dùng được; ghi true nếu đúng, false nếu sai, không có ngoặc kép"),
        (datetime, "x", "“x” không phải là ngày kèm giờ; ghi như 2025-10-02T08:00:00+07:00"),
        (bytes, 5, "5 không dùng được ở đây"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_vietnamese_with_the_value_in_it(type_, value, vi):
    found = fault(type_, value)
    assert found.vi == vi
    assert found.code == "invalid"
    speech.check(found.said)


def test_a_missing_parameter_is_named():
    found = parameters.fault({"type": "missing", "loc": ("query", "area"), "msg": "Field required"})
    assert (found.pointer, found.code, found.vi) == (
        "?area",
        "missing",
        "còn thiếu mục bắt buộc này",
    )
