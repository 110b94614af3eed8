"""Many acts in one body: each row stands alone, and the same body may be sent again."""

import json
from uuid import uuid4

from desk import LONG_HE


def headcount(n: int, **changes) -> dict:
    row = {"key": f"row-{n}", "kind": "TECH_TRANSFER", "area": LONG_HE, "participants": n % 90}
    return row | {"held_on": f"2025-09-{1 + n % 28:02d}"} | changes


async def test_a_thousand_headcounts_come_in_one_body_and_again_change_nothing(desk):
    rows = [headcount(n) for n in range(1000)]
    *first, summary = await desk.many("headcounts", rows)
    *again, repeated = await desk.many("headcounts", rows)
    assert summary == {"summary": {"accepted": 1000, "replayed": 0, "refused": 0, "position": 1000}}
    assert repeated["summary"] == {
        "accepted": 0, "replayed": 1000, "refused": 0, "position": 1000
    }  # fmt: skip
    assert [line["position"] for line in first] == list(range(1, 1001))
    assert [line | {"verdict": "accepted"} for line in again] == first


async def test_one_malformed_row_stops_no_other(desk):
    rows = [headcount(n) for n in range(5000)]
    rows[4710] = '{"key":"row-4710","kind":'
    *lines, last = await desk.many("headcounts", rows)
    wrong = lines[4710]
    assert (wrong["row"], wrong["verdict"], wrong["problem"]["code"]) == (
        4711, "refused", "malformed"
    )  # fmt: skip
    assert last["summary"]["accepted"] == 4999
    assert last["summary"]["refused"] == 1
    assert await desk.events() == 4999


async def test_each_wrong_row_gets_its_own_problem(desk):
    rows = [
        headcount(1, area="03649"),
        headcount(2, held_on="2025-10-16"),
        headcount(3, participants=-1),
        headcount(4, teacher="cô Hoa"),
        {**headcount(5), "key": None},
        headcount(6, key="row-7"),
        headcount(7),
    ]
    *lines, last = await desk.many("headcounts", rows)
    assert [line["problem"] and line["problem"]["code"] for line in lines] == [
        "unknown-area", "invalid", "invalid", "invalid", "key-required", None, "key-reused"
    ]  # fmt: skip
    assert last["summary"]["accepted"] == await desk.events() == 1


async def test_a_class_list_longer_than_the_room_fills_it_and_names_who_stays_out(desk):
    course, _ = await desk.an_open_course(capacity=30)
    rows = [{"key": f"k{n}", "course": course, "learner": str(uuid4())} for n in range(45)]
    *lines, last = await desk.many("enrolments", rows)
    assert last["summary"]["accepted"] == 30
    verdicts = [line["verdict"] for line in lines]
    assert verdicts == ["accepted"] * 30 + ["refused"] * 15
    assert {line["problem"]["code"] for line in lines[30:]} == {"wrong-state"}
    assert (await desk.read(f"courses/{course}"))["enrolled"] == 30


async def test_every_act_has_its_bulk_form(desk):
    course, other = await desk.a_course(), await desk.a_course()
    learner, session = str(uuid4()), str(uuid4())
    plan = {"kind": "CULTURE", "title": "Hát Thái", "area": LONG_HE}
    for path, row in (
        ("courses", {**plan, "starts_on": "2025-11-01", "ends_on": "2025-11-02"}),
        ("openings", {"course": course}),
        ("enrolments", {"course": course, "learner": learner}),
        ("sessions", {"id": session, "course": course, "held_on": "2025-09-02"}),
        ("attendances", {"course": course, "session": session, "learners": [learner]}),
        ("completions", {"course": course, "if_version": 4}),
        ("cancellations", {"course": other, "reason": "Mưa lũ"}),
        ("headcounts", {"kind": "SEMINAR", "area": "14", "participants": 40}),
    ):
        line, last = await desk.many(path, [{"key": path, **row}])
        assert line["verdict"] == "accepted", (path, line)
        assert last["summary"]["accepted"] == 1


async def test_a_row_of_a_batch_and_a_single_request_are_the_same_command(desk):
    row = headcount(1)
    line, _ = await desk.many("headcounts", [row])
    body = {name: value for name, value in row.items() if name != "key"}
    again = await desk.post("headcounts", key="row-1", **body)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["id"] == line["id"]


async def test_ten_thousand_and_one_rows_are_too_many_and_none_is_taken(desk):
    body = "\n".join(json.dumps(headcount(n)) for n in range(10_001))
    answered = await desk.client.post(
        "/v1/headcounts",
        content=body.encode(),
        headers={"content-type": "application/x-ndjson", **desk.bearer()},
    )
    assert (answered.status_code, answered.json()["code"]) == (413, "too-large")
    assert await desk.events() == 0
