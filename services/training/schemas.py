"""What reads answer with."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from training.domain.kind import Kind, State


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseItem:
    """A course in a list. A headcount is one too: completed, and known only by its number."""

    id: UUID
    version: int
    headcount: bool
    kind: Kind
    title: str | None
    area: str
    starts_on: date
    ends_on: date
    capacity: int | None
    state: State
    enrolled: int
    sessions: int
    participants: int | None
    completed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSession:
    session: UUID
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDetail(CourseItem):
    held: list[HeldSession] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetail:
    """A meeting of a course; `attended` is how many were there, `hours` null if not reported."""

    id: UUID
    version: int
    course: UUID
    area: str
    held_on: date
    hours: float | None
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerItem:
    """A seat taken: a pseudonymous subject id; `attended` counts sessions."""

    learner: UUID
    enrolled_on: date
    attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePage:
    items: list[CourseItem]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerPage:
    items: list[LearnerItem]
    next: str | None = None
