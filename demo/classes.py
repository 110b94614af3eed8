"""Generated training: headcounts from the mountains, and classes followed learner by learner."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from demo.acts import Act
from demo.calendar import AS_OF, FIRST_DAY, REFORM, a_day, entered, office_hour
from demo.figures import Figure, expected

COURSES = uuid5(NAMESPACE_URL, "urn:khuyenhoc:demo:course")


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


People = Callable[[str, int, date, Random], list[str]]
"""So many learners for a class in an area that is filled on a day: subject ids."""


def training(programme: Programme, people: People, places: Places, rng: Random) -> Iterator[Act]:
    """Every eighth class is followed learner by learner when it is small enough to be a class."""
    for n, participants in enumerate(shares(programme.participants, programme.courses, rng)):
        provincial = programme.kind in {"SEMINAR", "CONTEST"}
        if n % 8 == 0 and 0 < participants <= 120 and not provincial:
            yield from a_class(programme, n, participants, people, places, rng)
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


def a_class(
    programme: Programme, n: int, seats: int, people: People, places: Places, rng: Random
) -> Iterator[Act]:
    """Planned, opened, filled, held over three evenings, completed; entered as it happens."""
    starts = a_day(rng, last=AS_OF - timedelta(days=10))
    evenings = [starts, starts + timedelta(days=2), starts + timedelta(days=4)]
    area = places.on(starts, rng)
    course = uuid5(COURSES, f"{programme.kind}/{n}/{area}/{starts}")

    def act(day: date, path: str, after: int, **body: Any) -> Act:
        return Act(office_hour(day, 17), path, body, after)

    planned, opened = planned_and_opened(starts)
    learners = people(area, seats, opened, rng)
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
    for learner in learners:
        yield act(
            opened,
            "/v1/enrolments",
            3,
            course=str(course),
            learner=learner,
            enrolled_on=opened.isoformat(),
        )
    yield from evenings_of(course, learners, evenings, rng)
    last = evenings[-1]
    yield act(last, "/v1/completions", 6, course=str(course), completed_on=last.isoformat())


def planned_and_opened(starts: date) -> tuple[date, date]:
    """Ten and five days before, but nobody is enrolled in a commune that is not there yet."""
    ten, five = starts - timedelta(days=10), starts - timedelta(days=5)
    planned, opened = max(ten, FIRST_DAY), max(five, FIRST_DAY)
    return planned, starts if opened < REFORM <= starts else opened


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
