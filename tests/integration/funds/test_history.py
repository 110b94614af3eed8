"""What a fund held on a day, as it was known at an instant; its entries; its history for auditors."""

import json

from funds_desk import ACCOUNTANT, AUDITOR

POOR = "học sinh nghèo vượt khó"


def at(instant: str) -> dict[str, str]:
    """Recorded at that instant."""
    return {"recorded-at": instant}


async def a_year(desk) -> tuple[str, str]:
    """A fund over some months, its entries recorded late, and its award."""
    days = {"nominations": "2025-05-01T08:00:00+07:00", "approvals": "2025-05-02T08:00:00+07:00"}
    opened = await desk.post(
        "funds", headers=at("2025-01-10T08:00:00+07:00"), name="Quỹ Khuyến học", area="14",
        kind="education_promotion", opened_on="2025-01-10",
    )  # fmt: skip
    fund = opened.json()["id"]
    gift = {"fund": fund, "channel": "cash", "donor": {"anonymous": True}}
    await desk.post("contributions", headers=at("2025-03-05T08:00:00+07:00"), amount=1_000,
                    received_on="2025-03-01", **gift)  # fmt: skip
    about = {"beneficiary": {"kind": "collective", "name": "Trường Long Hẹ"}, "reason": "Giỏi"}
    nominated = await desk.post(
        "nominations", headers=at(days["nominations"]), fund=fund, amount=1_500, **about
    )
    award = nominated.json()["id"]
    await desk.post("approvals", headers=at(days["approvals"]), award=award)
    # A gift of July is there when the money is paid out in August, with a day of June by mistake.
    await desk.post("contributions", headers=at("2025-07-20T08:00:00+07:00"), amount=600,
                    received_on="2025-07-15", earmark=None, **gift)  # fmt: skip
    paid = await desk.post("payments", headers=at("2025-08-01T08:00:00+07:00"), award=award,
                           channel="cash", paid_on="2025-06-30")  # fmt: skip
    assert paid.status_code == 201, paid.text
    return fund, award


async def test_a_fund_is_shown_as_of_a_day_and_as_known_at_an_instant(desk):
    fund, _ = await a_year(desk)
    for as_of, known_at, balance, below in (
        (None, None, 100, False),
        ("2025-12-31", None, 100, False),
        ("2025-02-28", None, 0, False),
        ("2025-03-01", None, 1_000, False),
        ("2025-06-30", None, -500, True),
        ("2025-07-15", None, 100, False),
        (None, "2025-03-04", 0, False),
        (None, "2025-03-05", 1_000, False),
        ("2025-06-30", "2025-07-31", 1_000, False),
        ("2025-07-31", "2025-07-31T23:59:59+07:00", 1_600, False),
        ("2025-06-30", "2025-08-01T08:00:00+07:00", -500, True),
        ("2025-03-01", "2025-02-01", 0, False),
    ):
        query = {k: v for k, v in (("as_of", as_of), ("known_at", known_at)) if v}
        found = await desk.read(f"funds/{fund}", **query)
        assert (found["balance"], found["below_zero"]) == (balance, below), query
        assert found["as_of"] == as_of


async def test_a_fund_was_not_known_before_it_was_recorded(desk):
    fund, _ = await a_year(desk)
    refused = await desk.get(f"funds/{fund}", known_at="2025-01-09")
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")


async def test_the_position_tells_up_to_which_event_was_looked(desk):
    fund, _ = await a_year(desk)
    positions = [
        (await desk.read(f"funds/{fund}", known_at=day))["position"]
        for day in ("2025-01-10", "2025-03-05", "2025-05-31", "2025-07-31", "2025-10-15")
    ]
    assert positions == [1, 3, 3, 7, 9]


async def test_what_was_known_then_stays_when_more_is_recorded(desk):
    fund, _ = await a_year(desk)
    asked = {"as_of": "2025-06-30", "known_at": "2025-08-01"}
    before = await desk.read(f"funds/{fund}", **asked)
    await desk.a_gift(fund, 7, received_on="2025-06-01")
    after = await desk.read(f"funds/{fund}", **asked)
    assert after | {"version": 0} == before | {"version": 0}
    assert (await desk.read(f"funds/{fund}", as_of="2025-06-30"))["balance"] == -493


async def test_a_fund_is_always_current_however_far_the_lists_have_come(desk):
    fund = await desk.a_fund()
    for n in range(1, 30):
        await desk.a_gift(fund, 10, earmark=POOR if n % 2 else None)
        assert (await desk.read(f"funds/{fund}"))["balance"] == 10 * n


async def test_entries_balance_and_sum_to_the_balance(desk):
    fund, award = await a_year(desk)
    entries = await desk.listed(f"funds/{fund}/entries")
    assert [(e["movement"], e["amount"], e["value_date"]) for e in entries] == [
        ("contribution", 1_000, "2025-03-01"),
        ("contribution", 600, "2025-07-15"),
        ("payment", -1_500, "2025-06-30"),
    ]
    assert [e["position"] for e in entries] == [3, 7, 9]
    assert entries[2]["cause"] == award
    assert entries[0]["recorded_at"] == "2025-03-05T01:00:00Z"
    for entry in entries:
        assert sum(side["amount"] for side in entry["postings"]) == 0
    found = await desk.read(f"funds/{fund}")
    assert sum(e["amount"] for e in entries) == found["balance"]


async def test_pages_of_entries_and_facts_follow_one_another(desk):
    fund, _ = await a_year(desk)
    for path, count in (("entries", 3), ("history", 6)):
        everything = await desk.listed(f"funds/{fund}/{path}")
        assert len(everything) == count
        seen, cursor = [], None
        while True:
            query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = await desk.read(f"funds/{fund}/{path}", **query)
            seen += page["items"]
            if (cursor := page["next"]) is None:
                break
        assert seen == everything


async def test_an_auditor_reads_the_published_facts_of_a_fund_in_order_with_positions(desk):
    fund, award = await a_year(desk)
    await desk.a_gift(await desk.a_fund(), 5)
    facts = await desk.listed(f"funds/{fund}/history")
    assert [(f["position"], f["type"].rpartition(".")[2]) for f in facts] == [
        (1, "FundOpened"),
        (2, "ContributionReceived"),
        (4, "NomineeSubmitted"),
        (5, "AwardApproved"),
        (6, "ContributionReceived"),
        (8, "DisbursementPaid"),
    ]
    log = await desk.get("events", headers=desk.bearer(AUDITOR))
    published = {e["position"]: e for e in map(json.loads, log.text.splitlines())}
    for fact in facts:
        assert fact == published[fact["position"]]
    paid = facts[-1]["data"]
    assert (paid["award"], paid["amount"], paid["first"], paid["use"]) == (
        award, 1_500, True, "award"
    )  # fmt: skip


async def test_history_is_for_auditors(desk):
    fund = await desk.a_fund()
    answered = await desk.get(f"funds/{fund}/history", headers=desk.bearer(ACCOUNTANT))
    assert (answered.status_code, answered.json()["code"]) == (403, "forbidden")


async def test_a_wrong_question_is_refused(desk):
    fund = await desk.a_fund()
    for path, query, code in (
        (f"funds/{fund}", {"as_of": "hôm qua"}, "invalid"),
        (f"funds/{fund}", {"known_at": "2025-02-30"}, "invalid"),
        (f"funds/{fund}/entries", {"limit": 201}, "invalid"),
        (f"funds/{fund}/history", {"cursor": "garbage"}, "invalid"),
        ("awards", {"state": "lost"}, "invalid"),
        ("funds/none", {}, "invalid"),
    ):
        answered = await desk.get(path, **query)
        assert (answered.status_code, answered.json()["code"]) == (422, code), (path, query)
    for path in ("funds", "awards", "contributions"):
        answered = await desk.get(f"{path}/01997000-0000-7000-8000-00000000000a")
        assert answered.status_code == 404
