"""What the generated people report: acts in the order in which they were entered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby, islice
from typing import Any

from demo.persons import OFFICER, Person

MOST_ROWS = 5000
"""Of one request: half of what a service takes, to keep what it holds at once small."""


@dataclass(frozen=True)
class Made:
    """In a body: the id that the service gave to what the act of that name made."""

    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """One command to one service. ``after`` orders acts entered in the same hour.

    ``name``: by which later acts call what it makes; ``expected``: the id that it must get.
    """

    recorded_at: datetime
    path: str
    body: dict[str, Any]
    after: int = 0
    key: str = ""
    person: Person = OFFICER
    name: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Batch:
    """Acts of one kind that one person entered in the same hour: one request."""

    recorded_at: datetime
    path: str
    person: Person
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Page:
    """Neighbours in the order of record time: how many, and how to work them out when they are due.

    ``needed``: later acts name what these make, so a second run sends them again to be told.
    """

    recorded_at: datetime
    count: int
    acts: Callable[[], Iterable[Act]]
    needed: bool = False


def keyed(acts: Sequence[Act], prefix: str) -> list[Act]:
    """In record order, each with its key: the same seed and scale give the same keys for ever."""
    ordered = sorted(acts, key=lambda act: (act.recorded_at, act.after, act.person))
    return [replace(act, key=f"{prefix}-{n:06d}") for n, act in enumerate(ordered)]


def paged(acts: Iterable[Act]) -> list[Page]:
    """Acts that are at hand already, a page for each time, kind and person."""
    pages = []
    for (recorded_at, *_), group in groupby(acts, key=_together):
        members = tuple(group)
        named = any(act.name for act in members)
        pages.append(Page(recorded_at, len(members), members.__iter__, named))
    return pages


def batches(pages: Iterable[Page], most: int = MOST_ROWS) -> Iterator[Batch]:
    """Neighbours that travel together; the acts are asked for as they are sent."""
    acts = chain.from_iterable(page.acts() for page in pages)
    for (recorded_at, path, _, person), group in groupby(acts, key=_together):
        while members := tuple(islice(group, most)):
            yield Batch(recorded_at, path, person, members)


def _together(act: Act) -> tuple[datetime, str, int, Person]:
    return act.recorded_at, act.path, act.after, act.person
