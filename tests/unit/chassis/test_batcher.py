"""What goes into one batch: what waits, in order, within bounds, and nothing that cannot stand."""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from chassis.domain import uuid7
from chassis.errors import Busy
from chassis.log.append import Append, Status
from chassis.log.batcher import MAX_BYTES, MAX_EVENTS, Batcher
from chassis.log.record import NewEvent, Receipt

NOON = datetime(2025, 10, 1, 5, tzinfo=UTC)


def an_append(
    stream: UUID | None = None,
    count: int = 1,
    before: int = 0,
    size: int = 2,
    after: list[Append] | None = None,
    command: UUID | None = None,
    reads: dict[UUID, int] | None = None,
) -> Append:
    stream = stream or uuid7()
    events = [NewEvent(stream, before + n, "t", b"x" * size, b"{}") for n in range(1, count + 1)]
    expected = {stream: before, **(reads or {})}
    return Append(
        command or uuid7(), b"", stream, before + count, expected, events, None, after or []
    )


def batches(*appends: Append) -> list[list[Append]]:
    """How the appends would be sent, if each batch were accepted."""
    batcher = Batcher(log=cast("Any", None))
    for append in appends:
        batcher.submit(append)
    taken = []
    while batch := batcher._take():
        for append in batch:
            append.settle(Status.ACCEPTED)
        taken.append(batch)
    return taken


def test_what_waits_goes_together_in_order() -> None:
    waiting = [an_append() for _ in range(100)]
    assert batches(*waiting) == [waiting]


def test_a_batch_has_an_end_in_events_and_in_bytes() -> None:
    assert [len(b) for b in batches(*[an_append() for _ in range(600)])] == [256, 256, 88]
    assert [len(b) for b in batches(*[an_append(count=100) for _ in range(5)])] == [2, 2, 1]
    large = [an_append(size=400_000) for _ in range(5)]
    assert [len(b) for b in batches(*large)] == [2, 2, 1]


def test_one_append_is_never_split_however_large() -> None:
    many, heavy = an_append(count=2 * MAX_EVENTS), an_append(size=2 * MAX_BYTES)
    first, last = an_append(), an_append()
    assert batches(first, many, heavy, last) == [[first], [many], [heavy], [last]]


def test_two_on_one_stream_go_together_only_if_the_second_was_decided_on_the_first() -> None:
    stream = uuid7()
    one = an_append(stream)
    two = an_append(stream, before=1, after=[one])
    blind = an_append(stream, before=2)
    assert batches(one, two, blind) == [[one, two], [blind]]


def test_readers_of_one_stream_go_together() -> None:
    read = uuid7()
    readers = [an_append(reads={read: 3}) for _ in range(5)]
    writer = an_append(read, before=3)
    late = an_append(reads={read: 3})
    assert batches(*readers, writer, late) == [[*readers, writer], [late]]


def test_one_command_is_in_a_batch_once() -> None:
    one = an_append()
    again = an_append(command=one.command)
    assert batches(one, again) == [[one], [again]]


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.ACCEPTED])
async def test_what_was_decided_on_what_fell_is_not_sent(status: Status) -> None:
    fallen = an_append()
    fallen.settle(status)
    built = an_append(after=[fallen])
    upon = an_append(after=[built])
    other = an_append()
    assert batches(built, upon, other) == [[other]]
    assert built.status is upon.status is Status.FELL
    await built.settled()


def test_what_is_settled_holds_no_earlier_append_in_memory() -> None:
    first = an_append()
    second = an_append(first.named, before=1, after=[first])
    for append in (first, second):
        append.settle(Status.ACCEPTED)
    assert not second.after
    assert not second.events


async def test_a_stopping_process_takes_nothing_new() -> None:
    batcher = Batcher(log=cast("Any", None))
    await batcher.drain()
    with pytest.raises(Busy, match="stopping"):
        batcher.submit(an_append())


async def test_everybody_who_waits_is_told() -> None:
    append = an_append()
    append.fail(ValueError("no"))
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await append.settled()
    assert append.dead
    assert not append.fresh
    stored = an_append()
    stored.settle(Status.ACCEPTED, receipt := Receipt(uuid7(), b"", uuid7(), 1, 1, 1, NOON))
    await stored.settled()
    assert stored.receipt is receipt
