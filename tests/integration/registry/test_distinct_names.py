"""The names that a search looks among: there as long as somebody bears them, and no longer."""

import asyncio
import shutil
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.run.database import migrate, open_pool
from logs import until
from registry import app
from registry.search import names
from registry.search.finding import Question, Search
from registry.search.table import ENTER

PLACE = "03763@2025-07-01"
_KEY = "insert into data_key values ($1, 'kek', 'wrapped', $2, $3)"
_WAITS = """
select exists (
    select from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and not l.granted and d.datname = current_database()
)
"""


class Vault:
    """A vault's database with people in it, through connections that commit when they are told."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self._search = Search(pool)

    async def key(self) -> UUID:
        subject = uuid4()
        await self.pool.execute(_KEY, subject, bytes(32), datetime.now(UTC))
        return subject

    async def enter(self, name: str, connection=None, model: str = "citizen") -> UUID:
        subject, sort = await self.key(), names.sort_key(name)
        row = (subject, model, PLACE, name, sort, " ".join(names.lexemes(name)))
        await (connection or self.pool).execute(ENTER, *([value] for value in row))
        return subject

    async def erase(self, *subjects: UUID) -> None:
        await self.pool.execute("delete from data_key where subject = any($1)", subjects)

    async def found(self, name: str | None, cursor=None, limit=50, **narrowed) -> list[str]:
        """Every page, one after another."""
        query = None if name is None else names.asked(name)
        question = Question(query, narrowed.get("areas"), narrowed.get("model"))
        page = await self._search.find(question, cursor, limit, named=True)
        rest = await self.found(name, page.next, limit, **narrowed) if page.next else []
        return [row["name"] for row in page.rows] + rest

    async def known(self) -> int:
        return await self.pool.fetchval("select count(*) from distinct_name")

    async def somebody_waits(self) -> None:
        await until(lambda: self.pool.fetchval(_WAITS))


@pytest.fixture
async def vault(database):
    await migrate(database.owner_url, app.VAULT_MIGRATIONS, database.app_role)
    pool = await open_pool(database.app_url, max_size=4)
    yield Vault(pool)
    await pool.close()


async def test_a_name_is_kept_until_the_last_who_bears_it_is_erased(vault):
    first, second = [await vault.enter("Lò Thị Mai") for _ in range(2)]
    await vault.erase(first)
    assert await vault.found("mai") == ["Lò Thị Mai"]
    await vault.erase(second)
    assert (await vault.found("mai"), await vault.known()) == ([], 0)


async def test_a_family_of_the_same_name_keeps_no_citizen_s(vault):
    citizen = await vault.enter("Lò Thị Mai")
    await vault.enter("Lò Thị Mai", model="family")
    assert await vault.found("mai", model="family") == await vault.found("mai", model="citizen")
    await vault.erase(citizen)
    assert await vault.found("mai", model="citizen") == []
    assert await vault.found("mai") == ["Lò Thị Mai"]


async def test_somebody_entered_while_their_namesake_is_erased_is_found(vault):
    namesake = await vault.enter("Lò Thị Mai")
    async with vault.pool.acquire() as connection, connection.transaction():
        await vault.enter("Lò Thị Mai", connection)
        erasing = asyncio.create_task(vault.erase(namesake))
        await vault.somebody_waits()
    await erasing
    assert await vault.found("mai") == ["Lò Thị Mai"]


async def test_somebody_entered_just_after_their_namesake_was_erased_is_found(vault):
    namesake = await vault.enter("Lò Thị Mai")
    async with vault.pool.acquire() as connection, connection.transaction():
        await connection.execute("delete from data_key where subject = $1", namesake)
        entering = asyncio.create_task(vault.enter("Lò Thị Mai"))
        await vault.somebody_waits()
    await entering
    assert await vault.found("mai") == ["Lò Thị Mai"]


HOA = {"Hoa", "Hoà", "Hòa"}
ASKED = {
    "hoa": [HOA],
    "hoà": [HOA - {"Hoa"}],
    "van hoa": [HOA],
    "lo hoa": [{"Lò"}, HOA],
    "y": [{"Yến"}],
    "khong": [set()],
    None: [],
}


async def test_pages_make_the_one_long_list_whatever_is_asked(vault):
    people = [f"{a} Văn {b}" for a in ("Lò", "Hoà", "Cà") for b in ("An", *sorted(HOA), "Yến")]
    models = ["citizen", "clan", "family"]
    for name in people * 2:
        for model in models:
            await vault.enter(name, model=model)
    for asked, words in ASKED.items():
        meant = [name for name in people * 2 if all(set(name.split()) & any_of for any_of in words)]
        for narrowed in ({}, {"areas": [PLACE]}, {"areas": [PLACE, "14"]}):
            assert await pages(vault, asked, **narrowed) == sorted(meant * len(models))
        assert await pages(vault, asked, model="clan") == sorted(meant)


async def pages(vault: Vault, asked: str | None, **narrowed) -> list[str]:
    """What is found, the same and in order by small pages and by large ones."""
    found = await vault.found(asked, limit=1000, **narrowed)
    keys = [names.sort_key(name) for name in found]
    assert keys == sorted(keys)
    for limit in (1, 7):
        assert await vault.found(asked, limit=limit, **narrowed) == found
    return sorted(found)


async def test_people_entered_before_distinct_names_were_kept_are_found_as_ever(
    database, tmp_path, vault_before
):
    before = await vault_before(tmp_path)
    await migrate(database.owner_url, app.VAULT_MIGRATIONS, database.app_role)
    assert await before.found("mai") == ["Cà Thị Mai", "Lò Thị Mai", "Lò Thị Mai"]
    assert await before.found("ß") == ["Lò ß"]
    assert await before.found("ø") == ["Lò ø"]
    await before.pool.close()


@pytest.fixture
def vault_before(database):
    """A vault as the release before left it; two letters shared one place in its keys."""

    async def made(folder) -> Vault:
        own = folder / "registry" / "vault_migrations"
        own.mkdir(parents=True)
        shutil.copy(app.VAULT_MIGRATIONS[1] / "0001_search.sql", own)
        await migrate(database.owner_url, [app.VAULT_MIGRATIONS[0], own], database.app_role)
        vault = Vault(await open_pool(database.app_url, max_size=2))
        for name in ("Lò Thị Mai", "Lò Thị Mai", "Cà Thị Mai", "Lò ß", "Lò ø"):
            await vault.enter(name)
        await vault.pool.execute(
            "update subject_name set name_sort = 'shared' where name in ('Lò ß', 'Lò ø')"
        )
        return vault

    return made
