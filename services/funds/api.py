"""The paths of funds: commands in one line each, and the reads."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Annotated
from uuid import UUID

import asyncpg
from chassis.edge import policy
from chassis.edge.auth import Role
from chassis.edge.commands import C, Commands, Handler, Prepare
from chassis.edge.reads import Cursor, Limit, Reached, Reader, Reading, answer, entity
from chassis.edge.replay import Publish
from chassis.errors import Forbidden
from chassis.log.repository import Repository
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from funds import commands as act
from funds import queries
from funds.domain.award import Award
from funds.domain.contribution import Contribution
from funds.domain.fund import Fund
from funds.domain.kind import AwardState
from funds.known import known_instant
from funds.opening import Opening
from funds.persons import Persons
from funds.schemas import (
    AwardDetail,
    AwardPage,
    ContributionDetail,
    EntryPage,
    FactPage,
    FundDetail,
    FundPage,
)

CHAIR = frozenset({Role.PROVINCIAL_ASSOCIATION_CHAIR})
OFFICERS = frozenset({Role.COMMUNE_ASSOCIATION_OFFICER, Role.PROVINCIAL_ASSOCIATION_OFFICER})
ACCOUNTANT = frozenset({Role.FUND_ACCOUNTANT})
APPROVER = frozenset({Role.FUND_APPROVER})
TREASURER = frozenset({Role.FUND_TREASURER})
STAFF = CHAIR | OFFICERS | ACCOUNTANT | APPROVER | TREASURER
"""Whoever acts in a fund reads it; auditors read everything but names and reasons."""
SEES_DONORS = ACCOUNTANT
SEES_BENEFICIARIES = OFFICERS | ACCOUNTANT | APPROVER | TREASURER

AsOf = Annotated[date | None, Query(description="What was valid by the end of this day")]
KnownAt = Annotated[
    str | None, Query(max_length=40, description="What was recorded by this instant, or day's end")
]


def accept(commands: Commands, persons: Persons) -> None:
    """Every command of funds; each takes JSON and NDJSON on its path."""
    new, state = {"already-exists"}, {"wrong-state"}
    apart, spent = state | {"same-person"}, state | {"insufficient-balance", "erased"}

    def post(
        path: str,
        command: type[C],
        handler: Handler[C],
        roles: Collection[Role],
        creates: str | Callable[[C], str],
        refuses: Collection[str],
        prepare: Prepare[C] | None = None,
    ) -> None:
        commands.accept(
            path, command, handler, roles=roles, creates=creates, refuses=refuses, prepare=prepare
        )

    post("/funds", act.OpenFund, act.open_fund, CHAIR, "funds", new)
    post("/opening-balances", act.BringForward, act.bring_forward, ACCOUNTANT, "funds", new)
    post(
        "/contributions", act.ReceiveContribution, act.receive_contribution, ACCOUNTANT,
        "contributions", new | {"erased"}, persons.for_contributions,
    )  # fmt: skip
    post(
        "/nominations", act.NominateBeneficiary, act.nominate, OFFICERS, "awards",
        {"same-person", "erased"}, persons.for_nominations,
    )  # fmt: skip
    post(
        "/approvals", act.ApproveAward, act.approve_award, APPROVER, "awards", apart,
        persons.for_awards,
    )  # fmt: skip
    pays = apart | new | {"insufficient-balance", "earmark-mismatch"}
    post("/payments", act.PayAward, act.pay_award, TREASURER, "awards", pays, persons.for_awards)
    post(
        "/reversals", act.ReverseEntry, act.reverse, ACCOUNTANT, act.reversed_thing, spent,
        persons.for_reversals,
    )  # fmt: skip


def things(repository: Repository, opening: Opening) -> APIRouter:
    """One fund, award or contribution by its id: always current; for those who may act there."""
    router = APIRouter(prefix="/v1", tags=["reads"])

    @router.get("/funds/{id}", operation_id="fund", response_model=FundDetail)
    async def fund(
        request: Request,
        reader: Reading,
        id: UUID,  # noqa: A002
        as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> Response:
        await fund_seen(id, STAFF, reader, repository)
        known = known_instant(known_at) if known_at else None
        found = await queries.fund(repository, id, as_of, known)
        if as_of is None and known is None:
            return entity(request, found, found.version)
        return answer(found)

    @router.get("/awards/{id}", operation_id="award", response_model=AwardDetail)
    async def award(reader: Reading, id: UUID) -> Response:  # noqa: A002
        return answer(await award_for(id, reader, opening))

    @router.get(
        "/contributions/{id}", operation_id="contribution", response_model=ContributionDetail
    )
    async def contribution(reader: Reading, id: UUID) -> Response:  # noqa: A002
        found = await opening.contribution(id)
        actor = sees(found, STAFF, SEES_DONORS, reader)
        return answer(await opening.contribution_shown(found, actor))

    return router


def books(pool: asyncpg.Pool, repository: Repository, publish: Publish) -> APIRouter:
    """What became of one fund, entry by entry and fact by fact, from the read tables."""
    router = APIRouter(prefix="/v1", tags=["reads"], dependencies=[Reached])

    @router.get("/funds/{id}/entries", operation_id="fund_entries", response_model=EntryPage)
    async def entries(
        reader: Reading,
        id: UUID,  # noqa: A002
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        await fund_seen(id, STAFF, reader, repository)
        return answer(await queries.entries(pool, id, cursor, limit))

    @router.get("/funds/{id}/history", operation_id="fund_history", response_model=FactPage)
    async def history(
        reader: Reading,
        id: UUID,  # noqa: A002
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """Every published event of the fund, its gifts and its awards; for auditors."""
        await fund_seen(id, (), reader, repository)
        return answer(await queries.history(pool, publish, id, cursor, limit))

    return router


def lists(pool: asyncpg.Pool, repository: Repository) -> APIRouter:
    """Funds and awards, from the read tables; each reader sees those of their own areas."""
    router = APIRouter(prefix="/v1", tags=["reads"], dependencies=[Reached])

    @router.get("/funds", operation_id="funds", response_model=FundPage)
    async def funds(reader: Reading, cursor: Cursor = None, limit: Limit = 50) -> Response:
        return answer(await queries.funds(pool, await own(reader, repository), cursor, limit))

    @router.get("/awards", operation_id="awards", response_model=AwardPage)
    async def awards(
        reader: Reading,
        fund: UUID | None = None,
        state: AwardState | None = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        seen = queries.Seen()
        if fund is None:
            seen = await own(reader, repository)
        else:
            await fund_seen(fund, STAFF, reader, repository)
        asked = queries.Asked(seen, fund, state)
        return answer(await queries.awards(pool, asked, cursor, limit))

    return router


async def fund_seen(
    id: UUID,  # noqa: A002
    roles: Collection[Role],
    reader: Reader,
    repository: Repository,
) -> Fund:
    """The fund, if the reader may see it.

    Raises:
        NotFound: there is none.
        Forbidden, OutsideArea: not this reader.
    """
    found = await repository.get(Fund, id)
    reader.require(roles, reader.areas.resolve(found.area, found.opened_on), id)
    return found


async def award_for(id: UUID, reader: Reader, opening: Opening) -> AwardDetail:  # noqa: A002
    """An award as this reader may see it; raises as ``fund_seen`` does."""
    found = await opening.award(id)
    return await opening.award_shown(found, sees(found, STAFF, SEES_BENEFICIARIES, reader))


def sees(
    it: Contribution | Award, roles: Collection[Role], names: Collection[Role], reader: Reader
) -> UUID | None:
    """Who reads, if they may see names; ``None`` for a reader who may see all but them.

    Raises:
        Forbidden, OutsideArea: not even that.
    """
    given = it.received_on if isinstance(it, Contribution) else it.nominated_on
    area = reader.areas.resolve(it.area, given)
    reader.require(roles, area, it.fund)
    who, areas, today = reader.principal, reader.areas, reader.today
    return who.sub if policy.allows(who, names, area, areas, today, it.fund) else None


async def own(reader: Reader, repository: Repository) -> queries.Seen:
    """The funds a reader is shown: those of their areas, and those their grants name.

    Raises:
        Forbidden: no role of the reader lets them see funds.
    """
    areas, today = reader.areas, reader.today
    if reader.may(STAFF, areas.province):
        return queries.Seen()
    if not policy.holds(reader.principal, STAFF | {Role.AUDITOR_EXTERNAL}):
        needed = ", ".join(sorted(STAFF))
        raise Forbidden(
            f"this needs one of the roles {needed}", f"việc này cần một trong các vai trò {needed}"
        )
    reached = areas.reach(areas.province, today)
    exact = [str(area) for area in reached if reader.may(STAFF, area)]
    return queries.Seen(exact, await named(reader, repository))


async def named(reader: Reader, repository: Repository) -> list[UUID]:
    """The funds that the reader's grants name and reach."""
    wanted = {grant.fund for grant in reader.principal.grants if grant.fund is not None}
    found = await repository.find_all(Fund, wanted)
    return sorted(
        fund.id
        for fund in found.values()
        if reader.may(STAFF, reader.areas.resolve(fund.area, fund.opened_on), fund.id)
    )
