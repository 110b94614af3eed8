"""Who asks for a title where, and what comes of it: the published titles, shared out exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from math import ceil
from random import Random
from zlib import crc32

from demo.classes import Places, shares
from demo.figures import Figure, expected
from demo.rounds import EVERY, LISTS, ROUNDS, SLOTS, Round


class Fate(IntEnum):
    TITLE = 0
    WITHDRAWN = 1
    FAILED = 2
    REJECTED = 3


OTHERWISE = {Fate.WITHDRAWN: 0.03, Fate.FAILED: 0.04, Fate.REJECTED: 0.02}
"""For each title won, so many cases end otherwise."""
RENEWED = 5  # one title of so many of the first season is renewed in the next spring


@dataclass(frozen=True)
class Sort:
    """Subjects of one model, and of one group where a model has groups that are never added."""

    code: str
    model: str
    key: str
    label: str
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    criteria: str = ""


SORTS = (
    Sort(
        "citizen", "citizen", "title.citizen", "Công dân mẫu",
        ("farmer", "farmer", "worker", "official", "learner"), criteria="citizen-2022",
    ),
    Sort("family", "family", "title.family", "Gia đình mẫu", criteria="family-2021"),
    Sort("clan", "clan", "title.clan", "Dòng họ mẫu", criteria="clan-2021"),
    Sort(
        "village", "community", "title.community", "Bản mẫu", ("village",),
        ("ban", "thon", "tieu_khu", "to_dan_pho"), "community-village-2021",
    ),
    Sort(
        "unit", "unit", "title.unit", "Đơn vị mẫu", ("commune",),
        ("school", "agency", "learning_centre", "enterprise", "other"), "unit-commune-2021",
    ),
    Sort(
        "commune", "community", "", "Cộng đồng cấp xã mẫu", ("commune",),
        criteria="community-commune-2024-level-1",
    ),
)  # fmt: skip
COMMUNES = 60  # communities of whole communes, which the published 2,037 do not count


@dataclass(frozen=True)
class Group:
    """Subjects of one sort that go through one round in one place.

    ``fates`` counts them by ``Fate``, in that order; ``first`` is the number of the first of them
    in the province; ``again``: they hold the title and ask for it anew.
    """

    round: Round
    area: str
    sort: Sort
    fates: tuple[int, ...]
    first: int
    citizens: int = 0
    first_citizen: int = 0
    again: bool = False

    @property
    def slot(self) -> int:
        return crc32(self.area.encode()) % SLOTS

    @property
    def size(self) -> int:
        return sum(self.fates)

    @property
    def entered_at(self) -> datetime:
        """When its members become known."""
        return self.round.entered_at(self.slot)

    def fate_of(self, number: int) -> Fate:
        place = number - self.first
        for fate, count in enumerate(self.fates):
            if place < count:
                return Fate(fate)
            place -= count
        raise IndexError(number)

    def numbers(self, *fates: Fate) -> Iterator[int]:
        """The members' numbers in the province, those of these fates."""
        start = self.first
        for fate, count in enumerate(self.fates):
            if Fate(fate) in fates:
                yield from range(start, start + count)
            start += count

    def count(self, *fates: Fate) -> int:
        return sum(self.fates[fate] for fate in fates)

    def head_of(self, number: int) -> int | None:
        """The number of the citizen of the same place who heads a family or clan, if one can."""
        if self.sort.code not in ("family", "clan") or not self.citizens:
            return None
        place = number - self.first
        return self.first_citizen + place if place < self.citizens else None


def groups(goals: dict[str, Figure], scale: float, seed: int, places: Places) -> list[Group]:
    found: list[Group] = []
    citizens: dict[tuple[str, str], Group] = {}
    for sort in SORTS:
        total = goals[sort.key].target if sort.key else expected(COMMUNES, scale)
        for group in _of_sort(sort, total, places, Random(f"{seed}/{sort.code}")):
            if sort is SORTS[0]:
                citizens[group.round.name, group.area] = group
                found.append(group)
            elif at := citizens.get((group.round.name, group.area)):
                found.append(replace(group, citizens=sum(at.fates), first_citizen=at.first))
            else:
                found.append(group)
    return found + [again for group in found if (again := _renewed(group))]


def _of_sort(sort: Sort, total: int, places: Places, rng: Random) -> Iterator[Group]:
    first = 1
    for turn, sums in zip(EVERY, _by_round(total), strict=True):
        areas = list(places.since if turn.reformed else places.before)
        rng.shuffle(areas)
        columns = [shares(each, len(areas), rng) for each in sums]
        for area, fates in zip(areas, zip(*columns, strict=True), strict=True):
            if any(fates):
                yield Group(turn, area, sort, tuple(fates), first)
                first += sum(fates)


def _by_round(total: int) -> Iterator[list[int]]:
    """For each round how many come to each end; who is on a list holds the title."""
    listed = [total * turn.share // 100 for turn in LISTS]
    yield from ([many] + [0] * len(OTHERWISE) for many in listed)
    total -= sum(many for many, turn in zip(listed, LISTS, strict=True) if turn.stands)
    wanted = [total, *(ceil(total * share) for share in OTHERWISE.values())]
    columns = [_cases_of(each) for each in wanted]
    yield from (list(each) for each in zip(*columns, strict=True))


def _cases_of(total: int) -> list[int]:
    later = [total * turn.share // 100 for turn in ROUNDS[1:]]
    return [total - sum(later), *later]


def _renewed(group: Group) -> Group | None:
    """Some of those who won a title in the first season ask for the next one in spring."""
    many = group.count(Fate.TITLE) // RENEWED
    if group.round is not ROUNDS[0] or not many:
        return None
    return replace(group, round=ROUNDS[1], fates=(many, 0, 0, 0), again=True)
