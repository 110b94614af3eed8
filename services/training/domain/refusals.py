"""Why a course says no; the sentence with the values is written where it is raised."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.errors import Fault, Invalid, WrongState

MOST_PARTICIPANTS = 1_000_000
NAMED_AT_MOST = 20


class CourseFull(WrongState):
    """Every seat is taken."""


class AlreadyEnrolled(WrongState):
    """This learner has a seat in this course."""


class NotEnrolled(WrongState):
    """Somebody is said to have attended who has no seat in the course."""

    def __init__(self, course: UUID, strangers: Sequence[tuple[int, UUID]]) -> None:
        named = ", ".join(str(learner) for _, learner in strangers[:NAMED_AT_MOST])
        more = len(strangers) - NAMED_AT_MOST
        rest = f" and {more} more" if more > 0 else ""
        faults = [
            Fault(f"/learners/{place}", "wrong-state", "not enrolled in the course", str(learner))
            for place, learner in strangers[:NAMED_AT_MOST]
        ]
        super().__init__(f"not enrolled in course {course}: {named}{rest}", faults=faults)


def invalid(field: str, detail: str, value: object = None) -> Invalid:
    """A refusal that points at one field of the body."""
    return Invalid(detail, faults=[Fault(f"/{field}", "invalid", detail, value)])


def in_order(first: date, last: date, field: str) -> None:
    """Refuse a last day before the first one."""
    if last < first:
        raise invalid(field, f"{field} {last} is before {first}", last.isoformat())


def countable(participants: int) -> None:
    """Refuse a number of participants that no course has (0 to 1,000,000)."""
    if not 0 <= participants <= MOST_PARTICIPANTS:
        raise invalid(
            "participants",
            f"{participants} participants: 0 to {MOST_PARTICIPANTS} are possible",
            participants,
        )
