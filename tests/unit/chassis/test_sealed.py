"""What is sealed is read by the right person's key, in its own place, or not at all."""

import os
import time
import timeit
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from chassis.domain import Aggregate, event
from chassis.errors import Erased
from chassis.log.codec import Codec
from chassis.log.record import Recorded
from chassis.log.sealed import GONE, ErasedValue, Keyring, Place, Sealed, required
from chassis.log.vault_faults import LostKey, Tampered
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

MAI = UUID("0198c0de-0000-7000-8000-00000000000a")
PAO = UUID("0198c0de-0000-7000-8000-00000000000b")
GHOST = UUID("0198c0de-0000-7000-8000-00000000000c")
STREAM = UUID("0198c0de-0000-7000-8000-000000000001")
HERE = Place(STREAM, 1, "name")
NAME = "Lò Thị Mai"


def a_keyring() -> Keyring:
    return Keyring({MAI: AESGCM(os.urandom(32)), PAO: AESGCM(os.urandom(32)), GHOST: GONE})


def sealed_name(keyring: Keyring, name: str = NAME) -> Sealed:
    return keyring.seal(MAI, STREAM, 1, {"name": name})["name"]


@given(st.text())
def test_every_text_is_read_as_it_was_sealed(text: str) -> None:
    keyring = a_keyring()
    text = text.encode("utf-8", "ignore").decode()
    assert keyring.open(sealed_name(keyring, text), HERE) == text


@given(st.data())
def test_a_change_of_any_bit_is_noticed(data: st.DataObject) -> None:
    keyring = a_keyring()
    sealed = sealed_name(keyring)
    at = data.draw(st.integers(0, len(sealed.box) * 8 - 1))
    changed = bytearray(sealed.box)
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(Tampered):
        keyring.open(msgspec.structs.replace(sealed, box=bytes(changed)), HERE)


@given(st.integers(0, 59))
def test_a_value_cut_short_is_noticed(length: int) -> None:
    keyring = a_keyring()
    sealed = sealed_name(keyring)
    assert length < len(sealed.box)
    with pytest.raises(Tampered):
        keyring.open(msgspec.structs.replace(sealed, box=sealed.box[:length]), HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, stream=uuid4()),
        replace(HERE, version=2),
        replace(HERE, path="national_id"),
        replace(HERE, path="nam"),
    ],
)
def test_a_value_moved_to_another_place_does_not_open(elsewhere: Place) -> None:
    keyring = a_keyring()
    with pytest.raises(Tampered):
        keyring.open(sealed_name(keyring), elsewhere)


def test_a_value_given_to_another_person_does_not_open() -> None:
    keyring = a_keyring()
    with pytest.raises(Tampered):
        keyring.open(msgspec.structs.replace(sealed_name(keyring), subject=PAO), HERE)


def test_one_event_may_concern_several_persons() -> None:
    keyring = a_keyring()
    head = keyring.seal(MAI, STREAM, 1, {"head.name": NAME, "head.born": "1985"})
    child = keyring.seal(PAO, STREAM, 1, {"child.name": "Thào A Páo"})
    assert keyring.open(head["head.born"], Place(STREAM, 1, "head.born")) == "1985"
    assert keyring.open(child["child.name"], Place(STREAM, 1, "child.name")) == "Thào A Páo"


def test_what_was_erased_is_answered_with_its_own_type_and_can_never_be_sealed_again() -> None:
    keyring = a_keyring()
    value = keyring.open(msgspec.structs.replace(sealed_name(keyring), subject=GHOST), HERE)
    assert value == ErasedValue(GHOST)
    with pytest.raises(Erased, match=str(GHOST)):
        required(value)
    with pytest.raises(Erased, match=str(GHOST)):
        keyring.seal(GHOST, STREAM, 1, {"name": NAME})
    assert required("Mai") == "Mai"


def test_a_missing_key_is_never_taken_for_an_erasure() -> None:
    keyring, stranger = a_keyring(), uuid4()
    with pytest.raises(LostKey, match=str(stranger)):
        keyring.open(msgspec.structs.replace(sealed_name(keyring), subject=stranger), HERE)
    with pytest.raises(LostKey):
        keyring.seal(stranger, STREAM, 1, {"name": NAME})


def test_the_same_name_is_never_sealed_to_the_same_bytes() -> None:
    keyring = a_keyring()
    assert sealed_name(keyring).box != sealed_name(keyring).box
    twice = keyring.seal(MAI, STREAM, 1, {"a": NAME, "b": NAME})
    assert twice["a"].box[:12] != twice["b"].box[:12]


def test_a_sealed_value_does_not_tell_how_long_a_name_is() -> None:
    keyring = a_keyring()
    lengths = {len(sealed_name(keyring, "x" * length).box) for length in range(32)}
    assert lengths == {12 + 32 + 16}
    assert len(sealed_name(keyring, "x" * 32).box) == 12 + 64 + 16


def test_nothing_readable_shows_when_a_value_is_printed() -> None:
    sealed = sealed_name(a_keyring())
    shown = f"{sealed} {sealed!r} {[sealed]} {ErasedValue(MAI)}"
    assert "Mai" not in shown
    assert sealed.box.hex()[:16] not in shown
    assert str(MAI) in shown


def test_the_stored_form_is_fixed_for_ever() -> None:
    text = f'{{"sealed":"kv1","subject":"{MAI}","box":"AAEC"}}'
    assert Sealed(MAI, b"\0\1\2").to_text() == text
    assert Sealed.from_text(text) == Sealed(MAI, b"\0\1\2")
    bound = HERE.bound_to(MAI)
    assert bound.hex() == f"6b7631{STREAM.hex}0000000000000001{MAI.hex}6e616d65"
    vector = Sealed.from_text(text.replace("AAEC", VECTOR))
    assert Keyring({MAI: AESGCM(bytes(range(32)))}).open(vector, HERE) == NAME


VECTOR = "AAECAwQFBgcICQoLC8FkO5GNI6AGYdrq2Gl4bYPWhzTwe198OGflhR1pALKFQWcdGvLuWiXEDV0FcMxo"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "Mai",
        '{"sealed":"kv2","subject":"' + str(MAI) + '","box":""}',
        '{"sealed":"kv1","subject":"Mai","box":""}',
        '{"sealed":"kv1","subject":"' + str(MAI) + '","box":"","more":1}',
    ],
)
def test_what_is_not_in_that_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Sealed.from_text(text)


class Person(Aggregate):
    class PersonEntered(Aggregate.Created):
        TOPIC = "test.PersonEntered"
        name: Sealed
        born: Sealed | None

    @event(PersonEntered)
    def __init__(self, name: Sealed, born: Sealed | None) -> None:
        self.name = name
        self.born = born


def test_an_event_holds_sealed_values_in_the_log_as_they_are() -> None:
    keyring = a_keyring()
    person = Person(id=STREAM, **keyring.seal(MAI, STREAM, 1, {"name": NAME, "born": "1985"}))
    (entered,) = person.collect_events()
    codec = Codec(Person)
    written = codec.encode(entered, actor=uuid4())
    assert b'"sealed":"kv1"' in written.payload
    assert b"Mai" not in written.payload
    recorded = Recorded(
        7,
        STREAM,
        1,
        written.type,
        datetime(2025, 10, 15, tzinfo=UTC),
        uuid4(),
        written.payload,
        written.meta,
    )
    read = codec.decode(recorded)
    assert isinstance(read, Person.PersonEntered)
    assert keyring.open(read.name, Place(recorded.stream, recorded.version, "name")) == NAME


def test_sealing_three_fields_costs_less_than_ten_microseconds_a_row() -> None:
    keyring = a_keyring()
    texts = {"name": NAME, "national_id": "014085001234", "born": "1985"}
    rows = 2_000
    best = min(
        timeit.repeat(
            lambda: keyring.seal(MAI, STREAM, 1, texts),
            timer=time.process_time,
            number=rows,
            repeat=7,
        )
    )
    assert best / rows < 10e-6
