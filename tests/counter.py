"""Reporting as it answers: the whole edge over a real Postgres, its tables filled as the worker
fills them.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2 as httpx
from chassis.bus import sources
from chassis.bus.alarms import Identity
from chassis.bus.cursor import Place
from chassis.bus.envelope import Envelope
from chassis.clock import FixedClock
from chassis.edge.auth import Verifier
from chassis.edge.keys import SigningKeys
from chassis.run.database import migrate, open_pool
from chassis.wiring.serving import Answering
from ending import closed
from reporting import app
from reporting.projections import projector
from reports import AREAS, Fact
from tokens import Issuer

from deploy.local.databases import Database


@dataclass
class Counter:
    """Where people ask for figures, and where facts arrive in the order of the log."""

    client: httpx.AsyncClient
    issuer: Issuer
    clock: FixedClock
    pool: asyncpg.Pool
    serving: Answering
    facts: list[Fact] = field(default_factory=list)

    async def receive(self, facts: Sequence[Fact], batch: int = 500) -> None:
        """Apply facts as the consumer does: rows and position in one transaction a batch."""
        await self.apply([fact.envelope() for fact in facts], batch)
        self.facts += facts

    async def apply(self, events: Sequence[Envelope], batch: int = 500) -> None:
        """The same for published events of any one log."""
        project, write = projector(AREAS), app.writing(self.pool)
        for start in range(0, len(events), batch):
            envelopes = events[start : start + batch]
            last, log = envelopes[-1], envelopes[-1].log
            async with self.pool.acquire() as connection, connection.transaction():
                await sources.load(connection, log)
                place = await sources.lock(connection, log)
                await write(connection, [(one, project(one)) for one in envelopes])
                moved = Place(log, last.position, Identity.of(last), last.position, place.origin)
                await sources.move(connection, moved, last.position)

    async def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return await self.client.get(
            f"/v1/{path}", params=query, headers={**self.bearer(), **(headers or {})}
        )

    async def read(self, path: str = "statistics", **query: Any) -> dict[str, Any]:
        answered = await self.get(path, **query)
        assert answered.status_code == 200, answered.text
        found: dict[str, Any] = answered.json()
        return found

    async def rows(self, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.read(**query))["rows"]
        return found

    async def value(self, **query: Any) -> int:
        """The one figure of a question."""
        [row] = await self.rows(**query)
        return int(row["value"])

    def bearer(self) -> dict[str, str]:
        return self.issuer.bearer(("statistics_viewer", "14"))


@asynccontextmanager
async def open_counter(database: Database) -> AsyncIterator[Counter]:
    """It is noon of 20 October 2025 in Sơn La."""
    await migrate(database.owner_url, app.MIGRATIONS, database.app_role)
    pool = await open_pool(database.app_url, max_size=6)
    issuer, clock = Issuer(), FixedClock(datetime(2025, 10, 20, 5, tzinfo=UTC))
    verifier = Verifier(issuer.url, keys=SigningKeys(issuer.url, fetch=issuer.fetch))
    serving = app.assemble(pool, verifier, province="14", clock=clock)
    transport = httpx.ASGITransport(app=serving.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://reporting") as client:
        yield Counter(client, issuer, clock, pool, serving)
    await closed(pool)
