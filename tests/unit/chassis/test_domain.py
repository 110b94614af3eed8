"""Aggregates decide and evolve; ids name what they must."""

import json
from unicodedata import normalize
from uuid import UUID, uuid4, uuid5

import pytest
from chassis.domain import Aggregate, event, events_of, natural_id, own_fields, uuid7
from eventsourcing.domain import Aggregate as LibraryAggregate
from eventsourcing.domain import OriginatorIDError, OriginatorVersionError, ProgrammingError
from eventsourcing.persistence import JSONTranscoder, Mapper, UUIDAsHex
from hypothesis import given
from hypothesis import strategies as st
from logs import NoSeat, Seminar


class Book(Aggregate):
    class BookAdded(Aggregate.Created):
        TOPIC = "test.BookAdded"
        title: str
        copies: int = 1

    class CopyLent(Aggregate.Event):
        TOPIC = "test.CopyLent"
        reader: UUID
        days: int = 14

    @event(BookAdded)
    def __init__(self, title: str, copies: int = 1) -> None:
        self.title = title
        self.copies = copies
        self.lent: dict[UUID, int] = {}

    @event(CopyLent)
    def _lend(self, reader: UUID, days: int = 14) -> None:
        self.lent[reader] = days


def a_seminar(seats: int = 2) -> Seminar:
    return Seminar(id=uuid7(), title="Khuyến học", seats=seats)


def replayed(events: list[object]) -> Seminar:
    aggregate = None
    for each in events:
        aggregate = each.mutate(aggregate)
    return aggregate


def test_an_aggregate_rebuilt_from_its_events_is_the_same() -> None:
    seminar = a_seminar()
    seminar.take_seat(uuid4())
    events = list(seminar.collect_events())
    assert replayed(events) == seminar
    assert seminar.version == 2
    assert not seminar.collect_events()


def test_a_refused_act_changes_nothing() -> None:
    seminar = a_seminar(seats=0)
    seminar.collect_events()
    with pytest.raises(NoSeat):
        seminar.take_seat(uuid4())
    assert not seminar.pending_events
    assert seminar.version == 1


def test_replay_never_refuses() -> None:
    seminar = a_seminar(seats=1)
    seminar.take_seat(uuid4())
    announced, taken = seminar.collect_events()
    late = type(taken)(originator_id=seminar.id, originator_version=3, learner=uuid4())
    assert len(replayed([announced, taken, late]).learners) == 2


def test_events_carry_no_time_of_their_own() -> None:
    seminar = a_seminar()
    (announced,) = seminar.collect_events()
    assert own_fields(type(announced)) == ("title", "seats")
    assert set(vars(announced)) == {"originator_id", "originator_version", "title", "seats"}
    with pytest.raises(AttributeError):
        announced.title = "đổi"


def test_fields_are_kept_in_declared_order_whatever_the_callers() -> None:
    seminar = Seminar(seats=3, title="a", id=uuid4())
    assert list(vars(seminar.pending_events[0])) == [
        "originator_id", "originator_version", "title", "seats",
    ]  # fmt: skip


def test_arguments_may_be_positional_and_left_to_their_defaults() -> None:
    book = Book("Dế Mèn")
    book._lend(reader := uuid4())
    added, lent = book.collect_events()
    assert (added.title, added.copies) == ("Dế Mèn", 1)
    assert (lent.reader, lent.days) == (reader, 14)
    assert book.lent == {reader: 14}


@pytest.mark.parametrize(
    "wrong", [Book, lambda: Book("a", pages=3), lambda: Book("a")._lend(who=1)]
)
def test_wrong_arguments_are_refused(wrong: object) -> None:
    with pytest.raises(TypeError):
        wrong()


def test_an_event_of_another_aggregate_or_out_of_turn_is_refused() -> None:
    one, other = a_seminar(), a_seminar()
    one.take_seat(uuid4())
    announced, taken = one.collect_events()
    with pytest.raises(OriginatorIDError):
        taken.mutate(other)
    with pytest.raises(OriginatorVersionError):
        taken.mutate(one)
    with pytest.raises(OriginatorVersionError):
        announced.mutate(one)


def test_an_event_without_a_permanent_name_is_refused() -> None:
    with pytest.raises(ProgrammingError, match="TOPIC"):

        class Nameless(Aggregate):
            class Begun(Aggregate.Created):
                pass

            @event(Begun)
            def __init__(self) -> None:
                pass


def test_the_classes_are_the_librarys_and_go_through_its_mapper_and_snapshot() -> None:
    seminar = a_seminar()
    seminar.take_seat(uuid4())
    assert isinstance(seminar, LibraryAggregate)
    transcoder = JSONTranscoder()
    transcoder.register(UUIDAsHex())
    mapper = Mapper(transcoder=transcoder)
    events = [mapper.to_domain_event(mapper.to_stored_event(e)) for e in seminar.pending_events]
    assert replayed(events).learners == seminar.learners
    kept = Seminar.Snapshot.take(seminar).mutate(None)
    assert (kept.id, kept.version, kept.learners) == (seminar.id, 2, seminar.learners)


def test_the_events_of_an_aggregate_are_listed_in_order() -> None:
    assert [e.TOPIC for e in events_of(Seminar)] == [
        "test.SeminarAnnounced",
        "test.SeatTaken",
        "test.SeatsAdded",
    ]


def test_new_ids_only_rise_and_say_when() -> None:
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}


@pytest.fixture
def clock_going_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.domain.time.time_ns", lambda: 1_000_000_000)


def test_new_ids_rise_even_when_the_clock_goes_back(clock_going_back: None) -> None:
    before = uuid7()
    assert uuid7() > before


def test_the_same_thing_has_the_same_id_however_it_is_typed() -> None:
    composed, decomposed = "Thuận Châu", "Thuận Châu"
    assert natural_id("14", "decision", composed, "2025") == natural_id(
        "14", "decision", decomposed, "2025"
    )


def test_natural_ids_are_those_of_the_contract() -> None:
    url = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
    expected = uuid5(uuid5(url, "urn:khuyenhoc:14"), '["holding","s","citizen"]')
    assert natural_id("14", "holding", "s", "citizen") == expected
    assert natural_id("15", "holding", "s", "citizen") != expected
    assert natural_id("14", "holding", "s", "citizen,") != natural_id(
        "14", "holding", "s,", "citizen"
    )


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_an_id_follows_from_its_name_as_the_standard_library_says(parts: list[str]) -> None:
    url = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
    name = json.dumps(["case", *parts], ensure_ascii=False, separators=(",", ":"))
    expected = uuid5(uuid5(url, "urn:khuyenhoc:14"), normalize("NFC", name))
    made = natural_id("14", "case", *parts)
    assert (made, hash(made), str(made)) == (expected, hash(expected), str(expected))
