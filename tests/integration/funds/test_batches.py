"""Many acts in one body: each row stands alone, and the same body may be sent again."""

from uuid import uuid4

from chassis.domain import natural_id

MAI = "Lò Thị Mai"


def gift(n: int, fund: str, **changes) -> dict:
    row = {"key": f"row-{n}", "fund": fund, "amount": n + 1, "channel": "cash"}
    return row | {"donor": {"name": f"{MAI} {n}"}, "received_on": "2025-09-01"} | changes


async def test_two_thousand_gifts_come_in_one_body_and_again_change_nothing(desk):
    fund = await desk.a_fund()
    rows = [gift(n, fund) for n in range(2000)]
    *first, summary = await desk.many("contributions", rows)
    *again, repeated = await desk.many("contributions", rows)
    assert summary["summary"]["accepted"] == repeated["summary"]["replayed"] == 2000
    assert [line | {"verdict": "accepted"} for line in again] == first
    assert (await desk.read(f"funds/{fund}"))["balance"] == sum(range(1, 2001))


async def test_one_wrong_row_among_ten_thousand_stops_no_other(desk):
    fund = await desk.a_fund()
    rows: list = [gift(n, fund, donor={"anonymous": True}) for n in range(10_000)]
    rows[4710]["amount"] = 0
    *lines, last = await desk.many("contributions", rows)
    assert (last["summary"]["accepted"], last["summary"]["refused"]) == (9_999, 1)
    assert (lines[4710]["verdict"], lines[4710]["problem"]["code"]) == ("refused", "invalid")
    wanted = sum(range(1, 10_001)) - 4711
    assert (await desk.read(f"funds/{fund}"))["balance"] == wanted


async def test_a_statement_of_the_bank_may_be_sent_twice_under_other_keys(desk):
    fund = await desk.a_fund()

    def line(key: str, n: int) -> dict:
        reference = {"bank": "BIDV", "account": "1", "transaction": f"FT{n}"}
        return gift(n, fund, key=f"{key}{n}", channel="bank", bank_reference=reference)

    *_, first = await desk.many("contributions", [line("a", n) for n in range(300)])
    *lines, again = await desk.many("contributions", [line("b", n) for n in range(400)])
    assert first["summary"]["accepted"] == 300
    assert (again["summary"]["accepted"], again["summary"]["refused"]) == (100, 300)
    for n, refused in enumerate(lines[:300]):
        assert refused["problem"]["code"] == "already-exists"
        known = natural_id("14", "contribution", "BIDV", "1", f"FT{n}")
        assert str(known) in refused["problem"]["detail"]
    assert (await desk.read(f"funds/{fund}"))["balance"] == sum(range(1, 401))


async def test_the_same_bank_line_twice_in_one_body_is_taken_once(desk):
    fund = await desk.a_fund()
    reference = {"bank": "BIDV", "account": "1", "transaction": "FT1"}
    rows = [gift(5, fund, key=str(n), channel="bank", bank_reference=reference) for n in range(3)]
    *lines, last = await desk.many("contributions", rows)
    assert [line["verdict"] for line in lines] == ["accepted", "refused", "refused"]
    assert last["summary"]["accepted"] == 1
    assert (await desk.read(f"funds/{fund}"))["balance"] == 6


async def test_a_list_of_awards_goes_from_nomination_to_payment_in_batches(desk):
    fund = await desk.a_fund(balance=1_000)
    about = {"kind": "person", "name": "Cầm Văn Hoa"}
    nominated = [
        {"key": f"n{n}", "fund": fund, "amount": 10, "beneficiary": about, "reason": "Giỏi"}
        for n in range(150)
    ]
    *lines, _ = await desk.many("nominations", nominated)
    awards = [line["id"] for line in lines]
    *_, approved = await desk.many(
        "approvals", [{"key": f"a{n}", "award": award} for n, award in enumerate(awards)]
    )
    assert approved["summary"]["accepted"] == 150
    rows = [{"key": f"p{n}", "award": award, "channel": "cash"} for n, award in enumerate(awards)]
    *paid, last = await desk.many("payments", rows)
    assert last["summary"]["accepted"] == 100
    assert {line["problem"]["code"] for line in paid[100:]} == {"insufficient-balance"}
    assert (await desk.read(f"funds/{fund}"))["balance"] == 0
    listed = await desk.listed("awards", fund=fund, state="paid", limit=200)
    assert {award["id"] for award in listed} == set(awards[:100])


async def test_gifts_are_reversed_in_batches(desk):
    fund = await desk.a_fund()
    *lines, _ = await desk.many("contributions", [gift(n, fund) for n in range(50)])
    rows = [
        {"key": f"r{n}", "contribution": line["id"], "reason": "Nhầm"}
        for n, line in enumerate(lines)
    ]
    rows.append({"key": "again", "contribution": lines[0]["id"], "reason": "Nhầm"})
    *reversals, last = await desk.many("reversals", rows)
    assert last["summary"] | {"position": 0} == {
        "accepted": 50, "replayed": 0, "refused": 1, "position": 0
    }  # fmt: skip
    assert reversals[-1]["problem"]["code"] == "wrong-state"
    assert (await desk.read(f"funds/{fund}"))["balance"] == 0


async def test_every_act_has_its_bulk_form(desk):
    fund, new = await desk.a_fund(balance=10**6), str(uuid4())
    award, payment = await desk.a_nominee(fund), str(uuid4())
    opened = {"id": new, "name": "Quỹ", "kind": "scholarship", "area": "14"}
    about = {"beneficiary": {"kind": "person", "name": "Hoa"}, "reason": "Giỏi"}
    for path, row in (
        ("funds", opened),
        ("opening-balances", {"fund": fund, "amount": 5, "source": "Sổ quỹ"}),
        ("contributions", {"fund": fund, "amount": 5, "channel": "cash", "donor": {"name": MAI}}),
        ("nominations", {"fund": fund, "amount": 5, **about}),
        ("approvals", {"award": award, "if_version": 1}),
        ("payments", {"id": payment, "award": award, "channel": "cash", "if_version": 2}),
        ("reversals", {"award": award, "payment": payment, "reason": "Nhầm"}),
    ):
        line, last = await desk.many(path, [{"key": path, **row}])
        assert line["verdict"] == "accepted", (path, line)
        assert last["summary"]["accepted"] == 1
