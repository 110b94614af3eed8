"""One decision over many cases is one legal act: carried out to its end, by whoever, once."""

import asyncio

import pytest
from chassis.area import Areas
from chassis.log.store import Log
from chassis.wiring.recording import executing
from registry import criteria
from registry.carrying import Carrying
from registry.codec import CODEC
from registry.domain.decision import CHUNK
from registry.places import Places
from registry.tasks import Tasks
from registry_desk import AUDITOR, LONG_HE, SIGNER, open_desk

OFFICE = "03763@2025-07-01:UBND"
DECISION = {
    "office": OFFICE,
    "number": "12/QĐ-UBND",
    "year": 2025,
    "model": "citizen",
    "season": 2025,
}


@pytest.fixture
def signer(desk):
    return desk.bearer(SIGNER, who=4)


async def once(desk, decision: str, wanted) -> dict:
    """The decision as soon as it is as wanted."""
    async with asyncio.timeout(30):
        while True:
            found = await desk.read(f"decisions/{decision}")
            if wanted(found):
                return found
            await asyncio.sleep(0.02)


async def carried_out(desk, decision: str) -> dict:
    """The decision once it is complete."""
    return await once(desk, decision, lambda found: found["state"] == "complete")


async def test_a_decision_gives_each_case_its_title_to_the_end_of_the_next_year(desk, signer):
    subject = await desk.a_citizen()
    case = await desk.a_proposed_case(subject)
    answered = await desk.done("decisions", cases=[case], headers=signer, **DECISION)
    assert (answered["cases"], len(answered["list_hash"])) == (1, 64)
    found = await carried_out(desk, answered["id"])
    assert (found["recognised"], found["left_out"], found["number"]) == (1, 0, "12/QĐ-UBND")
    assert (await desk.read(f"cases/{case}"))["state"] == "recognised"
    (title,) = await desk.listed("holdings", subject=subject)
    assert (title["season"], title["valid_from"], title["valid_until"]) == (
        2025, "2025-10-15", "2026-12-31",
    )  # fmt: skip
    assert title["area"] == LONG_HE
    assert await desk.listed("holdings", subject=subject, as_of="2025-10-14") == []


async def test_all_that_is_proposed_in_an_area_can_be_decided_at_once(desk, signer):
    here = [await desk.a_proposed_case() for _ in range(2)]
    elsewhere = await desk.a_proposed_case(await desk.a_citizen(area="03757@2025-07-01"))
    answered = await desk.done("decisions", proposed={"area": "03763"}, headers=signer, **DECISION)
    await carried_out(desk, answered["id"])
    states = [(await desk.read(f"cases/{case}"))["state"] for case in (*here, elsewhere)]
    assert states == ["recognised", "recognised", "proposed"]


async def test_a_number_is_used_once_a_year_by_an_office(desk, signer):
    case, other = await desk.a_proposed_case(), await desk.a_proposed_case()
    await desk.done("decisions", cases=[case], key="d", headers=signer, **DECISION)
    again = await desk.post("decisions", cases=[case], key="d", headers=signer, **DECISION)
    assert again.headers["idempotency-replayed"] == "true"
    problem = await desk.post(
        "decisions", cases=[other], headers=signer, **{**DECISION, "number": "12 / qđ-ubnd"}
    )
    assert (problem.status_code, problem.json()["code"]) == (409, "number-taken")


async def test_a_case_that_is_not_proposed_or_of_another_season_cannot_be_decided(desk, signer):
    verified, proposed = await desk.a_verified_case(), await desk.a_proposed_case()
    assert await desk.refused("decisions", cases=[verified], headers=signer, **DECISION) == (
        409, "wrong-state",
    )  # fmt: skip
    last_year = {**DECISION, "season": 2024}
    assert await desk.refused("decisions", cases=[proposed], headers=signer, **last_year) == (
        422, "invalid",
    )  # fmt: skip
    own = desk.bearer(SIGNER, who=3)
    assert await desk.refused("decisions", cases=[proposed], headers=own, **DECISION) == (
        403, "same-person",
    )  # fmt: skip


async def test_a_case_rejected_while_its_decision_is_carried_out_is_left_out(make_database):
    async with open_desk(
        make_database("registry"), make_database("registry_vault"), carrying=False
    ) as desk:
        cases = await desk.proposed_cases(3)
        signer = desk.bearer(SIGNER, who=4)
        answered = await desk.done("decisions", cases=cases, headers=signer, **DECISION)
        assert answered["state"] == "recognising"
        await desk.done("rejections", case=cases[1], reason="Có đơn thư", headers=signer)
        worker = await a_worker(desk)
        assert await worker.step()
        found = await desk.read(f"decisions/{answered['id']}")
        assert (found["state"], found["recognised"], found["left_out"]) == ("complete", 2, 1)
        events = await desk.client.get(
            "/v1/events?limit=10000&type=khuyenhoc.registry.v1.CaseLeftOut",
            headers=desk.bearer(AUDITOR),
        )
        assert cases[1] in events.text


async def a_worker(desk) -> Tasks:
    log = Log(desk.stores.pool, "14.registry")
    executor = executing(log, CODEC, desk.clock)
    await executor.start()
    desk.workers.append(executor)
    places = Places(log, Areas.of_province("14"))
    return Carrying(executor, places, criteria.load(), timed=True).tasks()


async def test_workers_that_stop_half_way_or_work_at_once_double_nothing(make_database):
    async with open_desk(
        make_database("registry"), make_database("registry_vault"), carrying=False
    ) as desk:
        count = 2 * CHUNK + 7
        await desk.proposed_cases(count)
        answered = await desk.done(
            "decisions", proposed={"area": "14"}, headers=desk.bearer(SIGNER, who=4), **DECISION
        )
        first = asyncio.create_task((await a_worker(desk)).step())
        await once(desk, answered["id"], lambda found: found["recognised"] > 0)
        first.cancel()
        half_way = await desk.read(f"decisions/{answered['id']}")
        assert half_way["recognised"] in range(1, count + 1)
        workers = [await a_worker(desk) for _ in range(2)]
        await asyncio.gather(*(worker.step() for worker in workers))
        found = await desk.read(f"decisions/{answered['id']}")
        assert (found["state"], found["recognised"]) == ("complete", count)
        given = await desk.stores.pool.fetch(
            "select count(*), count(distinct stream) from event where type = $1",
            "registry.TitleRecognised",
        )
        assert list(given[0]) == [count, count]


async def test_titles_bear_the_time_of_their_decision_when_a_time_is_given(desk, signer):
    then = {"recorded-at": "2025-10-01T08:00:00+07:00"}
    subject = await desk.a_citizen(headers=desk.bearer() | then, entered_on="2025-09-01")
    case = await desk.a_case(subject, headers=desk.bearer() | then)
    scores = await desk.full_marks()
    await desk.done("self-assessments", case=case, headers=desk.bearer() | then, **scores)
    await desk.done("verifications", case=case, headers=desk.bearer(who=2) | then, **scores)
    chair = desk.bearer("provincial_association_chair", who=3)
    await desk.done("proposals", case=case, headers=chair | then)
    answered = await desk.done("decisions", cases=[case], headers=signer | then, **DECISION)
    await carried_out(desk, answered["id"])
    times = await desk.stores.pool.fetch(
        "select distinct recorded_at::text as at from event where position > $1",
        answered["position"] - 1,
    )
    assert [row["at"] for row in times] == ["2025-10-01 01:00:00+00"]


async def test_a_revoked_title_stands_to_the_day_before(desk, signer):
    subject = await desk.a_citizen()
    case = await desk.a_proposed_case(subject)
    early = {**DECISION, "decided_on": "2025-10-15", "effective_on": "2025-10-15"}
    await carried_out(
        desk, (await desk.done("decisions", cases=[case], headers=signer, **early))["id"]
    )
    (title,) = await desk.listed("holdings", subject=subject)
    await desk.done(
        "revocations", holding=title["holding"], ground="Vi phạm pháp luật",
        decision_number="13/QĐ-UBND", headers=signer,
    )  # fmt: skip
    assert await desk.listed("holdings", subject=subject) == []
    found = await desk.read(f"holdings/{title['holding']}")
    assert (found["titles"], found["ground"]) == ([], "Vi phạm pháp luật")
    to_auditor = (
        await desk.get(f"holdings/{title['holding']}", headers=desk.bearer(AUDITOR))
    ).json()
    assert (to_auditor["revoked_on"], to_auditor["ground"]) == ("2025-10-15", None)


async def test_titles_from_before_are_a_stock_by_the_thousand(desk):
    form = {"model": "citizen", "area": LONG_HE, "entered_on": "2025-07-02", "group": "farmer"}
    rows = [{"key": f"s{n}", "name": f"Lò {n}", **form} for n in range(500)]
    *people, _ = await desk.many("subjects", rows)
    title = {
        "model": "citizen", "season": 2024, "valid_from": "2025-01-01", "valid_until": "2025-12-31",
        "source": "Danh sách năm 2024",
    }  # fmt: skip
    rows = [{"key": f"t{n}", "subject": one["id"], **title} for n, one in enumerate(people)]
    *lines, last = await desk.many("imported-titles", rows)
    assert last["summary"]["accepted"] == 500
    (held,) = await desk.listed("holdings", subject=people[7]["id"], as_of="2025-06-01")
    assert (held["holding"], held["season"]) == (lines[7]["id"], 2024)
    again = {"subject": people[7]["id"], **title}
    assert await desk.refused("imported-titles", **again) == (409, "already-exists")


async def test_a_title_given_again_is_a_renewal_and_is_held_without_a_gap(desk, signer):
    subject = await desk.a_citizen()
    await desk.done(
        "imported-titles", subject=subject, model="citizen", season=2024, valid_from="2025-01-01",
        valid_until="2025-12-31", source="Danh sách năm 2024",
    )  # fmt: skip
    case = await desk.a_proposed_case(subject)
    answered = await desk.done("decisions", cases=[case], headers=signer, **DECISION)
    await carried_out(desk, answered["id"])
    days = {"2025-10-14": 2024, "2025-10-15": 2025, "2026-12-31": 2025}
    for day, season in days.items():
        (held,) = await desk.listed("holdings", subject=subject, as_of=day)
        assert held["season"] == season
    events = await desk.client.get(
        "/v1/events?limit=10000&type=khuyenhoc.registry.v1.TitleRecognised",
        headers=desk.bearer(AUDITOR),
    )
    assert '"renewal":true' in events.text
