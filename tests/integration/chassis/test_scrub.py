"""After a scrub no file of a vault's database has what was erased; until then some do."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.clock import FixedClock
from chassis.errors import Busy, Forbidden
from chassis.log.vault import MIGRATIONS, KeyEncryptionKeys, Vault
from chassis.run import scrubbing
from chassis.run.database import migrate, open_pool

from deploy.local.databases import Database
from deploy.local.postgres import Postgres

CLOCK = FixedClock(datetime(2025, 10, 15, 3, tzinfo=UTC))
NATIONAL_ID = "014085001234"
# As a service keeps it: readable, sampled for the planner, gone with the person's key.
READABLE = """
CREATE TABLE readable (
    subject uuid PRIMARY KEY REFERENCES data_key (subject) ON DELETE CASCADE, name text NOT NULL
);
GRANT SELECT, INSERT, DELETE ON readable TO "{app}";
"""


@pytest.fixture
async def vault(database: Database):
    await migrate(database.owner_url, [MIGRATIONS], database.app_role)
    async with await asyncpg.create_pool(database.owner_url, min_size=1) as owner:
        await owner.execute(READABLE.format(app=database.app_role))
    async with await open_pool(database.app_url) as pool:
        yield Vault(pool, KeyEncryptionKeys.generate(), CLOCK), pool


async def entered(database: Database, vault: tuple[Vault, asyncpg.Pool], name: str) -> UUID:
    """A person among others who can be found, on disk by now in every place there is."""
    kept, pool = vault
    others = [uuid4() for _ in range(3)]
    await kept.admit(others)
    await pool.executemany(
        "INSERT INTO readable VALUES ($1, $2)", [(each, f"Lò {n}") for n, each in enumerate(others)]
    )
    subject = (await kept.claim(NATIONAL_ID)).subject
    await pool.execute("INSERT INTO readable VALUES ($1, $2)", subject, name)
    await as_owner(database, "ANALYZE readable", "CHECKPOINT")
    return subject


async def erased(vault: tuple[Vault, asyncpg.Pool], subject: UUID) -> None:
    await vault[0].order_erasure(subject)
    await vault[0].erase(subject)


async def as_owner(database: Database, *statements: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def holding(server: Postgres, text: bytes) -> set[str]:
    """The folders of the server's data in which some file has the text."""
    files = [path for path in server.data.rglob("*") if path.is_file()]
    found = [path for path in files if text in content(path)]
    return {path.relative_to(server.data).parts[0] for path in found}


def content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # the server has just let it go
        return b""


async def test_what_was_erased_is_on_disk_until_it_is_scrubbed(database, postgres, vault):
    name = "Vừ Thị Thửquyềnh".encode()
    subject = await entered(database, vault, name.decode())
    key = await vault[1].fetchval("SELECT wrapped FROM data_key WHERE subject = $1", subject)
    await erased(vault, subject)
    await as_owner(database, "CHECKPOINT")
    assert holding(postgres, name) == {"base", "pg_wal"}
    assert holding(postgres, key) == {"base", "pg_wal"}
    said: list[str] = []
    await scrubbing.scrub(database.owner_url, said.append)
    assert holding(postgres, name) == set()
    assert holding(postgres, key) == set()
    assert [line.split()[0] for line in said[-2:]] == ["statistics", "old"]
    assert {line.split()[0] for line in said} >= {"readable", "data_key", "blind_index"}


async def test_whoever_stays_is_found_as_before(database, vault):
    stays = await entered(database, vault, "Cầm Văn Ở")
    await scrubbing.scrub(database.owner_url, lambda _: None)
    assert await vault[0].find(NATIONAL_ID) == stays
    found = "SELECT name FROM readable WHERE subject = $1"
    assert await vault[1].fetchval(found, stays) == "Cầm Văn Ở"


async def test_rows_that_an_old_transaction_still_sees_are_waited_for(database, postgres, vault):
    name = "Quàng Văn Chờđợi".encode()
    subject = await entered(database, vault, name.decode())
    reader = await asyncpg.connect(database.app_url)
    old = reader.transaction(isolation="repeatable_read", readonly=True)
    await old.start()
    await reader.fetch("SELECT FROM erasure")
    await erased(vault, subject)
    scrubbing_ = asyncio.create_task(scrubbing.scrub(database.owner_url, lambda _: None))
    async with asyncio.timeout(30):
        while not await rewritten(vault[1], "blind_index", scrubbing_):  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.02)
    await old.rollback()
    await reader.close()
    await scrubbing_
    assert holding(postgres, name) == set()


async def rewritten(pool: asyncpg.Pool, table: str, scrub: asyncio.Task[None]) -> bool:
    """Whether the scrub has rewritten that table at least once, and goes on."""
    assert not scrub.done()
    of = "pg_relation_filenode($1::text::regclass) <> $1::text::regclass::oid"
    return await pool.fetchval(f"SELECT {of}", table)


async def test_it_says_which_transaction_nobody_ends(database, vault, monkeypatch):
    monkeypatch.setattr(scrubbing, "_TRIES", 2)
    subject = await entered(database, vault, "Lò Văn Giữ")
    reader = await asyncpg.connect(database.app_url)
    old = reader.transaction(isolation="repeatable_read", readonly=True)
    await old.start()
    await reader.fetch("SELECT FROM erasure")
    await erased(vault, subject)
    with pytest.raises(Busy, match="an older transaction still sees 1 deleted rows"):
        await scrubbing.scrub(database.owner_url, lambda _: None)
    await old.rollback()
    await reader.close()


async def test_a_role_that_may_not_let_the_log_go_is_told_what_it_lacks(database, postgres, vault):
    admin = await asyncpg.connect(postgres.admin_url)
    await admin.execute(f'REVOKE pg_checkpoint FROM "{database.owner_role}"')
    await admin.close()
    said: list[str] = []
    with pytest.raises(Forbidden, match="pg_checkpoint"):
        await scrubbing.scrub(database.owner_url, said.append)
    assert said[-1] == "statistics rewritten"


async def test_an_erasure_that_is_only_ordered_is_named(database, vault):
    subject = await entered(database, vault, "Lò Thị Chưa")
    await vault[0].order_erasure(subject)
    said: list[str] = []
    await scrubbing.scrub(database.owner_url, said.append)
    assert said[0].startswith("1 erasures are ordered and not carried out")
