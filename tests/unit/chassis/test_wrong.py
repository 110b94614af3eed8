"""What is wrong in a body is said to people, in both languages, whatever they sent."""

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
import speech
from chassis.edge.commands import Command
from chassis.edge.decode import Form
from chassis.edge.fields import (
    ActDay,
    Amount,
    AreaCode,
    Count,
    Day,
    Name,
    Part,
    PersonalName,
    PersonalProse,
    Prose,
)
from chassis.errors import Invalid, Refusal
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta


class Trade(StrEnum):
    LITERACY = "LITERACY"
    SEMINAR = "SEMINAR"


class Guest(Part):
    name: PersonalName | None = None
    seat: Annotated[int, Meta(gt=0, lt=10)] | None = None


class Everything(Command):
    """A field of every type that services have, and of some they do not have yet."""

    id: UUID | None = None
    kind: Trade = Trade.LITERACY
    participants: Count = 0
    amount: Amount | None = None
    hours: Annotated[float, Meta(gt=0, le=24)] | None = None
    title: Name | None = None
    reason: Prose | None = None
    area: AreaCode | None = None
    held_on: ActDay | None = None
    starts_on: Day | None = None
    at: datetime | None = None
    open: bool = False
    level: Literal["one", "two"] | None = None
    learners: Annotated[list[UUID], Meta(min_length=1, max_length=2)] | None = None
    tags: list[Name] = []  # noqa: RUF012  # msgspec copies it
    guest: Guest | None = None
    sums: dict[str, int] = {}  # noqa: RUF012
    either: int | dict[str, int] | None = None
    author: PersonalName | None = None
    note: PersonalProse | None = None


FORM = Form(Everything)


def refusal(raw: bytes) -> Refusal | None:
    try:
        FORM.one(raw)
    except Refusal as refused:
        return refused
    return None


def said_of(field: str, value: Any) -> tuple[str, str]:
    """The two sentences of the one fault of a body with this field."""
    refused = refusal(json.dumps({field: value}).encode())
    assert isinstance(refused, Invalid), (field, value)
    [fault] = refused.faults
    return fault.said


@pytest.mark.parametrize(
    ("field", "value", "vi"),
    [
        ("held_on", "2025-02-30", "2025-02-30 không phải là một ngày có thật; ghi như 2025-10-02"),
        ("held_on", "3/2/2025", "“3/2/2025” chưa đúng cách ghi ngày; ghi năm, tháng, ngày như 2025-10-02"),
        ("starts_on", 20250203, "20250203 chưa đúng cách ghi ngày; ghi năm, tháng, ngày như 2025-10-02"),
        ("at", "hôm qua", "“hôm qua” không phải là ngày kèm giờ; ghi như 2025-10-02T08:00:00+07:00"),
        ("participants", 2.5, "2.5 không phải là số nguyên; chỉ ghi chữ số, không đặt trong ngoặc kép, như 34"),
        ("participants", "34", "“34” không phải là số nguyên; chỉ ghi chữ số, không đặt trong ngoặc kép, như 34"),
        ("participants", -1, "-1 quá nhỏ: ít nhất là 0"),
        ("participants", 1_000_001, "1000001 quá lớn: nhiều nhất là 1.000.000"),
        ("participants", None, "không được để trống; ghi giá trị, hoặc bỏ hẳn mục này nếu được phép bỏ"),
        ("hours", 0, "0 quá nhỏ: phải lớn hơn 0"),
        ("hours", 24.5, "24.5 quá lớn: nhiều nhất là 24"),
        ("hours", "2", "“2” không phải là số; ghi không có ngoặc kép, như 2.5"),
        ("kind", "YOGA", "“YOGA” không có trong các mã được dùng: LITERACY, SEMINAR"),
        ("level", "ba", "“ba” không có trong các mã được dùng: one, two"),
        ("title", "", "chỗ này chưa ghi gì"),
        ("title", "  ", "chỗ này chưa ghi gì"),
        ("title", "a" * 201, "dài 201 ký tự là quá dài: nhiều nhất 200 ký tự"),
        ("title", 5, "5 không phải là chữ; ghi chữ đặt trong ngoặc kép"),
        ("title", "a\x00", "có ký tự điều khiển không nhìn thấy được; ghi lại không có ký tự ấy"),
        ("area", "0", "dài 1 ký tự là quá ngắn: ít nhất 2 ký tự"),
        ("id", "lớp 1", "“lớp 1” không phải là mã định danh (UUID); mã có dạng 8c6f2a36-0f0e-4d63-9a52-0c8a3b5c1f10"),
        ("open", "có", "“có” không dùng được; ghi true nếu đúng, false nếu sai, không có ngoặc kép"),
        ("learners", [], "danh sách có 0 dòng: ít nhất 1 dòng"),
        ("learners", {}, "một nhóm thông tin không phải là danh sách; ghi danh sách trong ngoặc vuông [ ]"),
        ("guest", "An", "giá trị đã ghi không phải là nhóm thông tin; ghi từng mục theo tên trong ngoặc nhọn { }"),
        ("tôi", 1, "không có mục “tôi”; có các mục: " + ", ".join(Everything.__struct_fields__)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_vietnamese_with_the_value_in_it(field, value, vi):
    assert said_of(field, value)[1] == vi


@pytest.mark.parametrize(
    ("field", "value", "en"),
    [
        ("held_on", "2025-02-30", "2025-02-30 is not a day of the calendar; write it as 2025-10-02"),
        ("participants", 1_000_001, "1000001 is too large: 1,000,000 is the most"),
        ("kind", "YOGA", "“YOGA” is none of the codes that are used: LITERACY, SEMINAR"),
        ("title", "a" * 201, "201 characters are too many: 200 at most"),
    ],
)  # fmt: skip
def test_and_in_english(field, value, en):
    assert said_of(field, value)[0] == en


def test_the_whole_refusal_names_the_field():
    refused = refusal(b'{"either": "x"}')
    assert refused.said.vi.startswith("either: “x” không phải là số nguyên;")
    assert refused.said.en.startswith("either: “x” is not a whole number;")


def test_what_stands_beside_a_personal_field_is_not_repeated_either():
    assert said_of("guest", {"seat": 10})[1] == "giá trị đã ghi quá lớn: phải nhỏ hơn 10"


@pytest.mark.parametrize(
    ("raw", "vi"),
    [
        (b"{", "nội dung gửi lên không phải là JSON trọn vẹn"),
        (b'{"participants": 1,}', "nội dung gửi lên không đúng cách ghi JSON: xem lại ký tự thứ 20"),
        ('{"title": "Lớp", x}'.encode(), "nội dung gửi lên không đúng cách ghi JSON: xem lại ký tự thứ 18"),
        (b'{"title": "\xff"}', "chữ gửi lên không theo bảng mã UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "nội dung JSON lồng vào nhau quá nhiều tầng"),
        (b'{"open": true, "open": true}', "mục “open” được ghi hai lần"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_at_all_is_said_too(raw, vi):
    refused = refusal(raw)
    assert refused.said.vi == vi
    speech.check_all(refused)


def test_a_number_without_end_is_too_large_and_stays_short():
    en, vi = said_of("participants", 10**200)
    assert vi.endswith("… quá lớn: nhiều nhất là 1.000.000")
    assert len(en) < 120


WRONG: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, -(10**200), 1e300, "", " ", "x", "2025-02-30", "é\u0301",
    "\x07", "x" * 5_000, "`$.id`", "Expected", [], [1], ["x"] * 3, {}, {"x": 1}, {"name": 5},
    [[]], [None], {"seat": "x"},
]  # fmt: skip


@pytest.mark.parametrize("field", [*Everything.__struct_fields__, "other", "if_version", "key"])
def test_no_word_of_the_decoder_reaches_anybody(field):
    for value in WRONG:
        refused = refusal(json.dumps({field: value}).encode())
        if refused is not None and value not in ("`$.id`", "Expected"):
            speech.check_all(refused)


def test_a_personal_value_is_in_neither_sentence():
    for value in ("Lò Văn A" * 1_000, "Lò\x00Văn", ["Lò Văn A"], {"Lò": 1}):
        for field in ("author", "note"):
            refused = refusal(json.dumps({field: value}).encode())
            assert "Lò" not in str((refused.said, refused.faults))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=9)
    | st.dates().map(date.isoformat),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "seat"]), inner),
    max_leaves=5,
)  # fmt: skip


@given(st.sampled_from(Everything.__struct_fields__), json_values)
def test_whatever_is_sent_the_answer_is_for_people(field, value):
    refused = refusal(json.dumps({field: value}).encode())
    if refused is not None:
        speech.check_all(refused)


@given(st.binary(max_size=60))
def test_whatever_bytes_come_the_answer_is_for_people(raw):
    refused = refusal(b'{"participants":' + raw)
    if refused is not None:
        assert "nội dung" in refused.said.vi or refused.faults or "UTF-8" in refused.said.vi
