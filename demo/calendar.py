"""Days on which generated things happen, and the instants at which they become known."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_DAY = date(2024, 1, 1)
AS_OF = date(2025, 10, 15)
LAST_RECORD_DAY = date(2025, 11, 28)
REFORM = date(2025, 7, 1)


@dataclass(frozen=True)
class Moment:
    """The civil day of an act, and the instant at which an officer enters it."""

    day: date
    recorded_at: datetime


def office_hour(day: date, hour: int = 16) -> datetime:
    """Full hours only: what is entered in the same hour travels in one batch."""
    return datetime.combine(day, time(hour), tzinfo=HANOI)


def entered(day: date, rng: Random) -> Moment:
    """Most is entered within two weeks; some paper takes months to come down from the highlands."""
    lag = rng.choice([0, 0, 1, 1, 2, 3, 5, 7, 10, 14, 21, 45, 90])
    return Moment(day, office_hour(min(day + timedelta(days=lag), LAST_RECORD_DAY)))


def a_day(rng: Random, first: date = FIRST_DAY, last: date = AS_OF) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))
