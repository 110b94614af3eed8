"""A schema moves forward once, under a lock, and never twice differently."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from chassis.run.database import MigrationError, migrate, missing, open_pool

from deploy.local.databases import Database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "training" / "migrations"
    place.mkdir(parents=True)
    (place / "0001_first.sql").write_text(
        "CREATE TABLE seat (id int PRIMARY KEY);\nGRANT SELECT, INSERT ON seat TO ${app};\n"
    )
    return place


async def fetch(url: str, query: str):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


async def test_each_file_is_applied_once(database: Database, folder: Path) -> None:
    applied = await migrate(database.owner_url, [folder], database.app_role)
    assert applied == ["training/migrations/0001_first.sql"]
    assert await migrate(database.owner_url, [folder], database.app_role) == []


async def test_the_application_gets_what_the_file_grants_and_no_more(
    database: Database, folder: Path
) -> None:
    await migrate(database.owner_url, [folder], database.app_role)
    await fetch(database.app_url, "INSERT INTO seat VALUES (1)")
    for refused in ("DELETE FROM seat", "CREATE TABLE own ()", "DELETE FROM migration"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await fetch(database.app_url, refused)


async def test_a_role_with_quotes_in_its_name_is_a_name_and_not_sql(
    database: Database, folder: Path
) -> None:
    with pytest.raises((asyncpg.UndefinedObjectError, MigrationError), match="does not exist"):
        await migrate(database.owner_url, [folder], 'x"; DROP TABLE seat; --')


async def test_two_that_migrate_at_once_apply_each_file_once(
    database: Database, folder: Path
) -> None:
    runs = (migrate(database.owner_url, [folder], database.app_role) for _ in range(5))
    applied = await asyncio.gather(*runs)
    assert sorted(map(len, applied)) == [0, 0, 0, 0, 1]


async def test_a_file_that_was_applied_is_never_edited(database: Database, folder: Path) -> None:
    await migrate(database.owner_url, [folder], database.app_role)
    with (folder / "0001_first.sql").open("a") as file:
        file.write("-- only a remark\n")
    with pytest.raises(MigrationError, match=r"0001_first\.sql was changed after"):
        await migrate(database.owner_url, [folder], database.app_role)


async def test_a_new_file_never_comes_before_an_applied_one(
    database: Database, folder: Path
) -> None:
    await migrate(database.owner_url, [folder], database.app_role)
    (folder / "0000_late.sql").write_text("SELECT 1")
    with pytest.raises(MigrationError, match=r"0000_late\.sql comes before .*0001_first\.sql"):
        await migrate(database.owner_url, [folder], database.app_role)


async def test_a_file_that_fails_leaves_nothing_and_those_before_it_stand(
    database: Database, folder: Path
) -> None:
    (folder / "0002_bad.sql").write_text("CREATE TABLE half (); SELECT nothing_such();")
    with pytest.raises(MigrationError, match=r"0002_bad\.sql: .*nothing_such"):
        await migrate(database.owner_url, [folder], database.app_role)
    tables = await fetch(database.owner_url, "SELECT to_regclass('half'), to_regclass('seat')")
    assert tuple(tables[0]) == (None, "seat")
    (folder / "0002_bad.sql").write_text("CREATE TABLE half ()")
    applied = await migrate(database.owner_url, [folder], database.app_role)
    assert applied == ["training/migrations/0002_bad.sql"]


async def test_an_older_release_leaves_a_newer_schema_alone(
    database: Database, folder: Path
) -> None:
    (folder / "0002_newer.sql").write_text("CREATE TABLE newer ()")
    await migrate(database.owner_url, [folder], database.app_role)
    (folder / "0002_newer.sql").unlink()
    assert await migrate(database.owner_url, [folder], database.app_role) == []


async def test_a_program_knows_whether_its_schema_is_there(
    database: Database, folder: Path
) -> None:
    pool = await open_pool(database.app_url)
    async with pool:
        assert await missing(pool, [folder]) == ["training/migrations/0001_first.sql"]
        await migrate(database.owner_url, [folder], database.app_role)
        assert await missing(pool, [folder]) == []
        (folder / "0002_next.sql").write_text("SELECT 1")
        assert await missing(pool, [folder]) == ["training/migrations/0002_next.sql"]


async def test_connections_say_who_they_are_and_wait_for_nothing_for_ever(
    database: Database,
) -> None:
    async with await open_pool(
        database.app_url, application_name="kh-test", settings={"statement_timeout": "50ms"}
    ) as pool:
        shown = {
            name: await pool.fetchval("SELECT current_setting($1)", name)
            for name in ("application_name", "lock_timeout", "TimeZone", "jit")
        }
        assert shown == {
            "application_name": "kh-test",
            "lock_timeout": "5s",
            "TimeZone": "UTC",
            "jit": "off",
        }
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.fetch("SELECT pg_sleep(20)")


async def test_a_transaction_left_open_ends_before_the_next_borrower(database: Database) -> None:
    async with await open_pool(database.app_url, max_size=1) as pool:
        with pytest.raises(ZeroDivisionError):
            async with pool.acquire() as connection, connection.transaction():
                raise ZeroDivisionError
        async with pool.acquire() as connection:
            assert not connection.is_in_transaction()
