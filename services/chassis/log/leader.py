"""One leader per name: a session advisory lock on its own connection, and an epoch that only rises.

The lock goes silently when its connection dies, so it elects but does not fence. What fences is the
epoch: a leader moves its progress only while the stored epoch is its own.
"""

import asyncio
import contextlib
import hashlib
from types import TracebackType
from typing import Any, Self

import asyncpg

from chassis.log.lending import LOST, give_back

_RETRY = 0.25  # seconds between attempts to become leader
_PULSE = 2.0  # seconds between proofs that the connection lives
_NEXT_EPOCH = """
INSERT INTO leader (name, epoch) VALUES ($1, 1)
ON CONFLICT (name) DO UPDATE SET epoch = leader.epoch + 1
RETURNING epoch
"""


class Leader:
    """``async with Leader(pool, name) as term`` waits to be elected; ``term.epoch`` is its number.

    ``term.lost`` is set once the term is over; whoever leads stops then and steps in again anew.
    """

    def __init__(self, pool: asyncpg.Pool, name: str) -> None:
        self._pool = pool
        self.name = name
        self.epoch = 0
        self.lost = asyncio.Event()
        self._connection: Any = None
        self._pulse: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.lost.clear()
        while not await self._stand():  # noqa: ASYNC110  # only another process ends this wait
            await asyncio.sleep(_RETRY)
        self._pulse = asyncio.create_task(self._beat(), name=f"leader {self.name}")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.lost.set()
        try:
            if self._pulse is not None:
                self._pulse.cancel()
                # Awaiting it would take our own cancellation for its, and whoever leads in a
                # loop would go on for ever.
                await asyncio.wait({self._pulse})
        finally:
            await self._step_down(ended=True)

    async def _stand(self) -> bool:
        """Try once; a server that cannot be reached elects nobody."""
        try:
            self._connection = await self._pool.acquire()
            if await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", _key(self.name)):
                self.epoch = await self._connection.fetchval(_NEXT_EPOCH, self.name)
                self._connection.add_termination_listener(self._ended)
                return True
            await self._step_down(ended=False)
        except LOST:
            await self._step_down(ended=True)
        except BaseException:
            await self._step_down(ended=True)
            raise
        return False

    async def _beat(self) -> None:
        try:
            with contextlib.suppress(*LOST):
                while True:
                    await asyncio.sleep(_PULSE)
                    await self._connection.fetchval("SELECT 1", timeout=_PULSE)
        finally:
            self.lost.set()

    def _ended(self, _: Any) -> None:
        self.lost.set()

    async def _step_down(self, *, ended: bool) -> None:
        # Ending the session is what surely frees its lock.
        connection, self._connection = self._connection, None
        if connection is not None:
            await give_back(self._pool, connection, ended=ended)


def _key(name: str) -> int:
    digest = hashlib.sha256(f"khuyenhoc leader {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
