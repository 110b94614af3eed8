"""What every handler of the registry works with, and the words its forms share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from chassis.domain import Aggregate
from chassis.edge.auth import Role
from chassis.edge.session import Asked, Session
from chassis.errors import Invalid, NotFound
from chassis.log.execute import Executor
from chassis.log.sealed import Keyring
from chassis.log.vault import Vault
from msgspec import Meta

from registry.criteria import CriteriaSets
from registry.domain.case import RecognitionCase
from registry.domain.refusals import refuse
from registry.domain.subject import Subject
from registry.people import People, untouched
from registry.places import Places, carried

OFFICERS = frozenset(
    {
        Role.VILLAGE_CHAPTER_OFFICER,
        Role.COMMUNE_ASSOCIATION_OFFICER,
        Role.PROVINCIAL_ASSOCIATION_OFFICER,
    }
)
VERIFIERS = OFFICERS - {Role.VILLAGE_CHAPTER_OFFICER}
CHAIRS = frozenset({Role.COMMUNE_ASSOCIATION_CHAIR, Role.PROVINCIAL_ASSOCIATION_CHAIR})
SIGNERS = frozenset({Role.COMMUNE_AUTHORITY_SIGNER, Role.PROVINCIAL_AUTHORITY_SIGNER})

Season = Annotated[int, Meta(ge=1900, le=9999, description="The year a title is asked for")]
A = TypeVar("A", bound=Aggregate)
NO_KEYS = Keyring({})


@dataclass(frozen=True, slots=True)
class Found:
    """The cases that commands act on, those of their subjects who are untouched, and keys."""

    cases: dict[UUID, RecognitionCase]
    untouched: set[UUID]
    keyring: Keyring = NO_KEYS


@dataclass(frozen=True, slots=True)
class Office:
    """The log, the vault, the maps and the rules."""

    executor: Executor
    vault: Vault
    places: Places
    people: People
    criteria: CriteriaSets

    async def ready(self, asked: Asked, texts: Iterable[str] = ()) -> None:
        """Know the villages that forms or grants name."""
        await self.places.ready_for(texts, asked.principal, asked.today)

    async def cases(self, ids: Iterable[UUID], asked: Asked) -> "Found":
        """The cases that a chunk of commands acts on, and whose they are: two round trips."""
        await self.ready(asked)
        cases = await self.executor.warm(RecognitionCase, ids)
        subjects = {case.subject for case in cases.values()}
        return Found(cases, await untouched(self.executor, subjects))

    async def allowed_case(self, id: UUID, session: Session) -> RecognitionCase:  # noqa: A002
        """The case, if the caller may act in its area and nobody was erased.

        The act rests on the subject as it is known: an erasure that is ordered meanwhile wins, in
        any process.

        Raises:
            Erased: the erasure of its subject was ordered.
        """
        met: Found = session.prepared
        found = await session.get(RecognitionCase, id)
        session.allow(await self.places.exact(found.area))
        one = found.subject
        if one not in met.untouched or not session.rests_on(one, Subject.UNTOUCHED):
            (await session.get(Subject, one)).require_known()
        return found

    def carried(self, area: str, on: date) -> str:
        """An exact area as of a later act's day."""
        return str(carried(self.places.areas, area, on))


async def pointed(session: Session, kind: type[A], id: UUID, field: str) -> A:  # noqa: A002
    """What a field names.

    Raises:
        NotFound: there is none; it points at the field.
    """
    found = await session.find(kind, id)
    if found is None:
        raise refuse(
            NotFound,
            f"/{field}",
            f"no {kind.__name__} has the id {id}",
            f"không có {kind.__name__} nào mang mã {id}",
            str(id),
        )
    return found


def not_after(day: date, today: date, field: str) -> date:
    """The day, unless it lies ahead: acts are in the past."""
    if day > today:
        raise refuse(
            Invalid,
            f"/{field}",
            f"{field} lies after today, {today}",
            f"{field} sau ngày hôm nay, {today}",
            day.isoformat(),
        )
    return day
