"""One leader at a time, and a number that tells an old one from a new one."""

import asyncio

import asyncpg
from chassis.log.leader import Leader
from logs import open_log

from deploy.local.databases import Database


async def end_sessions(pool: asyncpg.Pool) -> None:
    """End whichever session holds an advisory lock, as a failing network would."""
    await pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    )


async def test_one_leads_and_the_next_has_a_higher_number(database: Database) -> None:
    async with open_log(database) as log:
        second = Leader(log.pool, "relay")
        async with Leader(log.pool, "relay") as first:
            assert first.epoch == 1
            waiting = asyncio.create_task(second.__aenter__())
            async with Leader(log.pool, "something else") as other:
                assert other.epoch == 1
            assert not waiting.done()
        await asyncio.wait_for(waiting, 20)
        assert second.epoch == 2
        assert not second.lost.is_set()
        await second.__aexit__(None, None, None)
        assert second.lost.is_set()


async def test_a_leader_whose_session_ended_knows_it_and_another_steps_in(
    database: Database,
) -> None:
    async with open_log(database) as log, Leader(log.pool, "relay") as first:
        await end_sessions(log.pool)
        await asyncio.wait_for(first.lost.wait(), 20)
        async with asyncio.timeout(20), Leader(log.pool, "relay") as second:
            assert second.epoch == first.epoch + 1


async def test_a_cancelled_candidate_leaves_the_place_free(database: Database) -> None:
    async with open_log(database) as log:
        async with Leader(log.pool, "relay"):
            waiting = asyncio.create_task(Leader(log.pool, "relay").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(20), Leader(log.pool, "relay") as next_one:
            assert next_one.epoch == 2


async def test_whoever_is_stopped_while_stepping_down_stops(database: Database) -> None:
    async with open_log(database) as log:
        leader, over = Leader(log.pool, "relay"), asyncio.Event()

        async def lead_again_and_again() -> None:
            while True:
                async with leader:
                    await over.wait()

        leading = asyncio.create_task(lead_again_and_again())
        async with asyncio.timeout(20):
            while not leader.epoch:  # noqa: ASYNC110  # a database has no event to wait for
                await asyncio.sleep(0.01)
            over.set()
            await leader.lost.wait()
        leading.cancel()
        ended, _ = await asyncio.wait({leading}, timeout=10)
        over.clear()
        leading.cancel()
        assert ended, "the leader went on after it was told to stop"
