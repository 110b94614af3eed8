"""The acts of funds over HTTP, as they are answered and as they are read afterwards."""

import asyncio
from uuid import uuid4

from chassis.domain import natural_id
from funds_desk import ACCOUNTANT, TREASURER

UUID7 = "01997000-0000-7000-8000-00000000000a"
POOR = "học sinh nghèo vượt khó"
LINE = {"bank": "Agribank", "account": "7900 2050", "transaction": "FT25171"}


async def test_a_fund_is_opened_and_read(desk):
    fund = await desk.a_fund(id=UUID7)
    assert fund == UUID7
    assert await desk.read(f"funds/{fund}") == {
        "id": fund,
        "version": 1,
        "name": "Quỹ học bổng Tô Hiệu",
        "kind": "scholarship",
        "area": "14",
        "opened_on": "2019-01-10",
        "balance": 0,
        "in_kind": 0,
        "unearmarked": 0,
        "earmarks": [],
        "below_zero": False,
        "position": 1,
        "as_of": None,
        "known_at": None,
    }


async def test_a_reply_names_the_gift_and_how_far_the_log_has_come(desk):
    fund = await desk.a_fund()
    body = {"fund": fund, "amount": 5, "channel": "cash", "donor": {"anonymous": True}}
    answered = await desk.post("contributions", **body)
    reply, headers = answered.json(), answered.headers
    assert headers["location"] == f"/v1/contributions/{reply['id']}"
    assert headers["kh-position"] == f"14.funds:{reply['position']}" == "14.funds:3"
    found = await desk.client.get(headers["location"], headers=desk.bearer())
    assert (found.json()["amount"], found.json()["received_on"]) == (5, "2025-10-15")


async def test_gifts_are_kept_by_purpose_and_things_apart_from_money(desk):
    fund = await desk.a_fund(balance=100)
    await desk.a_gift(fund, 900, earmark=POOR, channel="bank")
    await desk.a_gift(fund, 50, earmark=f" {POOR} ")
    await desk.a_gift(fund, 70, channel="in_kind", item="200 quyển vở")
    found = await desk.read(f"funds/{fund}")
    assert (found["balance"], found["unearmarked"], found["in_kind"]) == (1050, 100, 70)
    assert found["earmarks"] == [{"earmark": POOR, "balance": 950}]


async def test_an_award_goes_through_four_hands(desk):
    fund = await desk.a_fund(balance=1_000, earmark=POOR)
    award = await desk.a_nominee(fund, 900, earmark=POOR)
    await desk.done("approvals", award=award, amount=800, approved_on="2025-09-03")
    first = await desk.paid(award, amount=300, paid_on="2025-09-05")
    second = await desk.paid(award, channel="bank")
    found = await desk.read(f"awards/{award}", TREASURER)
    assert (found["state"], found["amount"], found["approved"], found["paid"]) == (
        "paid", 900, 800, 800
    )  # fmt: skip
    assert [(p["payment"], p["amount"], p["channel"]) for p in found["payments"]] == [
        (first, 300, "cash"), (second, 500, "bank")
    ]  # fmt: skip
    assert (await desk.read(f"funds/{fund}"))["balance"] == 200


async def test_a_payment_is_reversed_and_paid_again(desk):
    fund = await desk.a_fund(balance=1_000)
    award = await desk.an_award(fund, 900)
    payment = await desk.paid(award)
    reply = await desk.done("reversals", award=award, payment=payment, reason="Chi nhầm người")
    assert reply["id"] == award
    found = await desk.read(f"awards/{award}", TREASURER)
    assert (found["state"], found["paid"]) == ("reversed", 0)
    assert (found["payments"][0]["reversed_on"], found["payments"][0]["reason"]) == (
        "2025-10-15", "Chi nhầm người"
    )  # fmt: skip
    assert (await desk.read(f"funds/{fund}"))["balance"] == 1_000
    await desk.paid(award)
    assert (await desk.read(f"funds/{fund}"))["balance"] == 100


async def test_a_gift_is_reversed(desk):
    fund = await desk.a_fund()
    gift = await desk.a_gift(fund, 500)
    answered = await desk.post("reversals", contribution=gift, reason="Bà Mai chuyển nhầm")
    assert answered.headers["location"] == f"/v1/contributions/{gift}"
    found = await desk.read(f"contributions/{gift}", ACCOUNTANT)
    assert (found["reversed_on"], found["reason"]) == ("2025-10-15", "Bà Mai chuyển nhầm")
    assert (await desk.read(f"funds/{fund}"))["balance"] == 0


async def test_an_opening_balance_is_there_and_is_no_gift(desk):
    fund = await desk.a_fund()
    body = {"fund": fund, "amount": 16_000_000_000, "source": "Sổ quỹ"}
    await desk.done("opening-balances", as_of="2025-02-01", **body)
    found = await desk.read(f"funds/{fund}", as_of="2025-02-01")
    assert found["balance"] == 16_000_000_000
    (entry,) = await desk.listed(f"funds/{fund}/entries")
    assert (entry["movement"], entry["cause"]) == ("brought_forward", fund)
    assert [side["account"] for side in entry["postings"]] == ["money", "opening"]


async def test_a_bank_line_is_one_contribution_under_whatever_key_and_spelling(desk):
    fund = await desk.a_fund()
    body = {"fund": fund, "amount": 5, "channel": "bank", "donor": {"anonymous": True}}
    first = await desk.post("contributions", key="a", bank_reference=LINE, **body)
    again = await desk.post("contributions", key="a", bank_reference=LINE, **body)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    wanted = str(natural_id("14", "contribution", "AGRIBANK", "79002050", "FT25171"))
    assert first.json()["id"] == wanted
    spelt = {"bank": "AGRIBANK ", "account": "79002050", "transaction": "ft25171"}
    for line in (LINE, spelt):
        status, code, detail = await desk.refused("contributions", bank_reference=line, **body)
        assert (status, code) == (409, "already-exists")
        assert wanted in detail


async def test_a_retry_gets_the_first_answer_even_when_the_money_is_gone(desk):
    fund = await desk.a_fund(balance=900)
    award = await desk.an_award(fund, 900)
    first = await desk.post("payments", key="p", award=award, channel="cash")
    again = await desk.post("payments", key="p", award=award, channel="cash")
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await desk.read(f"funds/{fund}"))["balance"] == 0


async def test_of_many_payments_at_once_as_many_are_made_as_the_fund_can_bear(desk):
    fund = await desk.a_fund(balance=1_000)
    awards = [await desk.an_award(fund, 100) for _ in range(16)]
    answers = await asyncio.gather(
        *(desk.post("payments", award=award, channel="cash") for award in awards)
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] * 10 + [409] * 6
    assert (await desk.read(f"funds/{fund}"))["balance"] == 0


async def test_of_two_who_pay_one_award_at_once_one_does(desk):
    fund = await desk.a_fund(balance=1_000)
    award = await desk.an_award(fund, 100)
    answers = await asyncio.gather(
        *(desk.post("payments", award=award, channel="cash") for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert (await desk.read(f"awards/{award}"))["paid"] == 100


async def test_thirty_two_accountants_on_one_fund_lose_no_dong(desk):
    fund = await desk.a_fund()

    async def callers(n: int) -> None:
        mine = desk.bearer(ACCOUNTANT, person=uuid4())
        for amount in range(1, 11):
            body = {"fund": fund, "amount": amount * (n + 1), "channel": "cash"}
            donor = {"name": f"Người thứ {n}"} if n % 2 else {"anonymous": True}
            answered = await desk.post("contributions", headers=mine, donor=donor, **body)
            assert answered.status_code == 201, answered.text

    await asyncio.gather(*(callers(n) for n in range(32)))
    found = await desk.read(f"funds/{fund}")
    assert found["balance"] == 55 * sum(range(1, 33))
    assert found["version"] == 321
    entries = await desk.listed(f"funds/{fund}/entries", limit=200)
    assert len({entry["entry"] for entry in entries}) == 200


async def test_whoever_read_an_older_version_is_told(desk):
    fund = await desk.a_fund(balance=900)
    award = await desk.a_nominee(fund)
    stale = await desk.post("approvals", headers={"if-match": '"7"'}, award=award)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    fresh = await desk.post("approvals", headers={"if-match": '"1"'}, award=award)
    assert fresh.status_code == 201


async def test_a_fund_of_a_commune_is_carried_over_the_reform(desk):
    fund = await desk.a_fund(area="03742@1900-01-01")
    before = await desk.a_gift(fund, received_on="2025-06-30")
    after = await desk.a_gift(fund, received_on="2025-07-01")
    areas = [(await desk.read(f"contributions/{gift}"))["area"] for gift in (before, after)]
    assert areas == ["03742@1900-01-01", "03763@2025-07-01"]
    mine = desk.bearer(ACCOUNTANT, "03763")
    body = {"fund": fund, "amount": 1, "channel": "cash", "donor": {"anonymous": True}}
    assert (await desk.post("contributions", headers=mine, **body)).status_code == 201


async def test_codes_have_names_in_both_languages(desk):
    labels = await desk.read("labels")
    assert labels["fund_kinds"]["scholarship"] == {"vi": "Quỹ học bổng", "en": "Scholarship fund"}
    assert set(labels["award_states"]) == {"nominated", "approved", "paid", "reversed"}
