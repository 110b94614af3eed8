"""The topic as a whole: made, removed, measured, some of its records read."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError

from chassis.bus.kafka.broker import KafkaUnavailable, Record, common, ready, translated

KEPT = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
"""For ever: a new reader starts from the topic, not from a dump."""
PATIENCE_MS = 10_000
POLL_MS = 200
LOOK_AGAIN_SECONDS = 0.05

Answer = TypeVar("Answer")


class TopicMissing(Exception):  # noqa: N818  # a state of the world, met on start
    """The broker knows no topic of that name."""


class Topic:
    """One topic of one partition. Each question is asked by a client of its own, in a thread.

    Every method waits for the broker to answer and raises KafkaUnavailable if it then gives up.
    """

    def __init__(self, bootstrap: str, name: str) -> None:
        self.bootstrap, self.name = bootstrap, name
        self._partition = TopicPartition(name, 0)

    async def ensure(self) -> bool:
        """Make the topic unless it is there; whether it was made now."""
        return await self._ask(self._ensure)

    async def delete(self) -> None:
        """Remove the topic, if it is there, and wait until the broker no longer names it."""
        await self._ask(self._delete)

    async def recreate(self) -> None:
        """Remove the topic with everything on it and make it again, empty."""
        await self.delete()
        await self.ensure()

    async def bounds(self) -> tuple[int, int]:
        """The first offset and the one after the last; equal when the topic is empty.

        Raises:
            TopicMissing.
        """
        return await self._ask(self._bounds)

    async def read(self, first: int, count: int) -> list[Record]:
        """At most that many records from that offset on, as far as the topic goes now.

        Raises:
            TopicMissing.
        """
        return await self._ask(lambda: self._read(first, count))

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        await ready(self.bootstrap)
        return await asyncio.to_thread(question)

    @contextmanager
    def _admin(self) -> Iterator[Any]:
        settings = common(self.bootstrap, "kh-topic")
        settings.pop("metrics_enabled")
        with translated():
            admin = KafkaAdminClient(**settings)
            try:
                yield admin
            finally:
                admin.close()

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        with translated():
            reader = KafkaConsumer(
                **common(self.bootstrap, "kh-topic"),
                enable_auto_commit=False,
                auto_offset_reset="none",
                isolation_level="read_committed",
                allow_auto_create_topics=False,
            )
            try:
                if not reader.partitions_for_topic(self.name):
                    raise TopicMissing(self.name)
                reader.assign([self._partition])
                yield reader
            finally:
                reader.close(autocommit=False)

    def _ensure(self) -> bool:
        wanted = {self.name: {"num_partitions": 1, "replication_factor": -1, "configs": KEPT}}
        with self._admin() as admin:
            try:
                admin.create_topics(wanted, wait_for_metadata=True)
            except TopicAlreadyExistsError:
                return False
        return True

    def _delete(self) -> None:
        with self._admin() as admin:
            try:
                admin.delete_topics([self.name])
            except UnknownTopicOrPartitionError:
                return
            deadline = time.monotonic() + PATIENCE_MS / 1_000
            while not any(t["error_code"] for t in admin.describe_topics([self.name])):
                if time.monotonic() > deadline:
                    raise KafkaUnavailable(f"topic {self.name} is still there after its removal")
                time.sleep(LOOK_AGAIN_SECONDS)

    def _bounds(self) -> tuple[int, int]:
        with self._reader() as reader:
            first = reader.beginning_offsets([self._partition], timeout_ms=PATIENCE_MS)
            end = reader.end_offsets([self._partition], timeout_ms=PATIENCE_MS)
        return int(first[self._partition]), int(end[self._partition])

    def _read(self, first: int, count: int) -> list[Record]:
        with self._reader() as reader:
            ends = reader.end_offsets([self._partition], timeout_ms=PATIENCE_MS)
            end = min(int(ends[self._partition]), first + count)
            reader.seek(self._partition, first)
            deadline = time.monotonic() + PATIENCE_MS / 1_000
            records: list[Record] = []
            while reader.position(self._partition) < end:
                if time.monotonic() > deadline:
                    raise KafkaUnavailable(f"topic {self.name} gave no record for 10 s")
                for batch in reader.poll(POLL_MS, max_records=count).values():
                    records += batch
                    deadline = time.monotonic() + PATIENCE_MS / 1_000
            return [record for record in records if record.offset < end]
