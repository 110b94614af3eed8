"""An append: one command's events, what they expect, and how it went."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from chassis.log.record import NewEvent, Receipt

LOCK = 7453010361000550247
"""The advisory lock under which the append function works."""

_IDS, _NUMBERS = "::text::uuid[]", "::text::integer[]"
CALL = (
    f"SELECT * FROM append_events($1{_IDS}, $2, $3{_IDS}, $4{_NUMBERS}, $5,"
    f" $6{_NUMBERS}, $7{_IDS}, $8{_NUMBERS}, $9{_NUMBERS}, $10{_NUMBERS},"
    f" $11{_NUMBERS}, $12{_IDS}, $13{_NUMBERS}, $14, $15, $16)"
)
"""The append function, with the arguments that :func:`columns` makes."""

# Roughly what an event costs on the wire beside its JSON.
_EVENT_OVERHEAD = 96


class Status(IntEnum):
    """The append function's verdict on one append; the numbers are its."""

    ACCEPTED = 0
    REPLAYED = 1
    KEY_REUSED = 2
    CONFLICT = 3
    BEFORE_LAST = 4
    IN_FUTURE = 5
    FELL = 6


class Append:
    """One command's events over one or more streams, all stored or none.

    ``expected`` is the version each stream that was read or is written must be at; ``named`` and
    ``version`` are what the reply names, and its version afterwards. ``after`` are appends not yet
    settled whose events this one was decided on.
    """

    __slots__ = (
        "_waiters", "after", "command", "digest", "error", "events", "expected", "named", "receipt",
        "recorded_at", "size", "status", "uncertain", "version", "writes",
    )  # fmt: skip

    def __init__(
        self,
        command: UUID,
        digest: bytes,
        named: UUID,
        version: int,
        expected: Mapping[UUID, int],
        events: Sequence[NewEvent],
        recorded_at: datetime | None = None,
        after: Iterable["Append"] = (),
    ) -> None:
        self.command = command
        self.digest = digest
        self.named = named
        self.version = version
        self.expected = expected
        self.events = events
        self.recorded_at = recorded_at
        self.after = tuple(after)
        self.writes: set[UUID] = set()
        self.size = 0  # bytes, roughly
        for e in events:
            self.writes.add(e.stream)
            self.size += len(e.payload) + len(e.meta) + _EVENT_OVERHEAD
        self.status: Status | None = None
        self.receipt: Receipt | None = None
        self.error: Exception | None = None
        self.uncertain = False  # sent once already, with an outcome nobody saw
        self._waiters: list[asyncio.Future[None]] | None = None

    @property
    def fresh(self) -> bool:
        """Stored by this very attempt, so that what was decided on it stands."""
        return self.status is Status.ACCEPTED

    @property
    def dead(self) -> bool:
        """Certain not to be stored as decided: itself, or something it was decided on."""
        if self.status is not None:
            return self.status is not Status.ACCEPTED
        return any(other.status is not None and not other.fresh for other in self.after)

    async def settled(self) -> None:
        """Wait for the verdict. Each waiter may be cancelled alone.

        Raises:
            Exception: why nothing is known to have been stored, when that is no verdict of the log.
        """
        if self.status is None:
            waiter = asyncio.get_running_loop().create_future()
            if self._waiters is None:
                self._waiters = [waiter]
            else:
                self._waiters.append(waiter)
            await waiter
        if self.error is not None:
            raise self.error

    def settle(self, status: Status, receipt: Receipt | None = None) -> None:
        """Record how it went and wake whoever waits; a caller that has gone is no matter."""
        self.status, self.receipt = status, receipt
        for waiter in self._waiters or ():
            if not waiter.done():
                waiter.set_result(None)

    def fail(self, error: Exception) -> None:
        """Nothing is known to have been stored, for a reason that is no verdict of the log."""
        self.error = error
        self.settle(Status.FELL)


def columns(batch: Sequence[Append]) -> tuple[list[Any] | str, ...]:
    """A batch as the append function's arrays, in its order of arguments.

    Ids and numbers go as one text each: the driver asks of every element of a list whether it is a
    list itself, which costs more than writing it down.
    """
    place = {append: i for i, append in enumerate(batch, 1)}
    checks: tuple[list[int], list[UUID], list[int]] = ([], [], [])
    needs: tuple[list[int], list[int]] = ([], [])
    events: tuple[list[Any], ...] = ([], [], [], [], [], [])
    add_i, add_stream, add_version, add_type, add_payload, add_meta = (c.append for c in events)
    writers: dict[UUID, Append] = {}
    for i, append in enumerate(batch, 1):
        for stream, version in append.expected.items():
            # Decided on what this very batch writes there: it stands or falls with that.
            if writers.get(stream) not in append.after:
                _add_row(checks, i, stream, version)
        writers.update(dict.fromkeys(append.writes, append))
        for other in append.after:
            if (j := place.get(other)) is not None:
                _add_row(needs, i, j)
        for e in append.events:
            add_i(i)
            add_stream(e.stream)
            add_version(e.version)
            add_type(e.type)
            add_payload(e.payload.decode())
            add_meta(e.meta.decode())
    plain: list[list[Any]] = [*checks, *needs, *events[:3]]
    return (
        _array(a.command for a in batch),
        [a.digest for a in batch],
        _array(a.named for a in batch),
        _array(a.version for a in batch),
        [a.recorded_at for a in batch],
        *[_array(each) for each in plain],
        *events[3:],
    )


def _array(plain: Iterable[object]) -> str:
    """As Postgres writes an array of what needs no quotes."""
    return f"{{{','.join(map(str, plain))}}}"


def _add_row(lists: Sequence[list[Any]], *values: Any) -> None:
    for column, value in zip(lists, values, strict=True):
        column.append(value)


def settle_batch(batch: Sequence[Append], answer: Any) -> None:
    """Tell each append of a batch how the append function answered it."""
    if answer["statuses"] is None:
        _settle_accepted(batch, answer["head"], answer["recorded_at"])
        return
    for i, append in enumerate(batch):
        status = Status(answer["statuses"][i])
        known = status in {Status.ACCEPTED, Status.REPLAYED}
        append.settle(status, _receipt_at(append, answer, i) if known else None)


def _settle_accepted(batch: Sequence[Append], head: int, at: datetime) -> None:
    for a in batch:
        last = head + len(a.events)
        a.settle(
            Status.ACCEPTED,
            Receipt(a.command, a.digest, a.named, a.version, head + 1, last, at),
        )
        head = last


def _receipt_at(append: Append, answer: Any, i: int) -> Receipt:
    return Receipt(
        append.command,
        append.digest,
        answer["ids"][i],
        answer["id_versions"][i],
        answer["first_positions"][i],
        answer["last_positions"][i],
        answer["times"][i],
    )
