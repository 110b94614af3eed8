"""What a record says and comes to: told by it alone, so that a batch is read ahead of its turn."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from chassis.bus.envelope import Envelope, Unreadable, decode
from chassis.bus.kafka import Record

DETAIL = 500
SLICE = 100
"""Records in one go: about a millisecond, which is how long an answer of the database may wait."""


class Read(NamedTuple):
    """An event, the record it came in, and what it comes to or why it could not be told."""

    record: Record
    envelope: Envelope
    rows: Any = None
    error: str | None = None


class Unread(NamedTuple):
    """A record in which there is no event of the log, and why."""

    record: Record
    why: str


def read(log: str, record: Record, project: Callable[[Envelope], Any]) -> Read | Unread:
    """Decode and project one record; whatever a projection raises is kept with the event."""
    try:
        envelope = decode(log, record.value)
    except Unreadable as unreadable:
        return Unread(record, str(unreadable))
    try:
        return Read(record, envelope, project(envelope))
    except Exception as error:  # noqa: BLE001  (whatever a projection raises, it parks)
        return Read(record, envelope, None, said(error))


async def read_all(
    log: str, records: Sequence[Record], project: Callable[[Envelope], Any]
) -> list[Read | Unread]:
    """Read a batch, letting others of this loop come in between."""
    done: list[Read | Unread] = []
    for first in range(0, len(records), SLICE):
        done += [read(log, record, project) for record in records[first : first + SLICE]]
        await asyncio.sleep(0)
    return done


def said(error: BaseException) -> str:
    """An error in one bounded line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:DETAIL]
