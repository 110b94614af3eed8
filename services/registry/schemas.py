"""What reads answer with. A personal field is null for who may not see it, and once erased."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry.domain.kind import CaseState, Group, Level, Model, Sex, SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageDetail:
    id: UUID
    version: int
    area: str
    name: str
    commune: str
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDetail:
    """`erased` lists the personal fields that were destroyed by order."""

    id: UUID
    version: int
    model: Model
    area: str
    entered_on: date
    group: Group | None
    kind: SubjectKind | None
    sex: Sex | None
    head: UUID | None
    name: str | None = None
    national_id: str | None = None
    birth_year: int | None = None
    erased: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectItem:
    id: UUID
    model: Model
    area: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    items: list[SubjectItem]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDetail:
    """Scores, and what the criteria set said of them on that day."""

    criteria_set: str
    assessed_on: date
    assessor: UUID
    passed: bool
    total: float | None
    level: Level | None
    scores: list[dict[str, Any]]
    result: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseItem:
    id: UUID
    version: int
    subject: UUID
    model: Model
    season: int
    area: str
    state: CaseState
    registered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail(CaseItem):
    """A case as it stands; the reasons are personal."""

    group: Group | None
    assisted_by: UUID | None
    self_assessment: AssessmentDetail | None
    verification: AssessmentDetail | None
    proposer: UUID | None
    decision: UUID | None
    verification_reason: str | None = None
    rejection_reason: str | None = None
    erased: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    items: list[CaseItem]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaPage:
    items: list[dict[str, Any]]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDetail:
    """A title, both days included; without `valid_until` it stands until it is revoked."""

    area: str
    season: int
    group: Group | None
    level: Level | None
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingDetail:
    """What a subject held, day by day; the ground of the last revocation is personal."""

    id: UUID
    version: int
    subject: UUID
    model: Model
    titles: list[StandingDetail]
    revoked_on: date | None
    ground: str | None = None
    erased: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingItem(StandingDetail):
    holding: UUID
    subject: UUID
    model: Model


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingPage:
    items: list[HoldingItem]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDetail:
    """`state` is `complete` when `recognised` + `left_out` = `cases`, else `recognising`."""

    id: UUID
    version: int
    office: str
    number: str
    year: int
    model: Model
    season: int
    decided_on: date
    effective_on: date
    signer: UUID
    list_hash: str
    state: str
    cases: int
    recognised: int
    left_out: int
