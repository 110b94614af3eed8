"""A reform still to come: one act merges two communes and divides a third, and nobody restarts."""

from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2 as httpx
from acceptance.installation import Installation

from deploy.local.processes import wait_until
from deploy.local.tokens import token

BASIS = "Nghị quyết thử nghiệm 1/NQ-UBTVQH16"
ON, EVE = "2026-03-01", "2026-02-28"
FILE = f"""effective_on,legal_basis,predecessor_code,successor_code,successor_name,successor_kind
{ON},{BASIS},03763,03763,Long Hẹ,xã
{ON},{BASIS},03724,03763,Long Hẹ,xã
{ON},{BASIS},03781,03781,Co Mạ,phường
{ON},{BASIS},03781,03782,Pá Lông,xã
"""
LONG_HE, BINH_THUAN, CO_MA = (f"{code}@2025-07-01" for code in ("03763", "03724", "03781"))
MERGED, UPPER, LOWER = (f"{code}@{ON}" for code in ("03763", "03781", "03782"))
OFFICER, CHAIR = "provincial_association_officer", "provincial_association_chair"


class Office:
    """Somebody of the provincial association who reports and asks."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.positions: dict[str, str] = {}

    def post(self, service: str, path: str, role: str = OFFICER, **body: Any) -> httpx.Response:
        held = token({"ROLE": role, "PERSON": "1"}, self.installation.env, "14")
        with self.installation.client(service, held) as client:
            key = {"idempotency-key": str(uuid4())}
            answered = client.post(f"/v1/{path}", json=body, headers=key)
        if position := answered.headers.get("kh-position"):
            self.positions[service] = position
        return answered

    def done(self, service: str, path: str, **body: Any) -> dict[str, Any]:
        answered = self.post(service, path, **body)
        assert answered.status_code == 201, answered.text
        found: dict[str, Any] = answered.json()
        return found

    def class_of(self, participants: int, area: str, day: str) -> httpx.Response:
        return self.post(
            "training", "headcounts", kind="LITERACY", area=area, held_on=day,
            participants=participants,
        )  # fmt: skip

    def learn(self, participants: int, area: str, day: str) -> str:
        """A class was held; when that was recorded."""
        answered = self.class_of(participants, area, day)
        assert answered.status_code == 201, answered.text
        recorded: str = answered.json()["recorded_at"]
        return recorded

    def ask(self, path: str, **query: str) -> httpx.Response:
        held = token({"ROLE": OFFICER}, self.installation.env, "14")
        params: dict[str, Any] = {
            "min_position": list(self.positions.values()),
            "wait": "30",
            **query,
        }
        with self.installation.client("reporting", held) as client:
            return client.get(f"/v1/{path}", params=params)

    def figures(self, **query: str) -> dict[str, int]:
        """Participants by place, and how many of them are in none, under `unallocated`."""
        answered = self.ask("statistics", measure="participations", **query)
        assert answered.status_code == 200, answered.text
        rows = answered.json()["rows"]
        astray = {"unallocated": sum(row["unallocated"] for row in rows)}
        return {row["area"]: row["value"] for row in rows} | astray

    def knows(self, service: str, village: str) -> bool:
        """Whether a service has the map that the reform makes, and none of what ended."""
        known = self.areas(service)
        ended = known & {LONG_HE, BINH_THUAN, CO_MA}
        return known >= {MERGED, UPPER, LOWER, village} and not ended

    def areas(self, service: str) -> set[str]:
        held = token({"ROLE": OFFICER}, self.installation.env, "14")
        with self.installation.client(service, held) as client:
            items = client.get("/v1/areas", params={"map_date": "2026-04-01"}).json()["items"]
        return {item["area"] for item in items}


def reform(installation: Installation, folder: Path, text: str) -> Any:
    file = folder / "reform.csv"
    file.write_text(text, encoding="utf-8")
    return installation.operate("registry", "reform", str(file))


def record(installation: Installation, folder: Path) -> None:
    """An operator tells the reform: once with a slip, then well, then twice more."""
    wrong = reform(installation, folder, FILE.replace(f"{ON},{BASIS},03724", f"{ON},{BASIS},99999"))
    assert wrong.returncode == 2
    [said] = wrong.stderr.splitlines()
    assert said == f"registry: line 3: '99999' is not a commune that stands on {EVE}"
    told = reform(installation, folder, FILE)
    assert told.stdout.startswith(f"registry: {BASIS}, {ON}: 3 places open, 3 end; position ")
    again = reform(installation, folder, FILE)
    assert again.stdout == f"registry: {BASIS}, {ON}: recorded already\n"
    other = reform(installation, folder, FILE.replace("Pá Lông", "Long Hẹ Mới"))
    assert (other.returncode, "is recorded, otherwise" in other.stderr) == (2, True)


def assert_counted_on_both_maps(office: Office, village: str, before: str) -> None:
    """Of 450 participants: on the map after the reform, on that of its eve, and as known before."""
    whole = {"unallocated": 0, "14": 450}
    assert office.figures(map_date="2026-04-01") == whole | {"unallocated": 120}
    assert office.figures(map_date="2026-04-01", by="commune") == {
        MERGED: 230, LOWER: 100, "14": 120, "unallocated": 120,
    }  # fmt: skip
    assert office.figures(map_date=EVE, by="village") == {
        LONG_HE: 10, BINH_THUAN: 20, CO_MA: 80, village: 40, "14": 300, "unallocated": 300,
    }  # fmt: skip
    then = {"map_date": "2026-04-01", "known_at": before, "by": "commune"}
    assert office.figures(**then) == {LONG_HE: 10, BINH_THUAN: 20, CO_MA: 120, "unallocated": 0}
    unknown = office.ask("statistics", measure="participations", area="03782", **then)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-area")
    assert office.figures(area="03763", map_date="2026-04-01") == {MERGED: 230, "unallocated": 0}


def test_a_reform_changes_the_map_of_every_service_from_the_moment_it_is_known(
    installation, tmp_path
):
    office = Office(installation)
    village = office.done(
        "registry", "villages", commune="03781", name="Nà Tòng", opened_on="2025-08-01"
    )["area"]
    fund = {"name": "Quỹ Co Mạ", "kind": "scholarship", "area": "03781", "opened_on": "2025-09-01"}
    office.done("funds", "funds", role=CHAIR, **fund)
    office.learn(10, LONG_HE, "2025-12-01")
    office.learn(20, BINH_THUAN, "2025-12-01")
    assert wait_until(lambda: office.class_of(40, village, "2025-12-01").status_code == 201, 60)
    before = office.learn(80, CO_MA, "2025-12-01")
    running = {name: row["pid"] for name, row in installation.status().items()}

    record(installation, tmp_path)

    for service in ("registry", "funds", "training", "reporting"):
        assert wait_until(partial(office.knows, service, village), 60), service
    office.learn(100, "03782", "2026-04-01")
    office.learn(200, MERGED, "2026-04-02")
    office.done("funds", "funds", role=CHAIR, **fund | {"area": "03782", "opened_on": "2026-04-01"})
    office.done("registry", "villages", commune="03782", name="Pá Lông", opened_on="2026-04-01")

    assert_counted_on_both_maps(office, village, before)
    now = {name: row["pid"] for name, row in installation.status().items()}
    assert now == running
    parked = installation.status()["reporting-work"]["parked"]
    assert parked == 0
