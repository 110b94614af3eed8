"""Who goes to a class: citizens of the commune who are in the registry, or are entered for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random
from typing import Any

from demo.acts import Act, Page, keyed, paged
from demo.calendar import office_hour
from demo.ids import subject_id
from demo.titles import SORTS, Group

_ENTERED_AT = 8  # o'clock, on the day on which the class is filled in the afternoon
_LEARNER = "learner"


@dataclass
class Learners:
    """Subjects of the registry. ``newcomers``: (area, number) of the others and their first day."""

    prefix: str
    groups: Sequence[Group]
    newcomers: dict[tuple[str, int], date] = field(default_factory=dict)

    def of(self, area: str, count: int, enrolled_on: date, rng: Random) -> list[str]:
        """So many of an area's few hundred people: some come back to another class."""
        known = list(self._known(area, enrolled_on))
        picked = rng.sample(range(3 * count + 40), count)
        return [
            known[n] if n < len(known) else self._newcomer(area, n, enrolled_on) for n in picked
        ]

    def pages(self) -> list[Page]:
        """The newcomers, entered in the registry in the morning of their first day."""
        return paged(keyed(list(self._entries()), f"{self.prefix}-learners"))

    def _newcomer(self, area: str, number: int, day: date) -> str:
        first = self.newcomers.get((area, number), day)
        self.newcomers[area, number] = min(first, day)
        return subject_id(self.prefix, _LEARNER, f"{area}/{number}")

    def _entries(self) -> Iterator[Act]:
        for (area, number), day in self.newcomers.items():
            body: dict[str, Any] = {
                "id": subject_id(self.prefix, _LEARNER, f"{area}/{number}"),
                "model": "citizen",
                "area": area,
                "entered_on": day.isoformat(),
                "name": f"Học viên mẫu {area.partition('@')[0]} {number:03d}",
                "group": _LEARNER,
            }
            yield Act(office_hour(day, _ENTERED_AT), "/v1/subjects", body)

    def _known(self, area: str, day: date) -> Iterable[str]:
        at = office_hour(day)
        for group in self._citizens.get(area, ()):
            if group.entered_at <= at:
                for number in range(group.first, group.first + group.size):
                    yield subject_id(self.prefix, SORTS[0].code, number)

    @cached_property
    def _citizens(self) -> dict[str, list[Group]]:
        found = defaultdict(list)
        for group in self.groups:
            if group.sort is SORTS[0] and not group.again:
                found[group.area].append(group)
        return found
