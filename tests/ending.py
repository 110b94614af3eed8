"""Ends what a test started, and says so when something does not end: no test waits for ever."""

import asyncio

import asyncpg

WITHIN = 30.0


async def stopped(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they are over; what they failed with is the test's failure."""
    over = [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=WITHIN)
        names = [task.get_name() + str(task.get_coro()) for task in late]
        assert not late, f"still runs {WITHIN:.0f} s after it was told to stop: {names}"
    for task in over:
        task.result()


async def closed(*pools: asyncpg.Pool) -> None:
    """Close pools; a connection that nobody gave back is a failure of the test."""
    for pool in pools:
        try:
            await asyncio.wait_for(pool.close(), WITHIN)
        except TimeoutError:
            pool.terminate()
            raise AssertionError("a connection was never given back to its pool") from None
