"""A season in the registry, by NDJSON into one process: registered, judged, proposed and decided.

Each round takes 10,000 new people through it: registration of somebody new with three sealed fields
and a national id (key, blind index, subject and case a row), self-assessment, verification and
proposal. Nothing runs beside the process that answers, and its peak memory is read at the end. Then
the workers of the registry and of reporting are started, and when they have come to the end each
round's proposals are decided: from the sending to the last title durable, and to the figure.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx2 as httpx

from benchmarks.ground import Ground, ground, spare_port
from benchmarks.harness import Row, report
from benchmarks.http_command import answers

PEOPLE = 10_000
AREA = "03763"
JUDGED = {
    "criteria_set": "citizen-2022",
    "scores": [{"item": str(n), "points": 9} for n in range(1, 11)],
    "assessed_on": "2025-09-01",
}
ROLES = {
    "registrations": "provincial_association_officer",
    "self-assessments": "provincial_association_officer",
    "verifications": "provincial_association_officer",
    "proposals": "provincial_association_chair",
    "decisions": "provincial_authority_signer",
}
BARS = {"registrations": 12_000, "decisions": 3.0, "figures": 6.0}
SECONDS = ("decisions", "figures")
ACTS = 10_000  # rows a second of every other act


@dataclass
class Desk:
    """The registry's address, and the bearers of those who act one after the other."""

    url: str
    reporting: str
    bearers: dict[str, dict[str, str]]
    entered: int = 0

    @classmethod
    def open(cls, here: Ground) -> "Desk":
        persons = {"registrations": "1", "self-assessments": "1", "verifications": "2"}
        bearers = {
            path: {"Authorization": f"Bearer {here.token(role, persons.get(path, path))}"}
            for path, role in ROLES.items()
        }
        return cls(here.env["REGISTRY_URL"], here.env["REPORTING_URL"], bearers)

    def client(self, path: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=self.bearers[path], timeout=300)

    def timed(self, path: str, bodies: list[dict[str, Any]]) -> tuple[list[str], float]:
        """The ids of what these bodies made or acted on, and the rows accepted a second."""
        rows = [{"key": str(uuid4()), **body} for body in bodies]
        with self.client(path) as client:
            began = time.perf_counter()
            told, _ = answers(client, f"/v1/{path}", rows)
            took = time.perf_counter() - began
        return [json.loads(line)["id"] for line in told], len(rows) / took

    def person(self) -> dict[str, Any]:
        self.entered += 1
        subject = {
            "model": "citizen",
            "area": AREA,
            "entered_on": "2025-07-05",
            "name": f"Công dân {self.entered:06d}",
            "national_id": f"999{self.entered:09d}",
            "birth_year": 1950 + self.entered % 50,
            "group": "farmer",
        }
        case = {"model": "citizen", "season": 2025, "registered_on": "2025-07-05"}
        return {**case, "new_subject": subject}

    def decided(self, cases: list[str], number: int) -> dict[str, float]:
        """Seconds from sending a decision until its last title is stored, and until it counts."""
        decision = {
            "office": f"{AREA}:UBND",
            "number": f"{number:02d}/QĐ-UBND",
            "year": 2025,
            "model": "citizen",
            "season": 2025,
            "decided_on": "2025-10-01",
            "cases": cases,
        }
        before, began, took = self.figure("titles_recognised"), time.perf_counter(), {}
        [made], _ = self.timed("decisions", [decision])
        with self.client("decisions") as client:
            while (told := client.get(f"/v1/decisions/{made}").json())["state"] != "complete":
                time.sleep(0.05)
        took["decisions"] = time.perf_counter() - began
        if told["recognised"] != len(cases):
            raise SystemExit(f"{told['recognised']} of {len(cases)} cases were recognised")
        self.until("titles_recognised", before + len(cases))
        took["figures"] = time.perf_counter() - began
        return took

    def figure(self, measure: str) -> int:
        bearer = self.bearers["decisions"]
        url = f"{self.reporting}/v1/statistics?measure={measure}"
        rows = httpx.get(url, headers=bearer, timeout=60).json()["rows"]
        return sum(int(row["value"]) for row in rows)

    def until(self, measure: str, value: int) -> None:
        while (found := self.figure(measure)) != value:
            if found > value:
                raise SystemExit(f"{measure} is {found}, more than the {value} there are")
            time.sleep(0.05)


def season(desk: Desk) -> tuple[list[str], dict[str, float]]:
    """One round: the cases, proposed; and what each act reached, in rows a second."""
    told = {}
    people = [desk.person() for _ in range(PEOPLE)]
    cases, told["registrations"] = desk.timed("registrations", people)
    judged = [{"case": case, **JUDGED} for case in cases]
    for path in ("self-assessments", "verifications"):
        _, told[path] = desk.timed(path, judged)
    proposed = [{"case": case, "proposed_on": "2025-09-20"} for case in cases]
    _, told["proposals"] = desk.timed("proposals", proposed)
    return cases, told


def peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peak) * 1024 / 1e6


def rows_of(told: list[dict[str, float]], peak: float) -> list[Row]:
    rounds, rows = len(told), []
    for path in told[0]:
        value, bar = median(each[path] for each in told), BARS.get(path, ACTS)
        unit, less = ("s", True) if path in SECONDS else ("rows/s", False)
        what = f"registry.{path}"
        rows.append(Row(what, value, unit, None, None, bar, rounds, less=less, absolute=True))
    memory = Row("registry.memory", peak, "MB", None, None, 150, 1, less=True, absolute=True)
    return [*rows, memory]


@contextmanager
def working(here: Ground) -> Iterator[None]:
    """The workers of the registry and of reporting, which publish and count."""
    with ExitStack() as running:
        running.enter_context(here.service("reporting"))
        for name in ("registry", "reporting"):
            port = spare_port()
            told = {f"{name.upper()}_METRICS": f"127.0.0.1:{port}"}
            url = f"http://127.0.0.1:{port}/livez"
            process = here.process(f"{name}-work", "-m", name, "work", url=url, **told)
            running.enter_context(process)
        yield


def main(rounds: int = 3) -> list[Row]:
    with ground() as here, here.service("registry") as pid:
        desk = Desk.open(here)
        desk.timed("registrations", [desk.person() for _ in range(500)])  # warm-up
        seasons = [season(desk) for _ in range(rounds)]
        peak = peak_mb(pid)
        with working(here):
            desk.until("registrations", desk.entered)
            for number, (cases, told) in enumerate(seasons, 1):
                told.update(desk.decided(cases, number))
        return rows_of([told for _, told in seasons], peak)


if __name__ == "__main__":
    report(main())
