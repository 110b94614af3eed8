"""What the generated people report: acts in the order in which they were entered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from demo.persons import OFFICER, Person


@dataclass(frozen=True)
class Made:
    """In a body: the id that the service gave to what the act of that name made."""

    name: str


@dataclass(frozen=True)
class Act:
    """One command to one service. ``after`` orders acts entered in the same hour."""

    recorded_at: datetime
    path: str
    body: dict[str, Any]
    after: int = 0
    key: str = ""
    person: Person = OFFICER
    name: str = ""


@dataclass(frozen=True)
class Batch:
    """Acts of one kind that one person entered in the same hour: one request."""

    recorded_at: datetime
    path: str
    person: Person
    acts: tuple[Act, ...]


def keyed(acts: Sequence[Act], prefix: str) -> list[Act]:
    """In record order, each with its key: the same seed and scale give the same keys for ever."""
    ordered = sorted(acts, key=lambda act: (act.recorded_at, act.after, act.person))
    return [replace(act, key=f"{prefix}-{n:06d}") for n, act in enumerate(ordered)]


def batches(acts: Iterable[Act], most: int = 1000) -> Iterator[Batch]:
    """Neighbours that travel together; the acts are asked for as they are sent."""
    for (recorded_at, path, _, person), group in groupby(
        acts, key=lambda act: (act.recorded_at, act.path, act.after, act.person)
    ):
        while members := tuple(islice(group, most)):
            yield Batch(recorded_at, path, person, members)
