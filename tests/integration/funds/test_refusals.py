"""What funds refuses, how it says so, and that nothing is left behind."""

import unicodedata
from uuid import uuid4

from funds_desk import ACCOUNTANT, APPROVER, OFFICER, TREASURER, person

POOR = "học sinh nghèo vượt khó"
GIFT = {"amount": 500, "channel": "cash", "donor": {"anonymous": True}}
LINE = {"bank": "BIDV", "account": "1", "transaction": "2"}

WRONG_GIFTS = [
    ({"amount": 0}, "amount"),
    ({"amount": -5}, "amount"),
    ({"amount": 9 * 10**15 + 1}, "amount"),
    ({"amount": 10**30}, "amount"),
    ({"amount": 12.5}, "amount"),
    ({"amount": "500"}, "amount"),
    ({"amount": None}, "amount"),
    ({"channel": "crypto"}, "crypto"),
    ({"channel": "in_kind"}, "item"),
    ({"item": "vở"}, "item"),
    ({"bank_reference": LINE}, "bank_reference"),
    ({"channel": "bank", "bank_reference": {"bank": "BIDV"}}, "account"),
    ({"donor": {}}, "donor"),
    ({"donor": {"anonymous": "yes"}}, "donor"),
    ({"received_on": "2025-10-16"}, "received_on"),
    ({"received_on": "2018-12-31"}, "2018-12-31"),
    ({"received_on": "2025-02-30"}, "received_on"),
    ({"earmark": ""}, "earmark"),
    ({"earmark": "x" * 101}, "earmark"),
    ({"pledge": True}, "pledge"),
    ({"fund": "not-a-uuid"}, "fund"),
]


async def test_a_wrong_gift_is_refused_by_what_is_wrong(desk):
    fund = await desk.a_fund()
    for change, word in WRONG_GIFTS:
        problem = (await desk.post("contributions", **({"fund": fund} | GIFT | change))).json()
        assert (problem["status"], problem["code"]) == (422, "invalid"), change
        assert word in problem["detail"] + str(problem["errors"]), change
    assert await desk.events() == 1


async def test_every_refusal_is_said_in_vietnamese_and_in_english(desk):
    fund = await desk.a_fund(balance=10)
    award = await desk.an_award(fund, 11)
    said = {}
    for language in ("vi", "en"):
        headers = {"accept-language": language}
        answered = await desk.post("payments", headers=headers, award=award, channel="cash")
        said[language] = answered.json()["detail"]
    assert said["vi"] == f"quỹ {fund} còn 10 đồng tiền: không đủ 11 đồng"
    assert said["en"] == f"fund {fund} holds 10 dong in money: 11 cannot leave it"
    assert unicodedata.is_normalized("NFC", said["vi"])


async def test_a_payment_over_the_balance_is_refused(desk):
    fund = await desk.a_fund(balance=10)
    award = await desk.an_award(fund, 11)
    status, code, detail = await desk.refused("payments", award=award, channel="cash")
    assert (status, code) == (409, "insufficient-balance")
    assert "holds 10 dong" in detail


async def test_a_payment_off_the_earmark_is_refused_as_such(desk):
    fund = await desk.a_fund(balance=1_000, earmark=POOR)
    award = await desk.an_award(fund, 900)
    status, code, detail = await desk.refused("payments", award=award, channel="cash")
    assert (status, code) == (409, "earmark-mismatch")
    assert "only 0 for no particular purpose" in detail
    more = await desk.an_award(fund, 1_001, earmark=POOR)
    status, code, _ = await desk.refused("payments", award=more, channel="cash")
    assert (status, code) == (409, "insufficient-balance")


async def test_things_do_not_pay_for_an_award_of_money(desk):
    fund = await desk.a_fund()
    await desk.a_gift(fund, 900, channel="in_kind", item="Xe đạp")
    award = await desk.an_award(fund, 900)
    status, code, _ = await desk.refused("payments", award=award, channel="bank")
    assert (status, code) == (409, "insufficient-balance")
    await desk.paid(award, channel="in_kind")
    found = await desk.read(f"funds/{fund}")
    assert (found["balance"], found["in_kind"]) == (0, 0)


async def test_nobody_approves_their_own_nominee(desk):
    award = await desk.a_nominee(await desk.a_fund())
    mine = desk.bearer(APPROVER, person=person(OFFICER))
    status, code, detail = await desk.refused("approvals", award=award, headers=mine)
    assert (status, code) == (403, "same-person")
    assert award in detail


async def test_nobody_pays_what_they_proposed_or_approved(desk):
    award = await desk.an_award(await desk.a_fund(balance=10**6))
    for role in (OFFICER, APPROVER):
        mine = desk.bearer(TREASURER, person=person(role))
        status, code, _ = await desk.refused("payments", award=award, channel="cash", headers=mine)
        assert (status, code) == (403, "same-person"), role


async def test_nobody_proposes_approves_or_pays_their_own_award(desk):
    fund, winner = await desk.a_fund(balance=10**6), str(uuid4())
    about = {"kind": "person", "subject": winner}
    mine = {role: desk.bearer(role, subject=winner) for role in (OFFICER, APPROVER, TREASURER)}
    body = {"fund": fund, "amount": 5, "beneficiary": about, "reason": "Giỏi"}
    status, code, _ = await desk.refused("nominations", headers=mine[OFFICER], **body)
    assert (status, code) == (403, "same-person")
    award = await desk.a_nominee(fund, 5, beneficiary=about)
    status, code, _ = await desk.refused("approvals", award=award, headers=mine[APPROVER])
    assert (status, code) == (403, "same-person")
    await desk.done("approvals", award=award, approved_on="2025-09-03")
    status, code, _ = await desk.refused(
        "payments", award=award, channel="cash", headers=mine[TREASURER]
    )
    assert (status, code) == (403, "same-person")


async def test_an_unapproved_award_is_not_paid_and_an_approved_one_not_approved_again(desk):
    fund = await desk.a_fund(balance=10**6)
    award = await desk.a_nominee(fund)
    status, code, detail = await desk.refused("payments", award=award, channel="cash")
    assert (status, code) == (409, "wrong-state")
    assert "is nominated: it cannot be paid" in detail
    await desk.done("approvals", award=award)
    status, code, _ = await desk.refused("approvals", award=award)
    assert (status, code) == (409, "wrong-state")


async def test_no_more_is_paid_than_was_approved(desk):
    fund = await desk.a_fund(balance=10**6)
    award = await desk.an_award(fund, 900)
    status, code, _ = await desk.refused("payments", award=award, amount=901, channel="cash")
    assert (status, code) == (409, "wrong-state")
    await desk.paid(award, amount=600)
    status, code, detail = await desk.refused("payments", award=award, amount=301, channel="cash")
    assert "of which 300 is not yet paid" in detail


async def test_a_reversal_is_final(desk):
    fund = await desk.a_fund(balance=1_000)
    gift, award = await desk.a_gift(fund, 5), await desk.an_award(fund, 5)
    payment = await desk.paid(award)
    for body in ({"contribution": gift}, {"award": award, "payment": payment}):
        await desk.done("reversals", reason="Nhầm", **body)
        status, code, detail = await desk.refused("reversals", reason="Nhầm", **body)
        assert (status, code) == (409, "wrong-state")
        assert "is reversed already, and a reversal is final" in detail


async def test_money_that_was_spent_is_not_taken_back(desk):
    fund = await desk.a_fund()
    gift = await desk.a_gift(fund, 900)
    await desk.paid(await desk.an_award(fund, 500))
    status, code, detail = await desk.refused("reversals", contribution=gift, reason="Nhầm")
    assert (status, code) == (409, "insufficient-balance")
    assert "spent already, only 400 is left" in detail


async def test_a_reversal_names_one_thing(desk):
    fund = await desk.a_fund(balance=1_000)
    gift, award = await desk.a_gift(fund, 5), await desk.an_award(fund, 5)
    for body in (
        {},
        {"award": award},
        {"payment": str(uuid4())},
        {"contribution": gift, "award": award},
        {"contribution": gift, "award": award, "payment": str(uuid4())},
    ):
        status, code, _ = await desk.refused("reversals", reason="Nhầm", **body)
        assert (status, code) == (422, "invalid"), body
    stranger = {"award": award, "payment": str(uuid4())}
    status, code, detail = await desk.refused("reversals", reason="Nhầm", **stranger)
    assert (status, code) == (422, "invalid")
    assert stranger["payment"] in detail
    assert (await desk.post("reversals", contribution=gift)).status_code == 422


async def test_one_opening_balance_for_each_purpose(desk):
    fund = await desk.a_fund()
    body = {"fund": fund, "amount": 5, "as_of": "2025-02-01", "source": "Sổ quỹ"}
    await desk.done("opening-balances", **body)
    await desk.done("opening-balances", earmark=POOR, **body)
    for purpose in ({}, {"earmark": POOR}, {"earmark": f"  {POOR}"}):
        status, code, detail = await desk.refused("opening-balances", **purpose, **body)
        assert (status, code) == (409, "already-exists")
        assert fund in detail


async def test_a_wrong_fund_is_refused(desk):
    fund = {"name": "Quỹ", "kind": "scholarship", "area": "14", "opened_on": "2019-01-10"}
    for change, code in (
        ({"kind": "lending"}, "invalid"),
        ({"area": "99999"}, "unknown-area"),
        ({"area": "03763"}, "unknown-area"),
        ({"opened_on": "2025-10-16"}, "invalid"),
        ({"name": ""}, "invalid"),
    ):
        status, said, _ = await desk.refused("funds", **(fund | change))
        assert (status, said) == (422, code), change
    known = await desk.a_fund()
    status, code, _ = await desk.refused("funds", id=known, **fund)
    assert (status, code) == (409, "already-exists")


async def test_what_does_not_exist_is_not_found(desk):
    nobody, reason = str(uuid4()), {"reason": "Nhầm"}
    about = {"beneficiary": {"kind": "person", "name": "Hoa"}, "amount": 5}
    for path, body in (
        ("contributions", {"fund": nobody, **GIFT}),
        ("opening-balances", {"fund": nobody, "amount": 5, "source": "Sổ"}),
        ("nominations", {"fund": nobody, **about, **reason}),
        ("approvals", {"award": nobody}),
        ("payments", {"award": nobody, "channel": "cash"}),
        ("reversals", {"contribution": nobody, **reason}),
        ("reversals", {"award": nobody, "payment": nobody, **reason}),
    ):
        status, code, detail = await desk.refused(path, **body)
        assert (status, code) == (404, "not-found"), path
        assert nobody in detail


async def test_no_act_is_dated_in_the_future(desk):
    fund = await desk.a_fund(balance=10**6)
    award, tomorrow = await desk.an_award(fund), "2025-10-16"
    for path, body in (
        ("nominations", {"fund": fund, "amount": 5, "reason": "Giỏi", "nominated_on": tomorrow,
                         "beneficiary": {"kind": "person", "name": "Hoa"}}),
        ("approvals", {"award": award, "approved_on": tomorrow}),
        ("payments", {"award": award, "channel": "cash", "paid_on": tomorrow}),
        ("reversals", {"contribution": str(uuid4()), "reason": "x", "reversed_on": tomorrow}),
        ("opening-balances", {"fund": fund, "amount": 5, "source": "Sổ", "as_of": tomorrow}),
    ):  # fmt: skip
        status, code, detail = await desk.refused(path, **body)
        assert (status, code) == (422, "invalid"), path
        assert "2025-10-15" in detail


async def test_an_accountant_cannot_make_an_award_of_a_gift(desk):
    fund = await desk.a_fund()
    gift = await desk.a_gift(fund)
    status, code, _ = await desk.refused("approvals", award=gift)
    assert (status, code) == (404, "not-found")
    answered = await desk.get(f"awards/{gift}", headers=desk.bearer(ACCOUNTANT))
    assert answered.status_code == 404
