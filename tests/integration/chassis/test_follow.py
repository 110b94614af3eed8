"""Read tables follow the log: each event once, in order, with the place reached."""

import asyncio
from collections.abc import Sequence
from functools import partial

import asyncpg
import pytest
from chassis.domain import uuid7
from chassis.log import follow
from chassis.log.follow import Follower, GapInLog, position
from chassis.log.record import Recorded
from logs import announce, executing, open_log, order, until

from deploy.local.databases import Database


async def make_table(database: Database) -> None:
    owner = await asyncpg.connect(database.owner_url)
    try:
        await owner.execute("CREATE TABLE seen (place bigint PRIMARY KEY, type text NOT NULL)")
        await owner.execute(f'GRANT ALL ON seen TO "{database.app_role}"')
    finally:
        await owner.close()


async def note(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
    await connection.executemany(
        "INSERT INTO seen VALUES ($1, $2)", [(e.position, e.type) for e in events]
    )


async def seen(pool: asyncpg.Pool) -> list[int]:
    return [row[0] for row in await pool.fetch("SELECT place FROM seen ORDER BY place")]


async def test_every_event_is_applied_once_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "_BATCH", 7)
    async with open_log(database) as log, executing(log) as executor:
        await make_table(database)
        follower = Follower(log, log.pool, "seen", note)
        assert await follower.step() == 0
        await executor.execute_all([(order(), announce()) for _ in range(20)])
        assert [await follower.step() for _ in range(4)] == [7, 7, 6, 0]
        assert await seen(log.pool) == list(range(1, 21))
        assert await position(log.pool, "seen") == 20
        assert await position(log.pool, "another") == 0


async def test_two_followers_of_one_name_take_turns(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "_BATCH", 5)
    async with open_log(database) as log, executing(log) as executor:
        await make_table(database)
        await executor.execute_all([(order(), announce()) for _ in range(60)])
        followers = [Follower(log, log.pool, "seen", note) for _ in range(3)]
        while await position(log.pool, "seen") < 60:
            await asyncio.gather(*[f.step() for f in followers])
        assert await seen(log.pool) == list(range(1, 61))


async def test_a_batch_that_fails_moves_nothing_and_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "_AFTER_ERROR", 0)
    tried = 0

    async def fails_twice(connection: asyncpg.Connection, events: Sequence[Recorded]) -> None:
        nonlocal tried
        tried += 1
        await note(connection, events)
        if tried <= 2:
            await connection.execute("SELECT 1 / 0")

    async with open_log(database) as log, executing(log) as executor:
        await make_table(database)
        await executor.execute(order(), announce())
        running = asyncio.create_task(Follower(log, log.pool, "seen", fails_twice).run())
        try:
            await until(lambda: position(log.pool, "seen"))
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert tried == 3
        assert await seen(log.pool) == [1]


async def test_it_is_a_few_milliseconds_behind(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        await make_table(database)
        running = asyncio.create_task(Follower(log, log.pool, "seen", note).run())
        try:
            for n in range(1, 6):
                await executor.execute(order(), announce())
                place = "SELECT position = $1 FROM progress WHERE name = 'seen'"
                await until(partial(log.pool.fetchval, place, n), seconds=5)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert await seen(log.pool) == [1, 2, 3, 4, 5]


async def test_it_never_steps_over_a_missing_position(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        await make_table(database)
        await executor.execute(order(), announce())
        owner = await asyncpg.connect(database.owner_url)
        try:
            await owner.execute(
                "INSERT INTO event VALUES (3, $1, 1, 't', now(), $1, '{}', '{}')", uuid7()
            )
        finally:
            await owner.close()
        follower = Follower(log, log.pool, "seen", note)
        with pytest.raises(GapInLog, match="after position 0"):
            await follower.step()
        assert await seen(log.pool) == []
