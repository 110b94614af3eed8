"""Decisions over thousands of cases, each one legal act; revocations; titles from before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from chassis.area import Area
from chassis.edge.commands import Command
from chassis.edge.fields import ActDay, AreaCode, Day, Name, Part
from chassis.edge.session import Asked, Session
from chassis.errors import Invalid, NotFound, Refusal
from chassis.log.execute import Outcome
from msgspec import Meta

from registry.carrying import Progress
from registry.commands.office import Office, Season
from registry.domain.decision import Decision, decision_id, split_office
from registry.domain.kind import Model
from registry.domain.listed import MOST_CASES, Listed
from registry.domain.refusals import NumberTaken, refuse
from registry.listing import Listing
from registry.places import parsed, placed

OfficeCode = Annotated[str, Meta(min_length=3, max_length=70, examples=["03763@2025-07-01:UBND"])]
CaseIds = Annotated[list[UUID], Meta(min_length=1, max_length=MOST_CASES)]


class ProposedIn(Part, frozen=True, kw_only=True):
    """All cases of the model and season that are proposed in an area."""

    area: AreaCode


class IssueDecision(Command, frozen=True, kw_only=True):
    """One legal act: these cases are recognised. Carried out in pieces, to the end."""

    office: OfficeCode
    number: Name
    year: Season
    model: Model
    season: Season
    decided_on: ActDay | None = None
    effective_on: Day | None = None
    cases: CaseIds | None = None
    proposed: ProposedIn | None = None


@dataclass(slots=True)
class Draft:
    """A decision made ready: its office's area, and its cases as the read table has them."""

    area: Area | Refusal
    cases: Sequence[Listed] | Refusal


class Decisions:
    """Issues decisions."""

    def __init__(self, office: Office, listing: Listing, progress: Progress) -> None:
        self._office = office
        self._listing = listing
        self._progress = progress

    async def prepare(self, commands: Sequence[IssueDecision], asked: Asked) -> Sequence[Draft]:
        """Gather each decision's cases, everything accepted so far included."""
        texts = [each.office.rpartition(":")[0] for each in commands]
        texts += [each.proposed.area for each in commands if each.proposed]
        await self._office.ready(asked, texts)
        await self._listing.reach_now()
        return [await self._draft(each, asked) for each in commands]

    async def issue(self, command: IssueDecision, session: Session) -> Decision:
        """The decision, its list frozen."""
        draft: Draft = session.prepared
        if isinstance(draft.area, Refusal):
            raise draft.area
        session.allow(draft.area)
        decided_on = command.decided_on or session.today
        _, body = split_office(command.office)
        office = f"{draft.area}:{body}"
        id = decision_id(session.province, office, command.year, command.number)  # noqa: A001
        if await session.find(Decision, id):
            raise _taken(command, office)
        if isinstance(draft.cases, Refusal):
            raise draft.cases
        decision = Decision.issue(
            id=id,
            office=office,
            number=command.number,
            year=command.year,
            model=command.model,
            season=command.season,
            decided_on=decided_on,
            effective_on=command.effective_on or decided_on,
            signer=session.actor,
            cases=draft.cases,
            covers=lambda area: self._covers(draft.area, area, session),
        )
        return session.save(decision)

    async def state(self, _: IssueDecision, outcome: Outcome, __: Asked) -> dict[str, Any]:
        """How many cases are on the list, its hash, and how far it is carried out."""
        decision = await self._office.executor.repository.get(Decision, outcome.id)
        done = await self._progress.of(decision)
        return {
            "cases": len(decision.cases), "list_hash": decision.list_hash, "state": done.state,
        }  # fmt: skip

    def _covers(self, over: Any, area: str, session: Session) -> bool:
        areas = session.areas
        return areas.covers(over, parsed(areas, area), session.today)

    async def _draft(self, command: IssueDecision, asked: Asked) -> Draft:
        try:
            text, _ = split_office(command.office)
            decided_on = command.decided_on or asked.today
            area = placed(self._office.places.areas, text, decided_on, asked.today)
        except Refusal as refusal:
            return Draft(refusal, ())
        try:
            return Draft(area, await self._cases(command, asked))
        except Refusal as refusal:
            return Draft(area, refusal)

    async def _cases(self, command: IssueDecision, asked: Asked) -> Sequence[Listed]:
        if (command.cases is None) == (command.proposed is None):
            raise refuse(
                Invalid,
                "/cases",
                "give either the cases or proposed with an area",
                "ghi danh sách hồ sơ (cases) hoặc địa bàn (proposed), một trong hai",
            )
        if command.cases is not None:
            return await self._named(command.cases)
        assert command.proposed is not None
        places = self._office.places
        area = placed(places.areas, command.proposed.area, asked.today, asked.today)
        reached = places.reach(area, asked.today)
        return await self._listing.proposed(reached, command.model, command.season)

    async def _named(self, ids: Sequence[UUID]) -> Sequence[Listed]:
        known = await self._listing.named(ids)
        for place, id in enumerate(ids):  # noqa: A001
            if id not in known:
                raise refuse(
                    NotFound,
                    f"/cases/{place}",
                    f"no case has the id {id}",
                    f"không có hồ sơ nào mang mã {id}",
                    str(id),
                )
        return [known[id] for id in ids]  # noqa: A001


def _taken(command: IssueDecision, office: str) -> NumberTaken:
    return refuse(
        NumberTaken,
        "/number",
        f"{office} has issued number {command.number} of {command.year} already",
        f"{office} đã ban hành quyết định số {command.number} năm {command.year}",
        command.number,
    )
