"""However records repeat, come late or are missing, each event is applied once and in order."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from chassis.bus.alarms import Behind, Fork, Gap, Identity, restored, stored, told
from chassis.bus.cursor import Cursor, Place
from chassis.bus.envelope import decode, encode
from chassis.bus.reading import Read, Unread, read
from hypothesis import given
from hypothesis import strategies as st
from khuyenhoc.log.v1.log_pb2 import Withheld

LOG = "14.training"
START = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True)
class Event:
    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    meta: bytes = b'{"v":1}'


def value(position: int, history: int = 0, at: datetime | None = None) -> bytes:
    at = at or START + timedelta(seconds=position, days=history)
    return encode(LOG, Event(position, UUID(int=position + 1_000_000 * history), 1, at), Withheld())


def topic(*positions: int | bytes) -> list[Read | Unread]:
    values = [p if isinstance(p, bytes) else value(p) for p in positions]
    records = [Record(offset, None, v) for offset, v in enumerate(values)]
    return [read(LOG, record, lambda event: event.position) for record in records]


def walk(cursor: Cursor, records: list[Read | Unread], size: int = 3) -> list[int]:
    """Read a topic to its end as the consumer does; the positions applied, in order."""
    applied: list[int] = []
    at = cursor.begin or 0
    while True:
        sifted = cursor.sift(records[at : at + size])
        applied += [each.envelope.position for each in sifted.events]
        cursor.advance(sifted.tip(cursor.place))
        at += size
        if sifted.fork:
            cursor.advance(msgspec.structs.replace(cursor.place, alarm=sifted.fork))
            return applied
        if sifted.rewind or (at >= len(records) and cursor.missing()):
            cursor.rewind()
            at = 0
        elif at >= len(records):
            return applied


def at_position(position: int, next_offset: int) -> Place:
    identity = Identity.of(decode(LOG, value(position)))
    return Place(LOG, position, identity, next_offset)


@given(
    positions=st.lists(st.integers(1, 12), max_size=40),
    size=st.integers(1, 7),
)
def test_the_longest_unbroken_history_is_applied_once_whatever_the_topic_looks_like(
    positions, size
):
    whole = 0
    while whole + 1 in positions:
        whole += 1
    cursor = Cursor(Place(LOG))
    assert walk(cursor, topic(*positions), size) == list(range(1, whole + 1))
    beyond = max([p for p in positions if p > whole], default=None)
    assert cursor.verdict() == (beyond and Gap(whole + 1, beyond))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 30))
def test_it_does_not_matter_where_a_reader_was_interrupted(positions, stop):
    records = topic(*positions)
    first = Cursor(Place(LOG))
    applied = walk(first, records[:stop])
    second = Cursor(first.place)
    applied += walk(second, records)
    assert applied == list(range(1, len(applied) + 1))
    assert second.place.position == walk_whole(records)


def test_a_later_event_that_lies_before_the_readers_record_is_still_found():
    records = topic(3, 1, 2)
    first = Cursor(Place(LOG))
    assert walk(first, records[:2]) == [1]
    assert walk(Cursor(first.place), records) == [2, 3]


def walk_whole(records: list[Read | Unread]) -> int:
    cursor = Cursor(Place(LOG))
    walk(cursor, records)
    return cursor.place.position


def test_a_reader_goes_on_behind_the_record_it_applied_last():
    cursor = Cursor(at_position(3, 3))
    assert cursor.begin == 2
    assert walk(cursor, topic(1, 2, 3, 4, 5)) == [4, 5]


def test_a_reader_whose_record_is_not_where_it_was_looks_from_the_start():
    assert walk(Cursor(at_position(3, 6)), topic(1, 2, 3, 4, 5, 6, 7, 8, 9)) == [4, 5, 6, 7, 8, 9]


def test_a_topic_that_ends_before_the_place_is_told():
    cursor = Cursor(at_position(8, 8))
    assert walk(cursor, topic(1, 2, 3)) == []
    assert cursor.verdict() == Behind(8, 3)


def test_unreadable_records_take_no_position():
    cursor = Cursor(Place(LOG))
    sifted = cursor.sift(topic(1, b"junk", 2, b"", 3))
    assert [each.envelope.position for each in sifted.events] == [1, 2, 3]
    assert [offset for offset, _, _ in sifted.unreadable] == [1, 3]


def test_a_younger_event_below_the_place_is_the_first_of_another_history():
    cursor = Cursor(at_position(5, 5))
    assert walk(cursor, topic(1, 2, 3, 4, 5, value(4, 1), value(5, 1), value(6, 1))) == []
    assert isinstance(cursor.place.alarm, Fork)
    assert (cursor.place.alarm.position, cursor.place.alarm.at) == (4, 3)


def test_another_event_at_the_place_itself_is_another_history():
    cursor = Cursor(at_position(2, 2))
    assert walk(cursor, topic(1, 2, value(2, 1, at=START + timedelta(seconds=2)))) == []
    assert isinstance(cursor.place.alarm, Fork)
    assert cursor.place.alarm.at is None
    assert cursor.place.alarm.ours != cursor.place.alarm.theirs


def test_a_next_event_that_is_older_than_the_last_is_another_history():
    cursor = Cursor(Place(LOG))
    assert walk(cursor, topic(1, 2, value(3, at=START))) == [1, 2]
    assert isinstance(cursor.place.alarm, Fork)


def test_after_an_accepted_loss_nothing_is_held_against_the_forgotten_event():
    cursor = Cursor(Place(LOG, 2, None, 0, 2))
    assert walk(cursor, topic(1, value(2, 1), value(3, 1))) == [3]


def test_what_is_known_to_be_on_the_topic_counts_what_is_left_to_read():
    cursor = Cursor(Place(LOG))
    sifted = cursor.sift(topic(1, 2, 3))
    cursor.advance(sifted.tip(cursor.place))
    assert cursor.published(left=7) == 10
    assert cursor.published(left=0) == 3


@given(
    st.sampled_from(
        [
            Gap(3, 9),
            Behind(9, 3),
            Fork(7, Identity("a", 1, 2), None, 6),
            Fork(7, None, Identity("a", 1, 2), None),
        ]
    )
)
def test_an_alarm_is_kept_and_told_with_how_to_go_on(alarm):
    assert restored(stored(alarm)) == alarm
    said = told(alarm)
    assert said is not None
    assert said["kind"] == type(alarm).__name__.lower()
    assert "`refill`" in said["detail"] or "`accept-loss --at" in said["detail"]
