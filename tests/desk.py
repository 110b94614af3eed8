"""Training as it answers: the whole edge over a real Postgres, its read tables following."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2 as httpx
from chassis.clock import FixedClock
from chassis.edge.auth import Verifier
from chassis.edge.keys import SigningKeys
from chassis.log.follow import Follower
from chassis.log.store import Log
from chassis.log.vault import request_digest
from chassis.run.database import migrate, open_pool
from chassis.wiring.serving import Serving
from ending import closed, stopped
from tokens import Issuer
from training import app, projections

from deploy.local.databases import Database

LONG_HE = "03763@2025-07-01"
OFFICER = "commune_association_officer"
PROVINCE = "provincial_association_officer"


@dataclass
class Desk:
    """Somebody at a counter of the association, who fills in forms and reads lists."""

    client: httpx.AsyncClient
    issuer: Issuer
    clock: FixedClock
    pool: asyncpg.Pool
    serving: Serving

    def bearer(self, role: str = PROVINCE, area: str = "14", **claims: Any) -> dict[str, str]:
        return self.issuer.bearer((role, area), **claims)

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

    async def refused(self, path: str, **body: Any) -> tuple[int, str, str]:
        """Status, code and sentence of a command that must be refused."""
        before = await self.events()
        problem = (await self.post(path, **body)).json()
        assert await self.events() == before, "something was left behind"
        return problem["status"], problem["code"], problem["detail"]

    async def many(self, path: str, rows: Iterable[Any], **headers: str) -> list[dict[str, Any]]:
        """The verdict lines of a batch, its summary last; a row may be raw text."""
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

    async def listed(self, path: str = "courses", **query: Any) -> list[dict[str, Any]]:
        """A list that includes everything accepted so far."""
        position = f"14.training:{await self.events()}"
        return (await self.read(path, min_position=position, **query))["items"]

    async def events(self) -> int:
        """The log's newest position."""
        return await self.pool.fetchval("select coalesce(max(position), 0) from event")

    async def a_course(self, **changes: Any) -> str:
        plan = {
            "kind": "TECH_TRANSFER",
            "title": "Kỹ thuật trồng mận hậu",
            "area": LONG_HE,
            "starts_on": "2025-09-01",
            "ends_on": "2025-09-30",
        }
        return (await self.done("courses", **(plan | changes)))["id"]

    async def an_open_course(self, learners: int = 0, **changes: Any) -> tuple[str, list[str]]:
        course = await self.a_course(**changes)
        await self.done("openings", course=course)
        people = [str(uuid4()) for _ in range(learners)]
        for person in people:
            await self.done("enrolments", course=course, learner=person)
        return course, people


@asynccontextmanager
async def open_desk(database: Database) -> AsyncIterator[Desk]:
    """It is noon of 15 October 2025 in Sơn La."""
    await migrate(database.owner_url, app.MIGRATIONS, database.app_role)
    pool = await open_pool(database.app_url, max_size=6)
    issuer, clock = Issuer(), FixedClock(datetime(2025, 10, 15, 5, tzinfo=UTC))
    verifier = Verifier(issuer.url, keys=SigningKeys(issuer.url, fetch=issuer.fetch))
    serving = app.assemble(
        pool,
        verifier,
        province="14",
        digest=partial(request_digest, b"k" * 32),
        local=True,
        clock=clock,
    )
    await serving.executor.start()
    log = Log(pool, "14.training")
    following = asyncio.create_task(Follower(log, pool, app.READ_TABLES, projections.apply).run())
    transport = httpx.ASGITransport(app=serving.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://training") as client:
        yield Desk(client, issuer, clock, pool, serving)
    await stopped(following)
    await serving.executor.drain()
    await closed(pool)
