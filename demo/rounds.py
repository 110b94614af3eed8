"""The year of a title: when it is asked for, assessed, verified, proposed and decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from demo.calendar import REFORM, office_hour

SLOTS = 6
_APART = 3  # days between the communes of one slot and those of the next
_LAGS = (0, 1, 2, 4, 6, 9)  # days until the paper of a slot's communes is entered


class Stage(IntEnum):
    REGISTER = 0
    ASSESS = 1
    VERIFY = 2
    PROPOSE = 3
    DECIDE = 4


@dataclass(frozen=True)
class Round:
    """One run through the stages, all on one map. ``share`` is per cent of the titles.

    ``late``: days by which the last slot's decisions become known later than they would.
    """

    name: str
    season: int
    share: int
    days: Sequence[date]
    late: int = 0

    def day(self, stage: Stage, slot: int) -> date:
        return self.days[stage] + timedelta(days=_APART * slot)

    def recorded_at(self, stage: Stage, slot: int) -> datetime:
        lag = _LAGS[slot]
        if stage is Stage.DECIDE and slot == SLOTS - 1:
            lag += self.late
        return office_hour(self.day(stage, slot) + timedelta(days=lag))

    @property
    def reformed(self) -> bool:
        """Whether it runs on the map that stands since the reform."""
        return self.days[0] >= REFORM


ROUNDS = (
    Round(
        "2024",
        2024,
        55,
        (
            date(2024, 2, 20),
            date(2024, 8, 20),
            date(2024, 9, 25),
            date(2024, 10, 25),
            date(2024, 11, 25),
        ),
    ),
    Round(
        "2025-spring",
        2025,
        15,
        (date(2025, 1, 8), date(2025, 3, 1), date(2025, 4, 1), date(2025, 5, 1), date(2025, 5, 30)),
    ),
    Round(
        "2025-autumn",
        2025,
        30,
        (
            date(2025, 7, 5),
            date(2025, 8, 1),
            date(2025, 8, 26),
            date(2025, 9, 8),
            date(2025, 9, 29),
        ),
        late=20,
    ),
)
