"""Who may act and read in training, and whose tokens are believed."""

import time
from uuid import uuid4

from chassis.edge.auth import Role
from desk import LONG_HE, OFFICER

HEADCOUNT = {"kind": "LITERACY", "area": LONG_HE, "held_on": "2025-09-01", "participants": 34}
MAY_WRITE = {Role.COMMUNE_ASSOCIATION_OFFICER, Role.PROVINCIAL_ASSOCIATION_OFFICER}
MAY_READ = MAY_WRITE | {Role.AUDITOR_EXTERNAL}


async def test_only_officers_of_the_association_report_courses(desk):
    for role in Role:
        answered = await desk.post("headcounts", headers=desk.bearer(role, "14"), **HEADCOUNT)
        assert answered.status_code == (201 if role in MAY_WRITE else 403), role


async def test_only_they_and_auditors_read_a_course(desk):
    course = await desk.a_course()
    for role in Role:
        answered = await desk.get(f"courses/{course}", headers=desk.bearer(role, "14"))
        assert answered.status_code == (200 if role in MAY_READ else 403), role


async def test_an_officer_acts_in_her_commune_and_in_what_it_succeeded(desk):
    mine = desk.bearer(OFFICER, "03763")
    for area, day, status in (
        (LONG_HE, "2025-09-01", 201),
        ("03742@1900-01-01", "2025-06-01", 201),
        ("03757", "2025-09-01", 403),
        ("14", "2025-09-01", 403),
    ):
        answered = await desk.post(
            "headcounts", headers=mine, **(HEADCOUNT | {"area": area, "held_on": day})
        )
        assert answered.status_code == status, (area, answered.text)


async def test_an_officer_of_another_commune_touches_no_course_of_this_one(desk):
    course, people = await desk.an_open_course(learners=1)
    session = (await desk.done("sessions", course=course, held_on="2025-09-02"))["id"]
    other = desk.bearer(OFFICER, "03757")
    for path, body in (
        ("enrolments", {"learner": str(uuid4())}),
        ("sessions", {"held_on": "2025-09-03"}),
        ("attendances", {"session": session, "learners": people}),
        ("completions", {}),
        ("cancellations", {"reason": "Mưa lũ"}),
    ):
        answered = await desk.post(path, headers=other, course=course, **body)
        assert (answered.status_code, answered.json()["code"]) == (403, "outside-area"), path
    for path in (f"courses/{course}", f"courses/{course}/learners", f"sessions/{session}"):
        answered = await desk.get(path, headers=other)
        assert (answered.status_code, answered.json()["code"]) == (403, "outside-area"), path


async def test_no_bad_token_opens_anything(desk):
    officer = ("provincial_association_officer", "14")
    make = desk.issuer
    for token in (
        make.token(officer, exp=int(time.time()) - 60),
        make.token(officer, aud="another"),
        make.token(officer, iss="https://elsewhere.example"),
        make.unsigned(officer),
        make.signed_with_the_public_key(officer),
        make.token(officer)[:-4] + "AAAA",
        "nonsense",
        "",
    ):
        headers = {"authorization": f"Bearer {token}"}
        for answered in (
            await desk.post("headcounts", headers=headers, **HEADCOUNT),
            await desk.get("courses", headers=headers),
        ):
            problem = answered.json()
            assert (answered.status_code, problem["code"]) == (401, "unauthenticated")
            assert answered.headers["www-authenticate"].startswith("Bearer")
    assert await desk.events() == 0


async def test_without_a_token_only_labels_and_health_are_answered(desk):
    for path, status in (
        ("/v1/labels", 200), ("/livez", 200), ("/readyz", 200), ("/openapi.json", 200),
        ("/v1/courses", 401), ("/v1/events", 401), ("/v1/position", 401), ("/v1/areas", 401),
    ):  # fmt: skip
        assert (await desk.client.get(path)).status_code == status, path


async def test_the_log_is_replayed_for_auditors_of_the_province_only(desk):
    await desk.done("headcounts", **HEADCOUNT)
    for role, area, status in (
        ("auditor_external", "14", 200),
        ("auditor_external", "03763", 403),
        ("provincial_association_officer", "14", 403),
    ):
        answered = await desk.get("events", headers=desk.bearer(role, area))
        assert answered.status_code == status, (role, area)
