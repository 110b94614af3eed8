"""Stored bytes: what is written, what is read, and what is refused."""

from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID, uuid4

import msgspec
import pytest
from chassis.domain import Aggregate, event, uuid7
from chassis.log.codec import Codec, NewerEvent, UnknownEvent, read_meta
from chassis.log.record import NewEvent, Recorded
from chassis.log.sealed import Sealed
from logs import ACTOR, CODEC, Seminar

AT = datetime(2025, 10, 15, 1, 2, 3, 456789, UTC)


class Level(Enum):
    PROVINCE = "province"


class Line(msgspec.Struct, frozen=True):
    text: str
    amount: int


class Ledger(Aggregate):
    class LedgerOpened(Aggregate.Created):
        TOPIC = "test.LedgerOpened"
        id_of_office: UUID
        opened_on: date
        checked_at: datetime | None
        level: Level
        tags: tuple[str, ...]
        lines: list[Line]
        holder: Sealed | None
        hours: float

    @event(LedgerOpened)
    def __init__(
        self,
        id_of_office: UUID,
        opened_on: date,
        checked_at: datetime | None,
        level: Level,
        tags: tuple[str, ...],
        lines: list[Line],
        holder: Sealed | None,
        hours: float,
    ) -> None:
        self.lines = lines


class Office(Aggregate):
    """Its first event has been through two changes of shape."""

    class OfficeOpened(Aggregate.Created):
        TOPIC = "test.OfficeOpened"
        class_version = 3
        name: str
        area: str
        floors: int = 1

        @staticmethod
        def upcast_v1_v2(state: dict[str, object]) -> None:
            state["name"] = state.pop("title")

        @staticmethod
        def upcast_v2_v3(state: dict[str, object]) -> None:
            state["area"] = f"{state['area']}@1900-01-01"

    @event(OfficeOpened)
    def __init__(self, name: str, area: str, floors: int = 1) -> None:
        self.name = name
        self.area = area


def stored(new: NewEvent, **changes: object) -> Recorded:
    values = {**msgspec.structs.asdict(new), "position": 1, "recorded_at": AT, "command": uuid4()}
    return Recorded(**{**values, **changes})


def a_ledger(**changes: object) -> Ledger:
    values = {
        "id_of_office": uuid4(),
        "opened_on": date(2025, 7, 1),
        "checked_at": AT,
        "level": Level.PROVINCE,
        "tags": ("a", "b"),
        "lines": [Line("sách", 5)],
        "holder": Sealed(uuid4(), b"box"),
        "hours": 2.5,
    }
    return Ledger(id=uuid7(), **{**values, **changes})


def test_every_type_of_field_reads_back_as_it_was() -> None:
    codec = Codec(Ledger)
    (opened,) = a_ledger().pending_events
    assert codec.decode(stored(codec.encode(opened, ACTOR))) == opened
    (opened,) = a_ledger(checked_at=None, holder=None, tags=(), lines=[]).pending_events
    assert codec.decode(stored(codec.encode(opened, ACTOR))) == opened


def test_a_payload_is_the_events_own_fields_in_declared_order() -> None:
    seminar = Seminar(id=uuid7(), seats=3, title="Sách hóa nông thôn")
    new = CODEC.encode(seminar.pending_events[0], ACTOR, "0af7651916cd43dd8448eb211c80319c")
    assert new.payload == '{"title":"Sách hóa nông thôn","seats":3}'.encode()
    assert new.meta == (
        b'{"v":1,"actor":"00000000-0000-7000-8000-0000000000aa",'
        b'"trace":"0af7651916cd43dd8448eb211c80319c"}'
    )
    assert (new.stream, new.version, new.type) == (seminar.id, 1, "test.SeminarAnnounced")


def test_meta_says_who_acted_and_leaves_out_what_is_not_known() -> None:
    seminar = Seminar(id=uuid7(), seats=3, title="a")
    meta = CODEC.encode(seminar.pending_events[0], ACTOR).meta
    assert b"trace" not in meta
    assert read_meta(meta).actor == ACTOR


@pytest.mark.parametrize(
    "changes",
    [
        {"opened_on": "2025-07-01"},
        {"tags": ["a"]},
        {"lines": [{"text": "a", "amount": 1}]},
        {"hours": float("nan")},
        {"hours": None},
        {"level": "province"},
    ],
)
def test_what_would_not_read_back_the_same_is_never_stored(changes: dict[str, object]) -> None:
    codec = Codec(Ledger)
    (opened,) = a_ledger(**changes).pending_events
    with pytest.raises((TypeError, msgspec.ValidationError)):
        codec.encode(opened, ACTOR)


def test_an_event_that_is_not_on_the_list_is_neither_written_nor_read() -> None:
    (opened,) = a_ledger().pending_events
    with pytest.raises(UnknownEvent):
        CODEC.encode(opened, ACTOR)
    with pytest.raises(UnknownEvent, match=r"os:system.*position 7"):
        CODEC.decode(stored(Codec(Ledger).encode(opened, ACTOR), type="os:system", position=7))


def test_an_event_of_a_newer_program_is_refused_and_not_guessed_at() -> None:
    seminar = Seminar(id=uuid7(), seats=3, title="a")
    new = CODEC.encode(seminar.pending_events[0], ACTOR)
    newer = new.meta.replace(b'"v":1', b'"v":2')
    with pytest.raises(NewerEvent, match="version 2"):
        CODEC.decode(stored(new, meta=newer))


@pytest.mark.parametrize(
    ("version", "payload"),
    [
        (1, b'{"title":"S\xc6\xa1n La","area":"14"}'),
        (2, b'{"name":"S\xc6\xa1n La","area":"14"}'),
        (3, b'{"name":"S\xc6\xa1n La","area":"14@1900-01-01"}'),
        (3, b'{"name":"S\xc6\xa1n La","area":"14@1900-01-01","floors":1}'),
    ],
)
def test_an_old_event_is_brought_up_step_by_step(version: int, payload: bytes) -> None:
    codec = Codec(Office)
    meta = b'{"v":%d,"actor":"00000000-0000-7000-8000-0000000000aa"}' % version
    opened = codec.decode(stored(NewEvent(uuid7(), 1, "test.OfficeOpened", payload, meta)))
    assert (opened.name, opened.area, opened.floors) == ("Sơn La", "14@1900-01-01", 1)


def test_a_payload_with_a_field_nobody_knows_is_refused() -> None:
    seminar = Seminar(id=uuid7(), seats=3, title="a")
    new = CODEC.encode(seminar.pending_events[0], ACTOR)
    with pytest.raises(msgspec.ValidationError):
        CODEC.decode(stored(new, payload=b'{"title":"a","seats":3,"room":1}'))


def test_two_events_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two event classes"):
        Codec(Office, Office)


def test_a_name_too_long_for_a_proof_is_refused_before_anything_is_stored() -> None:
    class Wordy(Aggregate):
        class Said(Aggregate.Created):
            TOPIC = "x" * 65_425

        @event(Said)
        def __init__(self) -> None:
            pass

    with pytest.raises(ValueError, match="too long"):
        Codec(Wordy)
