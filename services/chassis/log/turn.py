"""A turn of its own for a decision that keeps losing to faster writers: nobody appends meanwhile.

Two busy processes on one stream are not fair to each other. Who lost has to read again, while the
winner's next batch is ready already. So after some losses the decision is made under the log's
lock, which is granted in the order of asking.
"""

import asyncio

from chassis.log.append import CALL, LOCK, Append, columns, settle_batch
from chassis.log.cells import Cells
from chassis.log.order import Attempts, Decide, Order
from chassis.log.repository import Repository
from chassis.log.work import UnitOfWork


class Turns:
    """Gives one decision of the process at a time the log to itself, for a few milliseconds."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._gate = asyncio.Lock()

    async def take(self, order: Order, decide: Decide, attempts: Attempts) -> Append:
        """Decide on stored state alone, and append before anybody can change it; settled.

        Raises:
            Refusal: the decision's own; it rests on what is stored.
            asyncpg.PostgresError, OSError: the turn was lost, perhaps after it was stored.
        """
        pool = self._repository.log.pool
        async with self._gate, pool.acquire() as connection:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
                # Cells of its own: what others have pending waits for this lock, not the reverse.
                work = UnitOfWork(order, Cells(), self._repository, taken=attempts.taken)
                append = await work.decided(decide)
                answer = await connection.fetchrow(CALL, *columns([append]))
            settle_batch([append], answer)
        attempts.snaps = work.snaps
        return append
