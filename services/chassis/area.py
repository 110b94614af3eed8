"""A place is a code and the day it began; maps, succession and containment follow from that."""

import csv
import difflib
import functools
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self

from chassis.errors import Said, UnknownArea

_FILES = Path(__file__).with_name("areas")
_CODE = re.compile(r"\d{2}|\d{5}(-\d{3})?")
_PROVINCE_CODE_LENGTH = 2
_CANDIDATES = 6  # the most communes that one succeeded in 2025
_SHOWN = 40  # characters of a wrong value that an answer repeats


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """The identity of a place. Codes are reused for other territories; code and first day are not.

    ``str`` is the exact form ``03763@2025-07-01``; the province is its bare code, ``14``.
    """

    code: str
    began: date

    def __str__(self) -> str:
        if len(self.code) == _PROVINCE_CODE_LENGTH:
            return self.code
        return f"{self.code}@{self.began.isoformat()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The place of its exact form; of a province, which has no day, the code alone.

        Raises:
            ValueError: it is no such form.
        """
        code, at, began = text.partition("@")
        if not _CODE.fullmatch(code) or (not at and len(code) != _PROVINCE_CODE_LENGTH):
            raise ValueError(f"{text[:_SHOWN]!r} is not the exact form of an area")
        return cls(code, date.fromisoformat(began) if at else date.min)


class AreaKind(StrEnum):
    PROVINCE = "province"
    COMMUNE = "commune"
    WARD = "ward"
    TOWNSHIP = "township"
    SPECIAL_ZONE = "special_zone"
    VILLAGE = "village"


WORDS: dict[AreaKind, tuple[str, str]] = {
    AreaKind.PROVINCE: ("tỉnh", "province"),
    AreaKind.COMMUNE: ("xã", "commune"),
    AreaKind.WARD: ("phường", "ward"),
    AreaKind.TOWNSHIP: ("thị trấn", "township"),
    AreaKind.SPECIAL_ZONE: ("đặc khu", "special zone"),
    AreaKind.VILLAGE: ("bản", "village"),
}
"""What each kind of place is called, in Vietnamese and in English."""

KINDS = {vi: kind for kind, (vi, _) in WORDS.items()}
"""The kind of place that a Vietnamese word names."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is known of a place. ``ended`` is the first day on which it was no longer in force."""

    area: Area
    name: str
    kind: AreaKind
    district: str | None = None
    ended: date | None = None
    parent: Area | None = None

    def in_force(self, on: date) -> bool:
        return self.area.began <= on and (self.ended is None or on < self.ended)

    def title(self, language: str = "vi") -> str:
        """``Xã Long Hẹ``, or ``Long Hẹ Commune`` when the language is ``en``."""
        vi, en = WORDS[self.kind]
        return f"{self.name} {en.title()}" if language == "en" else f"{vi.capitalize()} {self.name}"

    def __str__(self) -> str:
        where = f", {self.district}" if self.district else ""
        return f"{self.area} ({self.title()}{where})"


def without_marks(text: str) -> str:
    """The text in lower-case letters without Vietnamese marks, for comparing what people type."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class Areas:
    """The places of one province: every map there was, and how each place became another.

    ``successions`` are pairs of a place that ended and one that took over land of it.
    """

    def __init__(
        self, province: Unit, units: Iterable[Unit], successions: Iterable[tuple[Area, Area]]
    ) -> None:
        self.province = province.area
        self._units: dict[Area, Unit] = {}
        self._exact: dict[str, Area] = {}
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted((province, *units), key=lambda unit: unit.area):
            self.add(unit)
        self._successors: dict[Area, list[Area]] = defaultdict(list)
        self._predecessors: dict[Area, list[Area]] = defaultdict(list)
        for before, after in successions:
            self._successors[before].append(after)
            self._predecessors[after].append(before)

    @classmethod
    def of_province(cls, code: str) -> "Areas":
        """The places of a province as the data files know them, read once a process.

        Raises:
            UnknownArea: no files are kept for that province.
        """
        return _load(code)

    def add(self, unit: Unit) -> None:
        """Let a place be known that began later than those known of its code; safe to repeat."""
        others = [other for other in self._by_code[unit.area.code] if other.area != unit.area]
        self._by_code[unit.area.code] = [*others, unit]
        self._units[unit.area], self._exact[str(unit.area)] = unit, unit.area

    def close(self, area: Area, on: date) -> None:
        """Let a place be known to have ended; ``on`` is the first day on which it was gone.

        Raises:
            UnknownArea: no such place is known.
        """
        self.add(replace(self.unit(area), ended=on))

    def succeed(self, before: Area, after: Area) -> None:
        """Let it be known what took over land of a place; safe to repeat."""
        if after not in self._successors[before]:
            self._successors[before].append(after)
            self._predecessors[after].append(before)

    def exact(self, text: str) -> Area:
        """The place of its exact form, known or not; ``ValueError`` when it is no such form."""
        return self._exact.get(text) or Area.parse(text)

    def copy(self) -> "Areas":
        """The same places, to which others may be added without this one knowing them."""
        pairs = [(before, after) for before, all_ in self._successors.items() for after in all_]
        return Areas(self._units[self.province], self._units.values(), pairs)

    def become(self, other: "Areas") -> None:
        """Know from now on what another knows, and nothing else; the two share it."""
        self.__dict__.update(other.__dict__)

    def units(self) -> tuple[Unit, ...]:
        """Every place of every map, the province itself left out."""
        return tuple(unit for area, unit in self._units.items() if area != self.province)

    def successors(self, area: Area) -> tuple[Area, ...]:
        """The places that took over land of this one; none while it stands."""
        return tuple(self._successors.get(area, ()))

    def unit(self, area: Area) -> Unit:
        """What is known of a place; ``UnknownArea`` when nothing is."""
        if found := self._units.get(area):
            return found
        raise UnknownArea(
            f"{area} is not an area of province {self.province}",
            f"tỉnh {self.province} không có địa bàn {area}",
        )

    def in_force(self, on: date) -> tuple[Unit, ...]:
        """The communes, wards and townships (and villages) of that day's map, by code."""
        return tuple(unit for unit in self._of_day(on) if unit.area != self.province)

    def resolve(self, text: str, on: date) -> Area:
        """The place a person means by ``03763`` or ``03763@2025-07-01``, in force on that day.

        Raises:
            UnknownArea: there is none; its sentence names that day's candidates.
        """
        if exact := self._exact.get(text):
            if self._units[exact].in_force(on):
                return exact
        else:
            for unit in self._by_code.get(text, ()):
                if unit.in_force(on):
                    return unit.area
        raise UnknownArea(*self._not_in_force(text, on))

    def carry(self, area: Area, on: date) -> Area:
        """The place that stands for this one on a later day, followed along the succession.

        Raises:
            UnknownArea: it is unknown, had not begun by then, or was divided among several.
        """
        unit = self.unit(area)
        if unit.in_force(on):
            return area
        after = self._successors.get(area, []) if unit.area.began <= on else []
        if len(after) != 1:
            raise UnknownArea(*self._not_in_force(str(area), on))
        return self.carry(after[0], on)

    def covers(self, granted: Area, area: Area, today: date) -> bool:
        """Whether a grant reaches a place: itself, all below it, and what it succeeded."""
        if area not in self._units or granted not in self._units:
            return False
        return granted == self.province or granted in self._above(area, today)

    def reach(self, granted: Area, today: date) -> tuple[Area, ...]:
        """Every place, of every map, that a grant over this one covers."""
        return tuple(area for area in self._units if self.covers(granted, area, today))

    def on_map(self, area: Area, map_date: date) -> Area | None:
        """The place of that day's map to which all of this one's facts belong.

        ``None`` when it cannot be said: the place was divided, or grew from several.
        """
        unit = self.unit(area)
        if unit.in_force(map_date):
            return area
        if map_date < area.began:
            return self._on_earlier_map(unit, map_date)
        after = self._successors.get(area, [])
        return self.on_map(after[0], map_date) if len(after) == 1 else None

    def _on_earlier_map(self, unit: Unit, map_date: date) -> Area | None:
        before = self._predecessors.get(unit.area, [])
        if not before and unit.kind is AreaKind.VILLAGE and unit.parent:
            return self.on_map(unit.parent, map_date)
        renamed = len(before) == 1 and len(self._successors[before[0]]) == 1
        return self.on_map(before[0], map_date) if renamed else None

    def _above(self, area: Area, today: date) -> Iterator[Area]:
        """The place, what succeeded it, and what those lie in today."""
        yield area
        for after in self._successors.get(area, []):
            yield from self._above(after, today)
        parent = self._units[area].parent
        if parent and parent != self.province:
            # A village moves on when its commune ends: the old one no longer holds it.
            holders = self._above(parent, today)
            yield from (holder for holder in holders if self._units[holder].in_force(today))

    def _of_day(self, on: date) -> Iterator[Unit]:
        return (unit for units in self._by_code.values() for unit in units if unit.in_force(on))

    def _not_in_force(self, text: str, on: date) -> Said:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        code, _, _ = text.partition("@")
        exact = self._exact.get(text)
        meant = [self._units[exact]] if exact else self._by_code.get(code, [])
        named = str(meant[0]) if len(meant) == 1 and (exact or code == text) else repr(shown)
        en = f"{named} is not an area in force on {on}"
        vi = f"{named} không phải là địa bàn có trên bản đồ ngày {on}"
        if candidates := self._candidates(code, meant, on):
            names = "; ".join(str(unit) for unit in candidates[:_CANDIDATES])
            more = len(candidates) - _CANDIDATES
            en += f"; in force that day: {names}" + (f"; and {more} more" if more > 0 else "")
            vi += f"; ngày đó có: {names}" + (f"; và {more} nơi khác" if more > 0 else "")
        elif not _CODE.fullmatch(code):
            en, vi = f"{en}; write a code such as 03763", f"{vi}; ghi mã địa bàn như 03763"
        return Said(en, vi)

    def _candidates(self, code: str, meant: list[Unit], on: date) -> list[Unit]:
        """The places of that day somebody may have meant, the likeliest first."""
        related = [unit for unit in self._relatives(meant) if unit.in_force(on)]
        same_code = [unit for unit in self._by_code.get(code, []) if unit.in_force(on)]
        found = list(dict.fromkeys((*related, *same_code)))
        return found or self._alike(code, on)

    def _relatives(self, units: Iterable[Unit]) -> Iterator[Unit]:
        for links in (self._successors, self._predecessors):
            for unit in units:
                yield from self._linked(unit.area, links)

    def _linked(self, area: Area, links: dict[Area, list[Area]]) -> Iterator[Unit]:
        for other in links.get(area, []):
            yield self._units[other]
            yield from self._linked(other, links)

    def _alike(self, text: str, on: date) -> list[Unit]:
        """Places of that day with the name somebody typed, or with a code close to theirs."""
        typed = without_marks(text[:_SHOWN]).strip()
        standing = {unit.area.code: unit for unit in self.in_force(on)}
        named = [
            unit
            for unit in standing.values()
            if typed in {without_marks(unit.name), without_marks(unit.title())}
        ]
        if named or not _CODE.fullmatch(typed):
            return named
        close = difflib.get_close_matches(typed, standing, n=3, cutoff=0.7)
        return [standing[code] for code in close]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class _Files:
    province: Unit
    reformed_on: date
    communes: list[dict[str, str]]
    successions: list[dict[str, str]]

    @classmethod
    def of(cls, folder: Path) -> Self:
        facts = tomllib.loads((folder / "province.toml").read_text("utf-8"))
        area = Area(facts["code"], facts["first_map_began"])
        return cls(
            province=Unit(area, facts["name"], AreaKind.PROVINCE),
            reformed_on=facts["reformed_on"],
            communes=_read(folder / "communes.csv"),
            successions=_read(folder / "succession.csv"),
        )

    def first_map(self) -> Iterator[Unit]:
        for row in self.successions:
            yield Unit(
                area=Area(row["predecessor_code"], self.province.area.began),
                name=row["predecessor_name"],
                kind=KINDS[row["predecessor_kind"]],
                district=row["predecessor_district"],
                ended=None if row["change"] == "unchanged" else self.reformed_on,
                parent=self.province.area,
            )

    def second_map(self, unchanged: dict[str, Unit]) -> Iterator[Unit]:
        for row in self.communes:
            # An unchanged unit keeps its identity, but districts ended with the reform.
            if stays := unchanged.get(row["code"]):
                yield replace(stays, name=row["name_vi"], kind=KINDS[row["type"]])
            else:
                area = Area(row["code"], self.reformed_on)
                kind = KINDS[row["type"]]
                yield Unit(area, row["name_vi"], kind, parent=self.province.area)

    def pairs(self) -> Iterator[tuple[Area, Area]]:
        for row in self.successions:
            if row["change"] != "unchanged":
                yield (
                    Area(row["predecessor_code"], self.province.area.began),
                    Area(row["successor_code"], self.reformed_on),
                )


@functools.cache
def _load(code: str) -> Areas:
    folder = _FILES / code
    if not re.fullmatch(r"\d{2}", code) or not folder.is_dir():
        raise UnknownArea(
            f"no area files are kept for province {code[:_SHOWN]!r}",
            f"chưa có dữ liệu địa bàn của tỉnh {code[:_SHOWN]!r}",
        )
    files = _Files.of(folder)
    old = {unit.area.code: unit for unit in files.first_map()}
    unchanged = {code: unit for code, unit in old.items() if unit.ended is None}
    units = {unit.area: unit for unit in (*old.values(), *files.second_map(unchanged))}
    return Areas(files.province, units.values(), files.pairs())
