"""Reads of money: one fund as it stands or stood, and lists from the read tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from chassis.edge import cursors
from chassis.edge.replay import Publish, plain
from chassis.errors import NotFound
from chassis.log.repository import Repository
from chassis.log.store import Log, recorded

from funds.domain.fund import Fund
from funds.domain.kind import Account, AwardState
from funds.domain.money import postings
from funds.history import Balances, entry_of, fold
from funds.schemas import (
    AwardItem,
    AwardPage,
    EarmarkBalance,
    EntryItem,
    EntryPage,
    Fact,
    FactPage,
    FundDetail,
    FundItem,
    FundPage,
    PostingItem,
)

READ_TABLES = "funds"
"""The name under which the read tables' progress is kept."""

OF_VERSION = "select position from event where stream = $1 and version = $2"
NEWEST = """
select position from event where stream = $1 and ($2::timestamptz is null or recorded_at <= $2)
order by version desc limit 1
"""
# One statement, so that the sums and how far they go belong together.
SUMS = """
with reached as (select coalesce(max(position), 0) as position from progress where name = $1)
select reached.position, sums.account, sums.earmark, sums.amount
from reached left join lateral (
    select account, earmark, sum(amount)::bigint as amount from entry
    where fund = $2 and entry.position <= $3 and ($4::date is null or value_date <= $4)
    group by account, earmark
) sums on true
"""
ENTRIES = """
select position, entry, movement, account, amount, earmark, value_date, cause, recorded_at
from entry where fund = $1 and position > $2 order by position limit $3
"""
FACTS = """
select e.position, e.stream, e.version, e.type, e.recorded_at, e.command, e.payload::text,
       e.meta::text
from fact f join event e on e.position = f.position
where f.fund = $1 and f.position > $2 order by f.position limit $3
"""
FUNDS = """
select id, version, name, kind, area, opened_on, balance, in_kind
from fund
where ($1::text[] is null or area = any($1) or id = any($2::uuid[]))
  and ($3::uuid is null or id > $3)
order by id limit $4
"""
AWARDS = """
select id, version, fund, kind, area, recipient_kind, amount, earmark, nominated_on, state,
       approved, paid
from award
where ($1::uuid is null or fund = $1) and ($2::text is null or state = $2)
  and ($3::text[] is null or area = any($3) or fund = any($4::uuid[]))
  and ($5::date is null or (nominated_on, id) < ($5, $6::uuid))
order by nominated_on desc, id desc limit $7
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a list shows: funds of the exact areas (None: all of the province), and these."""

    areas: Sequence[str] | None = None
    funds: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which awards of those that are seen: of a fund, in a state."""

    seen: Seen
    fund: UUID | None = None
    state: AwardState | None = None


async def fund(
    repository: Repository,
    id: UUID,  # noqa: A002
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> FundDetail:
    """A fund with what it holds; as of a day, and as known at an instant.

    Raises:
        NotFound: there is no such fund, or it was not known then.
    """
    found, log = await repository.get(Fund, id), repository.log
    if as_of is None and known_at is None:
        rows = await log.fetch(OF_VERSION, id, found.version)
        return _shown(found, Balances(rows[0][0], found.held))
    newest = await log.fetch(NEWEST, id, known_at)
    if not newest:
        raise NotFound(f"fund {id} was not known at {known_at}", f"lúc {known_at} chưa có quỹ {id}")
    return _shown(found, await balances(log, id, newest[0][0], as_of), as_of, known_at)


def _shown(
    found: Fund, held: Balances, as_of: date | None = None, known_at: datetime | None = None
) -> FundDetail:
    money = held.held[Account.MONEY]
    return FundDetail(
        id=found.id,
        version=found.version,
        name=found.name,
        kind=found.kind,
        area=found.area,
        opened_on=found.opened_on,
        balance=held.total(Account.MONEY),
        in_kind=held.total(Account.IN_KIND),
        unearmarked=money.get(None, 0),
        earmarks=[
            EarmarkBalance(earmark=purpose, balance=amount)
            for purpose, amount in sorted((p, n) for p, n in money.items() if p is not None)
        ],
        below_zero=held.below_zero,
        position=held.position,
        as_of=as_of,
        known_at=known_at,
    )


async def balances(
    log: Log,
    fund: UUID,
    position: int,
    as_of: date | None = None,
) -> Balances:
    """What the fund's events up to a position make: table sums, and what the table lacks yet."""
    held = Balances(position)
    rows = await log.fetch(SUMS, READ_TABLES, fund, position, as_of)
    for _, account, earmark, amount in rows:
        if account is not None:
            held.add(Account(account), earmark, amount, position)
    reached = rows[0][0]
    while reached < position:
        stored = await log.read(reached, until=position, stream=fund)
        fold((each for event in stored if (each := entry_of(event))), as_of, onto=held)
        reached = stored[-1].position if stored else position
    return held


async def entries(
    pool: asyncpg.Pool,
    fund: UUID,
    cursor: str | None,
    limit: int,
) -> EntryPage:
    """A page of a fund's entries, in the order of record."""
    of = f"entries:{fund}"
    after = cursors.decode(cursor, int, of=of) if cursor is not None else 0
    rows = await pool.fetch(ENTRIES, fund, after, limit + 1)
    items = [_entry_item(row) for row in rows[:limit]]
    more = len(rows) > limit
    return EntryPage(items=items, next=cursors.encode(items[-1].position, of=of) if more else None)


async def history(
    pool: asyncpg.Pool,
    publish: Publish,
    fund: UUID,
    cursor: str | None,
    limit: int,
) -> FactPage:
    """A page of the published events of a fund, its gifts and its awards, by position."""
    of = f"history:{fund}"
    after = cursors.decode(cursor, int, of=of) if cursor is not None else 0
    rows = await pool.fetch(FACTS, fund, after, limit + 1)
    items = [_fact(row, publish) for row in rows[:limit]]
    more = len(rows) > limit
    return FactPage(items=items, next=cursors.encode(items[-1].position, of=of) if more else None)


async def funds(pool: asyncpg.Pool, seen: Seen, cursor: str | None, limit: int) -> FundPage:
    """A page of funds, in the order of their ids."""
    of = f"funds:{seen!r}"
    after = cursors.decode(cursor, UUID, of=of) if cursor is not None else None
    rows = await pool.fetch(FUNDS, seen.areas, seen.funds, after, limit + 1)
    items = [FundItem(**row) for row in rows[:limit]]
    more = len(rows) > limit
    return FundPage(items=items, next=cursors.encode(items[-1].id, of=of) if more else None)


async def awards(pool: asyncpg.Pool, asked: Asked, cursor: str | None, limit: int) -> AwardPage:
    """A page of awards, newest nomination first."""
    of = repr(asked)
    after = cursors.decode(cursor, tuple[date, UUID], of=of) if cursor is not None else (None, None)
    seen = asked.seen
    rows = await pool.fetch(
        AWARDS, asked.fund, asked.state, seen.areas, seen.funds, *after, limit + 1
    )
    items = [AwardItem(**row) for row in rows[:limit]]
    more = len(rows) > limit
    last = (items[-1].nominated_on, items[-1].id) if more else None
    return AwardPage(items=items, next=cursors.encode(last, of=of) if last else None)


def _entry_item(row: Any) -> EntryItem:
    sides = postings(row["movement"], row["account"], row["amount"])
    shown = [PostingItem(account=side.account, amount=side.amount) for side in sides]
    return EntryItem(**row, postings=shown)


def _fact(row: Any, publish: Publish) -> Fact:
    stored = recorded(row)
    message = publish(stored)
    return Fact(
        position=stored.position,
        stream=stored.stream,
        version=stored.version,
        type=message.DESCRIPTOR.full_name,
        recorded_at=stored.recorded_at,
        data=plain(message),
    )
