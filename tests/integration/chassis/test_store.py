"""The log as read, and what its database refuses."""

import asyncpg
import pytest
from chassis.domain import uuid7
from chassis.log.leaf import entry
from chassis.log.record import Head
from logs import CODEC, Seminar, announce, executing, open_log, order, take_seat

from deploy.local.databases import Database


async def test_an_empty_log_has_no_position_and_no_time(database: Database) -> None:
    async with open_log(database) as log:
        assert await log.head() == Head(0, None)
        assert await log.read(0) == []
        assert await log.receipt(uuid7()) is None


async def test_events_are_read_by_position_stream_and_type(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        first = (await executor.execute(order(), announce())).id
        second = (await executor.execute(order(), announce())).id
        for seminar in (first, second, first):
            await executor.execute(order(), take_seat(seminar))
        everything = await log.read(0)
        assert [e.position for e in everything] == [1, 2, 3, 4, 5]
        assert [e.position for e in await log.read(1, 2)] == [2, 3]
        assert [e.position for e in await log.read(1, until=4)] == [2, 3, 4]
        assert [e.position for e in await log.read(0, stream=first)] == [1, 3, 5]
        assert [e.position for e in await log.read(1, types=["test.SeatTaken"])] == [3, 4, 5]
        assert [e.version for e in await log.load(first)] == [1, 2, 3]
        assert [e.version for e in await log.load(first, after_version=2)] == [3]
        assert await log.versions([first, uuid7(), second]) == {first: 3, second: 2}
        head = await log.head()
        assert (head.position, head.recorded_at) == (5, everything[-1].recorded_at)


async def test_bytes_are_stored_and_hashed_as_they_were_written(database: Database) -> None:
    title = 'Khuyến học "Tô Hiệu" \\ \t — 学\u0000'
    async with open_log(database) as log, executing(log) as executor:

        async def decide(work: object) -> Seminar:
            return work.save(Seminar(id=uuid7(), title=title, seats=1))

        asked = order()
        await executor.execute(asked, decide)
        (e,) = await log.read(0)
        assert CODEC.decode(e).title == title
        written = CODEC.encode(CODEC.decode(e), asked.actor)
        assert (e.payload, e.meta) == (written.payload, written.meta)
        assert len(entry(e)) == 111 + len(e.type)
        assert e.command == asked.command


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET type = 'x'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE command SET version = 9",
        "DELETE FROM command",
        "TRUNCATE command",
        "INSERT INTO event SELECT position + 1, stream, version + 1, type, recorded_at, command, payload, meta FROM event",
    ],
)
async def test_what_is_written_can_neither_be_changed_nor_added_to_by_hand(
    database: Database, statement: str
) -> None:
    async with open_log(database) as log, executing(log) as executor:
        await executor.execute(order(), announce())
        before = await log.read(0)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await log.pool.execute(statement)
        if not statement.startswith("INSERT"):
            owner = await asyncpg.connect(database.owner_url)
            try:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                    await owner.execute(statement)
            finally:
                await owner.close()
        assert await log.read(0) == before


async def test_an_append_needs_read_committed(database: Database) -> None:
    call = "SELECT * FROM append_events('{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}')"
    async with open_log(database) as log, log.pool.acquire() as connection:
        for level in ("repeatable_read", "serializable"):
            with pytest.raises(asyncpg.InvalidTransactionStateError):
                async with connection.transaction(isolation=level):
                    await connection.fetch(call)


async def test_only_the_application_may_append(database: Database, make_database: object) -> None:
    stranger = make_database("stranger")
    async with open_log(database):
        owner = await asyncpg.connect(database.owner_url)
        try:
            allowed = await owner.fetch(
                "SELECT r.rolname FROM pg_roles r, pg_proc p WHERE p.proname = 'append_events' "
                "AND has_function_privilege(r.oid, p.oid, 'EXECUTE') AND NOT r.rolsuper"
            )
            assert {row[0] for row in allowed} == {database.app_role, database.owner_role}
            assert stranger.app_role not in {row[0] for row in allowed}
        finally:
            await owner.close()
