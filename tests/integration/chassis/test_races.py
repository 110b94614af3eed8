"""Five races in which other ways of ordering lose or turn round events, and this log does not.

Each is played with two or three connections in a fixed order of steps, first on the other mechanism,
on a table of its own, then on this log: there the second writer waits for the first to commit, so
that what a reader has seen is never preceded by anything later.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.domain import uuid7
from chassis.log.append import CALL, Append, columns
from chassis.log.record import NewEvent
from chassis.log.store import Log
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from logs import assert_sound, open_log, until

from deploy.local.databases import Database

WATERMARKED = """
CREATE TABLE watermarked (
    position bigserial PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream text NOT NULL,
    version int NOT NULL
)
"""
BELOW_WATERMARK = "xid < pg_snapshot_xmin(pg_current_snapshot())"


@asynccontextmanager
async def connections(url: str, count: int = 3) -> AsyncIterator[list[asyncpg.Connection]]:
    opened = [await asyncpg.connect(url) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            await connection.close()


async def by_position(reader: asyncpg.Connection, after: int) -> list[int]:
    rows = await reader.fetch(
        f"SELECT position FROM watermarked WHERE {BELOW_WATERMARK} AND position > $1 "
        "ORDER BY position",
        after,
    )
    return [row[0] for row in rows]


async def write(connection: asyncpg.Connection, stream: str, version: int) -> int:
    return await connection.fetchval(
        "INSERT INTO watermarked (stream, version) VALUES ($1, $2) RETURNING position",
        stream,
        version,
    )


async def test_r1_a_watermark_read_by_position_loses_a_number_drawn_early(
    database: Database,
) -> None:
    async with connections(database.owner_url) as (early, late, reader):
        await early.execute(WATERMARKED)
        await write(early, "warm", 1)  # one draw in 32 is logged, and that one takes an id
        slow = early.transaction()
        await slow.start()
        drawn = await early.fetchval("SELECT nextval('watermarked_position_seq')")
        seen = [1, await write(late, "b", 1)]
        assert await by_position(reader, 0) == seen
        await early.execute(
            "INSERT INTO watermarked (position, stream, version) VALUES ($1, 'a', 1)", drawn
        )
        await slow.commit()
        assert drawn < seen[-1]
        assert await by_position(reader, seen[-1]) == [], "the reader goes on, and never sees it"


async def test_r2_a_watermark_read_by_position_loses_what_stands_between(
    database: Database,
) -> None:
    async with connections(database.owner_url) as (two, one, reader):
        await two.execute(WATERMARKED)
        first, second = two.transaction(), one.transaction()
        await first.start()
        a1 = await write(two, "a", 1)
        await second.start()
        b1 = await write(one, "b", 1)
        a2 = await write(two, "a", 2)
        await first.commit()
        assert await by_position(reader, 0) == [a1, a2]
        await second.commit()
        assert a1 < b1 < a2
        assert await by_position(reader, a2) == [], "the one in between is lost to the reader"


async def test_r3_order_by_transaction_turns_the_versions_of_one_stream_round(
    database: Database,
) -> None:
    async with connections(database.owner_url) as (early, late, reader):
        await early.execute(WATERMARKED)
        await early.execute("CREATE TABLE request (id int PRIMARY KEY)")
        slow = early.transaction()
        await slow.start()
        await early.execute("INSERT INTO request VALUES (1)")  # its id is older from here on
        await write(late, "a", 1)
        await write(early, "a", 2)
        await slow.commit()
        rows = await reader.fetch(
            f"SELECT version FROM watermarked WHERE {BELOW_WATERMARK} ORDER BY xid, position"
        )
        assert [row[0] for row in rows] == [2, 1]


SKIPPING = """
CREATE TABLE skipping (
    position bigserial PRIMARY KEY, stream text NOT NULL, version int NOT NULL, body text NOT NULL,
    UNIQUE (stream, version)
);
CREATE FUNCTION append_any(wanted text, said text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE at int := coalesce((SELECT max(version) FROM skipping WHERE stream = wanted), 0) + 1;
BEGIN
    INSERT INTO skipping (stream, version, body) VALUES (wanted, at, said) ON CONFLICT DO NOTHING;
    RETURN (SELECT position FROM skipping WHERE stream = wanted AND version = at);
END $$;
"""


async def test_r4_on_conflict_do_nothing_reports_success_for_what_it_did_not_store(
    database: Database,
) -> None:
    async with connections(database.owner_url) as (first, second, reader):
        await first.execute(SKIPPING)
        open_ = first.transaction()
        await open_.start()
        one = await first.fetchval("SELECT append_any('a', 'one')")
        waiting = asyncio.create_task(second.fetchval("SELECT append_any('a', 'two')"))
        await blocked(reader, second)
        await open_.commit()
        # In this order the second finds the first's row, and answers with its position.
        assert await waiting == one
        assert [r[0] for r in await reader.fetch("SELECT body FROM skipping")] == ["one"]


@contextmanager
def datastore(database: Database) -> Iterator[PostgresDatastore]:
    at = urlsplit(database.owner_url)
    opened = PostgresDatastore(
        dbname=database.name, host=at.hostname, port=at.port, user=at.username,
        password=at.password, pool_size=4, enable_db_functions=True,
    )  # fmt: skip
    try:
        yield opened
    finally:
        opened.close()


def test_r5_the_librarys_function_mode_loses_what_commits_late(database: Database) -> None:
    with datastore(database) as store:
        recorder = PostgresApplicationRecorder(store)
        recorder.create_table()

        def insert(connection: Any, stream: UUID) -> int:
            new = recorder.construct_pg_stored_event(stream, 1, "t", b"s")
            statement = recorder.sql_invoke_pg_function_insert_events
            return next(iter(connection.execute(statement, ([new],)).fetchone().values()))

        with store.get_connection() as slow, slow.transaction():
            late = insert(slow, uuid4())
            (early,) = recorder.insert_events([StoredEvent(uuid4(), 1, "t", b"s")])
            seen = [n.id for n in recorder.select_notifications(1, 10)]
            assert seen == [early]
        assert late < early
        assert recorder.select_notifications(early, 10, inclusive_of_start=False) == []


def test_r5_the_librarys_unconditional_append_loses_what_commits_late(database: Database) -> None:
    with datastore(database) as store:
        recorder = PostgresDCBRecorderTT(store)
        recorder.create_table()
        new = [DCBEvent(type="t", data=b"s", tags=["a"])]
        with store.get_connection() as slow, slow.transaction():
            statement = recorder.sql_unconditional_append
            slow.execute(statement, {"events": recorder.construct_psycopg_dcb_events(new)})
            early = recorder.append(new)
            assert [e.position for e in recorder.read()] == [early]
        assert [e.position for e in recorder.read()] == [early - 1, early]
        assert list(recorder.read(after=early)) == [], "a reader at the first's place misses it"


# The same steps on this log.


def append(stream: UUID, before: int = 0, count: int = 1) -> Append:
    events = [NewEvent(stream, before + n, "t", b"{}", b"{}") for n in range(1, count + 1)]
    return Append(uuid7(), b"", stream, before + count, {stream: before}, events)


async def blocked(reader: asyncpg.Connection, connection: asyncpg.Connection) -> None:
    """Wait until that connection's server process waits for a lock."""
    waits = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1"
    await until(lambda: reader.fetchval(waits, connection.get_server_pid()))


@pytest.mark.parametrize("count", [1, 2], ids=["r1 one event", "r2 two events"])
@pytest.mark.parametrize("drawn_before", [False, True], ids=["", "r3 with an older transaction id"])
@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_a_second_writer_waits_and_a_reader_misses_nothing(
    database: Database, count: int, end: str, *, drawn_before: bool
) -> None:
    async with open_log(database) as log, connections(database.app_url) as (one, other, reader):
        slow = one.transaction()
        await slow.start()
        if drawn_before:
            await one.fetchval("SELECT pg_current_xact_id()")
        await one.fetch(CALL, *columns([append(stream := uuid7(), count=count)]))
        waiting = asyncio.create_task(other.fetch(CALL, *columns([append(uuid7())])))
        await blocked(reader, other)
        assert await log.read(0) == [], "nothing is visible before the first has committed"
        await getattr(slow, end)()
        await waiting
        stored = count if end == "commit" else 0
        assert [e.position for e in await log.read(0)] == list(range(1, stored + 2))
        assert [e.version for e in await log.load(stream)] == list(range(1, stored + 1))
        await assert_sound(log.pool)


async def test_r3_the_versions_of_a_stream_are_in_the_order_of_positions(
    database: Database,
) -> None:
    async with open_log(database) as log, connections(database.app_url) as (early, late, _):
        stream = uuid7()
        slow = early.transaction()
        await slow.start()
        await early.fetchval("SELECT pg_current_xact_id()")
        await late.fetch(CALL, *columns([append(stream)]))
        await early.fetch(CALL, *columns([append(stream, before=1)]))
        await slow.commit()
        assert [(e.position, e.version) for e in await log.read(0)] == [(1, 1), (2, 2)]


async def test_r4_of_two_at_the_same_version_one_is_told_of_the_conflict(
    database: Database,
) -> None:
    async with open_log(database) as log, connections(database.app_url) as (one, other, reader):
        stream = uuid7()
        slow = one.transaction()
        await slow.start()
        await one.fetch(CALL, *columns([append(stream)]))
        waiting = asyncio.create_task(other.fetchrow(CALL, *columns([append(stream)])))
        await blocked(reader, other)
        await slow.commit()
        assert (await waiting)["statuses"] == [3]
        assert len(await log.read(0)) == 1


async def writers_and_tail(log: Log, seconds: float) -> tuple[int, int]:
    """Four writers and a reader that goes on from where it is; written and seen."""
    written = seen = place = 0
    clock = asyncio.get_running_loop().time
    end = clock() + seconds

    async def one() -> None:
        nonlocal written
        async with log.pool.acquire() as connection:
            while clock() < end:
                await connection.fetch(CALL, *columns([append(uuid7())]))
                written += 1

    async def tail() -> None:
        nonlocal seen, place
        while True:
            finished = clock() > end and all(task.done() for task in tasks)
            events = await log.read(place, 1000)
            assert [e.position for e in events] == list(range(place + 1, place + 1 + len(events)))
            seen += len(events)
            place += len(events)
            if finished and not events:
                return

    tasks = [asyncio.create_task(one()) for _ in range(4)]
    await tail()
    await asyncio.gather(*tasks)
    return written, seen


async def test_r5_a_tailing_reader_sees_every_event_of_four_writers(database: Database) -> None:
    async with open_log(database, max_size=6) as log:
        written, seen = await writers_and_tail(log, 1.0)
        assert written == seen > 0
        await assert_sound(log.pool)
