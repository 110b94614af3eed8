"""What is answered: rows with the positions they include, and the same rows as CSV."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, UnsetType

Asked = dict[str, str | list[str]]
"""The question as it was understood: exact areas, defaults filled in; it can be asked again."""


class Row(msgspec.Struct, kw_only=True, frozen=True):
    """One figure. ``by`` holds what sets the row apart beside its area, and single filters.

    ``unallocated`` is the part of ``value`` that belongs to no commune of the map asked for.
    ``unknown`` is given for distinct learners alone; the base for ratios alone.
    """

    measure: str
    area: str
    period: str
    by: dict[str, str]
    value: int | float
    unallocated: int | float = 0
    suppressed: bool = False
    unknown: int | UnsetType = UNSET
    numerator: int | UnsetType = UNSET
    base: int | UnsetType = UNSET
    base_kind: str | UnsetType = UNSET


class Origin(msgspec.Struct, kw_only=True, frozen=True):
    """A loss of a log's tail that was accepted: what came after ``at`` was withdrawn.

    Figures known between ``known_after`` and ``accepted_at`` were answered differently before.
    """

    at: int
    known_after: str | None
    accepted_at: str


class SourcePosition(msgspec.Struct, kw_only=True, frozen=True):
    """How far one log is included, and how many of its events wait parked."""

    position: int
    recorded_at: str | None
    parked: int
    origin: Origin | UnsetType = UNSET


class Statistics(msgspec.Struct, kw_only=True, frozen=True):
    """An answer, complete in itself."""

    province: str
    asked: Asked
    rows: tuple[Row, ...]
    positions: dict[str, SourcePosition]
    catalogue: str


def instant(at: datetime) -> str:
    """``2025-10-20T16:59:59.999999Z``."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def to_csv(statistics: Statistics) -> str:
    """The rows as RFC 4180 text with a header, one column for each name of ``by``."""
    rows = statistics.rows
    names = list(dict.fromkeys(name for row in rows for name in row.by))
    extra = [
        name
        for name in ("unknown", "numerator", "base", "base_kind")
        if any(getattr(row, name) is not UNSET for row in rows)
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["measure", "area", "period", *names, "value", "unallocated", "suppressed", *extra]
    )
    writer.writerows(_cells(row, names, extra) for row in rows)
    return out.getvalue()


def _cells(row: Row, names: Sequence[str], extra: Sequence[str]) -> list[object]:
    by = [row.by.get(name, "") for name in names]
    others = [getattr(row, name) for name in extra]
    suppressed = "true" if row.suppressed else "false"
    return [
        row.measure,
        row.area,
        row.period,
        *by,
        row.value,
        row.unallocated,
        suppressed,
        *("" if value is UNSET else value for value in others),
    ]
