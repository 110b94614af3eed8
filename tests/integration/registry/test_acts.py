"""The acts of the registry over HTTP, as they are answered and as they are read afterwards."""

from registry_desk import AUDITOR, CHAIR, LONG_HE, OFFICER, SIGNER

NATIONAL_ID = "014095000123"


async def test_the_maps_of_the_province_are_the_first_events_known_since_2000(desk):
    rows = await desk.stores.pool.fetch(
        "select type, count(*), min(recorded_at)::text as since from event group by type"
    )
    counted = {row["type"]: row["count"] for row in rows}
    assert counted["registry.AreaOpened"] == 200 + 68
    assert counted["registry.AreaClosed"] == counted["registry.AreaSucceeded"] == 193
    assert {row["since"] for row in rows} == {"2000-01-01 00:00:00+00"}


async def test_a_case_goes_from_registration_to_proposal_through_three_persons(desk):
    case = await desk.a_proposed_case()
    found = await desk.read(f"cases/{case}")
    assert (found["state"], found["version"], found["area"]) == ("proposed", 4, LONG_HE)
    assert found["self_assessment"]["passed"]
    assert found["verification"]["passed"]
    assert found["verification"]["assessor"] != found["proposer"]


async def test_a_reply_to_scores_says_what_they_come_to_and_why(desk):
    case, scores = await desk.a_case(), await desk.full_marks()
    scores["scores"][0]["points"] = 1
    vi = await desk.done("self-assessments", case=case, key="s", **scores)
    en = await desk.done(
        "self-assessments", case=case, key="s", headers={"accept-language": "en"}, **scores
    )
    assert vi["result"]["passed"] is False
    assert vi["result"]["reason"].startswith("Chưa đạt")
    assert en["result"]["reason"].startswith("Not passed")
    assert (en["id"], en["position"]) == (vi["id"], vi["position"])
    assert [item["met"] for item in en["result"]["items"]].count(False) == 1


async def test_a_new_person_is_entered_with_the_registration_in_one_append(desk):
    before = await desk.events()
    answered = await desk.done(
        "registrations", model="citizen", season=2025,
        new_subject={"model": "citizen", "area": "03763", "entered_on": "2025-09-01",
                     "name": "Quàng Văn Sơn", "national_id": NATIONAL_ID, "birth_year": 1995,
                     "group": "worker"},
    )  # fmt: skip
    assert answered["position"] == before + 2
    case = await desk.read(f"cases/{answered['id']}")
    subject = await desk.read(f"subjects/{case['subject']}")
    assert (subject["name"], subject["national_id"], subject["birth_year"]) == (
        "Quàng Văn Sơn", NATIONAL_ID, 1995,
    )  # fmt: skip


async def test_a_known_person_is_used_and_not_entered_twice(desk):
    known = await desk.a_citizen(national_id=NATIONAL_ID)
    answered = await desk.done(
        "registrations", model="citizen", season=2025,
        new_subject={"model": "citizen", "area": LONG_HE, "entered_on": "2025-09-01",
                     "name": "Lò Mai", "national_id": "014 095 000 123", "group": "farmer"},
    )  # fmt: skip
    assert (await desk.read(f"cases/{answered['id']}"))["subject"] == known
    problem = (
        await desk.post(
            "subjects", model="citizen", area=LONG_HE, name="Ai đó", national_id=NATIONAL_ID,
            group="farmer",
        )
    ).json()  # fmt: skip
    assert (problem["status"], problem["code"]) == (409, "already-exists")
    assert known in problem["detail"]
    assert NATIONAL_ID not in str(problem)
    assert "Ai đó" not in str(problem)


async def test_a_registration_may_be_withdrawn_and_made_again(desk):
    subject = await desk.a_citizen()
    case = await desk.a_case(subject)
    assert await desk.refused("registrations", subject=subject, model="citizen", season=2025) == (
        409, "case-exists",
    )  # fmt: skip
    await desk.done("withdrawals", case=case)
    assert await desk.a_case(subject) == case
    assert (await desk.read(f"cases/{case}"))["state"] == "registered"


async def test_a_rejection_is_final_and_its_reason_is_for_those_who_may_read_it(desk):
    subject = await desk.a_citizen()
    case = await desk.a_proposed_case(subject)
    await desk.done(
        "rejections", case=case, reason="Hồ sơ thiếu minh chứng", headers=desk.bearer(SIGNER, who=4)
    )
    assert await desk.refused("registrations", subject=subject, model="citizen", season=2025) == (
        409, "case-exists",
    )  # fmt: skip
    to_officer = await desk.read(f"cases/{case}")
    assert to_officer["rejection_reason"] == "Hồ sơ thiếu minh chứng"
    to_auditor = (await desk.get(f"cases/{case}", headers=desk.bearer(AUDITOR))).json()
    assert (to_auditor["state"], to_auditor["rejection_reason"]) == ("rejected", None)


async def test_families_have_a_head_who_is_a_citizen(desk):
    head = await desk.a_citizen()
    form = {"model": "family", "area": LONG_HE, "entered_on": "2025-09-01", "name": "Hộ bà Mai"}
    family = await desk.done("subjects", head=head, **form)
    assert (await desk.read(f"subjects/{family['id']}"))["head"] == head
    assert await desk.refused("subjects", head=family["id"], **form) == (422, "wrong-model")
    nobody = "01997000-0000-7000-8000-00000000000a"
    assert await desk.refused("subjects", head=nobody, **form) == (404, "not-found")


async def test_a_village_is_minted_and_lives_on_when_its_commune_goes(desk):
    first = await desk.done(
        "villages", commune="03742@1900-01-01", name="Nà Tòng", opened_on="2024-03-01"
    )
    village = first["area"]
    assert village == "03742-001@2024-03-01"
    mine = desk.bearer("village_chapter_officer", village)
    citizen = await desk.done(
        "subjects", headers=mine, model="citizen", area=village, entered_on="2025-09-01",
        name="Vì Văn Long", group="farmer",
    )  # fmt: skip
    found = await desk.get(f"subjects/{citizen['id']}", headers=mine)
    assert found.json()["area"] == village
    now = await desk.read("areas", under="03763")
    assert [(one["area"], one["parent"]) for one in now["items"]] == [(village, LONG_HE)]
    officer = await desk.get(f"subjects/{citizen['id']}", headers=desk.bearer(OFFICER, "03763"))
    assert officer.status_code == 200
    assert await desk.refused(
        "villages", commune="03742@1900-01-01", name="nà tòng", opened_on="2024-03-01"
    ) == (409, "already-exists")


async def test_one_person_may_not_verify_and_propose(desk):
    case = await desk.a_verified_case()
    assert await desk.refused("proposals", case=case, headers=desk.bearer(CHAIR, who=2)) == (
        403, "same-person",
    )  # fmt: skip


async def test_nobody_is_claimed_for_an_officer_of_elsewhere(desk):
    form = {"model": "citizen", "area": LONG_HE, "name": "Lò Thị Mai", "group": "farmer"}
    assert await desk.refused(
        "subjects", headers=desk.bearer(OFFICER, "03757"), national_id=NATIONAL_ID, **form
    ) == (403, "outside-area")
    assert await desk.stores.vault_pool.fetchval("select count(*) from blind_index") == 0


REFUSALS = [
    ("registrations", {"model": "family", "season": 2025}, (422, "wrong-model")),
    ("registrations", {"model": "citizen", "season": 2023}, (422, "invalid")),
    ("registrations", {"model": "citizen", "season": 2025, "registered_on": "2025-07-01"},
     (422, "invalid")),
    ("registrations", {"model": "citizen", "season": 2025, "registered_on": "2025-10-16"},
     (422, "invalid")),
]  # fmt: skip


async def test_a_registration_that_cannot_be_is_refused(desk):
    subject = await desk.a_citizen()
    for path, body, expected in REFUSALS:
        assert await desk.refused(path, subject=subject, **body) == expected, body


async def test_scores_out_of_range_or_of_another_set_are_refused(desk):
    case, scores = await desk.a_case(), await desk.full_marks()
    high = {**scores, "scores": [{**scores["scores"][0], "points": 11}, *scores["scores"][1:]]}
    assert await desk.refused("self-assessments", case=case, **high) == (422, "score-out-of-range")
    other = await desk.full_marks("family")
    assert await desk.refused("self-assessments", case=case, **other) == (422, "wrong-model")


async def test_a_place_that_was_not_there_that_day_is_unknown(desk):
    assert await desk.refused(
        "subjects",
        model="citizen",
        area="03763",
        entered_on="2025-06-01",
        name="Ai",
        group="farmer",
    ) == (422, "unknown-area")
