"""Decisions into appends: decide on the newest state, append once, repeat a first answer."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from chassis.clock import Clock
from chassis.domain import Aggregate
from chassis.errors import Busy, Invalid, Refusal
from chassis.log.append import Append, Status
from chassis.log.batcher import Batcher, Watch
from chassis.log.bulk import Bulk, Told, not_stored
from chassis.log.cells import Cells
from chassis.log.codec import Codec
from chassis.log.gathering import Gathering
from chassis.log.lending import LOST, for_caller
from chassis.log.order import (
    Attempts,
    Decide,
    DecideAgain,
    Order,
    Outcome,
    Snap,
    Undecided,
    answer,
    key_reused,
)
from chassis.log.record import Receipt
from chassis.log.repository import Repository
from chassis.log.store import Log
from chassis.log.turn import Turns
from chassis.log.work import UnitOfWork

A = TypeVar("A", bound=Aggregate)
_UNTIL_A_TURN = 8  # attempts
_MOST_ATTEMPTS = 16


class Executor:
    """Runs decisions against one log. Start it before use and drain it before leaving.

    ``watch`` is told every batch that was sent, and the seconds until its answer.
    """

    def __init__(self, log: Log, codec: Codec, clock: Clock, *, watch: Watch | None = None) -> None:
        self.log = log
        self.clock = clock
        self.repository = Repository(log, codec)
        self._cells = Cells()
        self._batcher = Batcher(log, watch)
        self._turns = Turns(self.repository)
        self._gatherings: dict[type[Aggregate], Gathering[Any]] = {}
        self._versions = Gathering(log.versions)
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
        self.enter(order.command)
        attempts = Attempts()
        try:
            while True:
                queued = await self._queue(order, decide, attempts)
                if isinstance(queued, Receipt):
                    return answer(queued, replayed=True)
                if outcome := await self.conclude(queued, attempts):
                    return outcome
        finally:
            self.leave(order.command)

    async def execute_all(
        self, requests: Sequence[tuple[Order, Decide]], told: Told = not_stored
    ) -> list[Outcome | Refusal]:
        """As ``execute`` for many, in order, each accepted or refused alone.

        An error of ours in one request is that request's alone; ``told`` makes it an answer.
        """
        return await Bulk(self, requests, told).run()

    async def warm(self, cls: type[A], streams: Iterable[UUID]) -> dict[UUID, A]:
        """Load many in one round trip for decisions that follow; give those that exist, to look at.

        It saves time and decides nothing: what was changed meanwhile is decided on again.
        """
        cells = {stream: self._cells.at(stream) for stream in streams}
        found: dict[UUID, A] = {}
        if unknown := [stream for stream, cell in cells.items() if not cell]:
            together = await self._gathering(cls).find(unknown)
            found = {stream: together[stream] for stream in unknown if stream in together}
        for aggregate in found.values():
            self._cells.put(aggregate)
        known = (cell.aggregate for cell in cells.values() if cell)
        return found | {each.id: each for each in known if isinstance(each, cls)}

    async def versions(self, streams: Collection[UUID]) -> Mapping[UUID, int]:
        """The newest version of those that exist, in one round trip; see ``UnitOfWork.rests_on``.

        Like ``warm`` it decides nothing.
        """
        return await self._versions.find(streams) if streams else {}

    def _gathering(self, cls: type[A]) -> Gathering[A]:
        found = self._gatherings.get(cls)
        if found is None:
            found = self._gatherings[cls] = Gathering(partial(self.repository.find_all, cls))
        return found

    async def _queue(self, order: Order, decide: Decide, attempts: Attempts) -> Append | Receipt:
        """Decide until there is an append to wait for, a first answer to repeat, or a refusal."""
        while attempts.count < _MOST_ATTEMPTS:
            try:
                if attempts.count < _UNTIL_A_TURN:
                    return await self.attempt(order, decide, attempts)
                return await self._turn_of_its_own(order, decide, attempts)
            except DecideAgain as again:
                if again.cell is not None:
                    await again.cell.free()
            except Undecided as undecided:
                if receipt := await self._first_answer(order):
                    return receipt
                if undecided.certain:
                    raise undecided.refusal from undecided.refusal.__cause__
                attempts.verify = True
        raise Busy(
            "this cannot be stored now; send the request again",
            "lúc này chưa ghi lại được; vui lòng gửi lại yêu cầu",
        )

    async def attempt(self, order: Order, decide: Decide, attempts: Attempts) -> Append:
        """Decide once and queue the append.

        Raises:
            Undecided: the decision refused.
            DecideAgain: it has to be run again, perhaps after waiting for a stream.
        """
        attempts.count += 1
        work = UnitOfWork(
            order, self._cells, self.repository, verify=attempts.verify, taken=attempts.taken
        )
        try:
            append = await work.decided(decide)
            self._batcher.submit(append)
        except Refusal as refusal:
            work.give_back()
            raise Undecided(refusal, certain=work.certain) from refusal
        except BaseException as failure:
            work.give_back()
            if work.certain or not isinstance(failure, Exception):
                raise
            attempts.verify = True  # it may have failed on what is no longer so
            raise DecideAgain(getattr(failure, "cell", None)) from failure
        work.hand_on(append)
        attempts.snaps = work.snaps
        return append

    async def _turn_of_its_own(self, order: Order, decide: Decide, attempts: Attempts) -> Append:
        attempts.count += 1
        try:
            return await self._turns.take(order, decide, attempts)
        except Refusal as refusal:
            raise Undecided(refusal, certain=True) from refusal
        except LOST as error:
            # Should it be stored, the next attempt is told so by the command's receipt.
            raise DecideAgain(None) from error
        except asyncpg.PostgresError as error:
            raise for_caller(error) from error

    async def _first_answer(self, order: Order) -> Receipt | None:
        receipt = await self.log.receipt(order.command)
        if receipt is not None and receipt.digest != order.digest:
            raise key_reused()
        return receipt

    async def conclude(self, append: Append, attempts: Attempts) -> Outcome | None:
        """The answer to a queued append; None when it has to be decided again.

        Raises:
            Refusal: the log's own.
            Exception: what the database said when it was no verdict.
        """
        await append.settled()
        if append.receipt is not None and append.status in {Status.ACCEPTED, Status.REPLAYED}:
            self._keep(attempts.snaps if append.fresh else ())
            replayed = append.status is Status.REPLAYED and not append.uncertain
            return answer(append.receipt, replayed=replayed)
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
            self._beside(self.repository.keep(snap.cls, snap.stream, snap.version, snap.state))

    def _beside(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _turn(self, command: UUID) -> None:
        """Wait while the same command runs in this process; its retry then finds the receipt."""
        while command in self._running:
            waiting = self._running[command]
            if waiting is None:
                waiting = self._running[command] = asyncio.get_running_loop().create_future()
            await asyncio.shield(waiting)

    def runs(self, command: UUID) -> bool:
        """Whether that command is being decided or awaits its verdict here."""
        return command in self._running

    def enter(self, command: UUID) -> None:
        """Mark a command as running; ``leave`` must follow."""
        self._running[command] = None

    def leave(self, command: UUID) -> None:
        """The caller is done with a command, or gone; what is queued is sent all the same."""
        if waiting := self._running.pop(command, None):
            waiting.set_result(None)


def _bad_time(en: str, vi: str) -> Callable[[], Refusal]:
    return lambda: Invalid.at("Recorded-At", en, vi)


_REFUSED: dict[Status, Callable[[], Refusal]] = {
    Status.KEY_REUSED: key_reused,
    Status.BEFORE_LAST: _bad_time(
        "the time is before the last recorded event",
        "thời điểm ghi ở trước sự kiện ghi nhận gần nhất",
    ),
    Status.IN_FUTURE: _bad_time("the time is in the future", "thời điểm ghi ở trong tương lai"),
}

__all__ = ["Decide", "Executor", "Order", "Outcome", "UnitOfWork"]
