"""Reads: one thing from its stream, always current; lists from the read tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from chassis.edge import cursors
from chassis.errors import NotFound
from chassis.log.repository import Repository
from chassis.log.sealed import Place, Sealed
from chassis.log.vault import Reader, Vault

from registry.codec import CODEC
from registry.commands.results import explained
from registry.criteria import CriteriaSets
from registry.domain.assessment import Assessment
from registry.domain.case import RecognitionCase
from registry.domain.kind import CaseState, Model
from registry.domain.scoring import evaluate
from registry.domain.subject import Subject
from registry.domain.village import Village
from registry.schemas import (
    AssessmentDetail,
    CaseDetail,
    CaseItem,
    CasePage,
    SubjectDetail,
    VillageDetail,
)

CASES = """
select id, version, subject, model, season, area, state, registered_on
from recognition_case
where {where}
order by registered_on desc, id desc
limit {limit}
"""
PERSONAL = ("name", "national_id", "birth_year")
REASONS = {
    RecognitionCase.VerificationCompleted: "verification_reason",
    RecognitionCase.CaseRejected: "rejection_reason",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases: those of the exact areas (None: of the province), a model, season, state."""

    areas: Sequence[str] | None = None
    model: Model | None = None
    season: int | None = None
    state: CaseState | None = None

    def narrowed(self, after: tuple[date, UUID] | None) -> tuple[list[str], list[Any]]:
        """Conditions with their values, in the order of the placeholders."""
        conditions, values = ["true"], list[Any]()
        for clause, value in (
            ("area = any(${}::text[])", self.areas),
            ("model = ${}", self.model),
            ("season = ${}", self.season),
            ("state = ${}", self.state),
        ):
            if value is not None:
                values.append(value)
                conditions.append(clause.format(len(values)))
        if after is not None:
            values.extend(after)
            conditions.append(f"(registered_on, id) < (${len(values) - 1}, ${len(values)})")
        return conditions, values


class Queries:
    """What the registry can be asked about one thing."""

    def __init__(self, repository: Repository, vault: Vault, criteria: CriteriaSets) -> None:
        self._repository = repository
        self._vault = vault
        self._criteria = criteria

    async def village(self, id: UUID) -> VillageDetail:  # noqa: A002
        """A village; `NotFound` if there is none."""
        found = await self._repository.get(Village, id)
        return VillageDetail(
            id=found.id,
            version=found.version,
            area=found.village,
            name=found.name,
            commune=found.commune,
            opened_on=found.opened_on,
        )

    async def subject(self, id: UUID) -> Subject:  # noqa: A002
        """A subject as the log knows it; `NotFound` if there is none."""
        return await self._repository.get(Subject, id)

    async def subject_detail(self, it: Subject, reader: UUID | None) -> SubjectDetail:
        """What is known of it; with a reader, who may see them, the personal fields too."""
        sealed = {path: getattr(it, path) for path in PERSONAL if getattr(it, path) is not None}
        places = {path: (each, Place(it.id, 1, path)) for path, each in sealed.items()}
        opened, erased = await self._opened(places, reader, f"subject {it.id}")
        birth_year = opened.get("birth_year")
        return SubjectDetail(
            id=it.id,
            version=it.version,
            model=it.model,
            area=it.area,
            entered_on=it.entered_on,
            group=it.group,
            kind=it.kind,
            sex=it.sex,
            head=it.head,
            name=opened.get("name"),
            national_id=opened.get("national_id"),
            birth_year=int(birth_year) if birth_year else None,
            erased=erased,
        )

    async def case(self, id: UUID) -> tuple[RecognitionCase, dict[str, tuple[Sealed, Place]]]:  # noqa: A002
        """A case, and its sealed reasons by the field that shows them.

        Raises:
            NotFound: there is none.
        """
        case: Any = None
        reasons: dict[str, tuple[Sealed, Place]] = {}
        for recorded in await self._repository.log.load(id):
            event = CODEC.decode(recorded)
            case = event.mutate(case)
            if isinstance(event, RecognitionCase.TitleRegisteredAgain):
                reasons.clear()
            reason = getattr(event, "reason", None)
            if isinstance(reason, Sealed) and type(event) in REASONS:
                place = Place(id, recorded.version, "reason")
                reasons[REASONS[type(event)]] = reason, place  # type: ignore[index]  # asked above
        if not isinstance(case, RecognitionCase):
            raise NotFound(f"no case has the id {id}", f"không có hồ sơ nào mang mã {id}")
        return case, reasons

    async def case_detail(
        self,
        it: RecognitionCase,
        reasons: dict[str, tuple[Sealed, Place]],
        reader: UUID | None,
        language: str,
    ) -> CaseDetail:
        """The case as it stands, results explained in the language; reasons for who may read."""
        opened, erased = await self._opened(reasons, reader, f"case {it.id}")
        return CaseDetail(
            id=it.id,
            version=it.version,
            subject=it.subject,
            model=it.model,
            season=it.season,
            area=it.area,
            state=it.state,
            registered_on=it.registered_on,
            group=it.group,
            assisted_by=it.assisted_by,
            self_assessment=self._assessed(it.self_assessment, language),
            verification=self._assessed(it.verification, language),
            proposer=it.proposer,
            decision=it.decision,
            verification_reason=opened.get("verification_reason"),
            rejection_reason=opened.get("rejection_reason"),
            erased=erased,
        )

    async def _opened(
        self, sealed: dict[str, tuple[Sealed, Place]], reader: UUID | None, purpose: str
    ) -> tuple[dict[str, str], list[str]]:
        """The texts by field, and the fields that were erased; the reading is put on record."""
        if reader is None or not sealed:
            return {}, []
        values = await self._vault.read(Reader(reader, purpose), list(sealed.values()))
        found = dict(zip(sealed, values, strict=True))
        texts = {field: value for field, value in found.items() if isinstance(value, str)}
        return texts, [field for field in found if field not in texts]

    def _assessed(self, it: Assessment | None, language: str) -> AssessmentDetail | None:
        if it is None:
            return None
        result = evaluate(self._criteria.get(it.criteria_set), it.scores)
        return AssessmentDetail(
            criteria_set=it.criteria_set,
            assessed_on=it.assessed_on,
            assessor=it.assessor,
            passed=it.passed,
            total=it.total,
            level=it.level,
            scores=[msgspec.to_builtins(score) for score in it.scores],
            result=explained(result, language),
        )


async def cases(pool: asyncpg.Pool, asked: Asked, cursor: str | None, limit: int) -> CasePage:
    """A page of cases, the newest registration first."""
    of = repr(asked)
    after = cursors.decode(cursor, tuple[date, UUID], of=of) if cursor is not None else None
    conditions, values = asked.narrowed(after)
    sql = CASES.format(where=" and ".join(conditions), limit=limit + 1)
    rows = await pool.fetch(sql, *values)
    items = [CaseItem(**row) for row in rows[:limit]]
    last = (items[-1].registered_on, items[-1].id) if len(rows) > limit else None
    return CasePage(items=items, next=cursors.encode(last, of=of) if last else None)
