"""Thousands of rows at once: each decided alone, each person met once."""

from registry_desk import LONG_HE


def newcomer(number: int, **changes) -> dict:
    form = {
        "model": "citizen", "area": LONG_HE, "entered_on": "2025-09-01",
        "name": f"Lò Văn {number}", "national_id": f"014{number:09d}", "birth_year": 1990,
        "group": "farmer",
    }  # fmt: skip
    return {
        "key": f"r{number}", "model": "citizen", "season": 2025, "new_subject": form | changes,
    }  # fmt: skip


async def test_two_thousand_new_people_are_registered_in_one_body(desk):
    before = await desk.events()
    *lines, last = await desk.many("registrations", map(newcomer, range(2000)))
    assert last["summary"] == {
        "accepted": 2000, "replayed": 0, "refused": 0, "position": before + 4000,
    }  # fmt: skip
    case = await desk.read(f"cases/{lines[1234]['id']}")
    assert (await desk.read(f"subjects/{case['subject']}"))["name"] == "Lò Văn 1234"
    *_, again = await desk.many("registrations", map(newcomer, range(2000)))
    assert again["summary"]["replayed"] == 2000
    assert await desk.stores.vault_pool.fetchval("select count(*) from data_key") == 2000


async def test_one_bad_row_takes_no_other_with_it(desk):
    rows = [newcomer(n) for n in range(50)]
    rows[17] = newcomer(17, national_id="12")
    rows[18] = newcomer(18, area="99999")
    rows[19] = newcomer(19, model="family", group=None)
    *lines, last = await desk.many("registrations", rows)
    assert (last["summary"]["accepted"], last["summary"]["refused"]) == (47, 3)
    refused = {line["row"]: line["problem"]["code"] for line in lines if line["problem"]}
    assert refused == {18: "invalid", 19: "unknown-area", 20: "invalid"}
    assert "Lò Văn 17" not in str(lines[17])


async def test_the_same_person_twice_in_one_body_is_entered_once(desk):
    rows = [
        newcomer(1),
        {**newcomer(1), "key": "again"},
        {**newcomer(1), "key": "r3", "season": 2024},
    ]
    first, second, third, _last = await desk.many("registrations", rows)
    assert (first["verdict"], third["verdict"]) == ("accepted", "accepted")
    assert second["problem"]["code"] == "case-exists"
    subjects = {(await desk.read(f"cases/{line['id']}"))["subject"] for line in (first, third)}
    assert len(subjects) == 1


async def test_the_same_person_far_apart_in_one_body_is_entered_once(desk):
    rows = [newcomer(n) for n in range(1200)]
    rows.append({**newcomer(1100), "key": "again"})
    rows.append({**newcomer(3), "key": "later", "season": 2024})
    *lines, last = await desk.many("registrations", rows)
    assert (last["summary"]["accepted"], last["summary"]["refused"]) == (1201, 1)
    assert lines[1200]["problem"]["code"] == "case-exists"
    subjects = {(await desk.read(f"cases/{lines[n]['id']}"))["subject"] for n in (3, 1201)}
    assert len(subjects) == 1


async def test_a_whole_season_goes_through_every_act_by_batches(desk):
    *lines, _ = await desk.many("registrations", map(newcomer, range(300)))
    cases, scores = [line["id"] for line in lines], await desk.full_marks()
    acts = [
        ("self-assessments", scores, desk.bearer()),
        ("verifications", {**scores, "reason": "đã xem minh chứng"}, desk.bearer(who=2)),
        ("proposals", {}, desk.bearer("provincial_association_chair", who=3)),
    ]
    for path, body, who in acts:
        rows = [{"key": f"{path} {n}", "case": case, **body} for n, case in enumerate(cases)]
        *_, last = await desk.many(path, rows, **who)
        assert last["summary"]["accepted"] == 300, path
    assert len(await desk.listed("cases", state="proposed", limit=200)) == 200
    found = await desk.read(f"cases/{cases[0]}")
    assert found["verification_reason"] == "đã xem minh chứng"
