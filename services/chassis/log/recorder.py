"""The library's synchronous recorder over this log, to hold the log against the library's tests."""

import asyncio
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from chassis.domain import uuid7
from chassis.log.append import Append
from chassis.log.batcher import Batcher
from chassis.log.record import NewEvent, Recorded
from chassis.log.store import Log, recorded

_T = TypeVar("_T")
_META = b'{"v":1}'
_POLL = 0.02  # seconds
_STREAM = (
    "SELECT position, stream, version, type, recorded_at, command, payload::text, meta::text "
    "FROM event WHERE stream = $1 AND version > $2 AND version <= $3 ORDER BY version "
)


class LogRecorder(ApplicationRecorder):
    """Blocking calls from any thread, carried out on one event loop in a thread of its own."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._log, self._batcher = self._wait(_open(url))

    def close(self) -> None:
        """Send what waits and end the thread."""
        self._wait(self._batcher.drain())
        self._wait(self._log.pool.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, doing: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result()

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """Append all events or none; their positions, in order.

        Raises:
            IntegrityError: a version is taken, or versions do not follow on each other.
        """
        if not stored_events:
            return None
        expected = _expected(stored_events)
        last = self._wait(self._append([_new(e) for e in stored_events], expected))
        return list(range(last - len(stored_events) + 1, last + 1))

    async def _append(self, events: Sequence[NewEvent], expected: dict[UUID, int]) -> int:
        first = events[0]
        append = Append(uuid7(), b"", first.stream, first.version, expected, events)
        self._batcher.submit(append)
        await append.settled()
        if append.receipt is None:
            raise IntegrityError(f"stream {first.stream} is not at version {first.version - 1}")
        return append.receipt.position

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's events with versions above ``gt`` up to ``lte``."""
        statement = _STREAM + ("DESC " if desc else "") + (f"LIMIT {int(limit)}" if limit else "")
        low, high = -1 if gt is None else gt, 2**31 - 1 if lte is None else lte
        rows = self._wait(self._log.pool.fetch(statement, originator_id, low, high))
        return [_stored(recorded(row)) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events by position. A lower position never appears later."""
        after = (start or 0) - (1 if inclusive_of_start and start is not None else 0)
        events = self._wait(self._log.read(after, limit, until=stop, types=topics))
        return [_notification(e) for e in events]

    def max_notification_id(self) -> int | None:
        """The newest position; None in an empty log."""
        return self._wait(self._log.head()).position or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> "Subscription[ApplicationRecorder]":
        """Events above ``gt``, then those to come."""
        return _Polling(self, gt, topics)


class AggregateLogRecorder(LogRecorder):
    """The same without positions, as the library wants its aggregate recorders."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        super().insert_events(stored_events)


class _Polling(Subscription[ApplicationRecorder]):
    _waiting: Sequence[Notification] = ()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._waiting:
                first, *self._waiting = self._waiting
                self._last_notification_id = first.id
                return first
            self._waiting = self._recorder.select_notifications(
                self._last_notification_id or 0, 500, topics=self._topics, inclusive_of_start=False
            )
            if not self._waiting:
                time.sleep(_POLL)
        raise StopIteration


async def _open(url: str) -> tuple[Log, Batcher]:
    log = Log(await asyncpg.create_pool(url, min_size=1, max_size=4), "library")
    batcher = Batcher(log)
    await batcher.start()
    return log, batcher


def _expected(events: Sequence[StoredEvent]) -> dict[UUID, int]:
    """The version each stream must be at; the library numbers from 0 here and from 1 there."""
    expected: dict[UUID, int] = {}
    newest: dict[UUID, int] = {}
    for e in events:
        if not isinstance(e.originator_id, UUID):
            raise IntegrityError(f"{e.originator_id!r} is no UUID")
        expected.setdefault(e.originator_id, e.originator_version - 1)
        before = newest.get(e.originator_id, e.originator_version - 1)
        if e.originator_version != before + 1:
            raise IntegrityError(f"version {e.originator_version} does not follow on {before}")
        newest[e.originator_id] = e.originator_version
    return expected


def _new(e: StoredEvent) -> NewEvent:
    payload = msgspec.json.encode(b64encode(e.state).decode())
    return NewEvent(UUID(str(e.originator_id)), e.originator_version, e.topic, payload, _META)


def _stored(e: Recorded) -> StoredEvent:
    return StoredEvent(e.stream, e.version, e.type, b64decode(msgspec.json.decode(e.payload)))


def _notification(e: Recorded) -> Notification:
    state = b64decode(msgspec.json.decode(e.payload))
    return Notification(e.stream, e.version, e.type, state, id=e.position)
