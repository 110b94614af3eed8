"""Snapshots spare a replay and never stand for more than that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID, uuid4

import pytest
from chassis.domain import Aggregate, event
from chassis.log import snapshot
from chassis.log.snapshot import Form, is_due


class Phase(Enum):
    OPEN = "open"


@dataclass(frozen=True)
class Seat:
    row: int
    holder: UUID | None


class Hall(Aggregate):
    class HallBuilt(Aggregate.Created):
        TOPIC = "test.HallBuilt"
        name: str

    @event(HallBuilt)
    def __init__(self, name: str) -> None:
        self.name = name
        self.phase = Phase.OPEN
        self.seats: dict[UUID, Seat] = {}
        self.days: set[date] = set()
        self.pair: tuple[int, str] = (1, "a")
        self.log: list[object] = [datetime(2025, 1, 1, tzinfo=UTC), None, 2.5, {"map": [1]}, b"x"]


def a_hall() -> Hall:
    hall = Hall(id=uuid4(), name="Nhà văn hóa")
    hall.seats = {uuid4(): Seat(1, uuid4()), uuid4(): Seat(2, None)}
    hall.days = {date(2025, 1, 1)}
    hall.collect_events()
    return hall


def test_state_reads_back_as_it_was() -> None:
    hall, form = a_hall(), Form(Hall)
    assert (state := form.write(hall)) is not None
    assert form.read(hall.id, 1, state) == hall


def test_state_of_a_kind_without_a_form_is_not_kept() -> None:
    hall = a_hall()
    hall.log = [object()]
    assert Form(Hall).write(hall) is None


def test_state_that_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_hall()
    monkeypatch.setattr(snapshot, "MAX_BYTES", 100)
    assert Form(Hall).write(hall) is None


def test_stored_state_cannot_name_a_class_to_import() -> None:
    with pytest.raises(KeyError):
        Form(Hall).read(uuid4(), 1, b'{"map":[["name",{"object":["os.system",{"command":"id"}]}]]}')


def test_state_made_by_other_code_is_of_another_schema() -> None:
    class Changed(Aggregate):
        class Built(Aggregate.Created):
            TOPIC = "test.Built"
            name: str

        @event(Built)
        def __init__(self, name: str) -> None:
            self.name = name.upper()

    class Same(Aggregate):
        class Built(Aggregate.Created):
            TOPIC = "test.Built"
            name: str

        @event(Built)
        def __init__(self, name: str) -> None:
            self.name = name

    assert Form(Changed).schema != Form(Same).schema
    before = Form(Same).schema
    Same.class_version = 2
    assert Form(Same).schema.split(":") == ["2", before.split(":")[1]]


def test_a_snapshot_is_due_about_every_hundred_events() -> None:
    assert [v for v in range(1, 1001) if is_due(v - 1, v)] == list(range(100, 1001, 100))
    assert is_due(98, 103)
    assert not is_due(100, 199)
