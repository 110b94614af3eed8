"""A year of one fund through the real services, as those who act in it and an auditor see it."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from acceptance.installation import Installation

PURPOSE = "học sinh nghèo vượt khó"
ROLES = {
    "funds": ("provincial_association_chair", "1"),
    "opening-balances": ("fund_accountant", "2"),
    "contributions": ("fund_accountant", "2"),
    "reversals": ("fund_accountant", "2"),
    "nominations": ("provincial_association_officer", "3"),
    "approvals": ("fund_approver", "4"),
    "payments": ("fund_treasurer", "5"),
    "audit": ("auditor_external", "6"),
}
GAINS = {
    "BalanceBroughtForward": (1, "as_of"),
    "ContributionReceived": (1, "received_on"),
    "ContributionReversed": (-1, "reversed_on"),
    "DisbursementPaid": (-1, "paid_on"),
    "DisbursementReversed": (1, "reversed_on"),
}


@dataclass
class Office:
    """Each act is done by whoever's it is; the newest position is remembered."""

    installation: Installation
    position: str = ""
    _numbers: count = field(default_factory=count)
    _tokens: dict[str, str] = field(default_factory=dict)

    def client(self, act: str, service: str = "funds", who: tuple[str, str] | None = None):
        role, person = who or ROLES[act]
        key = f"{role} {person}"
        if key not in self._tokens:
            self._tokens[key] = self.installation.token(role, "14", person)
        return self.installation.client(service, self._tokens[key])

    def post(self, act: str, who: tuple[str, str] | None = None, **body: Any):
        with self.client(act, who=who) as client:
            headers = {"idempotency-key": f"year-{next(self._numbers)}"}
            return client.post(f"/v1/{act}", json=body, headers=headers)

    def done(self, act: str, **body: Any) -> str:
        answered = self.post(act, **body)
        assert answered.status_code == 201, answered.text
        self.position = answered.headers["kh-position"]
        return answered.json()["id"]

    def refused(self, act: str, **body: Any) -> str:
        answered = self.post(act, **body)
        assert answered.status_code in {403, 409}, answered.text
        return answered.json()["code"]

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        with self.client("audit") as client:
            answered = client.get(f"/v1/{path}", params=query)
        assert answered.status_code == 200, answered.text
        return answered.json()

    def figure(self, measure: str) -> int:
        asked = {"measure": measure, "fund_kind": "scholarship", "period": "2025",
                 "as_of": "2025-12-31", "min_position": self.position, "wait": 30}  # fmt: skip
        with self.client("audit", "reporting") as client:
            answered = client.get("/v1/statistics", params=asked)
        assert answered.status_code == 200, answered.text
        return sum(row["value"] for row in answered.json()["rows"])

    def awarded(self, fund: str, amount: int, on: str, **more: Any) -> str:
        """Nominated and approved on one day."""
        who = {"kind": "person", "name": "Cầm Văn Hoa"}
        asked = {"fund": fund, "amount": amount, "nominated_on": on, "reason": "Giải nhất tỉnh"}
        award = self.done("nominations", beneficiary=who, **asked, **more)
        self.done("approvals", award=award, approved_on=on)
        return award

    def facts(self, fund: str) -> list[dict[str, Any]]:
        """The whole history, a page at a time, once it includes the newest act."""
        found, cursor = [], {}
        while True:
            asked = {"limit": 4, "min_position": self.position, "wait": 30, **cursor}
            page = self.read(f"funds/{fund}/history", **asked)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}


def held(facts: list[dict[str, Any]], as_of: str = "9999", known_at: str = "9999") -> int:
    """An auditor's own sum of what was published, valid by that day and known by that time."""
    total = 0
    for fact in facts:
        sign, dated = GAINS.get(fact["type"].rpartition(".")[2], (0, ""))
        if sign and fact["data"][dated] <= as_of and fact["recorded_at"] <= known_at:
            total += sign * fact["data"]["amount"]
    return total


def opened(office: Office) -> str:
    about = {"name": "Quỹ học bổng Tô Hiệu", "kind": "scholarship", "area": "14"}
    fund = office.done("funds", opened_on="2025-01-02", **about)
    before = {"as_of": "2025-01-02", "source": "Sổ quỹ năm 2024"}
    office.done("opening-balances", fund=fund, amount=10_000_000, **before)
    return fund


def test_a_year_of_a_fund_adds_up_for_everybody_who_looks(installation):
    office = Office(installation)
    fund = opened(office)
    gifts_are_taken_in_once(office, fund)
    awards_are_paid_by_four_persons(office, fund)
    assert office.figure("funds_mobilised") == 5_000_000
    assert office.figure("funds_spent") == 1_500_000
    assert office.figure("awards_paid") == 1
    the_auditor_comes_to_the_same(office, fund)


def gifts_are_taken_in_once(office: Office, fund: str) -> None:
    gift = {"fund": fund, "donor": {"name": "Lò Thị Mai"}}
    office.done("contributions", amount=2_000_000, channel="cash", earmark=PURPOSE,
                received_on="2025-02-10", **gift)  # fmt: skip
    line = {"bank": "Agribank", "account": "7900 2050", "transaction": "FT25060"}
    by_bank = {"amount": 3_000_000, "channel": "bank", "bank_reference": line, **gift}
    first = office.done("contributions", received_on="2025-03-01", **by_bank)
    again = office.post("contributions", received_on="2025-03-01", **by_bank)
    assert (again.status_code, again.json()["code"]) == (409, "already-exists")
    assert first in again.text
    wrong = office.done("contributions", amount=700_000, channel="cash", received_on="2025-03-05",
                        **gift)  # fmt: skip
    undo = {"contribution": wrong, "reason": "Ghi nhầm quỹ", "reversed_on": "2025-03-06"}
    office.done("reversals", **undo)
    assert office.refused("reversals", **undo) == "wrong-state"


def awards_are_paid_by_four_persons(office: Office, fund: str) -> None:
    on = {"nominated_on": "2025-05-20", "reason": "Học giỏi", "earmark": PURPOSE}
    who = {"kind": "person", "name": "Lường Thị Xuân"}
    award = office.done("nominations", fund=fund, amount=1_500_000, beneficiary=who, **on)
    same = ("fund_approver", ROLES["nominations"][1])
    approval = {"award": award, "approved_on": "2025-05-25"}
    assert office.refused("approvals", who=same, **approval) == "same-person"
    office.done("approvals", **approval)
    pay = {"channel": "cash", "paid_on": "2025-06-01"}
    office.done("payments", award=award, **pay)
    assert office.refused("payments", award=award, **pay) == "wrong-state"
    beyond = office.awarded(fund, 90_000_000, "2025-05-26")
    assert office.refused("payments", award=beyond, **pay) == "insufficient-balance"
    elsewhere = office.awarded(fund, 1_000_000, "2025-05-27", earmark="xóa mù chữ")
    assert office.refused("payments", award=elsewhere, **pay) == "earmark-mismatch"
    a_payment_is_undone_once(office, fund)
    spent = office.facts(fund)[2]["stream"]
    reason = {"reason": "Xin lại tiền", "reversed_on": "2025-09-01"}
    assert office.refused("reversals", contribution=spent, **reason) == "insufficient-balance"


def a_payment_is_undone_once(office: Office, fund: str) -> None:
    award, payment = (
        office.awarded(fund, 400_000, "2025-06-10"),
        "0199c0de-0000-7000-8000-0000000000aa",
    )
    office.done("payments", id=payment, award=award, channel="cash", paid_on="2025-07-01")
    undo = {"award": award, "payment": payment, "reason": "Sai người", "reversed_on": "2025-08-01"}
    office.done("reversals", **undo)
    assert office.refused("reversals", **undo) == "wrong-state"


def the_auditor_comes_to_the_same(office: Office, fund: str) -> None:
    facts = office.facts(fund)
    assert office.read(f"funds/{fund}")["balance"] == held(facts) == 13_500_000
    for day in ("2025-01-02", "2025-02-28", "2025-03-05", "2025-06-01", "2025-07-15", "2025-12-31"):
        asked = office.read(f"funds/{fund}", as_of=day)
        assert asked["balance"] == held(facts, as_of=day), day
    for fact in facts:
        then = fact["recorded_at"]
        asked = office.read(f"funds/{fund}", known_at=then)
        assert asked["balance"] == held(facts, known_at=then), fact
        both = office.read(f"funds/{fund}", known_at=then, as_of="2025-04-01")
        assert both["balance"] == held(facts, "2025-04-01", then), fact
