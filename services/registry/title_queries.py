"""Reads of titles and decisions: one from its stream, always current; lists from the read table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from chassis.edge import cursors
from chassis.errors import NotFound
from chassis.log.repository import Repository
from chassis.log.sealed import Place, Sealed
from chassis.log.vault import Reader, Vault

from registry.carrying import Progress
from registry.codec import CODEC
from registry.domain.holding import Standing, TitleHolding
from registry.domain.kind import Model
from registry.domain.subject import Subject
from registry.schemas import (
    DecisionDetail,
    HoldingDetail,
    HoldingItem,
    HoldingPage,
    StandingDetail,
)

HOLDINGS = """
select holding, subject, model, area, season, group_code as group, level, valid_from, valid_until
from title
where {where}
order by holding
limit {limit}
"""
Ground = tuple[Sealed, Place]


@dataclass(frozen=True, slots=True)
class Held:
    """Which titles: standing on a day, of the exact areas (None: of the province), and so on."""

    as_of: date
    areas: Sequence[str] | None = None
    model: Model | None = None
    subject: UUID | None = None

    def narrowed(self, after: UUID | None) -> tuple[list[str], list[Any]]:
        """Conditions with their values, in the order of the placeholders."""
        conditions = ["valid_from <= $1", "(valid_until is null or valid_until >= $1)"]
        values: list[Any] = [self.as_of]
        for clause, value in (
            ("area = any(${}::text[])", self.areas),
            ("model = ${}", self.model),
            ("subject = ${}", self.subject),
            ("holding > ${}", after),
        ):
            if value is not None:
                values.append(value)
                conditions.append(clause.format(len(values)))
        return conditions, values


class TitleQueries:
    """What the registry can be asked about titles."""

    def __init__(self, repository: Repository, vault: Vault, pool: asyncpg.Pool) -> None:
        self._repository = repository
        self._vault = vault
        self._pool = pool
        self._progress = Progress(repository)

    async def holding(self, id: UUID) -> tuple[TitleHolding, Ground | None, str]:  # noqa: A002
        """A holding, the sealed ground of its last revocation, and its subject's area.

        Raises:
            NotFound: there is none.
        """
        holding: Any = None
        ground: Ground | None = None
        for recorded in await self._repository.log.load(id):
            event = CODEC.decode(recorded)
            holding = event.mutate(holding)
            if isinstance(event, TitleHolding.TitleRevoked):
                ground = event.ground, Place(id, recorded.version, "ground")
        if not isinstance(holding, TitleHolding):
            raise NotFound(f"no title has the id {id}", f"không có danh hiệu nào mang mã {id}")
        subject = await self._repository.get(Subject, holding.subject)
        return holding, ground, holding.titles[-1].area if holding.titles else subject.area

    async def holding_detail(
        self, it: TitleHolding, ground: Ground | None, reader: UUID | None
    ) -> HoldingDetail:
        """The holding; with a reader, who may see it, the ground too."""
        opened: Any = None
        if reader is not None and ground is not None:
            (opened,) = await self._vault.read(Reader(reader, f"holding {it.id}"), [ground])
        known = isinstance(opened, str)
        return HoldingDetail(
            id=it.id,
            version=it.version,
            subject=it.subject,
            model=it.model,
            titles=[_standing(title) for title in it.titles],
            revoked_on=it.revoked_on,
            ground=opened if known else None,
            erased=[] if known or opened is None else ["ground"],
        )

    async def holdings(self, held: Held, cursor: str | None, limit: int) -> HoldingPage:
        """A page of titles, in the order of their ids."""
        of = repr(held)
        after = cursors.decode(cursor, UUID, of=of) if cursor is not None else None
        conditions, values = held.narrowed(after)
        sql = HOLDINGS.format(where=" and ".join(conditions), limit=limit + 1)
        rows = await self._pool.fetch(sql, *values)
        items = [HoldingItem(**row) for row in rows[:limit]]
        last = items[-1].holding if len(rows) > limit else None
        return HoldingPage(items=items, next=cursors.encode(last, of=of) if last else None)

    async def decision(self, id: UUID) -> DecisionDetail:  # noqa: A002
        """A decision, and how far it is carried out; `NotFound` if there is none."""
        it = await self._progress.decision(id)
        done = await self._progress.of(it)
        return DecisionDetail(
            id=it.id,
            version=it.version,
            office=it.office,
            number=it.number,
            year=it.year,
            model=it.model,
            season=it.season,
            decided_on=it.decided_on,
            effective_on=it.effective_on,
            signer=it.signer,
            list_hash=it.list_hash,
            state=done.state,
            cases=done.cases,
            recognised=done.recognised,
            left_out=done.left_out,
        )


def _standing(title: Standing) -> StandingDetail:
    return StandingDetail(
        area=title.area,
        season=title.season,
        group=title.group,
        level=title.level,
        valid_from=title.valid_from,
        valid_until=title.valid_until,
    )
