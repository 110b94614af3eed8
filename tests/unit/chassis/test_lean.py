"""Our reader of record batches gives what the client library's own gives, or refuses."""

import pytest
from chassis.bus.kafka.lean import records_of, varint
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from kafka.record.util import encode_varint

PARTS = st.none() | st.binary(max_size=300)
HEADERS = st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=20)), max_size=3)


def batch_of(records) -> bytes:
    builder = DefaultRecordBatchBuilder(2, 0, 0, 1, 1, 1, 2**20)
    for offset, (time, key, value, headers) in enumerate(records):
        builder.append(offset, time, key, value, headers)
    return bytes(builder.build())


def lean(batch: DefaultRecordBatch):
    buffer = bytes(batch._buffer)
    return list(records_of(buffer, batch._pos, batch.records_count, batch.base_offset))


@given(st.lists(st.tuples(st.integers(0, 2**41), PARTS, PARTS, HEADERS), min_size=1, max_size=20))
def test_offset_key_and_value_are_what_the_library_reads(records):
    batch = batch_of(records)
    theirs = [(r.offset, r.key, r.value) for r in DefaultRecordBatch(batch)]
    assert [(r.offset, r.key, r.value) for r in lean(DefaultRecordBatch(batch))] == theirs


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_number_of_any_length_is_read(number):
    written = bytearray()
    encode_varint(number, written.append)
    assert varint(bytes(written), 0) == (number, len(written))


@given(st.data())
def test_a_batch_that_ends_early_is_refused(data):
    batch = DefaultRecordBatch(batch_of([(1, b"key", b"value" * 10, [("content-type", b"x")])] * 3))
    buffer = bytes(batch._buffer)
    cut = data.draw(st.integers(batch._pos, len(buffer) - 1))
    with pytest.raises(CorruptRecordError):
        list(records_of(buffer[:cut], batch._pos, batch.records_count, batch.base_offset))
