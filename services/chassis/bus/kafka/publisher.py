"""Sends records in order and waits until the broker has them all."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kafka import KafkaProducer
from kafka.errors import KafkaTimeoutError

from chassis.bus.envelope import HEADERS
from chassis.bus.kafka.broker import KafkaUnavailable, common, ready, translated

DELIVERY_SECONDS = 30.0
"""A broker killed and started again is back in 7 to 16 s; the same producer goes on."""
GRACE_SECONDS = 5.0
LOOK_UP_SECONDS = 0.2

Answer = TypeVar("Answer")


class Publisher:
    """An idempotent producer on a thread of its own, for one topic of one partition.

    After any error it is of no more use: close it and make another, because records given to it may
    still arrive or may be lost, and only the topic's end tells which.
    """

    def __init__(self, bootstrap: str, topic: str, client: str) -> None:
        self.bootstrap, self.topic, self.client = bootstrap, topic, client
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kafka-send")
        self._stopping = threading.Event()
        self._producer: Any = None

    async def open(self) -> None:
        """Wait for the broker, then build the client.

        Raises:
            KafkaUnavailable.
        """
        await ready(self.bootstrap)
        self._producer = await self._run(self._build)

    async def send_all(self, records: Sequence[tuple[bytes, bytes]]) -> int:
        """Send (key, value) pairs in order and await every acknowledgement; the last one's offset.

        The caller bounds what is in flight by the length of a call.

        Raises:
            KafkaUnavailable: some records may have arrived, a prefix or all of them.
        """
        return await self._run(lambda: self._send_all(records))

    async def close(self) -> None:
        """Drop what is not sent and end the thread; never blocks on a broker that is away."""
        self._stopping.set()
        await asyncio.shield(self._run(self._close))
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _build(self) -> Any:
        with translated():
            return KafkaProducer(
                **common(self.bootstrap, self.client),
                acks="all",
                enable_idempotence=True,  # said aloud: a conflicting setting then raises
                max_in_flight_requests_per_connection=5,
                delivery_timeout_ms=int(DELIVERY_SECONDS * 1_000),
                request_timeout_ms=10_000,
                max_block_ms=10_000,
                linger_ms=20,
                batch_size=262_144,
                compression_type=None,
                allow_auto_create_topics=False,
            )

    def _send_all(self, records: Sequence[tuple[bytes, bytes]]) -> int:
        send, topic = self._producer.send, self.topic
        deadline = time.monotonic() + DELIVERY_SECONDS + GRACE_SECONDS
        with translated():
            futures = [send(topic, value, key, HEADERS, 0) for key, value in records]
            while not self._flushed():
                if self._stopping.is_set() or time.monotonic() > deadline:
                    raise KafkaUnavailable(f"{len(records)} records for {topic} not acknowledged")
            return max(int(future.get(0).offset) for future in futures)

    def _flushed(self) -> bool:
        # nothing more comes to fill a batch, so flush: it does not linger; in short turns, to stop
        try:
            self._producer.flush(LOOK_UP_SECONDS)
        except KafkaTimeoutError:
            return False
        return True

    def _close(self) -> None:
        if self._producer is None:
            return
        # close() first waits for what is pending, and with the broker away never gets further
        self._producer._sender.force_close()  # noqa: SLF001
        try:
            with translated():
                self._producer.close(timeout=GRACE_SECONDS)
        except KafkaUnavailable:
            self._producer._closed = True  # noqa: SLF001
