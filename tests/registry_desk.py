"""The registry as it answers: the whole edge over real databases, its read tables following."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx2 as httpx
from chassis.clock import FixedClock
from chassis.edge.auth import Verifier
from chassis.edge.keys import SigningKeys
from chassis.log.execute import Executor
from chassis.log.store import Log
from chassis.log.vault import KeyEncryptionKeys
from chassis.run.database import migrate, open_pool
from chassis.wiring.recording import executing
from chassis.wiring.stores import Stores
from ending import closed, stopped
from registry import app, work
from registry.codec import CODEC
from registry.erasing import Erasing
from registry.migrating import first_maps
from registry.search.table import Filling
from tokens import Issuer

from deploy.local.databases import Database

LONG_HE = "03763@2025-07-01"
OFFICER = "commune_association_officer"
PROVINCE = "provincial_association_officer"
CHAIR = "provincial_association_chair"
SIGNER = "provincial_authority_signer"
AUDITOR = "auditor_external"
DPO = "data_protection_officer"


def person(number: int) -> UUID:
    """Somebody with a token: `sub` tells persons apart, not roles."""
    return uuid5(UUID(int=0), f"person {number}")


@dataclass
class Desk:
    """Somebody at a counter of the association, who fills in forms and reads lists."""

    client: httpx.AsyncClient
    issuer: Issuer
    clock: FixedClock
    stores: Stores
    serving: app.Serving
    workers: list[Executor]

    def bearer(
        self, role: str = PROVINCE, area: str = "14", who: int = 1, **claims: Any
    ) -> dict[str, str]:
        return self.issuer.bearer((role, area), person=person(who), **claims)

    async def post(
        self, path: str, key: str | None = None, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        own = {"idempotency-key": key or str(uuid4()), **self.bearer(), **(headers or {})}
        return await self.client.post(f"/v1/{path}", json=body, headers=own)

    async def done(self, path: str, **body: Any) -> dict[str, Any]:
        """The reply of a command that must be accepted."""
        answered = await self.post(path, **body)
        assert answered.status_code == 201, answered.text
        return answered.json()

    async def refused(self, path: str, **body: Any) -> tuple[int, str]:
        """Status and code of a command that must be refused and leave nothing behind."""
        before = await self.events()
        problem = (await self.post(path, **body)).json()
        assert await self.events() == before, "something was left behind"
        return problem["status"], problem["code"]

    async def many(self, path: str, rows: Iterable[Any], **headers: str) -> list[dict[str, Any]]:
        """The verdict lines of a batch, its summary last."""
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        answered = await self.client.post(
            f"/v1/{path}",
            content="\n".join(lines).encode(),
            headers={"content-type": "application/x-ndjson", **self.bearer(), **headers},
        )
        assert answered.status_code == 200, answered.text
        return [json.loads(line) for line in answered.text.splitlines()]

    async def get(
        self, path: str, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        return await self.client.get(
            f"/v1/{path}", params=query, headers={**self.bearer(), **(headers or {})}
        )

    async def read(self, path: str, **query: Any) -> dict[str, Any]:
        answered = await self.get(path, **query)
        assert answered.status_code == 200, answered.text
        return answered.json()

    async def listed(self, path: str = "cases", **query: Any) -> list[dict[str, Any]]:
        """A list that includes everything accepted so far."""
        return (await self.read(path, min_position=await self.position(), **query))["items"]

    async def search(self, headers: dict[str, str] | None = None, **body: Any) -> Any:
        """What the search answers, everything accepted so far included."""
        return await self.client.post(
            "/v1/subjects/search",
            params={"min_position": await self.position()},
            json=body,
            headers={**self.bearer(), **(headers or {})},
        )

    async def found(self, **body: Any) -> list[str]:
        """The names that are found, in order."""
        answered = await self.search(**body)
        assert answered.status_code == 200, answered.text
        return [one["name"] for one in answered.json()["items"]]

    async def events(self) -> int:
        """The log's newest position."""
        return await self.stores.pool.fetchval("select coalesce(max(position), 0) from event")

    async def position(self) -> str:
        return f"14.registry:{await self.events()}"

    async def a_citizen(self, name: str = "Lò Thị Mai", **changes: Any) -> str:
        form = {
            "model": "citizen", "area": LONG_HE, "entered_on": "2025-07-02", "name": name,
            "group": "farmer",
        }  # fmt: skip
        return (await self.done("subjects", **(form | changes)))["id"]

    async def a_case(self, subject: str | None = None, **changes: Any) -> str:
        subject = subject or await self.a_citizen()
        form = {"subject": subject, "model": "citizen", "season": 2025}
        return (await self.done("registrations", **(form | changes)))["id"]

    async def a_verified_case(self, subject: str | None = None, **changes: Any) -> str:
        case = await self.a_case(subject, **changes)
        scores = await self.full_marks()
        await self.done("self-assessments", case=case, **scores)
        await self.done("verifications", case=case, headers=self.bearer(who=2), **scores)
        return case

    async def a_proposed_case(self, subject: str | None = None, **changes: Any) -> str:
        case = await self.a_verified_case(subject, **changes)
        await self.done("proposals", case=case, headers=self.bearer(CHAIR, who=3))
        return case

    async def proposed_cases(self, count: int) -> list[str]:
        """So many cases, proposed."""
        form = {
            "model": "citizen", "area": LONG_HE, "entered_on": "2025-09-01", "group": "farmer",
        }  # fmt: skip
        rows = [
            {
                "key": str(n),
                "model": "citizen",
                "season": 2025,
                "new_subject": form | {"name": f"Lò {n}"},
            }
            for n in range(count)
        ]
        *lines, _ = await self.many("registrations", rows)
        cases, scores = [line["id"] for line in lines], await self.full_marks()
        for path, body, who in (
            ("self-assessments", scores, self.bearer()),
            ("verifications", scores, self.bearer(who=2)),
            ("proposals", {}, self.bearer("provincial_association_chair", who=3)),
        ):
            acts = [{"key": f"{path} {n}", "case": case, **body} for n, case in enumerate(cases)]
            *_, last = await self.many(path, acts, **who)
            assert last["summary"]["accepted"] == count
        return cases

    async def until_erased(self, subject: str) -> dict[str, Any]:
        """The subject, once its erasure is on record: entered, ordered, erased."""
        async with asyncio.timeout(30):
            while True:
                found = await self.read(f"subjects/{subject}")
                if found["version"] == 3:
                    return found
                await asyncio.sleep(0.02)

    async def full_marks(self, model: str = "citizen") -> dict[str, Any]:
        """The criteria set of a model with the highest score for each item."""
        (chosen, *_) = (await self.read("criteria-sets", model=model, on="2025-10-15"))["items"]
        return {"criteria_set": chosen["id"], "scores": [best(item) for item in chosen["items"]]}


def best(item: dict[str, Any]) -> dict[str, Any]:
    if item.get("max") is not None:
        return {"item": item["id"], "points": item["max"]}
    if item.get("at_least") is not None:
        return {"item": item["id"], "numerator": 10, "denominator": 10}
    return {"item": item["id"], "met": True}


@asynccontextmanager
async def open_desk(
    database: Database, vault: Database, *, carrying: bool = True
) -> AsyncIterator[Desk]:
    """It is noon of 15 October 2025 in Sơn La; decisions may be left to a worker of the test."""
    await migrate(database.owner_url, app.MIGRATIONS, database.app_role)
    await migrate(vault.owner_url, app.VAULT_MIGRATIONS, vault.app_role)
    clock = FixedClock(datetime(2025, 10, 15, 5, tzinfo=UTC))
    keys = KeyEncryptionKeys((b"k" * 32,))
    stores = Stores(
        await open_pool(database.app_url, max_size=6),
        await open_pool(vault.app_url, max_size=4),
        keys,
    )
    await first_maps(stores.pool, "14")
    issuer = Issuer()
    verifier = Verifier(issuer.url, keys=SigningKeys(issuer.url, fetch=issuer.fetch))
    serving = app.assemble(stores, verifier, province="14", local=True, clock=clock)
    await serving.executor.start()
    log, filling = Log(stores.pool, "14.registry"), Filling(stores.vault(clock))
    worker = executing(log, CODEC, clock)
    await worker.start()
    followers: list[Any] = [
        work.read_tables(log),
        work.search_rows(log, stores.vault_pool, filling),
    ]
    if carrying:
        followers.append(work.carrying_out(worker, "14", timed=True).tasks())
        followers.append(Erasing(worker, stores.vault(clock), timed=True).tasks())
    following = [asyncio.create_task(follower.run()) for follower in followers]
    transport = httpx.ASGITransport(app=serving.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
        yield Desk(client, issuer, clock, stores, serving, workers := [worker])
    await stopped(*following)
    await serving.executor.drain()
    for executor in workers:
        await executor.drain()
    await closed(stores.pool, stores.vault_pool)
