"""Bases of rates: a file of them read, refused by line, and kept."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import asyncpg
from chassis.area import Areas
from chassis.errors import Invalid, UnknownArea

from reporting.catalogue.titles import BASES

COLUMNS = ("base_kind", "area", "valid_on", "amount", "source")
_MOST = 10**9  # of anything in a province
_SHOWN = 40  # characters of a wrong value that an answer repeats
_KEEP = """
INSERT INTO base (base_kind, area, valid_on, amount, source, recorded_at)
SELECT $1::text, $2::text, $3::date, $4::bigint, $5::text, $6::timestamptz
WHERE NOT EXISTS (
    SELECT FROM (
        SELECT amount, source FROM base WHERE (base_kind, area, valid_on) = ($1, $2, $3)
        ORDER BY recorded_at DESC LIMIT 1
    ) AS known
    WHERE (known.amount, known.source) = ($4, $5)
)
RETURNING 1
"""


class Base(NamedTuple):
    """``amount`` of a kind in an exact area on a day, as a source has it."""

    base_kind: str
    area: str
    valid_on: date
    amount: int
    source: str


def read(text: str, areas: Areas) -> list[Base]:
    """The bases of a CSV text with the columns of ``COLUMNS``.

    Raises:
        Invalid: the columns differ, or a line says what cannot be; the sentence names the line.
    """
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    if tuple(lines.fieldnames or ()) != COLUMNS:
        columns = ", ".join(COLUMNS)
        raise Invalid(
            f"the file of bases has the columns {columns}, in this order",
            f"tệp số liệu gốc phải có các cột {columns}, theo thứ tự này",
        )
    return list(_bases(lines, areas))


async def keep(connection: asyncpg.Connection, bases: list[Base], at: datetime) -> int:
    """Add what is not yet known as it stands, in one transaction; give how many were added."""
    async with connection.transaction():
        return sum([bool(await connection.fetchval(_KEEP, *base, at)) for base in bases])


def _bases(lines: "csv.DictReader[str]", areas: Areas) -> Iterator[Base]:
    met: set[tuple[str, str, date]] = set()
    try:
        for line in lines:
            base = _base(lines.line_num, line, areas)
            if base[:3] in met:
                wrong = f"{base.base_kind} {base.area} {base.valid_on}"
                raise _refused(lines.line_num, wrong, "named once", "chỉ nêu một lần")
            met.add(base[:3])
            yield base
    except csv.Error:
        raise _refused(lines.line_num, "", "a line", "một dòng") from None


def _base(number: int, line: dict[str, str], areas: Areas) -> Base:
    if None in line or None in line.values():
        raise _refused(number, ",".join(COLUMNS), "a line of the columns", "dòng đủ các cột")
    kind, area, day, amount, source = (line[name].strip() for name in COLUMNS)
    if kind not in BASES:
        raise _refused(number, kind, "a kind of base", "loại số liệu gốc")
    if not source:
        raise _refused(number, source, "a source", "nguồn số liệu")
    on = _day(number, day)
    if not (amount.isascii() and amount.isdecimal()) or not 0 < int(amount) <= _MOST:
        raise _refused(number, amount, "a number of 1 or more", "số từ 1 trở lên")
    return Base(kind, _area(number, area, on, areas), on, int(amount), source)


def _day(number: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _refused(number, text, "a day, such as 2024-12-31", "ngày, như 2024-12-31") from None


def _area(number: int, text: str, on: date, areas: Areas) -> str:
    try:
        return text if text == str(areas.province) else str(areas.resolve(text, on))
    except UnknownArea:
        raise _refused(number, text, f"an area on {on}", f"địa bàn vào ngày {on}") from None


def _refused(number: int, value: str, en: str, vi: str) -> Invalid:
    shown = value[:_SHOWN]
    return Invalid(
        f"line {number}: {shown!r} is not {en}", f"dòng {number}: {shown!r} không phải là {vi}"
    )
