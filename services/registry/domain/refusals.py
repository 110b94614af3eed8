"""Why the registry says no: the problems of its own, and how a sentence is said twice."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from chassis.errors import AlreadyExists, Conflict, Erased, Fault, Invalid, Refusal

NAMED_AT_MOST = 20  # wrong places that one answer names

R = TypeVar("R", bound=Refusal)


class CaseExists(Conflict):
    """This subject has a case for this model and season."""

    code = "case-exists"


class NumberTaken(Conflict):
    """This office has issued a decision under this number in this year."""

    code = "number-taken"


class WrongModel(Invalid):
    """The subject, the criteria set or the decision is of another model."""

    code = "wrong-model"


class ScoreOutOfRange(Invalid):
    """A score the criteria set does not know, or does not allow."""

    code = "score-out-of-range"


class VillageExists(AlreadyExists):
    """The commune has a village of this name."""


def refuse(kind: type[R], pointer: str, en: str, vi: str, value: object = None) -> R:
    """A refusal that points at one place of the body (a JSON Pointer)."""
    return kind(en, vi, faults=[Fault(pointer, kind.code, en, vi, value)])


def refuse_all(
    kind: type[R], faults: Sequence[tuple[str, str, str, object]], en: str, vi: str
) -> R:
    """A refusal over many places, of which the first are named: (pointer, en, vi, value) each."""
    more = len(faults) - NAMED_AT_MOST
    if more > 0:
        en, vi = f"{en}; {more} more are not named", f"{vi}; còn {more} chỗ khác không nêu ở đây"
    named = [Fault(at, kind.code, a, b, value) for at, a, b, value in faults[:NAMED_AT_MOST]]
    return kind(en, vi, faults=named)


def in_order(first: date, last: date, field: str) -> None:
    """Refuse an act dated before the one it follows."""
    if last < first:
        raise refuse(
            Invalid,
            f"/{field}",
            f"{field} {last} is before {first}, the day of the act it follows",
            f"{field} {last} sớm hơn {first} là ngày của bước trước",
            last.isoformat(),
        )


def erased(subject: UUID) -> Erased:
    """The answer to every command about a person whose erasure was ordered."""
    return Erased(
        f"the personal data of subject {subject} was erased",
        f"dữ liệu cá nhân của đối tượng {subject} đã được xóa",
    )
