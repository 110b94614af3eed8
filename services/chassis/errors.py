"""The refusals of every service: what a caller did wrong, in words, without a transport's numbers.

Each class carries the problem code of the public contract; ``edge.problems`` maps codes to HTTP and
``edge.rpc`` to gRPC, once each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self


class Said(NamedTuple):
    """One sentence in English and in Vietnamese, each with the values in it."""

    en: str
    vi: str

    def in_language(self, language: str) -> str:
        """The sentence in ``en`` or ``vi``."""
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong place in a request, and what is wrong there, in English and in Vietnamese.

    ``pointer`` is a JSON Pointer (RFC 6901) into the body, or ``?name`` for a query parameter, or a
    header's name. ``value`` is left out for personal fields.
    """

    pointer: str
    code: str
    en: str
    vi: str
    value: Any = None

    @property
    def said(self) -> Said:
        return Said(self.en, self.vi)


class Refusal(Exception):  # noqa: N818  # a refusal is an answer, not an accident
    """A typed "no" with a sentence for the person who asked, in English and in Vietnamese.

    Both are required. Logs, operators and ``str`` have the English one; edges choose by caller.
    """

    code: ClassVar[str] = "invalid"

    def __init__(self, en: str, vi: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(en, vi)
        self.said = Said(en, vi)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return self.said.en

    @classmethod
    def at(cls, pointer: str, en: str, vi: str, value: Any = None) -> Self:
        """A refusal for one wrong place, of which it says the same; see :class:`Fault`."""
        return cls(en, vi, faults=[Fault(pointer, cls.code, en, vi, value)])


class Invalid(Refusal):
    """The request is well formed but breaks a rule of its fields."""


class Malformed(Refusal):
    code = "malformed"


class KeyRequired(Refusal):
    code = "key-required"


class KeyReused(Invalid):
    code = "key-reused"


class UnknownArea(Invalid):
    code = "unknown-area"


class UnknownMeasure(Invalid):
    code = "unknown-measure"


class BadPeriod(Invalid):
    code = "bad-period"


class Unauthenticated(Refusal):
    code = "unauthenticated"


class Forbidden(Refusal):
    code = "forbidden"


class OutsideArea(Forbidden):
    code = "outside-area"


class SamePerson(Forbidden):
    code = "same-person"


class NotFound(Refusal):
    code = "not-found"


class Conflict(Refusal):
    """The thing is not in a state in which this can be done."""

    code = "wrong-state"


class WrongState(Conflict):
    pass


class AlreadyExists(Conflict):
    code = "already-exists"


class Erased(Refusal):
    """A person's key has been destroyed; what was sealed under it is gone for ever."""

    code = "erased"


class Stale(Refusal):
    """The thing has moved on since the caller last read it (``If-Match``, ``if_version``)."""

    code = "stale"


class TooLarge(Refusal):
    code = "too-large"


class UnsupportedMedia(Refusal):
    code = "unsupported-media"


class Busy(Refusal):
    """The service cannot take this now; the same request may be sent again."""

    code = "busy"

    def __init__(
        self, en: str, vi: str, *, faults: Sequence[Fault] = (), retry_after: int = 1
    ) -> None:
        super().__init__(en, vi, faults=faults)
        self.retry_after = retry_after


class PositionNotReached(Busy):
    code = "position-not-reached"
