"""Facts for reporting's tests: published events as they travel, and what they come to in plain
Python, so that the answers of the service have something to be held against.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from chassis.area import Area, Areas
from chassis.bus.envelope import Envelope, encode, key_of, microseconds
from chassis.clock import civil_day
from google.protobuf.message import Message
from khuyenhoc.training.v1 import events_pb2 as training

AREAS = Areas.of_province("14")
LOG = "14.training"
REFORM = date(2025, 7, 1)
NAMES = UUID("6f1f7c52-6f53-4c2b-8e0e-0d8f3a1f2c11")
KINDS = ("LITERACY", "TECH_TRANSFER", "SEMINAR")


@dataclass(frozen=True)
class Fact:
    """A completed course or a headcount, as somebody in the association would tell it."""

    area: str = "03763@2025-07-01"
    on: date = date(2025, 9, 10)
    participants: int = 20
    kind: str = "LITERACY"
    learners: tuple[UUID, ...] = ()
    recorded_at: datetime = datetime(2025, 9, 12, 3, tzinfo=UTC)
    position: int = 1

    def message(self) -> Message:
        if self.learners:
            return training.CourseCompleted(
                course=str(uuid5(NAMES, str(self.position))),
                kind=self.kind,
                area=self.area,
                completed_on=self.on.isoformat(),
                participants=self.participants,
                learners=[str(learner) for learner in self.learners],
            )
        return training.HeadcountReported(
            headcount=str(uuid5(NAMES, str(self.position))),
            kind=self.kind,
            area=self.area,
            held_on=self.on.isoformat(),
            ended_on=self.on.isoformat(),
            participants=self.participants,
        )

    def record(self) -> tuple[bytes, bytes]:
        return record(self.message(), self.position, self.recorded_at)

    def envelope(self) -> Envelope:
        return enclosed(self.message(), self.position, self.recorded_at)


@dataclass(frozen=True)
class Stored:
    """What of a stored event its record is made of."""

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    meta: bytes = b'{"v":1}'


def record(
    message: Message,
    position: int,
    recorded_at: datetime,
    stream: UUID | None = None,
    log: str = LOG,
) -> tuple[bytes, bytes]:
    """Key and value of the Kafka record that carries a message."""
    stored = Stored(position, stream or uuid5(NAMES, str(position)), 1, recorded_at)
    return key_of(stored), encode(log, stored, message)


def enclosed(
    message: Message,
    position: int = 1,
    recorded_at: datetime = datetime(2025, 9, 12, 3, tzinfo=UTC),
    log: str = LOG,
) -> Envelope:
    """The message as it comes out of its record."""
    return Envelope(
        log,
        position,
        str(uuid5(NAMES, str(position))),
        1,
        microseconds(recorded_at),
        message.DESCRIPTOR.full_name,
        message.SerializeToString(),
    )


def person(n: int) -> UUID:
    return uuid5(NAMES, f"person {n}")


def history(count: int, seed: int = 1) -> list[Fact]:
    """Facts from January 2024 to the middle of October 2025 in the order of their recording:
    both maps, the province's own, late reports, headcounts and courses with names.
    """
    chance = Random(seed)
    maps = {day: [str(u.area) for u in AREAS.in_force(day)] for day in (date(2024, 1, 1), REFORM)}
    start = datetime(2024, 1, 1, tzinfo=UTC)
    found = []
    for n in range(1, count + 1):
        recorded_at = start + timedelta(days=653) * n / count
        late = timedelta(days=int(min(200, chance.expovariate(1 / 20))))
        on = max(date(2024, 1, 1), civil_day(recorded_at) - late)
        standing = maps[REFORM if on >= REFORM else date(2024, 1, 1)]
        people = tuple({person(chance.randrange(40)) for _ in range(chance.randrange(5))})
        found.append(
            Fact(
                area=chance.choice([*chance.choices(standing, k=6), "14"]),
                on=on,
                participants=len(people) or chance.randrange(60),
                kind=chance.choice(KINDS),
                learners=people if chance.random() < 0.4 else (),
                recorded_at=recorded_at,
                position=n,
            )
        )
    return found


@dataclass
class Told:
    """A figure as plain Python counts it."""

    value: int = 0
    unallocated: int = 0
    people: set[UUID] = field(default_factory=set)
    astray: set[UUID] = field(default_factory=set)
    unnamed: int = 0


@dataclass(frozen=True)
class Question:
    """A question in its simplest words: what counts, and what it is divided by."""

    measure: str
    area: str | None = None
    first: date = date(1900, 1, 1)
    last: date = date(2100, 1, 1)
    as_of: date = date(2100, 1, 1)
    known_at: datetime = datetime(2100, 1, 1, tzinfo=UTC)
    map_date: date = date(2025, 10, 20)
    by: tuple[str, ...] = ()
    kinds: tuple[str, ...] = KINDS


def told(facts: Iterable[Fact], asked: Question) -> dict[tuple[str, str, str], Told]:
    """The rows of a question by area, month and kind, from the facts one by one."""
    rows: dict[tuple[str, str, str], Told] = {}
    for fact in facts:
        if not _counts(fact, asked):
            continue
        for shown, astray in _shown(fact.area, asked):
            month = fact.on.isoformat()[:7] if "month" in asked.by else ""
            key = (shown, month, fact.kind if "kind" in asked.by else "")
            row = rows.setdefault(key, Told())
            amount = 1 if asked.measure == "courses_completed" else fact.participants
            row.value += amount
            row.unallocated += amount if astray else 0
            row.people |= set(fact.learners)
            row.astray |= set(fact.learners) if astray else set()
            row.unnamed += fact.participants - min(fact.participants, len(set(fact.learners)))
    if asked.measure == "distinct_learners":
        for row in rows.values():
            row.value, row.unallocated = len(row.people), len(row.astray)
    return rows


def _counts(fact: Fact, asked: Question) -> bool:
    return (
        asked.first <= fact.on <= min(asked.last, asked.as_of)
        and fact.recorded_at <= asked.known_at
        and fact.kind in asked.kinds
    )


def _shown(area: str, asked: Question) -> Iterator[tuple[str, bool]]:
    place = None if area == "14" else AREAS.on_map(exact(area), asked.map_date)
    if asked.area is None:
        astray = area != "14" and place is None
        divided = place is not None and "commune" in asked.by
        yield (str(place) if divided else "14"), astray
    elif place is not None and str(place) == asked.area:
        yield asked.area, False


def exact(text: str) -> Area:
    code, _, began = text.partition("@")
    return Area(code, date.fromisoformat(began))


def place(area: str, today: date) -> str:
    """For which area of today's map a fact counts."""
    found = None if area == "14" else AREAS.on_map(exact(area), today)
    return str(found or "14")


def published(messages: Iterable[Message], log: str) -> list[Envelope]:
    """A log that begins with these, a minute after one another."""
    start = datetime(2025, 10, 1, tzinfo=UTC)
    return [
        enclosed(message, position, start + timedelta(minutes=position), log)
        for position, message in enumerate(messages, 1)
    ]


def recorded(facts: Iterable[Fact], at: datetime) -> list[Fact]:
    """The same facts, all recorded at one instant."""
    return [replace(fact, recorded_at=at) for fact in facts]


def plainly(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """The rows of an answer by area, month and kind: value, unallocated, unknown."""
    return {
        (row["area"], row["by"].get("month", ""), row["by"].get("kind", "")): (
            row["value"],
            row["unallocated"],
            row.get("unknown"),
        )
        for row in rows
    }
