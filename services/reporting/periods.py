"""Periods as people write them: a year, a quarter, a month, a day, or a range of days."""

import re
from datetime import date, timedelta

import msgspec
from chassis.errors import BadPeriod

FIRST_DAY = date(1900, 1, 1)
"""The day from which the first map stands; nothing is dated before it."""

_MOST = 60  # periods in one question; a longer series is asked for by=month
_YEAR = re.compile(r"\d{4}", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FORMS = "2025, 2025-Q4, 2025-10, 2025-10-15, 2024-01-01..2025-10-15 or ..2025-10-15"
_FORMS_VI = _FORMS.replace(" or ", " hoặc ")
_SHOWN = 40  # characters of a wrong value that an answer repeats


class Period(msgspec.Struct, frozen=True, order=True):
    """An inclusive span of civil days; ``label`` is what it was asked as."""

    label: str
    first: date
    last: date

    def until(self, day: date) -> "Period":
        """The same period without what lies after ``day``; it may be left empty."""
        return Period(self.label, self.first, min(self.last, day))

    def from_the_first(self) -> "Period":
        """The same period with every day before it."""
        return Period(self.label, FIRST_DAY, self.last)

    @property
    def empty(self) -> bool:
        return self.last < self.first


def parse_periods(text: str) -> tuple[Period, ...]:
    """The periods of a comma list, each once, in the order given.

    Raises:
        BadPeriod: a part is not a period, does not exist in the calendar, or runs backwards.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > _MOST:
        raise _bad(
            text,
            f"{len(parts)} periods were asked; at most {_MOST} are answered at once",
            f"hỏi {len(parts)} kỳ; mỗi lần trả lời nhiều nhất {_MOST} kỳ",
        )
    return tuple(dict.fromkeys(parse_period(part) for part in parts))


def parse_period(text: str) -> Period:
    """One period; see :func:`parse_periods`."""
    try:
        first, last = _bounds(text)
    except ValueError:
        raise _bad(
            text,
            f"{_shown(text)} is not a period of the calendar; write {_FORMS}",
            f"{_shown(text)} không phải là một kỳ có trong lịch; ghi {_FORMS_VI}",
        ) from None
    if last < first:
        raise _bad(
            text,
            f"{_shown(text)} ends before it begins",
            f"kỳ {_shown(text)} kết thúc trước khi bắt đầu",
        )
    if first < FIRST_DAY:
        raise _bad(
            text,
            f"{_shown(text)} lies before {FIRST_DAY}, the first day of the first map",
            f"kỳ {_shown(text)} ở trước {FIRST_DAY}, ngày đầu của bản đồ đầu tiên",
        )
    return Period(text, first, last)


def everything_until(day: date) -> Period:
    """What is asked when no period is named: all days up to and including ``day``."""
    return Period(f"..{day.isoformat()}", FIRST_DAY, day)


def month_of(day: date) -> Period:
    """The whole month of a day."""
    first = day.replace(day=1)
    return Period(f"{day.year:04}-{day.month:02}", first, end_of_month(first))


def year_of(day: date) -> Period:
    """The whole year of a day."""
    return Period(f"{day.year:04}", date(day.year, 1, 1), date(day.year, 12, 31))


def month_after(month: date) -> date:
    """The first day of the month that follows the month of ``month``."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def end_of_month(day: date) -> date:
    """The last day of the month of ``day``."""
    month = day.replace(day=1)
    if (month.year, month.month) == (date.max.year, date.max.month):
        return date.max
    return month_after(month) - timedelta(days=1)


def _bounds(text: str) -> tuple[date, date]:
    if ".." in text:
        first, _, last = text.partition("..")
        return (_day(first) if first else FIRST_DAY), _day(last)
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if quarter := _QUARTER.fullmatch(text):
        year, start = int(quarter[1]), 3 * int(quarter[2]) - 2
        return date(year, start, 1), end_of_month(date(year, start + 2, 1))
    if month := _MONTH.fullmatch(text):
        start_of_month = date(int(month[1]), int(month[2]), 1)
        return start_of_month, end_of_month(start_of_month)
    day = _day(text)
    return day, day


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError("not a form that is known")
    return date.fromisoformat(text)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _bad(text: str, en: str, vi: str) -> BadPeriod:
    return BadPeriod.at("?period", en, vi, text[:_SHOWN])
