"""Pure: a published event in, what it adds to the statistics out."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec
from chassis.area import Area, Areas
from chassis.errors import UnknownArea
from google.protobuf.message import DecodeError, Message
from khuyenhoc.log.v1 import log_pb2
from khuyenhoc.training.v1 import events_pb2 as training

_KEPT = 100_000  # distinct days, areas and series kept parsed; more than a history names


class Unprojectable(ValueError):  # noqa: N818  # as chassis.errors: an answer, not an accident
    """The event says something that cannot be counted; it is parked until somebody looks."""


class Published(Protocol):
    """What of an envelope decides its increments."""

    @property
    def type(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class Series(msgspec.Struct, frozen=True, gc=False):
    """What a number is about. ``dimensions`` are (name, value) pairs in the catalogue's order."""

    measure: str
    area: str
    dimensions: tuple[tuple[str, str], ...]


class Increment(msgspec.Struct, frozen=True, gc=False):
    """``delta`` more of a measure, true on ``valid_on``.

    Log, position and recorded_at are those of the event's envelope.
    """

    series: Series
    valid_on: date
    delta: int


class Member(msgspec.Struct, frozen=True, gc=False):
    """Somebody, by pseudonymous id, who is counted once however often named."""

    series: Series
    valid_on: date
    member: UUID


class Rows(msgspec.Struct, frozen=True, gc=False):
    """Everything one event adds."""

    increments: tuple[Increment, ...] = ()
    members: tuple[Member, ...] = ()


NOTHING = Rows()
Project = Callable[[Published], Rows]
_Event = TypeVar("_Event", bound=Message)
_Projection = Callable[[_Event, "Places"], Rows]
_PROJECTIONS: dict[str, tuple[type[Message], Callable[[Any, "Places"], Rows]]] = {}
_WITHOUT_STATISTIC: frozenset[str] = frozenset(
    message.DESCRIPTOR.full_name
    for message in (
        log_pb2.Withheld,
        training.CoursePlanned,
        training.EnrolmentOpened,
        training.LearnerEnrolled,
        training.SessionHeld,
        training.AttendanceRecorded,
        training.CourseCancelled,
    )
)
"""Events that are known and change no figure. A type that is neither here nor projected parks."""


class Places:
    """Which areas a province has; each exact name is looked up once."""

    def __init__(self, areas: Areas) -> None:
        self._areas = areas
        self._first_day = lru_cache(_KEPT)(self._look_up)

    def check(self, area: str, on: date) -> None:
        """Refuse an area that the province does not have, or that had not begun by that day."""
        if on < self._first_day(area):
            raise Unprojectable(f"{area} had not begun on {on}")

    def _look_up(self, text: str) -> date:
        if text == str(self._areas.province):
            return self._areas.province.began
        code, _, began = text.partition("@")
        try:
            return self._areas.unit(Area(code, date.fromisoformat(began))).area.began
        except (ValueError, UnknownArea):
            raise Unprojectable(f"{text[:40]!r} is not an area of this province") from None


def projects(message: type[_Event]) -> Callable[[_Projection[_Event]], _Projection[_Event]]:
    """Mark the function that says what an event of this type adds."""

    def register(projection: _Projection[_Event]) -> _Projection[_Event]:
        _PROJECTIONS[message.DESCRIPTOR.full_name] = (message, projection)
        return projection

    return register


def known_types() -> frozenset[str]:
    """Full names of every event type whose effect on the figures has been decided."""
    return _WITHOUT_STATISTIC | _PROJECTIONS.keys()


def projector(areas: Areas) -> Project:
    """What turns the published events of a province into rows.

    The function it gives raises Unprojectable for a type nobody has decided about, for bytes that
    are not of the type named, and for what an event cannot truthfully say.
    """
    places = Places(areas)

    def project(event: Published) -> Rows:
        found = _PROJECTIONS.get(event.type)
        if found is None:
            if event.type in _WITHOUT_STATISTIC:
                return NOTHING
            raise Unprojectable(f"nothing is known of events of type {event.type[:100]}")
        message, projection = found
        try:
            fact = message.FromString(event.data)
        except DecodeError:
            raise Unprojectable(f"the data is not a {event.type}") from None
        return projection(fact, places)

    return project


@projects(training.CourseCompleted)
def course_completed(completed: training.CourseCompleted, places: Places) -> Rows:
    on, area = _day(completed.completed_on), completed.area
    counted = _completion(completed.kind, area, on, completed.participants, places)
    if not completed.learners:
        return Rows(counted)
    people = _training(completed.kind, area)[2]
    named = [Member(people, on, _person(one)) for one in dict.fromkeys(completed.learners)]
    known = Increment(people, on, min(len(named), completed.participants))
    return Rows((*counted, known), tuple(named))


@projects(training.HeadcountReported)
def headcount_reported(reported: training.HeadcountReported, places: Places) -> Rows:
    on = _day(reported.ended_on)
    return Rows(_completion(reported.kind, reported.area, on, reported.participants, places))


def _completion(
    kind: int, area: str, on: date, participants: int, places: Places
) -> tuple[Increment, Increment]:
    places.check(area, on)
    if participants < 0:
        raise Unprojectable(f"{participants} participants")
    courses, participations, _ = _training(kind, area)
    return Increment(courses, on, 1), Increment(participations, on, participants)


@lru_cache(_KEPT)
def _training(kind: int, area: str) -> tuple[Series, Series, Series]:
    name = training.CourseKind.Name(kind) if kind in training.CourseKind.values() else ""
    if kind == training.COURSE_KIND_UNSPECIFIED or not name:
        raise Unprojectable(f"{kind} is not a kind of course")
    dimensions = (("kind", name),)
    return (
        Series("courses_completed", area, dimensions),
        Series("participations", area, dimensions),
        Series("distinct_learners", area, dimensions),
    )


@lru_cache(_KEPT)
def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unprojectable(f"{text[:40]!r} is not a day") from None


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unprojectable("a learner is not named by a UUID") from None
