"""Many decisions: each decided and queued in one pass; what needs more goes on beside it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast

import structlog

from chassis.errors import Busy, Refusal
from chassis.log.append import Append
from chassis.log.order import (
    Attempts,
    Decide,
    Order,
    Outcome,
    answer,
    key_reused,
)
from chassis.log.record import Receipt

if TYPE_CHECKING:
    from chassis.log.execute import Executor

_CHUNK = 500  # commands looked up at once
_YIELD_EVERY = 50  # decisions before others on this loop get a turn
_AT_ONCE = 64  # decisions under way at the same time, beyond the first pass
_logger = structlog.get_logger(__name__)

Told = Callable[[Exception], Refusal]
"""How an error that nobody meant as an answer is answered."""
_Queued = tuple[int, Append, Attempts]


class Bulk:
    """One run over a list of requests."""

    def __init__(
        self, executor: "Executor", requests: Sequence[tuple[Order, Decide]], told: Told
    ) -> None:
        self._executor = executor
        self._requests = requests
        self._told = told
        self._answers: list[Outcome | Refusal | None] = [None] * len(requests)
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._queued: list[_Queued] = []

    async def run(self) -> list[Outcome | Refusal]:
        """Answer every request, in order."""
        try:
            async with asyncio.TaskGroup() as group:
                for start in range(0, len(self._requests), _CHUNK):
                    await self._pass_over(range(start, min(start + _CHUNK, self._size)), group)
                await self._gather(group)
        finally:
            for i, *_ in self._queued:
                self._executor.leave(self._requests[i][0].command)
        return cast("list[Outcome | Refusal]", self._answers)

    @property
    def _size(self) -> int:
        return len(self._requests)

    async def _pass_over(self, chunk: range, group: asyncio.TaskGroup) -> None:
        """Decide the chunk's requests in order and queue their appends."""
        known = await self._executor.log.receipts([self._requests[i][0].command for i in chunk])
        for n, i in enumerate(chunk):
            if n % _YIELD_EVERY == 0:
                await asyncio.sleep(0)
            order, _ = self._requests[i]
            if receipt := known.get(order.command):
                self._answers[i] = _repeated(order, receipt)
            elif self._executor.runs(order.command) or not await self._first_try(i):
                group.create_task(self._finish(i))

    async def _first_try(self, i: int) -> bool:
        order, decide = self._requests[i]
        attempts = Attempts()
        self._executor.enter(order.command)
        try:
            append = await self._executor.attempt(order, decide, attempts)
        except Exception:  # noqa: BLE001  # whatever it is, it is met again beside the others
            self._executor.leave(order.command)
            return False
        except BaseException:
            self._executor.leave(order.command)
            raise
        self._queued.append((i, append, attempts))
        return True

    async def _gather(self, group: asyncio.TaskGroup) -> None:
        """Collect the verdicts in the order the appends were queued, which is how they come."""
        self._queued.reverse()
        while self._queued:
            i, append, attempts = self._queued[-1]
            self._answers[i] = await self._alone(self._executor.conclude(append, attempts))
            self._queued.pop()
            self._executor.leave(self._requests[i][0].command)
            if self._answers[i] is None:
                group.create_task(self._finish(i))

    async def _finish(self, i: int) -> None:
        async with self._gate:
            self._answers[i] = await self._alone(self._executor.execute(*self._requests[i]))

    async def _alone(
        self, executing: Coroutine[Any, Any, Outcome | None]
    ) -> Outcome | Refusal | None:
        """What became of one request; whatever befell it must not touch the others."""
        try:
            return await executing
        except Refusal as refusal:
            return refusal
        except Exception as error:  # noqa: BLE001  # it is told
            return self._told(error)


def not_stored(error: Exception) -> Refusal:
    """What is said of a request that failed for no reason of its own."""
    _logger.error("a request of many failed", exc_info=error)
    return Busy(
        "this could not be stored; send it again",
        "chưa ghi lại được; vui lòng gửi lại dòng này",
    )


def _repeated(order: Order, receipt: Receipt) -> Outcome | Refusal:
    if receipt.digest != order.digest:
        return key_reused()
    return answer(receipt, replayed=True)
