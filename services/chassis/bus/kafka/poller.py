"""The thread that owns a group member's client: it polls, and says what happened on the topics."""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    LogTruncationError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)

from chassis.bus.kafka.broker import KafkaUnavailable, Record, answers, common, translated
from chassis.bus.kafka.happenings import Batch, Closed, Happening, Membership, Opened, OutOfRange
from chassis.bus.kafka.lean import LeanRecords

log = logging.getLogger(__name__)

POLL_MS = 100
IDLE_SECONDS = 1.0
COMMIT_SECONDS = 1.0
AGAIN_SECONDS = 1.0
QUESTION_MS = 2_000
CLOSE_MS = 3_000


Emit = Callable[[int, Happening], None]


@dataclass(slots=True)
class _Reading:
    """One topic as the thread reads it; the generation grows with every seek."""

    generation: int
    topic_id: Any = None
    heard_at: float = 0.0


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]  # the library is untyped
    """Holds a topic still the moment it is ours. Runs on the client's thread, so it never waits."""

    def __init__(self, consumer: Any, news: deque[Opened | Closed]) -> None:
        self.consumer, self.news = consumer, news

    def on_partitions_assigned(self, assigned: Iterable[Any]) -> None:
        for partition in assigned:
            # any position keeps the client from asking the group for one: the place is ours to know
            self.consumer.seek(partition, 0)
            self.consumer.pause(partition)
            self.news.append(Opened(partition.topic))

    def on_partitions_revoked(self, revoked: Iterable[Any]) -> None:
        self.news.extend(Closed(partition.topic) for partition in revoked)


class Poller:
    """Runs `live` on its own thread until `stopping`; everything of the client happens there.

    Orders (`seek`, `commit`) may come from any thread; they are obeyed between two polls.
    """

    def __init__(self, membership: Membership, emit: Emit, stopping: threading.Event) -> None:
        self.membership, self._emit, self._stopping = membership, emit, stopping
        self._orders: deque[Callable[[], None]] = deque()
        self._commits: dict[str, int] = {}
        self._committed_at = 0.0
        self._news: deque[Opened | Closed] = deque()
        self._readings: dict[str, _Reading] = {}
        self._consumer: Any = None

    def seek(self, topic: str, offset: int | None, generation: int) -> None:
        """Read on from that offset, or from the topic's first record if None."""
        self._orders.append(lambda: self._seek(topic, offset, generation))

    def hold(self, topic: str) -> None:
        """Read nothing of the topic until the next seek."""
        self._orders.append(lambda: self._hold(topic))

    def commit(self, topic: str, offset: int) -> None:
        """Tell the group how far we are; for dashboards and autoscaling, never read back."""
        self._commits[topic] = offset

    def live(self) -> None:
        """Read until told to stop; a broker that is away is waited for."""
        while not self._stopping.is_set():
            try:
                if asyncio.run(answers(self.membership.bootstrap)):
                    self._read()
            except KafkaUnavailable as error:
                log.warning("reading of %s interrupted: %s", self.membership.topics, error)
            except Exception:
                # the thread must not end silently: without it nothing is ever read again
                log.exception("reading of %s failed", self.membership.topics)
            self._stopping.wait(AGAIN_SECONDS)

    def _read(self) -> None:
        try:
            with translated():
                self._consumer = self._build()
                while not self._stopping.is_set():
                    self._turn()
        finally:
            for topic in list(self._readings):
                self._closed(topic)
            if self._consumer is not None:
                with suppress(KafkaError):
                    self._consumer.close(autocommit=False, timeout_ms=CLOSE_MS)
            self._consumer = None

    def _build(self) -> Any:
        member = self.membership
        consumer = KafkaConsumer(
            **common(member.bootstrap, member.member or member.group),
            group_id=member.group,
            group_instance_id=member.member,
            partition_assignment_strategy=[CooperativeStickyAssignor()],
            session_timeout_ms=int(member.session_seconds * 1_000),
            heartbeat_interval_ms=int(member.session_seconds * 300),
            max_poll_records=member.batch,
            enable_auto_commit=False,
            auto_offset_reset="none",  # the default would jump silently
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            fetch_min_bytes=1,
            fetch_max_wait_ms=50,
            max_partition_fetch_bytes=2 * 1024 * 1024,
        )
        consumer._fetcher.PartitionRecords = LeanRecords  # noqa: SLF001
        consumer.subscribe(list(member.topics), listener=_Assignments(consumer, self._news))
        return consumer

    def _turn(self) -> None:
        self._obey()
        self._keep_joining()
        try:
            polled = self._consumer.poll(POLL_MS)
        except OffsetOutOfRangeError as error:
            self._lost_place(error.args[0], OutOfRange)
            return
        except LogTruncationError as error:
            self._lost_place(error.divergent_offsets, OutOfRange)
            return
        except NoOffsetForPartitionError as error:
            self._lost_place(error.args[0], Opened)
            return
        self._tell_news()
        self._notice_new_topics()
        for partition, records in polled.items():
            self._hand_over(partition, records, records[-1].offset + 1)
        self._report_quiet()
        self._commit()

    def _obey(self) -> None:
        while self._orders:
            self._orders.popleft()()

    def _keep_joining(self) -> None:
        """See that a join a poll left unfinished is finished by the next.

        When a topic that comes or goes is why the group is joined anew, and a poll's time is over
        before the answer is there, kafka-python 3.0.12 forgets that it was joining: no assignment,
        no heartbeat, for ever.
        """
        coordinator = self._consumer._coordinator  # noqa: SLF001
        if coordinator._join_task is not None:  # noqa: SLF001
            coordinator.request_rejoin()

    def _seek(self, topic: str, offset: int | None, generation: int) -> None:
        partition = TopicPartition(topic, 0)
        if partition not in self._consumer.assignment():
            return
        self._readings[topic] = _Reading(generation, self._topic_id(topic), time.monotonic())
        if offset is None:
            offset = self._ask(self._consumer.beginning_offsets, partition)
        self._consumer.seek(partition, offset)
        self._consumer.resume(partition)

    def _hold(self, topic: str) -> None:
        partition = TopicPartition(topic, 0)
        if partition in self._consumer.assignment():
            self._consumer.pause(partition)

    def _topic_id(self, topic: str) -> Any:
        # the client follows a topic made again under its name; only its metadata tells that it did
        return self._consumer._cluster.topic_id(topic)  # noqa: SLF001

    def _ask(self, question: Callable[..., dict[Any, int]], partition: Any) -> int:
        return int(question([partition], timeout_ms=QUESTION_MS)[partition])

    def _lost_place(self, partitions: Iterable[Any], happening: type[OutOfRange | Opened]) -> None:
        for partition in partitions:
            self._consumer.pause(partition)
            reading = self._readings.setdefault(partition.topic, _Reading(0))
            self._emit(reading.generation, happening(partition.topic))

    def _tell_news(self) -> None:
        while self._news:
            news = self._news.popleft()
            if isinstance(news, Closed):
                self._closed(news.topic)
            else:
                self._readings[news.topic] = _Reading(0, self._topic_id(news.topic))
                self._emit(0, news)

    def _closed(self, topic: str) -> None:
        self._readings.pop(topic, None)
        self._emit(0, Closed(topic))

    def _notice_new_topics(self) -> None:
        for topic, reading in self._readings.items():
            known, now = reading.topic_id, self._topic_id(topic)
            if now is not None and now != known:
                reading.topic_id = now
                if known is not None:
                    self._lost_place([TopicPartition(topic, 0)], Opened)

    def _hand_over(self, partition: Any, records: Sequence[Record], next_offset: int) -> None:
        reading = self._readings.get(partition.topic)
        if reading is None or partition in self._consumer.paused():
            return
        end = max(next_offset, self._consumer.highwater(partition) or 0)
        reading.heard_at = time.monotonic()
        self._emit(reading.generation, Batch(partition.topic, records, next_offset, end))

    def _report_quiet(self) -> None:
        now, paused = time.monotonic(), self._consumer.paused()
        for topic, reading in self._readings.items():
            partition = TopicPartition(topic, 0)
            if partition in paused or now - reading.heard_at < IDLE_SECONDS:
                continue
            reading.heard_at = now
            with suppress(KafkaTimeoutError):
                # asked, not remembered: a broker that is away must not look like a quiet topic
                end = self._ask(self._consumer.end_offsets, partition)
                here = self._consumer.position(partition, timeout_ms=QUESTION_MS)
                self._emit(reading.generation, Batch(topic, (), here, end))

    def _commit(self) -> None:
        if not self._commits or time.monotonic() - self._committed_at < COMMIT_SECONDS:
            return
        commits, self._commits = self._commits, {}
        self._committed_at = time.monotonic()
        ours = self._consumer.assignment()
        offsets = {
            TopicPartition(topic, 0): OffsetAndMetadata(offset, "", -1)
            for topic, offset in commits.items()
            if TopicPartition(topic, 0) in ours
        }
        if offsets:
            self._consumer.commit_async(offsets)
