"""What training refuses, how it says so, and that nothing is left behind."""

import unicodedata
from uuid import uuid4

from desk import LONG_HE

HEADCOUNT = {"kind": "LITERACY", "area": LONG_HE, "held_on": "2025-09-01", "participants": 34}
COURSE = {
    "kind": "LITERACY",
    "title": "Lớp xóa mù chữ",
    "area": LONG_HE,
    "starts_on": "2025-09-01",
    "ends_on": "2025-09-30",
}

WRONG_HEADCOUNTS = [
    ({"area": "99999"}, "unknown-area", "99999"),
    ({"area": "Atlantis"}, "unknown-area", "Atlantis"),
    ({"area": "03763", "held_on": "2025-06-30"}, "unknown-area", "03763@1900-01-01"),
    ({"area": "03763@1900-01-01"}, "unknown-area", "03763@2025-07-01"),
    ({"held_on": "2025-10-16"}, "invalid", "2025-10-15"),
    ({"held_on": "2025-02-30"}, "invalid", "held_on"),
    ({"held_on": "01/09/2025"}, "invalid", "held_on"),
    ({"held_on": 20250901}, "invalid", "held_on"),
    ({"ended_on": "2025-08-31"}, "invalid", "2025-08-31"),
    ({"ended_on": "2025-10-16"}, "invalid", "ended_on"),
    ({"participants": -1}, "invalid", "participants"),
    ({"participants": 12.5}, "invalid", "participants"),
    ({"participants": 1_000_001}, "invalid", "participants"),
    ({"participants": 10**30}, "invalid", "participants"),
    ({"participants": "34"}, "invalid", "participants"),
    ({"participants": None}, "invalid", "participants"),
    ({"kind": "COOKING"}, "invalid", "COOKING"),
    ({"kind": "literacy"}, "invalid", "literacy"),
    ({"teacher": "cô Hoa"}, "invalid", "teacher"),
    ({"title": ""}, "invalid", "title"),
    ({"title": "x" * 201}, "invalid", "title"),
    ({"id": "not-a-uuid"}, "invalid", "id"),
]


async def test_a_wrong_headcount_is_refused_by_the_value_that_is_wrong(desk):
    for change, code, word in WRONG_HEADCOUNTS:
        answered = await desk.post("headcounts", **(HEADCOUNT | change))
        problem = answered.json()
        assert (answered.status_code, problem["code"]) == (422, code), change
        assert answered.headers["content-type"] == "application/problem+json"
        assert word in problem["detail"] + str(problem["errors"]), change
    assert await desk.events() == 0


async def test_a_headcount_without_what_it_needs_is_refused(desk):
    for missing in ("kind", "area", "participants"):
        body = {name: value for name, value in HEADCOUNT.items() if name != missing}
        status, code, _ = await desk.refused("headcounts", **body)
        assert (status, code) == (422, "invalid")


WRONG_COURSES = [
    ({"ends_on": "2025-08-31"}, "2025-08-31"),
    ({"capacity": 0}, "capacity"),
    ({"capacity": 100_001}, "capacity"),
    ({"planned_on": "2025-10-16"}, "planned_on"),
    ({"starts_on": "2025-06-30", "ends_on": "2025-09-30"}, "03763@1900-01-01"),
]


async def test_a_wrong_plan_is_refused_by_the_value_that_is_wrong(desk):
    for change, word in WRONG_COURSES:
        problem = (await desk.post("courses", **(COURSE | change))).json()
        assert problem["status"] == 422, change
        assert word in problem["detail"] + str(problem["errors"]), change
    assert await desk.events() == 0


async def test_a_plan_may_lie_ahead_its_acts_may_not(desk):
    course = (await desk.done("courses", **(COURSE | {"ends_on": "2026-09-30"})))["id"]
    for path, field, more in (
        ("openings", "opened_on", {}),
        ("sessions", "held_on", {}),
        ("completions", "completed_on", {"participants": 3}),
        ("cancellations", "cancelled_on", {"reason": "Mưa lũ"}),
    ):
        day = {field: "2025-10-16"}
        status, code, detail = await desk.refused(path, course=course, **day, **more)
        assert (status, code) == (422, "invalid")
        assert field in detail


async def test_a_full_course_takes_nobody(desk):
    course, _ = await desk.an_open_course(learners=1, capacity=1)
    status, code, detail = await desk.refused("enrolments", course=course, learner=str(uuid4()))
    assert (status, code) == (409, "wrong-state")
    assert detail == f"lớp {course} đã đủ sĩ số: cả 1 chỗ đều có người"


async def test_nobody_enrols_twice(desk):
    course, (learner,) = await desk.an_open_course(learners=1)
    status, code, detail = await desk.refused("enrolments", course=course, learner=learner)
    assert (status, code) == (409, "wrong-state")
    assert learner in detail


async def test_attendance_of_somebody_not_enrolled_is_refused_whole(desk):
    course, people = await desk.an_open_course(learners=2)
    session = (await desk.done("sessions", course=course, held_on="2025-09-02"))["id"]
    stranger = str(uuid4())
    answered = await desk.post(
        "attendances", course=course, session=session, learners=[*people, stranger]
    )
    problem = answered.json()
    assert (answered.status_code, problem["code"]) == (409, "wrong-state")
    assert [(one["pointer"], one["value"]) for one in problem["errors"]] == [
        ("/learners/2", stranger)
    ]
    assert (await desk.read(f"sessions/{session}"))["attended"] == 0


async def test_attendance_names_a_session_of_that_course(desk):
    course, people = await desk.an_open_course(learners=1)
    other = await desk.a_course()
    session = (await desk.done("sessions", course=other, held_on="2025-09-02"))["id"]
    status, code, detail = await desk.refused(
        "attendances", course=course, session=session, learners=people
    )
    assert (status, code) == (422, "invalid")
    assert session in detail


async def test_a_course_ends_once(desk):
    course, _ = await desk.an_open_course(learners=1)
    await desk.done("completions", course=course)
    for path, more in (
        ("completions", {}),
        ("cancellations", {"reason": "Muộn"}),
        ("openings", {}),
        ("sessions", {"held_on": "2025-09-02"}),
        ("enrolments", {"learner": str(uuid4())}),
    ):
        status, code, detail = await desk.refused(path, course=course, **more)
        assert (status, code) == (409, "wrong-state"), path
        assert "đã hoàn thành: không thể" in detail


async def test_names_and_a_number_are_not_given_together(desk):
    course, _ = await desk.an_open_course(learners=2)
    status, code, _ = await desk.refused("completions", course=course, participants=2)
    assert (status, code) == (409, "wrong-state")
    nobody = await desk.a_course()
    status, code, _ = await desk.refused("completions", course=nobody)
    assert (status, code) == (422, "invalid")


async def test_a_course_nobody_planned_is_not_found(desk):
    for path in ("openings", "completions", "sessions"):
        ghost = str(uuid4())
        status, code, detail = await desk.refused(path, course=ghost)
        assert (status, code) == (404, "not-found")
        assert ghost in detail


async def test_a_headcount_is_over_and_takes_no_acts_of_a_course(desk):
    over = (await desk.done("headcounts", **HEADCOUNT))["id"]
    status, code, _ = await desk.refused("completions", course=over, participants=3)
    assert (status, code) == (404, "not-found")


async def test_a_title_is_kept_in_composed_form(desk):
    apart = unicodedata.normalize("NFD", "Kỹ thuật trồng mận hậu")
    course = (await desk.done("courses", **(COURSE | {"title": apart})))["id"]
    assert (await desk.read(f"courses/{course}"))["title"] == unicodedata.normalize("NFC", apart)


BODIES = [
    (b'{"kind":"LITERACY","title":"\xff\xfe"}', 400, "malformed"),
    (b'{"kind":"LITERACY"', 400, "malformed"),
    (b"", 400, "malformed"),
    (b"[" * 100_000 + b"]" * 100_000, 400, "malformed"),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "malformed"),
    (b"[]", 422, "invalid"),
    (b"null", 422, "invalid"),
    (b" " * (1 << 20) + b"{}", 413, "too-large"),
]


async def test_what_cannot_be_read_is_refused(desk):
    headers = {"idempotency-key": "a", "content-type": "application/json", **desk.bearer()}
    for body, status, code in BODIES:
        answered = await desk.client.post("/v1/headcounts", content=body, headers=headers)
        assert (answered.status_code, answered.json()["code"]) == (status, code), body[:30]
    assert await desk.events() == 0


async def test_every_command_needs_a_key_of_1_to_64_plain_characters(desk):
    for key in (None, "", "x" * 65, "chữ".encode()):
        headers = {**desk.bearer(), **({} if key is None else {"idempotency-key": key})}
        answered = await desk.client.post("/v1/headcounts", json=HEADCOUNT, headers=headers)
        assert (answered.status_code, answered.json()["code"]) == (400, "key-required"), key
    assert await desk.events() == 0


async def test_a_form_is_not_taken(desk):
    headers = {"idempotency-key": "a", **desk.bearer()}
    answered = await desk.client.post("/v1/headcounts", data={"kind": "x"}, headers=headers)
    assert (answered.status_code, answered.json()["code"]) == (415, "unsupported-media")


async def test_an_answer_speaks_the_callers_language(desk):
    titles = {
        language: (
            await desk.post("headcounts", headers={"accept-language": language}, area="99999")
        ).json()["title"]
        for language in ("vi", "en")
    }
    assert titles == {"vi": "Dữ liệu không hợp lệ", "en": "Invalid data"}
