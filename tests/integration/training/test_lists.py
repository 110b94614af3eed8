"""Lists of courses and learners: newest first, by area and kind and state, a page at a time."""

import pytest
from desk import LONG_HE, OFFICER

E_TONG = "03742@1900-01-01"  # became a part of Long Hẹ


async def titles(desk, **query) -> list[str]:
    return [one["title"] for one in await desk.listed(**query)]


@pytest.fixture
async def shelf(desk):
    """Four courses in three places, and a headcount."""
    await desk.a_course(title="Mận", starts_on="2025-09-01")
    await desk.a_course(
        title="Mường Khiêng", area="03757", kind="LAW_POLICY", starts_on="2025-09-03"
    )
    await desk.a_course(title="É Tòng", area=E_TONG, starts_on="2025-05-01")
    await desk.done("cancellations", course=await desk.a_course(title="Ngô"), reason="Mưa lũ")
    await desk.done(
        "headcounts", title="Hội thảo", kind="SEMINAR", area="14",
        held_on="2025-09-05", participants=38,
    )  # fmt: skip
    return desk


async def test_the_newest_comes_first_and_headcounts_are_among_the_courses(shelf):
    listed = await shelf.listed()
    assert [one["title"] for one in listed][:2] == ["Hội thảo", "Mường Khiêng"]
    assert [one["title"] for one in listed][-1] == "É Tòng"
    assert [one["headcount"] for one in listed] == [True, False, False, False, False]


async def test_a_list_is_narrowed_by_kind_and_state(shelf):
    assert await titles(shelf, kind="LAW_POLICY") == ["Mường Khiêng"]
    assert await titles(shelf, state="cancelled") == ["Ngô"]
    assert await titles(shelf, state="completed") == ["Hội thảo"]


async def test_a_commune_has_its_own_courses_and_those_of_what_it_succeeded(shelf):
    assert await titles(shelf, area="03763") == await titles(shelf, area=LONG_HE)
    assert set(await titles(shelf, area="03763")) == {"Mận", "Ngô", "É Tòng"}
    assert await titles(shelf, area=E_TONG) == ["É Tòng"]
    assert len(await titles(shelf, area="14")) == 5


async def test_an_officer_of_a_commune_sees_the_courses_of_her_commune(shelf):
    mine = {"headers": shelf.bearer(OFFICER, "03757")}
    await shelf.listed()
    found = (await shelf.get("courses", **mine)).json()["items"]
    assert [one["title"] for one in found] == ["Mường Khiêng"]
    refused = await shelf.get("courses", area="03763", **mine)
    assert (refused.status_code, refused.json()["code"]) == (403, "outside-area")


async def test_a_viewer_of_statistics_sees_no_list(shelf):
    refused = await shelf.get("courses", headers=shelf.bearer("statistics_viewer"))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_pages_follow_one_another_without_gap_or_repetition(desk):
    rows = [
        {"key": str(n), "kind": "SEMINAR", "area": "14", "participants": n,
         "held_on": f"2025-09-{1 + n // 5:02d}"}
        for n in range(23)
    ]  # fmt: skip
    await desk.many("headcounts", rows)
    await desk.listed()
    seen, cursor = [], None
    while True:
        query = {"limit": 5} | ({"cursor": cursor} if cursor else {})
        page = await desk.read("courses", **query)
        seen += [one["participants"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        assert len(page["items"]) == 5
    assert sorted(seen) == list(range(23))


async def test_a_cursor_goes_on_in_the_list_it_came_from(desk):
    rows = [{"key": str(n), "kind": "SEMINAR", "area": "14", "participants": n} for n in range(3)]
    await desk.many("headcounts", rows)
    await desk.listed()
    cursor = (await desk.read("courses", limit=1))["next"]
    refused = await desk.get("courses", limit=1, kind="SEMINAR", cursor=cursor)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


WRONG_QUESTIONS = [
    ({"limit": 0}, "invalid"),
    ({"limit": 201}, "invalid"),
    ({"kind": "COOKING"}, "invalid"),
    ({"state": "lost"}, "invalid"),
    ({"area": "99999"}, "unknown-area"),
    ({"area": "03763@yesterday"}, "unknown-area"),
    ({"cursor": "garbage"}, "invalid"),
    ({"min_position": "14.funds:1"}, "invalid"),
    ({"min_position": "4711"}, "invalid"),
]


async def test_a_wrong_question_is_refused(desk):
    for query, code in WRONG_QUESTIONS:
        answered = await desk.get("courses", **query)
        assert (answered.status_code, answered.json()["code"]) == (422, code), query


async def test_a_position_that_does_not_come_is_not_waited_for_longer_than_asked(desk):
    answered = await desk.get("courses", min_position="14.training:1", wait=0.05)
    assert (answered.status_code, answered.json()["code"]) == (503, "position-not-reached")
    assert answered.headers["retry-after"]


async def test_a_course_shows_its_learners_and_how_often_they_came(desk):
    course, people = await desk.an_open_course(learners=3)
    for day, present in (("2025-09-02", people[:2]), ("2025-09-03", people[:1])):
        session = (await desk.done("sessions", course=course, held_on=day))["id"]
        await desk.done("attendances", course=course, session=session, learners=present)
    listed = await desk.listed(f"courses/{course}/learners")
    assert {one["learner"]: one["attended"] for one in listed} == dict(
        zip(people, [2, 1, 0], strict=True)
    )
    first = await desk.read(f"courses/{course}/learners", limit=2)
    rest = await desk.read(f"courses/{course}/learners", limit=2, cursor=first["next"])
    assert [one["learner"] for one in first["items"] + rest["items"]] == sorted(people)
    assert rest["next"] is None


async def test_whoever_has_this_version_is_not_sent_it_again(desk):
    course = await desk.a_course()
    found = await desk.get(f"courses/{course}")
    again = await desk.get(f"courses/{course}", headers={"if-none-match": found.headers["etag"]})
    assert (found.headers["etag"], again.status_code) == ('"1"', 304)


async def test_what_does_not_exist_is_not_found(desk):
    for path in ("courses", "sessions"):
        for wanted, status in (("01997000-0000-7000-8000-00000000000a", 404), ("mận", 422)):
            assert (await desk.get(f"{path}/{wanted}")).status_code == status
