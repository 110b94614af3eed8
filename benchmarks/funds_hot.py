"""Gifts to one fund, and payments out of it, 32 connections over HTTP, each one command.

Through the whole edge of one process: token, role, idempotency, two streams in one append (the gift
or the award, and the fund that all of them touch). Baselines in the same run, window by window: the
`locked-chain` ledger on the same Postgres, both ways of it, without HTTP. At the end the fund holds
exactly what was acknowledged.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2 as httpx

from benchmarks import locked_chain
from benchmarks.ground import FOLDER, Ground, ground
from benchmarks.harness import Row, medians, report
from benchmarks.http_command import answers
from benchmarks.load import measured, post
from benchmarks.locked_chain import LockedChain

CALLERS = locked_chain.CALLERS
WARM_UP, SECONDS = 1.0, 4.0
MOST_GIFTS = 40_000  # in one window
AWARDS = 24_000
ROWS = 5_000
ROLES = {
    "funds": "provincial_association_chair",
    "contributions": "fund_accountant",
    "nominations": "provincial_association_officer",
    "approvals": "fund_approver",
    "payments": "fund_treasurer",
}
BARS = {"textbook": 8.0, "function": 4.0}


@dataclass
class Fund:
    """One fund, and the bearers of those who act for it."""

    url: str
    bearers: dict[str, dict[str, str]]
    id: str = field(default_factory=lambda: str(uuid4()))
    held: int = 0  # dong, by what was acknowledged

    @classmethod
    def open(cls, here: Ground) -> "Fund":
        bearers = {
            path: {"Authorization": f"Bearer {here.token(role, person=str(number))}"}
            for number, (path, role) in enumerate(ROLES.items())
        }
        fund = cls(here.env["FUNDS_URL"], bearers)
        day = {"opened_on": "2020-01-01", "area": "14"}
        fund.post("funds", [{"id": fund.id, "name": "Quỹ thử", "kind": "scholarship", **day}])
        return fund

    def post(self, path: str, rows: list[dict[str, Any]]) -> list[str]:
        """Many at once, all of which must be accepted; the ids of what was made or acted on."""
        ids: list[str] = []
        with httpx.Client(base_url=self.url, headers=self.bearers[path], timeout=60) as client:
            for first in range(0, len(rows), ROWS):
                lines = [{"key": str(uuid4()), **row} for row in rows[first : first + ROWS]]
                told, _ = answers(client, f"/v1/{path}", lines)
                ids += [json.loads(row)["id"] for row in told]
        return ids

    def balance(self) -> int:
        bearer = self.bearers["payments"]
        answer = httpx.get(f"{self.url}/v1/funds/{self.id}", headers=bearer, timeout=60)
        return int(answer.json()["balance"])

    def awards(self, count: int) -> list[str]:
        """Approved awards of one dong, each to be paid once, and the money for them."""
        self.post("contributions", [self.gift(count)])
        self.held += count
        who = {"kind": "person", "subject": str(uuid4())}
        asked = {**self.one(1), "reason": "Học giỏi", "beneficiary": who}
        made = self.post("nominations", [asked] * count)
        return self.post("approvals", [{"award": award} for award in made])

    def one(self, amount: int) -> dict[str, Any]:
        return {"fund": self.id, "amount": amount}

    def gift(self, amount: int) -> dict[str, Any]:
        return {**self.one(amount), "channel": "cash", "donor": {"anonymous": True}}


@dataclass
class Act:
    """One path under load, whose every acceptance moves one dong."""

    fund: Fund
    path: str
    sign: int
    folder: Path
    awards: list[str] = field(default_factory=list)  # approved and not paid

    def bodies(self) -> Iterator[dict[str, Any]]:
        if self.path == "payments":
            missing = AWARDS - len(self.awards)
            self.awards += self.fund.awards(missing) if missing else []
            yield from ({"award": award, "channel": "cash"} for award in self.awards)
            return
        yield from (self.fund.gift(1) for _ in range(MOST_GIFTS))

    def requests(self) -> Iterator[bytes]:
        headers = {"Content-Type": "application/json", **self.fund.bearers[self.path]}
        for body in self.bodies():
            own = {"Idempotency-Key": str(uuid4()), **headers}
            yield post(f"/v1/{self.path}", json.dumps(body).encode(), own)

    async def window(self, seconds: float) -> dict[str, float]:
        told = await asyncio.to_thread(
            measured, self.fund.url, self.requests(), CALLERS, seconds, self.folder
        )
        if set(told["statuses"]) != {"201"}:
            raise SystemExit(f"{self.path} answered {told['statuses']}")
        del self.awards[: told["requests"]]
        self.fund.held += self.sign * told["requests"]
        if (balance := self.fund.balance()) != self.fund.held:
            raise SystemExit(f"{balance} dong held, {self.fund.held} acknowledged")
        return told


def rows_of(told: dict[str, list[dict[str, float]]], rounds: int) -> list[Row]:
    rate, p99 = (
        medians({name: [window[figure] for window in windows] for name, windows in told.items()})
        for figure in ("rate", "p99_ms")
    )
    rows = []
    for act in ("contributions", "payments"):
        for name, bar in BARS.items():
            ratio = rate[act] / rate[name]
            what = f"funds.{act}.vs_{name}"
            rows.append(Row(what, rate[act], "commands/s", rate[name], ratio, bar, rounds))
        tail, beside = p99[act], p99["function"]
        what = f"funds.{act}.p99"
        rows.append(Row(what, tail, "ms", beside, tail / beside, None, rounds, less=True))
    return rows


async def measure(here: Ground, rounds: int) -> list[Row]:
    fund, contestants = Fund.open(here), {}
    for way in (locked_chain.textbook, locked_chain.function):
        name = way.__name__
        chain = LockedChain(here.fresh_database(f"chain_{name}"), way, name)
        await chain.prepare()
        contestants[name] = chain.window
    for path, sign in (("contributions", 1), ("payments", -1)):
        contestants[path] = Act(fund, path, sign, here.run.folder).window
    told: dict[str, list[dict[str, float]]] = {name: [] for name in contestants}
    for window in contestants.values():
        await window(WARM_UP)  # not counted
    for _ in range(rounds):
        for name, window in contestants.items():
            told[name].append(await window(SECONDS))
    return rows_of(told, rounds)


def main(rounds: int = 5, folder: Path = FOLDER) -> list[Row]:
    with ground(folder) as here, here.service("funds"):
        return asyncio.run(measure(here, rounds))


if __name__ == "__main__":
    report(main())
