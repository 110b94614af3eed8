"""Names and reasons: sealed when stored, opened on record, gone when erased, never published."""

from uuid import UUID, uuid4

import pytest
from funds_desk import ACCOUNTANT, AUDITOR, OFFICER, TREASURER, person

MAI, HOA = "Lò Thị Mai", "Cầm Văn Hoa"


async def stored(desk) -> str:
    """All that the service's own database holds, as text."""
    words = []
    for table in ("event", "command", "snapshot", "fund", "entry", "award", "fact"):
        rows = await desk.pool.fetch(f"select t::text as words from {table} t")
        words += [row["words"] for row in rows]
    return "\n".join(words)


@pytest.fixture
async def told(desk) -> tuple[str, str]:
    """A gift that was reversed and an award, with everybody's names and reasons."""
    fund = await desk.a_fund(balance=5_000)
    gift = await desk.a_gift(fund, 700, donor={"name": MAI})
    await desk.done("reversals", contribution=gift, reason=f"Bà {MAI} chuyển nhầm")
    award = await desk.a_nominee(fund, 300)
    return gift, award


async def test_no_name_and_no_reason_is_stored_readable(desk, told):
    words = await stored(desk)
    for text in (MAI, HOA, "chuyển nhầm", "Giải nhất"):
        assert text not in words


async def test_names_are_opened_for_those_who_need_them_and_each_reading_is_on_record(desk, told):
    gift, award = told
    found = await desk.read(f"contributions/{gift}", ACCOUNTANT)
    assert (found["donor"]["name"], found["reason"]) == (MAI, f"Bà {MAI} chuyển nhầm")
    found = await desk.read(f"awards/{award}", TREASURER)
    assert (found["beneficiary"]["name"], found["reason"]) == (HOA, "Giải nhất học sinh giỏi")
    rows = await desk.vault_pool.fetch("select actor, purpose, fields from personal_read")
    assert [(row["actor"], row["purpose"], row["fields"]) for row in rows] == [
        (person(ACCOUNTANT), f"contribution {gift}", ["name", "reason"]),
        (person(TREASURER), f"award {award}", ["name", "reason"]),
    ]


async def test_an_auditor_reads_everything_but_names(desk, told):
    gift, award = told
    found = await desk.read(f"contributions/{gift}", AUDITOR)
    assert (found["amount"], found["donor"]["name"], found["reason"]) == (700, None, None)
    found = await desk.read(f"awards/{award}", AUDITOR)
    assert (found["beneficiary"]["name"], found["reason"], found["erased"]) == (None, None, [])
    assert not await desk.vault_pool.fetchval("select count(*) from personal_read")


async def test_who_gives_without_a_name_is_shown_to_nobody(desk):
    fund, subject = await desk.a_fund(), str(uuid4())
    gift = await desk.a_gift(fund, donor={"subject": subject, "name": MAI, "anonymous": True})
    await desk.done("reversals", contribution=gift, reason=f"Bà {MAI} đòi lại")
    found = await desk.read(f"contributions/{gift}", ACCOUNTANT)
    assert found["donor"] == {"subject": None, "name": None, "anonymous": True}
    assert found["reason"] is None


async def test_the_whole_answer_of_a_command_and_of_the_log_is_free_of_names(desk, told):
    log = await desk.get("events", headers=desk.bearer(AUDITOR))
    for text in (MAI, HOA, "chuyển nhầm", "Giải nhất"):
        assert text not in log.text


async def test_after_erasure_the_entries_stand_and_the_names_are_gone(desk):
    fund, subject = await desk.a_fund(balance=900), uuid4()
    donor = {"subject": str(subject), "name": MAI}
    gift = await desk.a_gift(fund, 700, donor=donor)
    about = {"kind": "person", "subject": str(subject), "name": MAI}
    award = await desk.an_award(fund, 100, beneficiary=about)
    await desk.people.order_erasure(subject)
    await desk.people.erase(subject)
    found = await desk.read(f"contributions/{gift}", ACCOUNTANT)
    assert (found["amount"], found["donor"]["name"], found["erased"]) == (700, None, ["donor.name"])
    found = await desk.read(f"awards/{award}", OFFICER)
    assert found["erased"] == ["beneficiary.name", "reason"]
    assert (found["beneficiary"]["name"], found["reason"]) == (None, None)
    await desk.paid(award)
    assert (await desk.read(f"funds/{fund}"))["balance"] == 1_500


async def test_nothing_new_is_told_of_somebody_who_was_erased(desk):
    fund, subject = await desk.a_fund(balance=900), uuid4()
    gift = await desk.a_gift(fund, donor={"subject": str(subject), "name": MAI})
    await desk.people.order_erasure(subject)
    await desk.people.erase(subject)
    donor = {"subject": str(subject), "name": MAI}
    for path, body in (
        ("contributions", {"fund": fund, "amount": 1, "channel": "cash", "donor": donor}),
        ("reversals", {"contribution": gift, "reason": "Nhầm"}),
    ):
        status, code, _ = await desk.refused(path, **body)
        assert (status, code) == (410, "erased"), path


async def test_one_donor_who_was_erased_stops_no_other_row(desk):
    fund, gone = await desk.a_fund(), uuid4()
    await desk.people.admit([gone])
    await desk.people.order_erasure(gone)
    await desk.people.erase(gone)
    rows = [
        {"key": str(n), "fund": fund, "amount": 1, "channel": "cash",
         "donor": {"name": MAI} | ({"subject": str(gone)} if n == 3 else {})}
        for n in range(6)
    ]  # fmt: skip
    *lines, last = await desk.many("contributions", rows)
    assert last["summary"]["accepted"] == 5
    assert lines[3]["problem"]["code"] == "erased"


async def test_people_without_an_entry_in_the_registry_are_persons_of_their_own(desk):
    fund = await desk.a_fund()
    one, other = [await desk.a_gift(fund, donor={"name": MAI}) for _ in range(2)]
    await desk.people.order_erasure(UUID(one))
    await desk.people.erase(UUID(one))
    names = [
        (await desk.read(f"contributions/{gift}", ACCOUNTANT))["donor"]["name"]
        for gift in (one, other)
    ]
    assert names == [None, MAI]


async def test_no_personal_field_is_repeated_in_a_problem(desk):
    fund = await desk.a_fund()
    long = f"{MAI} " * 60
    donor = {"name": long}
    answered = await desk.post("contributions", fund=fund, amount=1, channel="cash", donor=donor)
    assert answered.status_code == 422
    assert MAI not in answered.text
    answered = await desk.post(
        "nominations", fund=fund, amount=1, reason=long * 40,
        beneficiary={"kind": "person", "name": HOA},
    )  # fmt: skip
    assert (answered.status_code, MAI in answered.text, HOA in answered.text) == (422, False, False)
