"""What the generated officers report: acts in the order in which they were entered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Act:
    """One command to one service. ``after`` orders acts entered in the same hour."""

    recorded_at: datetime
    path: str
    body: dict[str, Any]
    after: int = 0
    key: str = ""


@dataclass(frozen=True)
class Batch:
    """Acts of one kind entered in the same hour: one request."""

    recorded_at: datetime
    path: str
    acts: tuple[Act, ...]


def keyed(acts: Sequence[Act], prefix: str) -> list[Act]:
    """In record order, each with its key: the same seed and scale give the same keys for ever."""
    ordered = sorted(acts, key=lambda act: (act.recorded_at, act.after))
    return [
        Act(act.recorded_at, act.path, act.body, act.after, f"{prefix}-{n:06d}")
        for n, act in enumerate(ordered)
    ]


def batches(acts: Sequence[Act], most: int = 1000) -> Iterator[Batch]:
    for (recorded_at, path, _), group in groupby(
        acts, key=lambda act: (act.recorded_at, act.path, act.after)
    ):
        members = tuple(group)
        for start in range(0, len(members), most):
            yield Batch(recorded_at, path, members[start : start + most])
