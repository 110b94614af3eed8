"""An append: one command's events, what they expect, and how it went."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from chassis.log import arrays
from chassis.log.record import NewEvent, Receipt

LOCK = 7453010361000550247
"""The advisory lock under which the append function works."""

_IDS, _NUMBERS = "::text::uuid[]", "::text::integer[]"
_TEXTS = f", E'\\x{ord(arrays.BETWEEN):02x}')"
CALL = (
    f"SELECT * FROM append_events($1{_IDS}, $2::text::bytea[], $3{_IDS}, $4{_NUMBERS},"
    f" $5::text::timestamptz[], $6{_NUMBERS}, $7{_IDS}, $8{_NUMBERS}, $9{_NUMBERS}, $10{_NUMBERS},"
    f" $11{_NUMBERS}, $12{_IDS}, $13{_NUMBERS}, $14::text::text[],"
    f" string_to_array($15{_TEXTS}, string_to_array($16{_TEXTS})"
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
        self.after: Sequence[Append] = tuple(after)
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
        for other in self.after:  # asked several times an act: no generator
            if other.status is not None and other.status is not Status.ACCEPTED:
                return True
        return False

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
        """Record how it went and wake whoever waits; a caller that has gone is no matter.

        What was to be stored is let go: a hot stream remembers its last append, and through it
        would remember every one before.
        """
        self.status, self.receipt = status, receipt
        self.events, self.after = (), ()
        for waiter in self._waiters or ():
            if not waiter.done():
                waiter.set_result(None)

    def fail(self, error: Exception) -> None:
        """Nothing is known to have been stored, for a reason that is no verdict of the log."""
        self.error = error
        self.settle(Status.FELL)


def columns(batch: Sequence[Append]) -> tuple[str, ...]:
    """A batch as the append function's arrays, in its order of arguments; each is one text."""
    checks, needs = _checks(batch), _needs(batch)
    events = [(i, event) for i, append in enumerate(batch, 1) for event in append.events]
    return (
        arrays.plain([a.command for a in batch]),
        arrays.octets([a.digest for a in batch]),
        arrays.plain([a.named for a in batch]),
        arrays.plain([a.version for a in batch]),
        arrays.instants([a.recorded_at for a in batch]),
        *[arrays.plain([row[column] for row in checks]) for column in range(3)],
        *[arrays.plain([row[column] for row in needs]) for column in range(2)],
        arrays.plain([i for i, _ in events]),
        arrays.plain([e.stream for _, e in events]),
        arrays.plain([e.version for _, e in events]),
        arrays.plain([e.type for _, e in events]),
        arrays.documents([e.payload for _, e in events]),
        arrays.documents([e.meta for _, e in events]),
    )


def _checks(batch: Sequence[Append]) -> list[tuple[int, UUID, int]]:
    """Which append expects which stream at which version, where the batch itself does not tell."""
    checks = []
    writers: dict[UUID, Append] = {}
    for i, append in enumerate(batch, 1):
        for stream, version in append.expected.items():
            # Decided on what this very batch writes there: it stands or falls with that.
            if stream not in writers or writers[stream] not in append.after:
                checks.append((i, stream, version))
        for stream in append.writes:
            writers[stream] = append
    return checks


def _needs(batch: Sequence[Append]) -> list[tuple[int, int]]:
    """Which append was decided on which other of the batch."""
    place = {append: i for i, append in enumerate(batch, 1)}
    return [
        (i, place[other])
        for i, append in enumerate(batch, 1)
        for other in append.after
        if other in place
    ]


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
