"""Generated training: headcounts from the mountains, and classes followed learner by learner."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from demo.acts import Act
from demo.calendar import AS_OF, REFORM, a_day, entered, office_hour
from demo.figures import Figure, expected

LEARNERS = uuid5(NAMESPACE_URL, "urn:khuyenhoc:demo:learner")


@dataclass(frozen=True)
class Programme:
    """Courses of one kind: how many, and how many participants in all."""

    kind: str
    courses: int
    participants: int
    title: str


def programmes(goals: dict[str, Figure], scale: float) -> list[Programme]:
    """The published figures, and around them the daily life that no article counts."""

    def goal(key: str) -> int:
        return goals[key].target

    def some(published: int) -> int:
        return expected(published, scale)

    return [
        Programme(
            "PROFESSIONAL_TRAINING",
            goal("training.professional.courses"),
            goal("training.professional.cadres"),
            "Tập huấn nghiệp vụ khuyến học",
        ),
        Programme(
            "TECH_TRANSFER",
            goal("training.techtransfer.classes"),
            goal("training.techtransfer.participants"),
            "Lớp chuyển giao khoa học kỹ thuật",
        ),
        Programme("SEMINAR", 1, goal("training.seminar.delegates"), "Hội thảo cụm khuyến học"),
        Programme("LITERACY", some(45), some(1567), "Lớp xóa mù chữ"),
        Programme("LAW_POLICY", some(120), some(7800), "Tuyên truyền pháp luật"),
        Programme("IT_SKILLS", some(30), some(1100), "Tập huấn công nghệ thông tin"),
        Programme("CULTURE", some(60), some(4200), "Sinh hoạt văn hóa"),
        Programme("LANGUAGE", some(15), some(420), "Lớp tiếng dân tộc"),
        Programme("CONTEST", 1, some(90), "Hội thi cán bộ khuyến học giỏi"),
    ]


def shares(total: int, parts: int, rng: Random) -> list[int]:
    """A total split into parts of uneven size; the parts add up to the total exactly."""
    cuts = sorted(rng.sample(range(total + 1), k=min(parts - 1, total)))
    cuts += [total] * (parts - 1 - len(cuts))
    around = [
        (total * n // parts + cut) // 2 for n, cut in enumerate(cuts, start=1)
    ]  # half way to equal shares: no class of nobody beside one of thousands
    edges = [0, *sorted(around), total]
    return [after - before for before, after in pairwise(edges)]


@dataclass(frozen=True)
class Places:
    """Exact area ids of the communes of both maps; seminars belong to the province."""

    before: Sequence[str]
    since: Sequence[str]

    def on(self, day: date, rng: Random) -> str:
        return rng.choice(self.since if day >= REFORM else self.before)


def training(programme: Programme, places: Places, rng: Random) -> Iterator[Act]:
    """Every eighth class is followed learner by learner when it is small enough to be a class."""
    for n, participants in enumerate(shares(programme.participants, programme.courses, rng)):
        provincial = programme.kind in {"SEMINAR", "CONTEST"}
        if n % 8 == 0 and 0 < participants <= 120 and not provincial:
            yield from a_class(programme, n, participants, places, rng)
        else:
            yield a_headcount(programme, participants, places, rng, provincial=provincial)


def a_headcount(
    programme: Programme, participants: int, places: Places, rng: Random, *, provincial: bool
) -> Act:
    moment = entered(a_day(rng), rng)
    area = "14" if provincial else places.on(moment.day, rng)
    body: dict[str, Any] = {
        "kind": programme.kind,
        "title": programme.title,
        "area": area,
        "held_on": moment.day.isoformat(),
        "participants": participants,
    }
    return Act(moment.recorded_at, "/v1/headcounts", body)


def learners(count: int, area: str, rng: Random) -> list[str]:
    """Pseudonyms out of a village's few hundred people: some come back to another class."""
    return [str(uuid5(LEARNERS, f"{area}/{n}")) for n in rng.sample(range(3 * count + 40), count)]


def a_class(programme: Programme, n: int, seats: int, places: Places, rng: Random) -> Iterator[Act]:
    """Planned, opened, filled, held over three evenings, completed; entered as it happens."""
    starts = a_day(rng, last=AS_OF - timedelta(days=10))
    evenings = [starts, starts + timedelta(days=2), starts + timedelta(days=4)]
    area = places.on(starts, rng)
    course = uuid5(LEARNERS, f"{programme.kind}/{n}/{area}/{starts}")
    people = learners(seats, area, rng)

    def act(day: date, path: str, after: int, **body: Any) -> Act:
        return Act(office_hour(day, 17), path, body, after)

    ten, five = starts - timedelta(days=10), starts - timedelta(days=5)
    planned, opened = max(ten, date(2024, 1, 1)), max(five, date(2024, 1, 1))
    yield act(
        planned,
        "/v1/courses",
        1,
        id=str(course),
        kind=programme.kind,
        title=programme.title,
        area=area,
        starts_on=starts.isoformat(),
        ends_on=evenings[-1].isoformat(),
        capacity=seats + 5,
        planned_on=planned.isoformat(),
    )
    yield act(opened, "/v1/openings", 2, course=str(course), opened_on=opened.isoformat())
    for person in people:
        yield act(
            opened,
            "/v1/enrolments",
            3,
            course=str(course),
            learner=person,
            enrolled_on=opened.isoformat(),
        )
    yield from evenings_of(course, people, evenings, rng)
    last = evenings[-1]
    yield act(last, "/v1/completions", 6, course=str(course), completed_on=last.isoformat())


def evenings_of(
    course: UUID, people: Sequence[str], evenings: Sequence[date], rng: Random
) -> Iterator[Act]:
    for evening in evenings:
        session = str(uuid5(course, evening.isoformat()))
        at = office_hour(evening, 17)
        held = {"course": str(course), "held_on": evening.isoformat(), "hours": 2}
        yield Act(at, "/v1/sessions", {"id": session, **held}, 4)
        present = [person for person in people if rng.random() < 0.9]
        came = {"course": str(course), "session": session, "learners": present or [people[0]]}
        yield Act(at, "/v1/attendances", came, 5)
