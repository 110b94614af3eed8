"""A province's facts at full scale, as the services publish them, and their way into statistics.

2.9 million events of the registry: 451,906 titles in two seasons with the registration, assessment,
verification and proposal of each case, a tenth more cases that end otherwise, renewals, titles
imported and revoked; then funds and training. They lie on the map of their day and become known
in the order of recording, commune by commune, as bulk entry brings them. Written straight through
projections and writer in batches as large as the worker's, each with its position, because the way
over Kafka is `projection`'s question.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import islice
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from chassis.area import Areas
from chassis.bus import sources
from chassis.bus.alarms import Identity
from chassis.bus.cursor import Place
from chassis.bus.envelope import Envelope, microseconds
from google.protobuf.message import Message
from khuyenhoc.funds.v1 import events_pb2 as funds
from khuyenhoc.registry.v1 import events_pb2 as registry
from khuyenhoc.training.v1 import events_pb2 as training
from reporting.projections import projector
from reporting.writer import Writer

BATCH = 5_000
AREAS = Areas.of_province("14")
REFORM = date(2025, 7, 1)
FIRST = date(2024, 1, 1)
LAST = date(2025, 10, 15)
TITLES = {"citizen": 234_902, "family": 213_055, "clan": 1_037, "community": 2_037, "unit": 875}
GROUPS = {
    "citizen": ("farmer", "worker", "official", "learner"),
    "community": ("village", "commune"),
    "unit": ("commune",),
}
AT_ONCE = 60  # cases that go through their steps together
_MAPS = [[str(u.area) for u in AREAS.in_force(day)] for day in (FIRST, REFORM)]
_DAY = timedelta(days=1)
Told = tuple[datetime, Message]
"""When something became known, and what was published about it."""


class Entry(NamedTuple):
    """What somebody enters at one time: so many events of one step of one group of cases."""

    recorded_at: datetime
    step: int
    cases: int
    model: str
    area: str
    season: int
    on: date
    season_group: str
    until: date | None


def _registry(scale: float, chance: Random) -> Iterator[Entry]:
    """The entries of the registry, in no order: six steps of each group of cases."""
    for model, titles in TITLES.items():
        left = int(titles * scale)
        while left > 0:
            cases = min(left, chance.randint(1, AT_ONCE))
            left -= cases
            yield from _group(model, cases, chance)


def _group(model: str, cases: int, chance: Random) -> Iterator[Entry]:
    season = chance.choice((2024, 2025))
    begun = date(season, 1, 5) + chance.randrange(190) * _DAY
    decided = min(begun + chance.randint(60, 90) * _DAY, LAST)
    group = chance.choice(GROUPS.get(model, ("",)))
    until = chance.choice((None, decided + 364 * _DAY, decided + 1_094 * _DAY))
    area, later = (chance.choice(_MAPS[on >= REFORM]) for on in (begun, decided))
    days = [begun + (decided - begun) * share / 4 for share in range(5)]
    for step, on in enumerate((begun, *days)):
        many = cases if step == len(days) else cases + cases // 10
        lag = timedelta(days=chance.choice((0, 0, 1, 1, 2, 5, 14, 45)), hours=chance.randrange(24))
        at = datetime(on.year, on.month, on.day, tzinfo=UTC) + lag
        place = later if step == len(days) else area
        yield Entry(at, step, many, model, place, season, on, group, until)


def _acts(entries: Iterable[Entry], chance: Random) -> Iterator[Told]:
    for entry in entries:
        for _ in range(entry.cases):
            yield entry.recorded_at, _act(entry, str(UUID(int=chance.getrandbits(64))))


def _act(entry: Entry, subject: str) -> Message:
    told: dict[str, Any] = {"subject": subject, "model": entry.model}
    case = {**told, "case": subject, "area": entry.area, "season": entry.season}
    on = str(entry.on)
    match entry.step:
        case 0:
            return registry.SubjectEntered(
                **told, area=entry.area, entered_on=on, group=entry.season_group
            )
        case 1:
            return registry.TitleRegistered(**case, registered_on=on)
        case 2:
            return registry.SelfAssessmentSubmitted(**case, assessed_on=on, passed=True)
        case 3:
            return registry.VerificationCompleted(**case, assessed_on=on, passed=True)
        case 4:
            return registry.CaseProposed(**case, proposed_on=on)
    stands = registry.Holding(
        area=entry.area,
        season=entry.season,
        group=entry.season_group,
        valid_from=on,
        valid_until=str(entry.until) if entry.until else None,
    )
    return registry.TitleRecognised(
        **told, holding=subject, case=subject, decision=subject, effective_on=on, after=stands
    )


def _imports(scale: float, chance: Random) -> Iterator[Told]:
    """Titles from before the system, brought in on one day."""
    at = datetime(2024, 1, 3, 1, tzinfo=UTC)
    for number in range(int(20_000 * scale)):
        subject = str(UUID(int=chance.getrandbits(64)))
        stands = registry.Holding(
            area=chance.choice(_MAPS[0]),
            season=2022,
            group=chance.choice(GROUPS["citizen"]),
            valid_from=str(date(2022, 1, 1) + chance.randrange(700) * _DAY),
        )
        yield (
            at + timedelta(seconds=number / 2),
            registry.TitleImported(holding=subject, subject=subject, model="citizen", after=stands),
        )


def registry_events(scale: float, seed: int = 387) -> Iterator[Told]:
    """What the registry publishes, in the order of recording."""
    chance = Random(seed)
    entries = sorted(_registry(scale, chance))
    acts = _acts(entries, chance)
    return merge(_imports(scale, Random(seed)), acts, key=lambda told: told[0])


def funds_events(scale: float, seed: int = 388) -> Iterator[Told]:
    """Contributions and payments of twenty-two months."""
    chance, count = Random(seed), int(60_000 * scale)
    for number in range(count):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=653) * number / count
        on = max(FIRST, at.date() - chance.randrange(20) * _DAY)
        place: dict[str, Any] = {"area": chance.choice(_MAPS[on >= REFORM])}
        place["fund_kind"] = chance.choice(("education_promotion", "scholarship"))
        amount = chance.randrange(1, 400) * 50_000
        if number % 50:
            channel: Any = chance.choice(("cash", "bank", "in_kind"))
            yield (
                at,
                funds.ContributionReceived(
                    **place, amount=amount, channel=channel, received_on=str(on)
                ),
            )
        else:
            yield at, funds.DisbursementPaid(
                **place, amount=amount, use="award", recipient_kind="person", first=True,
                paid_on=str(on),
            )  # fmt: skip


def training_events(scale: float, seed: int = 389) -> Iterator[Told]:
    """Courses with the names of twenty learners, and headcounts."""
    chance, count = Random(seed), int(30_000 * scale)
    for number in range(count):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=653) * number / count
        on = max(FIRST, at.date() - chance.randrange(30) * _DAY)
        place: dict[str, Any] = {"area": chance.choice(_MAPS[on >= REFORM])}
        place["kind"] = chance.randint(1, 9)
        if number % 3:
            yield (
                at,
                training.HeadcountReported(
                    **place, held_on=str(on), ended_on=str(on), participants=chance.randrange(80)
                ),
            )
        else:
            people = [str(UUID(int=chance.randrange(100_000))) for _ in range(20)]
            yield (
                at,
                training.CourseCompleted(
                    **place, completed_on=str(on), participants=20, learners=people
                ),
            )


LOGS = {
    "14.registry": registry_events,
    "14.funds": funds_events,
    "14.training": training_events,
}


def enclosed(log: str, told: Iterable[Told]) -> Iterator[Envelope]:
    """Events as they come out of their records."""
    for position, (at, message) in enumerate(told, 1):
        stream = str(UUID(int=position))
        kind, data = message.DESCRIPTOR.full_name, message.SerializeToString()
        yield Envelope(log, position, stream, 1, microseconds(at), kind, data)


async def build(pool: asyncpg.Pool, scale: float) -> dict[str, tuple[int, float]]:
    """Read everything; of each log the events and the CPU seconds of projecting and writing them
    in this process, Postgres' own apart.
    """
    return {log: await _read(pool, log, enclosed(log, of(scale))) for log, of in LOGS.items()}


async def _read(pool: asyncpg.Pool, log: str, events: Iterator[Envelope]) -> tuple[int, float]:
    project, writer = projector(AREAS), Writer(pool)
    count, spent = 0, 0.0
    while batch := list(islice(events, BATCH)):
        began = time.process_time()
        rows = [(one, project(one)) for one in batch]
        last = batch[-1]
        async with pool.acquire() as connection, connection.transaction():
            await sources.load(connection, log)
            await writer.write(connection, rows)
            place = Place(log, last.position, Identity.of(last), last.position)
            await sources.move(connection, place, last.position)
        count, spent = count + len(batch), spent + time.process_time() - began
        await asyncio.sleep(0)
    return count, spent
