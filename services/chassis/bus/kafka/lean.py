"""Reads record batches for what is used of them: offset, key and value.

The library's own reader is written in Python and makes an object of every header and timestamp:
most of what a consumed event costs. The format read here is Kafka's record batch, version 2.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError

MAGIC = 2
MORE = 0x80
BITS = 0x7F


class LeanRecord(msgspec.Struct, frozen=True, gc=False):
    """A record without its headers and its timestamp."""

    offset: int
    key: bytes | None
    value: bytes | None


def varint(buffer: bytes, at: int) -> tuple[int, int]:
    """A zigzag number of variable length (Protocol Buffers), and where the next field begins."""
    byte = buffer[at]
    at += 1
    number = byte & BITS
    shift = 7
    while byte & MORE:
        byte = buffer[at]
        at += 1
        number |= (byte & BITS) << shift
        shift += 7
    return (number >> 1) ^ -(number & 1), at


def records_of(buffer: bytes, at: int, count: int, base: int) -> Iterator[LeanRecord]:
    """The records of a batch, given uncompressed from its first record on.

    Raises:
        CorruptRecordError.
    """
    try:
        for _ in range(count):
            length, at = varint(buffer, at)
            end = at + length
            at += 1  # the attributes, of which none is defined
            while buffer[at] & MORE:  # the time, of which only the length matters
                at += 1
            delta, at = varint(buffer, at + 1)
            size, at = varint(buffer, at)
            key = None if size < 0 else buffer[at : at + size]
            size, at = varint(buffer, at + max(size, 0))
            value = None if size < 0 else buffer[at : at + size]
            if at + size > end or end > len(buffer):
                raise CorruptRecordError(f"the record {base + delta} does not end where it says")
            at = end
            yield LeanRecord(base + delta, key, value)
    except IndexError:
        raise CorruptRecordError(f"the batch at {base} ends within a record") from None


class LeanRecords(Fetcher.PartitionRecords):  # type: ignore[misc]  # the library is untyped
    """What a fetch brought of a partition, in place of the library's own reader of it."""

    def _unpack_records(self, tp: Any, records: Any, *_: Any) -> Iterator[LeanRecord]:
        while (batch := records.next_batch()) is not None:
            if batch.magic != MAGIC or not batch.validate_crc():
                raise CorruptRecordError(f"the batch at {batch.base_offset} of {tp} is damaged")
            self.leader_epoch = batch.leader_epoch
            if not self._aborted(batch) and not batch.is_control_batch:
                batch._maybe_uncompress()  # noqa: SLF001
                buffer, at = bytes(batch._buffer), batch._pos  # noqa: SLF001
                for record in records_of(buffer, at, batch.records_count, batch.base_offset):
                    self.next_fetch_offset = record.offset + 1
                    yield record
            self.next_fetch_offset = batch.next_offset
        self.drain()

    def _aborted(self, batch: Any) -> bool:
        """Whether the batch is of a transaction given up; nobody writes one on our topics."""
        if not batch.has_producer_id():
            return False
        self._consume_aborted_transactions_up_to(batch.last_offset)
        if self._contains_abort_marker(batch):
            self.aborted_producer_ids.discard(batch.producer_id)
        return bool(self._is_batch_aborted(batch))
