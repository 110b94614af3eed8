"""A recognition season made ready: many citizens registered, verified and proposed in the registry."""

from typing import Any

from acceptance.clerks import Clerk, clerk
from acceptance.installation import Installation

AREA = "03763"
AT_ONCE = 2500
SCORES = {
    "criteria_set": "citizen-2022",
    "scores": [{"item": str(n), "points": 9} for n in range(1, 11)],
    "assessed_on": "2025-09-01",
}


def in_batches(worker: Clerk, name: str, facts: list[dict[str, Any]]) -> list[str]:
    """The ids of what these facts made, each known by its place in the list."""
    rows = [(f"{name}-{n}", fact) for n, fact in enumerate(facts)]
    parts = [rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE)]
    return [line["id"] for part in parts for line in worker.insist(part)]


def proposed(installation: Installation, number: int) -> list[str]:
    """So many cases of one commune that wait for a decision."""
    officer = clerk(installation, "registry", "registrations", "provincial_association_officer", 1)
    cases = in_batches(officer, "register", [registration(n) for n in range(number)])
    judged = [{"case": case, **SCORES} for case in cases]
    officer.path = "self-assessments"
    in_batches(officer, "assess", judged)
    verifier = clerk(installation, "registry", "verifications", "provincial_association_officer", 2)
    in_batches(verifier, "verify", judged)
    chair = clerk(installation, "registry", "proposals", "provincial_association_chair", 3)
    in_batches(chair, "propose", [{"case": case, "proposed_on": "2025-09-20"} for case in cases])
    return cases


def registration(n: int) -> dict[str, Any]:
    """A generated citizen: nobody's name ends in a number, no identity number begins with 999."""
    person = {
        "model": "citizen",
        "area": AREA,
        "entered_on": "2025-07-05",
        "name": f"Công dân {n:05d}",
        "national_id": f"999{n:09d}",
        "group": "farmer",
    }
    return {
        "model": "citizen",
        "season": 2025,
        "registered_on": "2025-07-05",
        "new_subject": person,
    }


def decision(cases: list[str]) -> dict[str, Any]:
    return {
        "office": f"{AREA}:UBND",
        "number": "01/QĐ-UBND",
        "year": 2025,
        "model": "citizen",
        "season": 2025,
        "decided_on": "2025-10-01",
        "cases": cases,
    }
