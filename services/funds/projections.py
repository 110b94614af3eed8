"""Read tables that follow this service's own log: a batch of events becomes six statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
from chassis.log.record import Recorded

from funds.codec import CODEC
from funds.domain.award import Award
from funds.domain.fund import Fund
from funds.domain.kind import Account, AwardState
from funds.history import Entry, entry

FUND_COLUMNS = ("id", "version", "name", "kind", "area", "opened_on")
ENTRY_COLUMNS = (
    "position", "fund", "entry", "movement", "account", "amount", "earmark", "value_date",
    "cause", "recorded_at",
)  # fmt: skip
AWARD_COLUMNS = (
    "id", "version", "fund", "kind", "area", "recipient_kind", "amount", "earmark",
    "nominated_on", "state",
)  # fmt: skip
FACT_COLUMNS = ("fund", "position")

MOVE_FUNDS = """
update fund f set
    version = m.version, balance = f.balance + m.balance, in_kind = f.in_kind + m.in_kind
from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[]) as m (id, version, balance, in_kind)
where f.id = m.id
"""
MOVE_AWARDS = """
update award a set
    version = m.version,
    state = coalesce(m.state, a.state),
    approved = coalesce(m.approved, a.approved),
    paid = a.paid + m.paid
from unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[], $5::bigint[])
    as m (id, version, state, approved, paid)
where a.id = m.id
"""

Row = tuple[object, ...]


@dataclass(slots=True)
class FundMove:
    """What a batch changes on one fund that is already in the table."""

    version: int = 0
    balance: int = 0
    in_kind: int = 0


@dataclass(slots=True)
class AwardMove:
    version: int = 0
    state: str | None = None
    approved: int | None = None
    paid: int = 0


@dataclass(slots=True)
class Changes:
    funds: list[Row] = field(default_factory=list)
    awards: list[Row] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    facts: list[tuple[UUID, int]] = field(default_factory=list)
    fund_moves: defaultdict[UUID, FundMove] = field(default_factory=lambda: defaultdict(FundMove))
    award_moves: defaultdict[UUID, AwardMove] = field(
        default_factory=lambda: defaultdict(AwardMove)
    )


async def apply(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
    """Write a batch of this log's events, in order, within the caller's transaction."""
    changes = fold(events)
    for table, rows, columns in (
        ("fund", changes.funds, FUND_COLUMNS),
        ("award", changes.awards, AWARD_COLUMNS),
        ("entry", [_entry_row(each) for each in changes.entries], ENTRY_COLUMNS),
        ("fact", changes.facts, FACT_COLUMNS),
    ):
        if rows:
            await connection.copy_records_to_table(table, records=rows, columns=columns)
    if moves := changes.fund_moves:
        moved = [(id_, m.version, m.balance, m.in_kind) for id_, m in moves.items()]
        await connection.execute(MOVE_FUNDS, *zip(*moved, strict=True))
    if acts := changes.award_moves:
        acted = [(id_, m.version, m.state, m.approved, m.paid) for id_, m in acts.items()]
        await connection.execute(MOVE_AWARDS, *zip(*acted, strict=True))


def fold(events: Iterable[Recorded]) -> Changes:
    """Gather what a batch adds and what it moves; the order within a stream is kept."""
    changes = Changes()
    for recorded in events:
        _fold_one(changes, recorded, CODEC.decode(recorded))
    return changes


def _fold_one(changes: Changes, recorded: Recorded, event: object) -> None:
    if moved := entry(recorded, event):
        changes.entries.append(moved)
        _move(changes.fund_moves[recorded.stream], moved, recorded.version)
    elif isinstance(event, Fund.FundOpened):
        changes.funds.append(
            (recorded.stream, 1, event.name, event.kind, event.area, event.opened_on)
        )
    if not isinstance(event, Fund.FundMoved):
        fund = getattr(event, "fund", recorded.stream)
        changes.facts.append((fund, recorded.position))
        _fold_award(changes, recorded, event)


def _move(move: FundMove, moved: Entry, version: int) -> None:
    move.version = version
    if moved.account is Account.MONEY:
        move.balance += moved.amount
    else:
        move.in_kind += moved.amount


def _fold_award(changes: Changes, recorded: Recorded, event: object) -> None:
    match event:
        case Award.NomineeSubmitted():
            changes.awards.append(_award_row(recorded.stream, event))
        case Award.AwardApproved():
            move = _award_move(changes, recorded, AwardState.APPROVED)
            move.approved = event.amount
        case Award.DisbursementPaid():
            _award_move(changes, recorded, AwardState.PAID).paid += event.amount
        case Award.DisbursementReversed():
            state = AwardState.REVERSED if event.last else None
            _award_move(changes, recorded, state).paid -= event.amount


def _award_move(changes: Changes, recorded: Recorded, state: AwardState | None) -> AwardMove:
    move = changes.award_moves[recorded.stream]
    move.version, move.state = recorded.version, state or move.state
    return move


def _award_row(stream: UUID, it: Award.NomineeSubmitted) -> Row:
    return (
        stream, 1, it.fund, it.kind, it.area, it.recipient_kind, it.amount, it.earmark,
        it.nominated_on, AwardState.NOMINATED,
    )  # fmt: skip


def _entry_row(it: Entry) -> Row:
    return tuple(getattr(it, column) for column in ENTRY_COLUMNS)
