"""What can be wrong with a value, said in English and in Vietnamese; value and rule stand in it."""

import math
import re
from collections.abc import Iterable
from typing import Any

from chassis.errors import Said

_SHOWN = 40  # characters of a wrong value that a sentence repeats
_NAMED = 40  # codes or names that a sentence lists
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

HIDDEN = Said("the value", "giá trị đã ghi")
"""In place of a personal value, and of one that cannot be found again."""


class Digits(str):
    """A number of so many digits that it is never read as one."""

    __slots__ = ()


def shown(value: Any) -> Said:
    """A value inside a sentence: bounded, printable, and never a whole structure."""
    if isinstance(value, dict):
        return Said("a group of fields", "một nhóm thông tin")
    if isinstance(value, list):
        return Said("a list", "một danh sách")
    if isinstance(value, float) and not math.isfinite(value):
        return Said("the number", "số đã ghi")
    text = _printable(str(value).lower() if isinstance(value, bool) else str(value))
    return bare(f"“{text}”" if type(value) is str else text)


def bare(text: str) -> Said:
    """The same words in both languages, such as a code or a day."""
    return Said(text, text)


def _printable(text: str) -> str:
    seen = "".join(letter if letter.isprintable() else "�" for letter in text[:_SHOWN])
    return seen + ("…" if len(text) > _SHOWN else "")


def listed(names: Iterable[str]) -> str:
    """Codes or names after a colon, within bounds."""
    known = list(names)
    return ", ".join(known[:_NAMED]) + (", …" if len(known) > _NAMED else "")


def grouped(number: float) -> Said:
    """A bound as people write it: ``1,000,000`` and ``1.000.000``."""
    text = f"{number:,.10g}" if isinstance(number, float) else f"{number:,}"
    return Said(text, text.translate({ord(","): ".", ord("."): ","}))


def at_least(value: Said, least: float) -> Said:
    en, vi = grouped(least)
    return Said(
        f"{value.en} is too small: {en} is the least", f"{value.vi} quá nhỏ: ít nhất là {vi}"
    )


def at_most(value: Said, most: float) -> Said:
    en, vi = grouped(most)
    return Said(
        f"{value.en} is too large: {en} is the most", f"{value.vi} quá lớn: nhiều nhất là {vi}"
    )


def more_than(value: Said, bound: float) -> Said:
    en, vi = grouped(bound)
    return Said(
        f"{value.en} is too small: it must be more than {en}",
        f"{value.vi} quá nhỏ: phải lớn hơn {vi}",
    )


def less_than(value: Said, bound: float) -> Said:
    en, vi = grouped(bound)
    return Said(
        f"{value.en} is too large: it must be less than {en}",
        f"{value.vi} quá lớn: phải nhỏ hơn {vi}",
    )


def not_whole(value: Said) -> Said:
    return Said(
        f"{value.en} is not a whole number; write digits only, without quotes, such as 34",
        f"{value.vi} không phải là số nguyên; chỉ ghi chữ số, không đặt trong ngoặc kép, như 34",
    )


def not_a_number(value: Said) -> Said:
    return Said(
        f"{value.en} is not a number; write it without quotes, such as 2.5",
        f"{value.vi} không phải là số; ghi không có ngoặc kép, như 2.5",
    )


def not_a_day(text: Any) -> Said:
    """``text`` is not a day; where it has the form of one, there is no such day."""
    if isinstance(text, str) and _DAY.fullmatch(text):
        return _no_such_day(bare(text))
    return badly_written_day(shown(text))


def _no_such_day(value: Said) -> Said:
    return Said(
        f"{value.en} is not a day of the calendar; write it as 2025-10-02",
        f"{value.vi} không phải là một ngày có thật; ghi như 2025-10-02",
    )


def badly_written_day(value: Said) -> Said:
    return Said(
        f"{value.en} is not written as a day; write year, month and day, as 2025-10-02",
        f"{value.vi} chưa đúng cách ghi ngày; ghi năm, tháng, ngày như 2025-10-02",
    )


def not_an_instant(value: Said) -> Said:
    return Said(
        f"{value.en} is not a day with its time; write it as 2025-10-02T08:00:00+07:00",
        f"{value.vi} không phải là ngày kèm giờ; ghi như 2025-10-02T08:00:00+07:00",
    )


def not_an_id(value: Said) -> Said:
    return Said(
        f"{value.en} is not an id (UUID); ids look like 8c6f2a36-0f0e-4d63-9a52-0c8a3b5c1f10",
        f"{value.vi} không phải là mã định danh (UUID);"
        " mã có dạng 8c6f2a36-0f0e-4d63-9a52-0c8a3b5c1f10",
    )


def not_yes_or_no(value: Said) -> Said:
    return Said(
        f"{value.en} is neither true nor false; write true or false without quotes",
        f"{value.vi} không dùng được; ghi true nếu đúng, false nếu sai, không có ngoặc kép",
    )


def none_of(value: Said, codes: Iterable[str]) -> Said:
    known = listed(codes)
    return Said(
        f"{value.en} is none of the codes that are used: {known}",
        f"{value.vi} không có trong các mã được dùng: {known}",
    )


def not_a_text(value: Said) -> Said:
    return Said(
        f"{value.en} is not a text; write it in quotes",
        f"{value.vi} không phải là chữ; ghi chữ đặt trong ngoặc kép",
    )


def blank() -> Said:
    return Said("nothing is written here", "chỗ này chưa ghi gì")


def control_characters() -> Said:
    return Said(
        "the text holds control characters; write it without them",
        "có ký tự điều khiển không nhìn thấy được; ghi lại không có ký tự ấy",
    )


def too_long(length: int, most: int) -> Said:
    (en, vi), (most_en, most_vi) = grouped(length), grouped(most)
    return Said(
        f"{en} characters are too many: {most_en} at most",
        f"dài {vi} ký tự là quá dài: nhiều nhất {most_vi} ký tự",
    )


def too_short(length: int, least: int) -> Said:
    if length == 0:
        return blank()
    (en, vi), (least_en, least_vi) = grouped(length), grouped(least)
    return Said(
        f"{en} characters are too few: {least_en} at least",
        f"dài {vi} ký tự là quá ngắn: ít nhất {least_vi} ký tự",
    )


def too_many(length: int, most: int) -> Said:
    (en, vi), (most_en, most_vi) = grouped(length), grouped(most)
    return Said(
        f"the list has {en} entries: {most_en} at most",
        f"danh sách có {vi} dòng: nhiều nhất {most_vi} dòng",
    )


def too_few(length: int, least: int) -> Said:
    (en, vi), (least_en, least_vi) = grouped(length), grouped(least)
    return Said(
        f"the list has {en} entries: {least_en} at least",
        f"danh sách có {vi} dòng: ít nhất {least_vi} dòng",
    )


def not_a_list(value: Said) -> Said:
    return Said(
        f"{value.en} is not a list; write it in square brackets [ ]",
        f"{value.vi} không phải là danh sách; ghi danh sách trong ngoặc vuông [ ]",
    )


def not_a_group(value: Said) -> Said:
    return Said(
        f"{value.en} is not a group of fields; write them by name in braces {{ }}",
        f"{value.vi} không phải là nhóm thông tin; ghi từng mục theo tên trong ngoặc nhọn {{ }}",
    )


def null() -> Said:
    return Said(
        "null is no value; write one, or leave the field out where it may be left out",
        "không được để trống; ghi giá trị, hoặc bỏ hẳn mục này nếu được phép bỏ",
    )


def missing() -> Said:
    return Said("this field is required and missing", "còn thiếu mục bắt buộc này")


def unknown_field(name: str, known: Iterable[str]) -> Said:
    names, (en, vi) = listed(known), shown(name)
    more = Said(f"; there are: {names}", f"; có các mục: {names}") if names else Said("", "")
    return Said(f"there is no field {en}{more.en}", f"không có mục {vi}{more.vi}")


def given_twice(name: str) -> Said:
    en, vi = shown(name)
    return Said(f"the field {en} is given twice", f"mục {vi} được ghi hai lần")


def unusable(value: Said) -> Said:
    return Said(f"{value.en} cannot be used here", f"{value.vi} không dùng được ở đây")
