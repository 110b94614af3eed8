"""A connection lost at any point of an append: nothing is lost, nothing is stored twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from chassis.errors import Busy
from chassis.log import batcher
from chassis.log.append import LOCK
from chassis.log.execute import Executor, Outcome
from chassis.log.store import Log
from chassis.run.database import open_pool
from logs import announce, assert_sound, executing, open_log, order, prepare, take_seat, until
from proxy import Proxy, proxied

from deploy.local.databases import Database


@asynccontextmanager
async def through_a_proxy(database: Database) -> AsyncIterator[tuple[Proxy, Log, Executor]]:
    await prepare(database)
    async with proxied(database.app_url) as (proxy, url):
        pool = await open_pool(url)
        try:
            log = Log(pool, "14.test")
            async with executing(log) as executor:
                yield proxy, log, executor
        finally:
            await pool.close()


async def some_at_once(executor: Executor, seminar: object) -> list[Outcome]:
    """Two on one hot stream, the second decided on the first, and one beside them."""
    return await asyncio.gather(
        executor.execute(order(), take_seat(seminar)),
        executor.execute(order(), take_seat(seminar)),
        executor.execute(order(), announce()),
    )


@pytest.mark.parametrize("side", ["up", "down"])
async def test_a_connection_lost_at_any_byte_of_an_append(database: Database, side: str) -> None:
    """`up` cuts within what is sent, `down` within the answer, when it is stored already."""
    async with through_a_proxy(database) as (proxy, log, executor):
        seminar = (await executor.execute(order(), announce(seats=10_000))).id
        before = dict(proxy.passed)
        await some_at_once(executor, seminar)
        size = proxy.passed[side] - before[side]
        answers: list[Outcome] = []
        points = [*range(6), *range(6, size, max(1, size // 12)), size - 1, size]
        for point in points:
            proxy.cut(side, point)
            answers += await some_at_once(executor, seminar)
        assert proxy.cuts >= len(points) - 1
        assert not any(answer.replayed for answer in answers)
        assert len({answer.position for answer in answers}) == len(answers)
        assert (await log.head()).position == 1 + 3 + len(answers)
        await assert_sound(log.pool)


async def test_what_an_abandoned_session_stores_late_is_not_stored_again(
    database: Database,
) -> None:
    """Cut off while the server still waits for the lock: nothing is found, and it is sent again."""
    async with through_a_proxy(database) as (_, log, executor):
        await executor.execute(order(), announce())
        blocker = await asyncpg.connect(database.app_url)
        try:
            transaction = blocker.transaction()
            await transaction.start()
            await blocker.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            asked = asyncio.create_task(executor.execute(order(), announce()))
            await waiting_for_the_lock(blocker, 1)
            await break_off(executor)
            await waiting_for_the_lock(blocker, 2)
            await transaction.commit()
        finally:
            await blocker.close()
        answer = await asked
        assert (answer.position, answer.replayed) == (2, False)
        assert (await log.head()).position == 2
        await assert_sound(log.pool)


async def break_off(executor: Executor) -> None:
    """Drop the writer's connection under its feet, as a network does; the server is not told."""
    executor._batcher._connection._con._transport.abort()


async def waiting_for_the_lock(connection: asyncpg.Connection, count: int) -> None:
    waiting = "SELECT count(*) >= $1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    await until(lambda: connection.fetchval(waiting, count))


async def test_sessions_ended_by_the_server_under_load(database: Database) -> None:
    async with open_log(database) as log, executing(log) as executor:
        seminar = (await executor.execute(order(), announce(seats=10_000))).id
        asked = [order() for _ in range(300)]
        admin = await asyncpg.connect(database.app_url)
        answers: list[Outcome] = []

        async def caller(who: int) -> None:
            for o in asked[who::10]:
                answer = await executor.execute(o, take_seat(seminar))
                answers.append(answer)

        try:
            callers = [asyncio.create_task(caller(who)) for who in range(10)]
            ended = 0
            while not all(task.done() for task in callers):
                if len(answers) >= ended * 30:
                    await admin.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                    ended += 1
                await asyncio.sleep(0)
            await asyncio.gather(*callers)
        finally:
            await admin.close()
        assert ended >= 5
        assert sorted(a.version for a in answers) == list(range(2, 302))
        await assert_sound(log.pool)


async def test_a_log_out_of_reach_is_said_to_be_and_the_retry_gets_its_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batcher, "_PATIENCE", 0.2)
    async with through_a_proxy(database) as (proxy, log, executor):
        await executor.execute(order(), announce())
        asked = order()
        there, proxy._server = proxy._server, ("127.0.0.1", 1)
        proxy.cut("down", 0)  # stored, and the answer lost, and nobody left to ask
        with pytest.raises(Busy, match="cannot be reached"):
            await executor.execute(asked, announce())
        proxy._server = there
        answer = await executor.execute(asked, announce())
        assert (answer.position, answer.replayed) == (2, True)
        await assert_sound(log.pool)


async def test_a_lock_held_too_long_is_told_as_busy_and_nothing_is_stored(
    database: Database,
) -> None:
    await prepare(database)
    pool = await open_pool(database.app_url, settings={"lock_timeout": "50ms"})
    try:
        log = Log(pool, "14.test")
        async with executing(log) as executor:
            blocker = await asyncpg.connect(database.app_url)
            try:
                async with blocker.transaction():
                    await blocker.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
                    with pytest.raises(Busy, match="LockNotAvailable"):
                        await executor.execute(order(), announce())
            finally:
                await blocker.close()
            assert (await executor.execute(order(), announce())).position == 1
    finally:
        await pool.close()
