"""A class in the mountains: it fills, meets and completes, and the log tells it to everybody."""

import json
from uuid import uuid4

import pytest
from desk import LONG_HE, OFFICER, Desk, open_desk

EVENINGS = ["2025-09-02", "2025-09-04", "2025-09-06"]


@pytest.fixture
async def desk(database):
    async with open_desk(database) as opened:
        yield opened


async def published(desk: Desk) -> list[dict]:
    """The story as an auditor reads it."""
    answered = await desk.get("events", headers=desk.bearer("auditor_external"))
    return [json.loads(line) for line in answered.text.splitlines()]


async def test_a_class_fills_meets_and_completes(desk):
    officer = desk.bearer(OFFICER, "03763")
    course = await desk.a_course(
        title="Kỹ thuật trồng mận hậu", capacity=30, planned_on="2025-08-01", headers=officer
    )
    await desk.done("openings", course=course, opened_on="2025-08-15", headers=officer)

    wanting = [str(uuid4()) for _ in range(33)]
    *verdicts, _ = await desk.many(
        "enrolments",
        [
            {"key": who, "course": course, "learner": who, "enrolled_on": "2025-08-20"}
            for who in wanting
        ],
        **officer,
    )
    seated = [v["key"] for v in verdicts if v["verdict"] == "accepted"]
    assert seated == wanting[:30]

    for evening in EVENINGS:
        held = await desk.done("sessions", course=course, held_on=evening, hours=2, headers=officer)
        present = seated if evening == EVENINGS[0] else seated[:27]
        await desk.done(
            "attendances", course=course, session=held["id"], learners=present, headers=officer
        )
    await desk.done("completions", course=course, completed_on=EVENINGS[-1], headers=officer)

    over = await desk.read(f"courses/{course}")
    assert (over["state"], over["participants"], over["sessions"]) == ("completed", 30, 3)
    came = {one["learner"]: one["attended"]
            for one in await desk.listed(f"courses/{course}/learners", limit=200)}  # fmt: skip
    assert sorted(came.values()) == [1] * 3 + [3] * 27

    the_log_tells_it(await published(desk), seated)


def the_log_tells_it(story: list[dict], seated: list[str]) -> None:
    assert [event["position"] for event in story] == list(range(1, len(story) + 1))
    told = [event["type"].rpartition(".")[2] for event in story]
    evening = ["SessionHeld", "Withheld", "AttendanceRecorded"]
    assert told == [
        "CoursePlanned", "EnrolmentOpened", *["LearnerEnrolled"] * 30, *evening * 3,
        "CourseCompleted",
    ]  # fmt: skip
    last = story[-1]["data"]
    assert last["kind"] == "TECH_TRANSFER"
    assert (last["area"], last["completed_on"]) == (LONG_HE, EVENINGS[-1])
    assert (last["participants"], last["learners"]) == (30, seated)


async def test_a_class_that_nobody_wrote_names_for_is_told_by_its_number(desk):
    officer = desk.bearer(OFFICER, "03763")
    reported = await desk.done(
        "headcounts", kind="LITERACY", area="03763", held_on="2025-09-01", ended_on="2025-09-26",
        participants=34, headers=officer,
    )  # fmt: skip
    (story,) = await published(desk)
    assert story["data"] == {
        "headcount": reported["id"],
        "kind": "LITERACY",
        "area": LONG_HE,
        "held_on": "2025-09-01",
        "ended_on": "2025-09-26",
        "participants": 34,
    }
    (listed,) = await desk.listed(area="03763", state="completed")
    assert (listed["id"], listed["participants"]) == (reported["id"], 34)


async def test_a_class_called_off_by_the_rain_leaves_no_seat_behind(desk):
    course, _ = await desk.an_open_course(learners=2)
    await desk.done("cancellations", course=course, reason="Mưa lũ, sạt lở đường")
    answered = await desk.post("enrolments", course=course, learner=str(uuid4()))
    assert (answered.status_code, answered.json()["code"]) == (409, "wrong-state")
    assert (await desk.read(f"courses/{course}"))["state"] == "cancelled"
    assert "sạt lở" not in json.dumps(await published(desk), ensure_ascii=False)
