"""Funds as they answer: the whole edge over a real Postgres and a real vault, lists following."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

import asyncpg
import httpx2 as httpx
from chassis.clock import FixedClock
from chassis.edge.auth import Verifier
from chassis.edge.keys import SigningKeys
from chassis.log import vault
from chassis.log.follow import Follower
from chassis.log.store import Log
from chassis.run.database import migrate, open_pool
from ending import closed, stopped
from funds import app, projections
from funds.queries import READ_TABLES
from tokens import Issuer

from deploy.local.databases import Database

CHAIR, OFFICER = "provincial_association_chair", "provincial_association_officer"
ACCOUNTANT, APPROVER = "fund_accountant", "fund_approver"
TREASURER, AUDITOR = "fund_treasurer", "auditor_external"
WHO = {
    "funds": CHAIR,
    "contributions": ACCOUNTANT,
    "opening-balances": ACCOUNTANT,
    "reversals": ACCOUNTANT,
    "nominations": OFFICER,
    "approvals": APPROVER,
    "payments": TREASURER,
}
"""Whose act each command is."""


def person(role: str) -> UUID:
    """One person for each role, so that the four of an award differ."""
    return uuid5(UUID(int=0), role)


@dataclass
class Desk:
    """The office of a fund: each act is done by whoever's it is."""

    client: httpx.AsyncClient
    issuer: Issuer
    clock: FixedClock
    pool: asyncpg.Pool
    vault_pool: asyncpg.Pool
    people: vault.Vault
    serving: app.Serving

    def bearer(self, role: str = AUDITOR, area: str = "14", **claims: Any) -> dict[str, str]:
        return self.issuer.bearer((role, area), **({"person": person(role)} | claims))

    async def post(
        self, path: str, key: str | None = None, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx.Response:
        own = {"idempotency-key": key or str(uuid4()), **self.bearer(WHO[path]), **(headers or {})}
        return await self.client.post(f"/v1/{path}", json=body, headers=own)

    async def done(self, path: str, **body: Any) -> dict[str, Any]:
        """The reply of a command that must be accepted."""
        answered = await self.post(path, **body)
        assert answered.status_code == 201, answered.text
        return answered.json()

    async def refused(self, path: str, **body: Any) -> tuple[int, str, str]:
        """Status, code and English sentence of a command that must be refused."""
        before = await self.events()
        headers = {"accept-language": "en", **(body.pop("headers", None) or {})}
        problem = (await self.post(path, headers=headers, **body)).json()
        assert await self.events() == before, "something was left behind"
        return problem["status"], problem["code"], problem["detail"]

    async def many(self, path: str, rows: Iterable[Any], **headers: str) -> list[dict[str, Any]]:
        """The verdict lines of a batch, its summary last; a row may be raw text."""
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        answered = await self.client.post(
            f"/v1/{path}",
            content="\n".join(lines).encode(),
            headers={
                "content-type": "application/x-ndjson", **self.bearer(WHO[path]), **headers
            },
        )  # fmt: skip
        assert answered.status_code == 200, answered.text
        return [json.loads(line) for line in answered.text.splitlines()]

    async def get(
        self, path: str, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        return await self.client.get(
            f"/v1/{path}", params=query, headers={**self.bearer(), **(headers or {})}
        )

    async def read(self, path: str, role: str = AUDITOR, **query: Any) -> dict[str, Any]:
        answered = await self.get(path, headers=self.bearer(role), **query)
        assert answered.status_code == 200, answered.text
        return answered.json()

    async def listed(self, path: str, role: str = AUDITOR, **query: Any) -> list[dict[str, Any]]:
        """A list that includes everything accepted so far."""
        position = f"14.funds:{await self.events()}"
        return (await self.read(path, role, min_position=position, **query))["items"]

    async def events(self) -> int:
        """The log's newest position."""
        return await self.pool.fetchval("select coalesce(max(position), 0) from event")

    async def a_fund(self, balance: int = 0, earmark: str | None = None, **changes: Any) -> str:
        opened = {"name": "Quỹ học bổng Tô Hiệu", "kind": "scholarship", "area": "14",
                  "opened_on": "2019-01-10"}  # fmt: skip
        fund = (await self.done("funds", **(opened | changes)))["id"]
        if balance:
            purpose = {"earmark": earmark} if earmark else {}
            await self.a_gift(fund, balance, **purpose)
        return fund

    async def a_gift(self, fund: str, amount: int = 500_000, **changes: Any) -> str:
        gift = {"channel": "cash", "donor": {"name": "Lò Thị Mai"}, "received_on": "2025-09-01"}
        return (await self.done("contributions", fund=fund, amount=amount, **(gift | changes)))[
            "id"
        ]

    async def a_nominee(self, fund: str, amount: int = 100_000, **changes: Any) -> str:
        about = {"beneficiary": {"kind": "person", "name": "Cầm Văn Hoa"},
                 "reason": "Giải nhất học sinh giỏi", "nominated_on": "2025-09-02"}  # fmt: skip
        return (await self.done("nominations", fund=fund, amount=amount, **(about | changes)))["id"]

    async def an_award(self, fund: str, amount: int = 100_000, **changes: Any) -> str:
        """Nominated and approved."""
        award = await self.a_nominee(fund, amount, **changes)
        await self.done("approvals", award=award, approved_on="2025-09-03")
        return award

    async def paid(self, award: str, **act: Any) -> str:
        """Pay it; the payment's id."""
        payment = str(uuid4())
        await self.done("payments", id=payment, award=award, **({"channel": "cash"} | act))
        return payment


@asynccontextmanager
async def open_desk(make_database: Callable[[str], Database]) -> AsyncIterator[Desk]:
    """It is noon of 15 October 2025 in Sơn La."""
    main, safe = make_database("funds"), make_database("funds_vault")
    await migrate(main.owner_url, app.MIGRATIONS, main.app_role)
    await migrate(safe.owner_url, [vault.MIGRATIONS], safe.app_role)
    pool, vault_pool = await open_pool(main.app_url, max_size=6), await open_pool(safe.app_url)
    issuer, clock = Issuer(), FixedClock(datetime(2025, 10, 15, 5, tzinfo=UTC))
    verifier = Verifier(issuer.url, keys=SigningKeys(issuer.url, fetch=issuer.fetch))
    keys = vault.KeyEncryptionKeys.generate()
    people = vault.Vault(vault_pool, keys, clock)
    digest = partial(vault.request_digest, keys.request_key)
    serving = app.assemble(
        pool, people, verifier, province="14", digest=digest, local=True, clock=clock
    )
    await serving.executor.start()
    log = Log(pool, "14.funds")
    following = asyncio.create_task(Follower(log, pool, READ_TABLES, projections.apply).run())
    transport = httpx.ASGITransport(app=serving.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://funds") as client:
        yield Desk(client, issuer, clock, pool, vault_pool, people, serving)
    await stopped(following)
    await serving.executor.drain()
    await closed(pool, vault_pool)
