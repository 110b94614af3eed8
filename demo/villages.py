"""Generated villages: opened in their commune before anybody is entered who lives there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial

from demo.acts import Act, Page
from demo.calendar import FIRST_DAY, REFORM, office_hour
from demo.classes import Places
from demo.ids import natural_id
from demo.titles import Group

PATH = "/v1/villages"
LIVING_IN_VILLAGES = frozenset({"citizen", "family", "clan"})
OPENED = {False: FIRST_DAY, True: REFORM}
"""By whether it is opened on the map since the reform: from the first day of that map told here."""
ENTERED = {False: office_hour(date(2024, 1, 2), 8), True: office_hour(date(2025, 7, 2), 8)}
NUMBERS_OF_A_CODE_THAT_MOVED = 501
"""Where a commune of the old map numbers its villages, when its code names another one today."""


@dataclass(frozen=True)
class Village:
    """``number`` is that of the community in the province, ``area`` its exact form."""

    number: int
    name: str
    commune: str
    area: str
    opened_on: date
    reformed: bool


@dataclass(frozen=True)
class Villages:
    """One for each community that is a village; their identities follow from their order."""

    province: str
    prefix: str
    places: Places
    groups: Sequence[Group]

    def pages(self) -> list[Page]:
        found = []
        for reformed, at in ENTERED.items():
            count = sum(village.reformed is reformed for village in self._all.values())
            if count:
                found.append(Page(at, count, partial(self._acts, at, reformed=reformed)))
        return found

    def home(self, group: Group, number: int) -> str:
        """Where a member of a group is: in a village of the commune, if it has one."""
        if group.sort.code == "village":
            return self._all[number].area
        villages = self._of_commune.get((group.area, group.round.reformed))
        if group.sort.code not in LIVING_IN_VILLAGES or not villages:
            return group.area
        return villages[(number - group.first) % len(villages)].area

    def _acts(self, recorded_at: datetime, *, reformed: bool) -> Iterator[Act]:
        for each in self._all.values():
            if each.reformed is reformed:
                body = {
                    "commune": each.commune,
                    "name": each.name,
                    "opened_on": each.opened_on.isoformat(),
                }
                key = f"{self.prefix}-villages-{each.number}"
                id_ = natural_id(self.province, "village", each.area)
                yield Act(recorded_at, PATH, body, key=key, expected=id_)

    @cached_property
    def _all(self) -> dict[int, Village]:
        """By number, in the order in which they are opened."""
        now = {area.partition("@")[0] for area in self.places.since}
        found: dict[int, Village] = {}
        numbered: dict[str, int] = {}
        rounds = [group for group in self.groups if group.sort.code == "village"]
        for group in sorted(rounds, key=lambda each: each.round.reformed):
            code = group.area.partition("@")[0]
            moved = code in now and group.area not in self.places.since
            reformed = group.round.reformed
            for number in () if group.again else range(group.first, group.first + group.size):
                place = numbered.get(group.area, NUMBERS_OF_A_CODE_THAT_MOVED if moved else 1)
                numbered[group.area] = place + 1
                area = f"{code}-{place:03}@{OPENED[reformed]}"
                name = f"{group.sort.label} {number:06d}"
                found[number] = Village(number, name, group.area, area, OPENED[reformed], reformed)
        return found

    @cached_property
    def _of_commune(self) -> dict[tuple[str, bool], list[Village]]:
        found = defaultdict(list)
        for each in self._all.values():
            found[each.commune, each.reformed].append(each)
        return dict(found)
