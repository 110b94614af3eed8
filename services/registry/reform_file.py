"""Pure: the file of a reform, read and refused by line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from unicodedata import normalize

from chassis.area import KINDS, Area, AreaKind, Areas
from chassis.errors import Invalid, UnknownArea

from registry.domain.reform import Successor

COLUMNS = (
    "effective_on", "legal_basis", "predecessor_code", "successor_code", "successor_name",
    "successor_kind",
)  # fmt: skip
_CODE = re.compile(r"\d{5}", re.ASCII)
_SHOWN = 40  # characters of a wrong value that an answer repeats
_MOST_TEXT = 200
_A_DAY = timedelta(days=1)


class Line(NamedTuple):
    """One place that passes land on to another; ``number`` is its line in the file."""

    number: int
    effective_on: date
    legal_basis: str
    predecessor: str
    successor: str
    name: str
    kind: AreaKind


def read(text: str) -> list[Line]:
    """The lines of a CSV text with the columns of ``COLUMNS``, of one day and one legal basis.

    Raises:
        Invalid: the columns differ, or a line says what cannot be.
    """
    rows = csv.DictReader(io.StringIO(normalize("NFC", text.removeprefix("\ufeff"))), strict=True)
    columns = ", ".join(COLUMNS)
    try:
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise Invalid(
                f"the file of a reform has the columns {columns}, in this order",
                f"tệp sắp xếp địa bàn phải có các cột {columns}, theo thứ tự này",
            )
        lines = [_line(rows.line_num, row) for row in rows]
    except csv.Error:
        raise _refused(rows.line_num, "", "a line", "một dòng") from None
    if not lines:
        raise Invalid("the file names no place", "tệp không nêu địa bàn nào")
    return list(_of_one_act(lines))


def checked(lines: Sequence[Line], areas: Areas) -> list[Successor]:
    """What comes into force, each place with what it takes over; on the maps as they stand.

    Raises:
        Invalid: the day's map has no such place, or a place would stand beside one of its code.
    """
    found: dict[Area, Successor] = {}
    ends = {_standing(line, areas) for line in lines}
    for line in lines:
        area, before = Area(line.successor, line.effective_on), _standing(line, areas)
        stays = [u for u in areas.units() if u.area.code == area.code and u.ended is None]
        if any(unit.area not in ends for unit in stays):
            en, vi = (
                "a code that becomes free: it ends in no line",
                "mã được thay: chưa có dòng thôi",
            )
            raise _refused(line.number, line.successor, en, vi)
        known = found.get(area, Successor(area, line.name, line.kind, ()))
        if (known.name, known.kind) != (line.name, line.kind):
            en = f"the name and kind given to {area.code} before"
            raise _refused(line.number, line.name, en, f"tên và loại đã ghi cho {area.code}")
        if before in known.predecessors:
            raise _refused(line.number, line.predecessor, "named once", "chỉ nêu một lần")
        found[area] = known._replace(predecessors=(*known.predecessors, before))
    return list(found.values())


def _standing(line: Line, areas: Areas) -> Area:
    eve = line.effective_on - _A_DAY
    try:
        unit = areas.unit(areas.resolve(line.predecessor, eve))
    except UnknownArea:
        unit = None
    commune = unit and unit.kind not in (AreaKind.PROVINCE, AreaKind.VILLAGE)
    if unit is None or not commune or unit.ended is not None:
        en, vi = f"a commune that stands on {eve}", f"xã, phường đang có vào ngày {eve}"
        raise _refused(line.number, line.predecessor, en, vi)
    return unit.area


def _of_one_act(lines: Sequence[Line]) -> Iterator[Line]:
    first = lines[0]
    for line in lines:
        if line.effective_on != first.effective_on:
            en, vi = f"{first.effective_on}, as above", f"{first.effective_on} như dòng trên"
            raise _refused(line.number, str(line.effective_on), en, vi)
        if line.legal_basis != first.legal_basis:
            en, vi = "the legal basis of the lines above", "căn cứ của các dòng trên"
            raise _refused(line.number, line.legal_basis, en, vi)
        yield line


def _line(number: int, row: Mapping[str, str]) -> Line:
    if None in row or None in row.values():
        raise _refused(number, ",".join(COLUMNS), "a line of the columns", "dòng đủ các cột")
    day, basis, before, after, name, kind = (" ".join(row[each].split()) for each in COLUMNS)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise _refused(number, day, "a day, such as 2026-07-01", "ngày, như 2026-07-01") from None
    for text, en, vi in ((basis, "a legal basis", "căn cứ"), (name, "a name", "tên địa bàn")):
        if not 0 < len(text) <= _MOST_TEXT:
            raise _refused(number, text, en, vi)
    if not _CODE.fullmatch(after):
        raise _refused(number, after, "a code of five digits", "mã năm chữ số")
    if kind not in KINDS or KINDS[kind] in (AreaKind.PROVINCE, AreaKind.VILLAGE):
        en, vi = "one of xã, phường, thị trấn, đặc khu", "xã, phường, thị trấn hay đặc khu"
        raise _refused(number, kind, en, vi)
    return Line(number, on, basis, before, after, name, KINDS[kind])


def _refused(number: int, value: str, en: str, vi: str) -> Invalid:
    shown = value[:_SHOWN]
    return Invalid(
        f"line {number}: {shown!r} is not {en}", f"dòng {number}: {shown!r} không phải là {vi}"
    )
