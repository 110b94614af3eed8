"""The acts of training over HTTP, as they are answered and as they are read afterwards."""

import asyncio
import json
from uuid import uuid4

from desk import LONG_HE
from training.domain.kind import Kind

UUID7 = "01997000-0000-7000-8000-00000000000a"


async def test_courses_of_every_kind_are_planned_and_reported(desk):
    for kind in Kind:
        course = await desk.a_course(kind=kind)
        reported = await desk.done(
            "headcounts", kind=kind, area=LONG_HE, held_on="2025-09-01", participants=34
        )
        found = [await desk.read(f"courses/{one}") for one in (course, reported["id"])]
        assert [(one["kind"], one["headcount"]) for one in found] == [(kind, False), (kind, True)]


async def test_a_reply_says_where_the_thing_is_and_how_far_the_log_has_come(desk):
    answered = await desk.post(
        "courses", kind="SEMINAR", title="Tọa đàm", area="14",
        starts_on="2025-11-01", ends_on="2025-11-02",
    )  # fmt: skip
    reply, headers = answered.json(), answered.headers
    assert headers["location"] == f"/v1/courses/{reply['id']}"
    assert headers["etag"] == '"1"'
    assert headers["kh-position"] == f"14.training:{reply['position']}"
    found = await desk.client.get(headers["location"], headers=desk.bearer())
    assert found.json()["title"] == "Tọa đàm"


async def test_a_client_may_choose_the_id_of_what_it_creates(desk):
    assert await desk.a_course(id=UUID7) == UUID7
    status, code, detail = await desk.refused(
        "headcounts", id=UUID7, kind="SEMINAR", area="14", participants=40
    )
    assert (status, code) == (409, "already-exists")
    assert UUID7 in detail


async def test_a_course_reads_as_it_stands_at_every_step(desk):
    course, people = await desk.an_open_course(learners=2, capacity=30)
    session = (await desk.done("sessions", course=course, held_on="2025-09-02", hours=2))["id"]
    await desk.done("attendances", course=course, session=session, learners=people)
    await desk.done("completions", course=course, completed_on="2025-09-30")
    assert await desk.read(f"courses/{course}") == {
        "id": course,
        "version": 6,
        "headcount": False,
        "kind": "TECH_TRANSFER",
        "title": "Kỹ thuật trồng mận hậu",
        "area": LONG_HE,
        "starts_on": "2025-09-01",
        "ends_on": "2025-09-30",
        "capacity": 30,
        "state": "completed",
        "enrolled": 2,
        "sessions": 1,
        "participants": 2,
        "completed_on": "2025-09-30",
        "held": [{"session": session, "held_on": "2025-09-02"}],
    }


async def test_the_reply_to_a_session_names_the_session(desk):
    course = await desk.a_course()
    answered = await desk.post("sessions", course=course, held_on="2025-09-02", hours=1.5)
    found = await desk.client.get(answered.headers["location"], headers=desk.bearer())
    assert found.json() == {
        "id": answered.json()["id"],
        "version": 1,
        "course": course,
        "area": LONG_HE,
        "held_on": "2025-09-02",
        "hours": 1.5,
        "attended": 0,
    }


async def test_days_left_out_are_today(desk):
    course = await desk.a_course()
    await desk.done("completions", course=course, participants=12)
    assert (await desk.read(f"courses/{course}"))["completed_on"] == "2025-10-15"


async def test_a_headcount_that_ended_the_day_it_was_held_need_not_say_so(desk):
    reported = await desk.done("headcounts", kind="LITERACY", area="03763", participants=0)
    found = await desk.read(f"courses/{reported['id']}")
    assert (found["starts_on"], found["completed_on"]) == ("2025-10-15", "2025-10-15")
    assert (found["state"], found["participants"], found["area"]) == ("completed", 0, LONG_HE)


async def test_a_retry_gets_the_first_answer_even_when_the_course_has_moved_on(desk):
    course, _ = await desk.an_open_course()
    body = {"course": course, "learner": str(uuid4())}
    first = await desk.post("enrolments", key="a", **body)
    await desk.done("cancellations", course=course, reason="Mưa lũ")
    again = await desk.post("enrolments", key="a", **body)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_key_is_not_used_for_two_requests(desk):
    course, _ = await desk.an_open_course()
    await desk.done("enrolments", key="a", course=course, learner=str(uuid4()))
    status, code, _ = await desk.refused("enrolments", key="a", course=course, learner=str(uuid4()))
    assert (status, code) == (422, "key-reused")


async def test_two_people_may_use_the_same_key(desk):
    other = desk.bearer(person=uuid4())
    await desk.done("headcounts", key="a", kind="SEMINAR", area="14", participants=1)
    answered = await desk.post(
        "headcounts", key="a", headers=other, kind="SEMINAR", area="14", participants=2
    )
    assert answered.status_code == 201


async def test_whoever_read_an_older_version_is_told(desk):
    course, _ = await desk.an_open_course(learners=1)
    stale = await desk.post("completions", headers={"if-match": '"1"'}, course=course)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    fresh = await desk.post("completions", headers={"if-match": '"3"'}, course=course)
    assert fresh.status_code == 201


async def test_the_version_a_new_session_is_held_against_is_its_courses(desk):
    course = await desk.a_course()
    body = {"course": course, "held_on": "2025-09-02"}
    stale = await desk.post("sessions", headers={"if-match": '"7"'}, **body)
    assert stale.status_code == 412
    assert (await desk.post("sessions", headers={"if-match": '"1"'}, **body)).status_code == 201


async def test_of_many_who_want_the_last_seats_at_once_as_many_get_one_as_there_are(desk):
    course, _ = await desk.an_open_course(capacity=10)
    answers = await asyncio.gather(
        *(desk.post("enrolments", course=course, learner=str(uuid4())) for _ in range(40))
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] * 10 + [409] * 30
    assert (await desk.read(f"courses/{course}"))["enrolled"] == 10


async def test_a_completion_and_an_enrolment_at_once_never_leave_a_learner_out(desk):
    """Whichever comes first: the completion names exactly those who were let in."""
    course, _ = await desk.an_open_course(learners=1)
    await asyncio.gather(
        desk.post("completions", course=course),
        *(desk.post("enrolments", course=course, learner=str(uuid4())) for _ in range(5)),
    )
    found = await desk.read(f"courses/{course}")
    assert found["participants"] == found["enrolled"]


async def test_a_course_over_the_reform_is_published_in_the_place_of_each_day(desk):
    course = await desk.a_course(
        area="03742@1900-01-01", starts_on="2025-06-20", ends_on="2025-07-05"
    )
    await desk.done("openings", course=course, opened_on="2025-06-25")
    await desk.done("completions", course=course, completed_on="2025-07-05", participants=20)
    events = await desk.get("events", headers=desk.bearer("auditor_external"))
    areas = [json.loads(line)["data"]["area"] for line in events.text.splitlines()]
    assert areas == ["03742@1900-01-01", "03742@1900-01-01", "03763@2025-07-01"]


async def test_a_demo_may_say_when_something_was_recorded(desk):
    then = {"recorded-at": "2024-03-01T09:00:00+07:00"}
    answered = await desk.post(
        "headcounts", headers=then, kind="SEMINAR", area="14", participants=38
    )
    assert answered.json()["recorded_at"] == "2024-03-01T02:00:00Z"
    found = await desk.read(f"courses/{answered.json()['id']}")
    assert found["completed_on"] == "2024-03-01"


async def test_codes_have_names_in_both_languages(desk):
    labels = await desk.read("labels")
    assert labels["course_kinds"]["LITERACY"] == {"vi": "Lớp xóa mù chữ", "en": "Literacy class"}
    assert set(labels["course_kinds"]) == set(Kind)
    assert set(labels["course_states"]) == {"planned", "open", "completed", "cancelled"}
