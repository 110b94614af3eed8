"""The counter of a fund as a process of its own, to be killed: the same acts in every process.

``python -m funds_till MAIN_URL VAULT_URL NOTED COUNTER AWARD``: gifts, and for every third of them
an award of ``AWARD`` dong, nominated, approved and paid. What was answered is noted line by line,
path, number and position (0 where it was refused).
"""

import asyncio
import os
import sys
from functools import partial
from typing import Any
from uuid import UUID

import httpx2 as httpx
from chassis.clock import SystemClock
from chassis.edge.auth import Verifier
from chassis.edge.keys import SigningKeys
from chassis.log.vault import KeyEncryptionKeys, Vault, request_digest
from chassis.run.database import open_pool
from funds import app
from funds_desk import WHO, person
from tokens import Issuer

FUND = UUID("0199c0de-0000-7000-8000-0000000000f1")
ROUNDS = 90
WORKERS = 12


def gift(n: int) -> int:
    return 100 + n


class Till:
    def __init__(self, client: httpx.AsyncClient, note: int, counter: str, award: int) -> None:
        self.client, self.note, self.counter, self.award = client, note, counter, award
        self.issuer = Issuer()

    async def act(self, path: str, n: int, **body: Any) -> str:
        key = "open" if path == "funds" else f"{self.counter}-{path}-{n}"
        role = WHO[path]
        headers = {
            "idempotency-key": key,
            **self.issuer.bearer((role, "14"), person=person(role)),
        }
        answered = await self.client.post(f"/v1/{path}", json=body, headers=headers)
        if answered.status_code == 409 and path == "payments":
            os.write(self.note, b"%s %d 0\n" % (path.encode(), n))
            return ""
        assert answered.status_code == 201, answered.text
        told = answered.json()
        os.write(self.note, b"%s %d %d\n" % (path.encode(), n, told["position"]))
        return str(told["id"])

    async def round(self, n: int) -> None:
        of = {"fund": str(FUND)}
        cash = {"channel": "cash", "donor": {"anonymous": True}}
        await self.act("contributions", n, amount=gift(n), **of, **cash)
        if n % 3 == 0:
            who = {"beneficiary": {"kind": "person", "name": "Cầm Văn Hoa"}, "reason": "Học giỏi"}
            award = await self.act("nominations", n, amount=self.award, **of, **who)
            await self.act("approvals", n, award=award)
            await self.act("payments", n, award=award, channel="cash")

    async def open(self) -> None:
        about = {"name": "Quỹ học bổng", "kind": "scholarship", "area": "14"}
        await self.act("funds", 0, id=str(FUND), opened_on="2019-01-10", **about)
        await asyncio.gather(*map(self._worker, range(WORKERS)))

    async def _worker(self, who: int) -> None:
        for n in range(who, ROUNDS, WORKERS):
            await self.round(n)


async def main(main_url: str, vault_url: str, noted: str, counter: str, award: str) -> None:
    note = os.open(noted, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    pool, safe = await open_pool(main_url), await open_pool(vault_url)
    issuer, clock = Issuer(), SystemClock()
    serving = app.assemble(
        pool, Vault(safe, KeyEncryptionKeys.generate(), clock),
        Verifier(issuer.url, keys=SigningKeys(issuer.url, fetch=issuer.fetch)),
        province="14", digest=partial(request_digest, b"k" * 32), local=True,
    )  # fmt: skip
    await serving.executor.start()
    transport = httpx.ASGITransport(app=serving.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://funds") as client:
        await Till(client, note, counter, int(award)).open()
    await serving.executor.drain()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
