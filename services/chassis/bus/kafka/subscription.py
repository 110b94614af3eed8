"""What happens on a group member's topics, for one asyncio task; a thread reads one batch ahead."""

import asyncio
import threading
from contextlib import suppress
from typing import NamedTuple, Self

from chassis.bus.kafka.happenings import Batch, Closed, Happening, Membership, Opened
from chassis.bus.kafka.poller import Poller

AHEAD = 1
"""Batches waiting behind the one given last; one more may be in the thread's hands."""
SLOT_SECONDS = 0.1


class Coming(NamedTuple):
    """What happens next, and to which reading of its topic."""

    happening: Happening
    generation: int


class Subscription:
    """Use as an async context manager; `next` gives one happening after another.

    A batch read before a `seek` is never given after it; who takes one ahead asks `holds`.
    """

    def __init__(self, membership: Membership) -> None:
        self.membership = membership
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[tuple[int, Happening]] = asyncio.Queue()
        self._slots = threading.Semaphore(AHEAD)
        self._stopping = threading.Event()
        self._generations: dict[str, int] = {}
        self._poller = Poller(membership, self._emit, self._stopping)
        self._thread = threading.Thread(target=self._poller.live, name="kafka-poll", daemon=True)

    async def __aenter__(self) -> Self:
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping.set()
        await asyncio.shield(asyncio.to_thread(self._thread.join))

    async def next(self) -> Coming:
        """Wait for what happens next."""
        while True:
            generation, happening = await self._queue.get()
            if isinstance(happening, Batch):
                self._slots.release()
            if self.holds(coming := Coming(happening, generation)):
                return coming

    def holds(self, coming: Coming) -> bool:
        """Whether it is still so: no `seek` or `hold` came after it."""
        happening, generation = coming
        if isinstance(happening, Opened | Closed):
            return True
        return generation == self._generations.get(happening.topic, 0)

    def seek(self, topic: str, offset: int | None) -> None:
        """Read the topic from that offset; None is its first record."""
        self._poller.seek(topic, offset, self._forget_what_was_read(topic))

    def hold(self, topic: str) -> None:
        """Give nothing of the topic until the next `seek`."""
        self._forget_what_was_read(topic)
        self._poller.hold(topic)

    def commit(self, topic: str, offset: int) -> None:
        """Let the group's lag be seen; where we read on is never taken from there."""
        self._poller.commit(topic, offset)

    def _forget_what_was_read(self, topic: str) -> int:
        self._generations[topic] = generation = self._generations.get(topic, 0) + 1
        return generation

    def _emit(self, generation: int, happening: Happening) -> None:
        if isinstance(happening, Batch):
            while not self._slots.acquire(timeout=SLOT_SECONDS):
                if self._stopping.is_set():
                    return
        with suppress(RuntimeError):  # the loop has ended before its thread
            self._loop.call_soon_threadsafe(self._queue.put_nowait, (generation, happening))
