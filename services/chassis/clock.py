"""Time as an argument: a clock, and the civil day in Viet Nam."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

VIET_NAM = timezone(timedelta(hours=7), "UTC+7")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until told otherwise."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def civil_day(instant: datetime) -> date:
    """The day in Viet Nam (UTC+7) on which an instant falls."""
    return instant.astimezone(VIET_NAM).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a civil day in Viet Nam, in UTC."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, VIET_NAM).astimezone(UTC)
