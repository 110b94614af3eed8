"""CriteriaSet: what must be met for a title, as dated data with its legal basis."""

from datetime import date
from enum import StrEnum
from functools import cached_property

import msgspec

from registry.domain.kind import Group, Level, Model


class Engine(StrEnum):
    POINTS_WITH_FLOOR = "points_with_floor"
    POINTS_BANDED = "points_banded"
    ALL_TARGETS = "all_targets"


class Mark(StrEnum):
    """How something is known: from a public text, or assumed until the association says."""

    KNOWN = "known"
    ASSUMED = "assumed"


class Rule(StrEnum):
    """How long a title stands."""

    FOLLOWING_YEAR = "following_year"
    OPEN = "open"


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a criteria set's file."""


class Text(Data, frozen=True, kw_only=True):
    vi: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.vi


class LegalBasis(Data, frozen=True, kw_only=True):
    """One document. `number` is "chưa rõ" (unknown) where nobody could name it."""

    name: Text
    number: str
    issued_on: date | None = None
    mark: Mark
    note: Text | None = None


class Validity(Data, frozen=True, kw_only=True):
    rule: Rule
    mark: Mark
    note: Text | None = None


class Item(Data, frozen=True, kw_only=True):
    """One line of the form.

    It asks for points (`max`, in steps of `step`, at least `floor`), for a share (`at_least` per
    cent of a number of people), or, with neither, whether a target is met.
    """

    id: str
    name: Text
    part: str = ""
    max: float | None = None
    step: float = 1.0
    floor: float = 0.0
    at_least: int | None = None
    mark: Mark
    note: Text | None = None


class Band(Data, frozen=True, kw_only=True):
    """A grade and the fewest points that earn it."""

    level: Level
    points: float


class CriteriaSet(Data, frozen=True, kw_only=True, dict=True):
    """`valid_from` and `valid_until` are days on which the set may first and last be used."""

    id: str
    model: Model
    groups: tuple[Group, ...] = ()  # none named: every group of the model
    level: Level | None = None
    name: Text
    engine: Engine
    valid_from: date
    valid_until: date | None = None
    dates: Mark
    threshold: float | None = None
    threshold_mark: Mark | None = None
    bands: tuple[Band, ...] = ()  # the highest first
    valid_for: Validity
    legal_basis: tuple[LegalBasis, ...]
    reviewed_on: date
    note: Text | None = None
    items: tuple[Item, ...]

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """The items by their ids."""
        return {item.id: item for item in self.items}

    @cached_property
    def full_marks(self) -> float:
        """The most points there are."""
        return sum(item.max or 0.0 for item in self.items)

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def covers(self, season: int) -> bool:
        """Whether the set was in force on some day of that year."""
        return self.valid_from <= date(season, 12, 31) and (
            self.valid_until is None or date(season, 1, 1) <= self.valid_until
        )

    def suits(self, model: Model, group: Group | None) -> bool:
        """Whether a subject of that model and group is judged by this set."""
        return model is self.model and (not self.groups or group in self.groups)

    def title_until(self, season: int) -> date | None:
        """The last day of a title of that season; None where it stands until it is revoked."""
        return date(season + 1, 12, 31) if self.valid_for.rule is Rule.FOLLOWING_YEAR else None
