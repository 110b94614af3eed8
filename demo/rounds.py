"""The year of a title: when it is asked for, assessed, verified, proposed and decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from demo.calendar import AS_OF, REFORM, office_hour

SLOTS = 6
_APART = 3  # days between the communes of one slot and those of the next
_LAGS = (0, 1, 2, 4, 6, 9)  # days until the paper of a slot's communes is entered


class Stage(IntEnum):
    ENTER = 0
    IMPORT = 1
    REGISTER = 2
    ASSESS = 3
    VERIFY = 4
    PROPOSE = 5
    DECIDE = 6


@dataclass(frozen=True)
class Round:
    """One run through its stages, all on one map. ``share`` is per cent of the titles.

    ``late``: days by which the last slot's decisions become known later than they would.
    """

    name: str
    season: int
    share: int
    days: Mapping[Stage, date]
    late: int = 0

    def day(self, stage: Stage, slot: int) -> date:
        return self.days[stage] + timedelta(days=_APART * slot)

    def recorded_at(self, stage: Stage, slot: int) -> datetime:
        lag = _LAGS[slot]
        if stage is Stage.DECIDE and slot == SLOTS - 1:
            lag += self.late
        return office_hour(self.day(stage, slot) + timedelta(days=lag))

    def entered_at(self, slot: int) -> datetime:
        """When its people become known."""
        return self.recorded_at(min(self.days), slot)

    @property
    def reformed(self) -> bool:
        """Whether it runs on the map that stands since the reform."""
        return min(self.days.values()) >= REFORM

    @property
    def stands_until(self) -> date:
        """The last day of its titles: that of the year after their season."""
        return date(self.season + 1, 12, 31)

    @property
    def stands(self) -> bool:
        """Whether its titles are held on the day of the report."""
        return self.stands_until >= AS_OF


def _cases(*days: date) -> dict[Stage, date]:
    return dict(zip(list(Stage)[Stage.REGISTER :], days, strict=True))


ROUNDS = (
    Round(
        "2024",
        2024,
        55,
        _cases(
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
        _cases(
            date(2025, 1, 8),
            date(2025, 3, 1),
            date(2025, 4, 1),
            date(2025, 5, 1),
            date(2025, 5, 30),
        ),
    ),
    Round(
        "2025-autumn",
        2025,
        30,
        _cases(
            date(2025, 7, 5),
            date(2025, 8, 1),
            date(2025, 8, 26),
            date(2025, 9, 8),
            date(2025, 9, 29),
        ),
        late=20,
    ),
)
LISTS = (
    Round("2023-list", 2023, 3, {Stage.ENTER: date(2024, 1, 4), Stage.IMPORT: date(2024, 1, 4)}),
    Round("2024-list", 2024, 3, {Stage.ENTER: date(2025, 2, 3), Stage.IMPORT: date(2025, 2, 3)}),
)
"""Titles given on paper before their commune took part: entered from lists, never recognised here.

Those of 2023 had ended by the day of the report, and come on top of the published ones.
"""
EVERY = (*LISTS, *ROUNDS)
