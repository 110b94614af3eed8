"""Group commit: one connection, one call at a time, taking whatever waits the moment it is free."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog

from chassis import failpoint
from chassis.errors import Busy
from chassis.log.append import CALL, Append, Status, columns, settle_batch
from chassis.log.lending import LOST, alive, for_caller, give_back, out_of_reach
from chassis.log.record import Receipt
from chassis.log.store import Log

MAX_EVENTS = 256
MAX_BYTES = 1 << 20
_CALL_TIMEOUT = 30.0  # seconds; far above the role's own timeouts
_SENDINGS = 5
_PATIENCE = 10.0  # seconds without a database before callers are told to come back
_logger = structlog.get_logger(__name__)

Watch = Callable[[Sequence[Append], float], None]


class Batcher:
    """The one writer of a process. ``watch`` is told each batch and how long its call took."""

    def __init__(self, log: Log, watch: Watch | None = None) -> None:
        self._log = log
        self._watch = watch
        self._queue: deque[Append] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: Any = None
        self._prepared: Any = None
        self._draining = False

    async def start(self) -> None:
        """Begin to send; needs no database yet."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="append batcher")

    async def drain(self) -> None:
        """Refuse what is new, send what waits, give the connection back."""
        self._draining = True
        self._wake.set()
        if self._task is not None:
            await self._task
            self._task = None

    def submit(self, append: Append) -> None:
        """Queue an append; ``append.settled()`` tells. It is sent even if the caller goes away.

        Raises:
            Busy: the process is stopping.
        """
        if self._draining:
            raise Busy(
                "the service is stopping; send the request again",
                "hệ thống đang tạm dừng; vui lòng gửi lại yêu cầu",
            )
        self._queue.append(append)
        self._wake.set()

    async def _run(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while batch := self._take():
                    await self._settle_surely(batch)
                if self._draining:
                    return
        finally:
            await self._disconnect(broken=False)

    def _take(self) -> list[Append]:
        batch: list[Append] = []
        events = size = 0
        taken = _Taken()
        while self._queue:
            append = self._queue[0]
            if append.dead:
                self._queue.popleft().settle(Status.FELL)
                continue
            events += len(append.events)
            size += append.size
            if batch and (events > MAX_EVENTS or size > MAX_BYTES or not taken.fits(append)):
                break
            taken.add(append)
            batch.append(self._queue.popleft())
        return batch

    async def _settle_surely(self, batch: Sequence[Append]) -> None:
        """Whatever happens, nobody is left waiting and the next batch has its turn."""
        try:
            await self._settle(batch)
        except Exception as error:
            _logger.exception("a batch could not be sent", log=self._log.name)
            _fail_all([append for append in batch if append.status is None], error)

    async def _settle(self, batch: Sequence[Append]) -> None:
        """Send a batch until each of its appends has a verdict or an error."""
        left: Sequence[Append] = batch
        for _ in range(_SENDINGS):
            try:
                settle_batch(left, await self._send(left))
            except _Lost as lost:
                left = await self._find_out(left, lost)
            except Exception as error:  # noqa: BLE001  # it must fall on its own append alone
                await self._one_by_one(left, error)
                return
            else:
                return
            if not left:
                return
        _fail_all(
            left,
            Busy(
                "the log keeps losing its connection; ask again",
                "kết nối tới sổ ghi bị ngắt nhiều lần; vui lòng gửi lại",
            ),
        )

    async def _one_by_one(self, batch: Sequence[Append], error: Exception) -> None:
        if len(batch) == 1:
            batch[0].fail(for_caller(error))
            return
        for append in batch:
            if append.dead:
                append.settle(Status.FELL)
            else:
                await self._settle([append])

    async def _find_out(self, batch: Sequence[Append], lost: Exception) -> list[Append]:
        """After a lost connection: look the commands up; what has no receipt is to be sent again.

        An old backend may still hold the first sending. Both carry the command id and pass under
        the same lock, so only one of them can be stored.
        """
        for append in batch:
            append.uncertain = True
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._receipts(batch)
        except TimeoutError:
            _fail_all(batch, out_of_reach(str(lost)))
            return []
        for append in batch:
            if receipt := found.get(append.command):
                same = receipt.digest == append.digest
                append.settle(Status.REPLAYED if same else Status.KEY_REUSED, receipt)
        return [append for append in batch if append.status is None]

    async def _receipts(self, batch: Sequence[Append]) -> dict[UUID, Receipt]:
        pause = 0.02
        while True:
            await self._disconnect(broken=True)
            with contextlib.suppress(*LOST, Busy):
                return await self._log.receipts([append.command for append in batch])
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.5)

    async def _send(self, batch: Sequence[Append]) -> Any:
        arguments = columns(batch)
        began = asyncio.get_running_loop().time()
        try:
            answer = await self._call(arguments)
        except LOST as error:
            raise _Lost(type(error).__name__) from error
        if self._watch is not None:
            self._watch(batch, asyncio.get_running_loop().time() - began)
        return answer

    async def _call(self, arguments: Sequence[Any]) -> Any:
        if self._connection is None or not alive(self._connection):
            await self._disconnect(broken=True)
            self._connection = await self._log.pool.acquire(timeout=_PATIENCE)
            self._prepared = await self._connection.prepare(CALL)
        failpoint.reach("append.sending")
        sending = self._prepared.fetchrow(*arguments, timeout=_CALL_TIMEOUT)
        answer = await failpoint.during("append.sent", sending)
        failpoint.reach("append.replied")
        return answer

    async def _disconnect(self, *, broken: bool) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await give_back(self._log.pool, connection, ended=broken)


class _Lost(Exception):  # noqa: N818  # a state to find out about, not an answer
    """The connection failed at a moment when the append may or may not have been stored."""


class _Taken:
    """What a batch being put together already holds."""

    def __init__(self) -> None:
        self._commands: set[UUID] = set()
        self._writers: dict[UUID, Append] = {}

    def fits(self, append: Append) -> bool:
        """A stream already written to must have been decided on with that in sight."""
        writers = self._writers
        return append.command not in self._commands and all(
            writers[stream] in append.after for stream in append.expected if stream in writers
        )

    def add(self, append: Append) -> None:
        self._commands.add(append.command)
        for stream in append.writes:
            self._writers[stream] = append


def _fail_all(batch: Sequence[Append], error: Exception) -> None:
    for append in batch:
        append.fail(error)
