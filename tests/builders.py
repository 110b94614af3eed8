"""Valid things by default: a test says only what matters to it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from training.domain.course import Course
from training.domain.headcount import Headcount
from training.domain.kind import Kind

LONG_HE = "03763@2025-07-01"
A_DAY = date(2025, 9, 1)


def a_course(
    *,
    learners: int = 0,
    opened: bool | None = None,
    sessions: int = 0,
    **fields: Any,
) -> Course:
    """A planned course; `opened`, or opened with so many learners; its events not yet collected."""
    plan: dict[str, Any] = {
        "id": uuid4(),
        "kind": Kind.TECH_TRANSFER,
        "title": "Kỹ thuật trồng mận hậu",
        "area": LONG_HE,
        "starts_on": A_DAY,
        "ends_on": date(2025, 9, 30),
        "capacity": None,
        "planned_on": date(2025, 8, 1),
    }
    course = Course.plan(**(plan | fields))
    if opened if opened is not None else learners:
        course.open(date(2025, 8, 15), course.area)
    for _ in range(learners):
        course.enrol(uuid4(), date(2025, 8, 20), course.area)
    for _ in range(sessions):
        course.hold(uuid4(), A_DAY, 2.5, course.area)
    return course


def a_headcount(**fields: Any) -> Headcount:
    report: dict[str, Any] = {
        "id": uuid4(),
        "kind": Kind.LITERACY,
        "title": None,
        "area": LONG_HE,
        "held_on": A_DAY,
        "ended_on": A_DAY,
        "participants": 34,
    }
    return Headcount.report(**(report | fields))


def learners_of(course: Course) -> list[UUID]:
    return list(course.learners)
