"""Read tables that follow this service's own log: a batch of events becomes a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import get_args
from uuid import UUID

import asyncpg
from chassis.log.record import Recorded

from registry.codec import CODEC
from registry.domain.case import RecognitionCase
from registry.domain.holding import Standing, TitleHolding
from registry.domain.kind import CaseState

CASE_COLUMNS = (
    "id", "version", "subject", "model", "season", "area", "state", "registered_on",
)  # fmt: skip
MOVE_CASES = """
update recognition_case c set
    version = m.version,
    state = m.state,
    area = coalesce(m.area, c.area),
    registered_on = coalesce(m.registered_on, c.registered_on),
    verifier = coalesce(m.verifier, c.verifier),
    proposer = coalesce(m.proposer, c.proposer)
from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::date[], $6::uuid[], $7::uuid[])
    as m (id, version, state, area, registered_on, verifier, proposer)
where c.id = m.id
"""
TITLE_COLUMNS = (
    "holding", "subject", "model", "area", "season", "group_code", "level", "valid_from",
    "valid_until",
)  # fmt: skip
END_TITLES = """
update title t set valid_until = g.first_day - 1
from unnest($1::uuid[], $2::date[]) as g (holding, first_day)
where t.holding = g.holding and t.valid_from < g.first_day
  and (t.valid_until is null or t.valid_until >= g.first_day)
"""
DROP_TITLES = """
delete from title t
using unnest($1::uuid[], $2::date[]) as g (holding, first_day)
where t.holding = g.holding and t.valid_from = g.first_day
"""
Case = RecognitionCase
OfTitle = (
    TitleHolding.TitleRecognised
    | TitleHolding.TitleRecognisedAgain
    | TitleHolding.TitleImported
    | TitleHolding.TitleImportedAgain
    | TitleHolding.TitleRevoked
)
OF_TITLES = get_args(OfTitle)


@dataclass(slots=True)
class Move:
    """What a batch changes on one case that is already in the table."""

    version: int = 0
    state: CaseState = CaseState.REGISTERED
    area: str | None = None
    registered_on: date | None = None
    verifier: UUID | None = None
    proposer: UUID | None = None


Retold = dict[UUID, tuple[Standing | None, tuple[object, ...] | None]]
"""By holding: what stands no longer from its first day on, and the row of what stands instead."""


@dataclass(slots=True)
class Changes:
    cases: list[tuple[object, ...]] = field(default_factory=list)
    titles: list[Retold] = field(default_factory=lambda: [{}])
    moves: defaultdict[UUID, Move] = field(default_factory=lambda: defaultdict(Move))


async def apply(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
    """Write a batch of this log's events, in order, within the caller's transaction."""
    changes = fold(events)
    if changes.cases:
        await connection.copy_records_to_table(
            "recognition_case", records=changes.cases, columns=CASE_COLUMNS
        )
    if changes.moves:
        await connection.execute(MOVE_CASES, *_move_columns(changes.moves))
    for retold in changes.titles:
        await _retell(connection, retold)


async def _retell(connection: asyncpg.Connection, retold: Retold) -> None:
    gone = [(holding, before.valid_from) for holding, (before, _) in retold.items() if before]
    if gone:
        columns = [list(column) for column in zip(*gone, strict=True)]
        await connection.execute(END_TITLES, *columns)
        await connection.execute(DROP_TITLES, *columns)
    rows = [row for _, row in retold.values() if row is not None]
    if rows:
        await connection.copy_records_to_table("title", records=rows, columns=TITLE_COLUMNS)


def fold(events: Iterable[Recorded]) -> Changes:
    """Gather what a batch adds and what it moves; order within a case is kept by the fold."""
    changes = Changes()
    for recorded in events:
        event = CODEC.decode(recorded)
        if isinstance(event, Case.TitleRegistered):
            changes.cases.append(_case_row(recorded.stream, event))
        elif isinstance(event, OF_TITLES):
            _fold_title(changes, recorded.stream, event)
        elif type(event) in _STATES:
            move = changes.moves[recorded.stream]
            move.version, move.state = recorded.version, _STATES[type(event)]
            move.area = getattr(event, "area", None) or move.area
            _fold_persons(move, event)
    return changes


_STATES: dict[type, CaseState] = {
    Case.TitleRegisteredAgain: CaseState.REGISTERED,
    Case.RegistrationWithdrawn: CaseState.WITHDRAWN,
    Case.SelfAssessmentSubmitted: CaseState.SELF_ASSESSED,
    Case.VerificationCompleted: CaseState.VERIFIED,
    Case.CaseProposed: CaseState.PROPOSED,
    Case.CaseRejected: CaseState.REJECTED,
    Case.CaseRecognised: CaseState.RECOGNISED,
}


def _fold_persons(move: Move, event: object) -> None:
    match event:
        case Case.TitleRegisteredAgain():
            move.registered_on = event.registered_on
        case Case.VerificationCompleted():
            move.verifier = event.assessor
        case Case.CaseProposed():
            move.proposer = event.proposer


def _fold_title(changes: Changes, holding: UUID, it: OfTitle) -> None:
    if holding in changes.titles[-1]:
        changes.titles.append({})
    row = _title_row(holding, it, it.after) if it.after else None
    changes.titles[-1][holding] = it.before, row


def _title_row(holding: UUID, it: OfTitle, title: Standing) -> tuple[object, ...]:
    return (
        holding, it.subject, it.model, title.area, title.season, title.group, title.level,
        title.valid_from, title.valid_until,
    )  # fmt: skip


def _case_row(stream: UUID, it: Case.TitleRegistered) -> tuple[object, ...]:
    return (
        stream, 1, it.subject, it.model, it.season, it.area, CaseState.REGISTERED,
        it.registered_on,
    )  # fmt: skip


def _move_columns(moves: dict[UUID, Move]) -> Iterable[list[object]]:
    rows = list(moves.values())
    yield list(moves)
    yield [row.version for row in rows]
    yield [row.state for row in rows]
    yield [row.area for row in rows]
    yield [row.registered_on for row in rows]
    yield [row.verifier for row in rows]
    yield [row.proposer for row in rows]
