"""The criteria sets: dated, reviewed data files, read once and held against their own rules."""

import functools
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec
from chassis.errors import Invalid

from registry.domain.criteria import CriteriaSet, Engine, Item
from registry.domain.kind import GROUPS, Group, Model
from registry.domain.refusals import refuse

_FILES = Path(__file__).parent
_SHOWN = 60  # characters of a wrong id that an answer repeats


class CriteriaSets:
    """Every set there ever was. One that a case was judged by is never taken away or changed."""

    def __init__(self, sets: Iterable[CriteriaSet]) -> None:
        self._by_id: dict[str, CriteriaSet] = {}
        for each in sets:
            if each.id in self._by_id:
                raise ValueError(f"two criteria sets are called {each.id}")
            self._by_id[each.id] = each

    def __iter__(self) -> Iterator[CriteriaSet]:
        return iter(self._by_id.values())

    def get(self, id: str) -> CriteriaSet:  # noqa: A002  # the word the domain uses
        """The set of that id.

        Raises:
            Invalid: there is none; the sentence names those there are.
        """
        if found := self._by_id.get(id):
            return found
        known = ", ".join(sorted(self._by_id))
        raise refuse(
            Invalid,
            "/criteria_set",
            f"no criteria set is called {id[:_SHOWN]!r}; there are {known}",
            f"không có bộ tiêu chí {id[:_SHOWN]!r}; hiện có {known}",
            id[:_SHOWN],
        )

    def in_force(
        self, model: Model, on: date, group: Group | None = None
    ) -> tuple[CriteriaSet, ...]:
        """The sets of a model that may be used on a day; with a group, those for that group."""
        return tuple(
            each
            for each in self
            if each.model is model
            and each.in_force(on)
            and (group is None or each.suits(model, group))
        )


@functools.cache
def load() -> CriteriaSets:
    """The sets of the data files.

    Raises:
        ValueError: a file breaks a rule; the sentence names file and rule.
    """
    return CriteriaSets(_read(path) for path in sorted(_FILES.glob("*.toml")))


def _read(path: Path) -> CriteriaSet:
    try:
        made = msgspec.convert(tomllib.loads(path.read_text("utf-8")), CriteriaSet)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    for fault in faults(made):
        raise ValueError(f"{path.name}: {fault}")
    if made.id != path.stem:
        raise ValueError(f"{path.name}: its id is {made.id}")
    return made


def faults(made: CriteriaSet) -> Iterator[str]:
    """What is wrong with a set, in sentences for whoever edits the file."""
    if len(made.by_id) != len(made.items) or not made.items:
        yield "its items need ids, each used once"
    if stray := set(made.groups) - GROUPS[made.model]:
        yield f"a {made.model} has no group {', '.join(sorted(stray))}"
    if made.valid_until is not None and made.valid_until < made.valid_from:
        yield "it ends before it begins"
    yield from _ENGINE_FAULTS[made.engine](made)


def _points_with_floor(made: CriteriaSet) -> Iterator[str]:
    yield from _points(made)
    if made.threshold is None or made.threshold_mark is None:
        yield "points with a floor need a threshold and how it is known"
    elif not 0 < made.threshold <= made.full_marks:
        yield f"its threshold is not within 1 to {made.full_marks:g} points"


def _points_banded(made: CriteriaSet) -> Iterator[str]:
    yield from _points(made)
    fewest = [band.points for band in made.bands]
    if not fewest or fewest != sorted(set(fewest), reverse=True) or fewest[0] > made.full_marks:
        yield "its bands go down from the highest, none above full marks"


def _points(made: CriteriaSet) -> Iterator[str]:
    for item in made.items:
        if item.max is None or not 0 <= item.floor <= item.max or item.at_least is not None:
            yield f"item {item.id} needs `max`, and a `floor` within it"
        elif not _even(item, item.max):
            yield f"item {item.id} has a `step` that does not divide its `max`"


def _even(item: Item, most: float) -> bool:
    """Steps are 1, a half or a quarter: those that add up without a rounding error."""
    return item.step in {1.0, 0.5, 0.25} and not most % item.step and not item.floor % item.step


def _all_targets(made: CriteriaSet) -> Iterator[str]:
    for item in made.items:
        if item.max is not None or not (item.at_least is None or 1 <= item.at_least <= 100):  # noqa: PLR2004  # per cent
            yield f"item {item.id} is a target, or a share of 1 to 100 per cent"


_ENGINE_FAULTS = {
    Engine.POINTS_WITH_FLOOR: _points_with_floor,
    Engine.POINTS_BANDED: _points_banded,
    Engine.ALL_TARGETS: _all_targets,
}
