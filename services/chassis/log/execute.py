"""Decisions into appends: decide on the newest state, append once, answer a retry as the first time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from chassis.clock import Clock
from chassis.domain import Aggregate
from chassis.errors import Busy, Fault, Invalid, KeyReused, Refusal
from chassis.log.append import Append, Status
from chassis.log.batcher import Batcher, Watch
from chassis.log.cells import Cells
from chassis.log.codec import Codec
from chassis.log.record import Receipt
from chassis.log.repository import Repository
from chassis.log.store import Log
from chassis.log.work import HeldElsewhere, Order, Snap, UnitOfWork

Decide = Callable[[UnitOfWork], Awaitable[Aggregate]]

_MOST_ATTEMPTS = 64
_CHUNK = 500  # commands looked up at once
_YIELD_EVERY = 50  # decisions of a bulk before others get a turn
_AT_ONCE = 64  # decisions of a bulk under way at the same time, beyond the first pass


class Outcome(msgspec.Struct, frozen=True):
    """An accepted command: what its reply names, and the position of its last event."""

    id: UUID
    version: int
    position: int
    recorded_at: datetime
    replayed: bool


class _Attempts(msgspec.Struct):
    """What earlier attempts at one decision have taught."""

    verify: bool = False
    taken: tuple[UUID, ...] = ()
    snaps: list[Snap] = []
    count: int = 0


class Executor:
    """Runs decisions against one log. Start it before use and drain it before leaving."""

    def __init__(self, log: Log, codec: Codec, clock: Clock, *, watch: Watch | None = None) -> None:
        self.log = log
        self.clock = clock
        self.repository = Repository(log, codec)
        self._cells = Cells()
        self._batcher = Batcher(log, watch)
        self._running: dict[UUID, asyncio.Future[None] | None] = {}
        self._background: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to append."""
        await self._batcher.start()

    async def drain(self) -> None:
        """Finish what is queued and refuse what is new."""
        await self._batcher.drain()
        if self._background:
            await asyncio.wait(self._background)

    async def execute(self, order: Order, decide: Decide) -> Outcome:
        """Decide and append, once for ever under the order's command id.

        ``decide`` runs again when another writer was first, and once more on stored state before a
        refusal is answered.

        Raises:
            Refusal: the domain's own; Stale, KeyReused, AlreadyExists, Invalid, Busy.
        """
        await self._turn(order.command)
        with self._alone(order.command):
            return await self._execute(order, decide)

    async def execute_all(
        self, requests: Sequence[tuple[Order, Decide]]
    ) -> list[Outcome | Refusal]:
        """As ``execute`` for many, in order, each accepted or refused alone."""
        answers: list[Outcome | Refusal | None] = [None] * len(requests)
        async with asyncio.TaskGroup() as group:
            bulk = _Bulk(self, requests, answers, group)
            for start in range(0, len(requests), _CHUNK):
                await bulk.pass_over(range(start, min(start + _CHUNK, len(requests))))
        return [answer for answer in answers if answer is not None]

    async def _execute(self, order: Order, decide: Decide) -> Outcome:
        attempts = _Attempts()
        while True:
            queued = await self._queue(order, decide, attempts)
            if isinstance(queued, Receipt):
                return _outcome(queued, replayed=True)
            if outcome := await self._conclude(queued, attempts):
                return outcome

    async def _queue(self, order: Order, decide: Decide, attempts: _Attempts) -> Append | Receipt:
        """Decide until there is an append to wait for, a first answer to repeat, or a refusal."""
        while True:
            attempts.count += 1
            try:
                return await self._attempt(order, decide, attempts)
            except HeldElsewhere as held:
                await held.cell.free()
            except _Uncertain as uncertain:
                if receipt := await self._first_answer(order):
                    return receipt
                if uncertain.certain:
                    raise uncertain.refusal from uncertain.refusal.__cause__
                attempts.verify = True
            if attempts.count > _MOST_ATTEMPTS:
                raise Busy("too many are changing the same thing; send the request again")

    async def _attempt(self, order: Order, decide: Decide, attempts: _Attempts) -> Append:
        work = UnitOfWork(
            order, self._cells, self.repository, verify=attempts.verify, taken=attempts.taken
        )
        try:
            append = await self._decided(work, decide)
            self._batcher.submit(append)
        except Refusal as refusal:
            work.give_back()
            raise _Uncertain(refusal, certain=work.certain) from refusal
        except BaseException:
            work.give_back()
            raise
        work.hand_on(append)
        attempts.snaps = work.snaps
        return append

    async def _decided(self, work: UnitOfWork, decide: Decide) -> Append:
        try:
            await decide(work)
        except Refusal:
            work.check_version()  # a caller who is behind is told so rather than why it mattered
            raise
        return work.append()

    async def _first_answer(self, order: Order) -> Receipt | None:
        receipt = await self.log.receipt(order.command)
        if receipt is not None and receipt.digest != order.digest:
            raise KeyReused("this key was used before with another request")
        return receipt

    async def _conclude(self, append: Append, attempts: _Attempts) -> Outcome | None:
        """The answer to a queued append; None when it has to be decided again."""
        await append.settled()
        if append.receipt is not None and append.status in {Status.ACCEPTED, Status.REPLAYED}:
            self._keep(attempts.snaps if append.fresh else [])
            replayed = append.status is Status.REPLAYED and not append.uncertain
            return _outcome(append.receipt, replayed=replayed)
        if refusal := _REFUSED.get(append.status or Status.FELL):
            raise refusal()
        if append.status is Status.CONFLICT:
            attempts.verify = True
            created = [stream for stream, version in append.expected.items() if version == 0]
            if created:
                attempts.taken = tuple(await self.log.versions(created))
        return None

    def _keep(self, snaps: Sequence[Snap]) -> None:
        for snap in snaps:
            keeping = self.repository.keep(snap.cls, snap.stream, snap.version, snap.state)
            task = asyncio.create_task(keeping)
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def _turn(self, command: UUID) -> None:
        """Wait while the same command runs in this process; its retry then finds the receipt."""
        while command in self._running:
            waiting = self._running[command]
            if waiting is None:
                waiting = self._running[command] = asyncio.get_running_loop().create_future()
            await asyncio.shield(waiting)

    @contextmanager
    def _alone(self, command: UUID) -> Iterator[None]:
        self._running[command] = None
        try:
            yield
        finally:
            if waiting := self._running.pop(command):
                waiting.set_result(None)


class _Uncertain(Exception):  # noqa: N818  # carries a refusal until it may be answered
    def __init__(self, refusal: Refusal, *, certain: bool) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal
        self.certain = certain


class _Bulk:
    """Many decisions, each decided and queued in one pass; what needs more goes on beside it."""

    def __init__(
        self,
        executor: Executor,
        requests: Sequence[tuple[Order, Decide]],
        answers: list[Outcome | Refusal | None],
        group: asyncio.TaskGroup,
    ) -> None:
        self._executor = executor
        self._requests = requests
        self._answers = answers
        self._group = group
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def pass_over(self, chunk: range) -> None:
        """Decide the chunk's requests in order and queue their appends."""
        commands = [self._requests[i][0].command for i in chunk]
        known = await self._executor.log.receipts(commands)
        queued: list[tuple[int, Append, _Attempts]] = []
        for n, i in enumerate(chunk):
            if n % _YIELD_EVERY == 0:
                await asyncio.sleep(0)
            order, decide = self._requests[i]
            if receipt := known.get(order.command):
                self._answers[i] = _repeated(order, receipt)
            elif order.command in self._executor._running:  # noqa: SLF001  # one module
                self._beside(i, self._executor.execute(order, decide))
            else:
                await self._first_try(i, queued)
        if queued:
            self._group.create_task(self._gather(queued))

    async def _first_try(self, i: int, queued: list[tuple[int, Append, _Attempts]]) -> None:
        order, decide = self._requests[i]
        executor, attempts = self._executor, _Attempts(count=1)
        executor._running[order.command] = None  # noqa: SLF001
        try:
            append = await executor._attempt(order, decide, attempts)  # noqa: SLF001
        except (_Uncertain, HeldElsewhere):
            self._leave(order)
            self._beside(i, executor.execute(order, decide))
        except BaseException:
            self._leave(order)
            raise
        else:
            queued.append((i, append, attempts))

    async def _gather(self, queued: Sequence[tuple[int, Append, _Attempts]]) -> None:
        for i, append, attempts in queued:
            order, decide = self._requests[i]
            try:
                self._answers[i] = await self._executor._conclude(append, attempts)  # noqa: SLF001
            except Refusal as refusal:
                self._answers[i] = refusal
            finally:
                self._leave(order)
            if self._answers[i] is None:
                self._beside(i, self._executor.execute(order, decide))

    def _leave(self, order: Order) -> None:
        if waiting := self._executor._running.pop(order.command, None):  # noqa: SLF001
            waiting.set_result(None)

    def _beside(self, i: int, executing: Coroutine[Any, Any, Outcome]) -> None:
        self._group.create_task(self._finish(i, executing))

    async def _finish(self, i: int, executing: Coroutine[Any, Any, Outcome]) -> None:
        async with self._gate:
            try:
                self._answers[i] = await executing
            except Refusal as refusal:
                self._answers[i] = refusal


def _repeated(order: Order, receipt: Receipt) -> Outcome | Refusal:
    if receipt.digest != order.digest:
        return _key_reused()
    return _outcome(receipt, replayed=True)


def _outcome(receipt: Receipt, *, replayed: bool) -> Outcome:
    return Outcome(receipt.id, receipt.version, receipt.position, receipt.recorded_at, replayed)


def _key_reused() -> Refusal:
    return KeyReused("this key was used before with another request")


def _bad_time(detail: str) -> Callable[[], Refusal]:
    return lambda: Invalid(detail, faults=[Fault("Recorded-At", "invalid", detail)])


_REFUSED: dict[Status, Callable[[], Refusal]] = {
    Status.KEY_REUSED: _key_reused,
    Status.BEFORE_LAST: _bad_time("the time is before the last recorded event"),
    Status.IN_FUTURE: _bad_time("the time is in the future"),
}

__all__ = ["Decide", "Executor", "Order", "Outcome", "UnitOfWork"]
