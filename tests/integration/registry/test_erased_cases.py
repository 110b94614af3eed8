"""Once an erasure is ordered nothing more happens to the person's cases, whoever asks for what."""

import pytest
from registry_desk import CHAIR, DPO, SIGNER, open_desk

DECISION = {
    "office": "14:UBND",
    "number": "12/QĐ-UBND",
    "year": 2025,
    "model": "citizen",
    "season": 2025,
}


@pytest.fixture
async def desk(make_database):
    """Nothing is carried out by itself: an order alone is enough."""
    databases = make_database("registry"), make_database("registry_vault")
    async with open_desk(*databases, carrying=False) as opened:
        yield opened


async def ordered(desk, subject: str) -> None:
    await desk.done("erasures", subject=subject, ground="g", headers=desk.bearer(DPO, who=5))


async def test_a_case_goes_no_further(desk):
    signer, chair = desk.bearer(SIGNER, who=4), desk.bearer(CHAIR, who=3)
    scores = await desk.full_marks()
    people = [await desk.a_citizen() for _ in range(4)]
    registered, assessed = [await desk.a_case(each) for each in people[:2]]
    await desk.done("self-assessments", case=assessed, **scores)
    verified = await desk.a_verified_case(people[2])
    proposed = await desk.a_proposed_case(people[3])
    for subject in people:
        await ordered(desk, subject)
    gone = (410, "erased")
    other = desk.bearer(who=2)
    assert await desk.refused("self-assessments", case=registered, **scores) == gone
    assert await desk.refused("verifications", case=assessed, headers=other, **scores) == gone
    assert await desk.refused("proposals", case=verified, headers=chair) == gone
    assert await desk.refused("rejections", case=proposed, reason="r", headers=signer) == gone
    for case in (registered, assessed, verified, proposed):
        assert await desk.refused("withdrawals", case=case) == gone


async def test_nobody_erased_is_registered_or_given_a_title_from_before(desk):
    subject = await desk.a_citizen()
    case = await desk.a_case(subject)
    await desk.done("withdrawals", case=case)
    await ordered(desk, subject)
    about = {"subject": subject, "model": "citizen"}
    for season in (2025, 2024):
        assert await desk.refused("registrations", season=season, **about) == (410, "erased")
    assert await desk.refused(
        "imported-titles", season=2024, valid_from="2025-01-01", source="Sổ cũ", **about
    ) == (410, "erased")
    head = {"model": "family", "area": "03763", "name": "Gia đình", "head": subject}
    assert await desk.refused("subjects", **head) == (410, "erased")


async def test_a_decision_that_names_them_is_refused_and_says_which_case(desk):
    subject = await desk.a_citizen()
    gone, stays = await desk.a_proposed_case(subject), await desk.a_proposed_case()
    await ordered(desk, subject)
    signer = desk.bearer(SIGNER, who=4)
    answered = await desk.post("decisions", cases=[stays, gone], headers=signer, **DECISION)
    problem = answered.json()
    assert (problem["status"], problem["code"]) == (410, "erased")
    assert [error["pointer"] for error in problem["errors"]] == ["/cases/1"]


async def test_a_decision_over_an_area_is_made_without_them(desk):
    subject = await desk.a_citizen()
    await desk.a_proposed_case(subject)
    await desk.a_proposed_case()
    await ordered(desk, subject)
    signer = desk.bearer(SIGNER, who=4)
    answered = await desk.done("decisions", proposed={"area": "14"}, headers=signer, **DECISION)
    assert answered["cases"] == 1


async def test_a_batch_names_each_of_them_and_goes_on_with_the_others(desk):
    subjects = [await desk.a_citizen() for _ in range(3)]
    cases = [await desk.a_case(subject) for subject in subjects]
    await ordered(desk, subjects[1])
    rows = [{"key": case, "case": case, **await desk.full_marks()} for case in cases]
    *lines, _ = await desk.many("self-assessments", rows)
    assert [line["verdict"] for line in lines] == ["accepted", "refused", "accepted"]
    assert lines[1]["problem"]["code"] == "erased"
