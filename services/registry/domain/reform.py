"""Reform: a legal act by which communes, wards and townships become others from a day on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from chassis.area import Area, AreaKind
from chassis.domain import Aggregate, event, natural_id

from registry.domain.area import EARLIER_FROM, AreaUnit

_APART = 100


class Successor(NamedTuple):
    """A place that comes into force with a reform, and the places whose land it takes over."""

    area: Area
    name: str
    kind: AreaKind
    predecessors: tuple[Area, ...]


class Reform(Aggregate):
    """One legal act. What it does to each place is in the streams of the places."""

    class ReformDecreed(Aggregate.Created):
        TOPIC = "registry.ReformDecreed"
        effective_on: date
        legal_basis: str

    @event(ReformDecreed)
    def __init__(self, effective_on: date, legal_basis: str) -> None:
        self.effective_on = effective_on
        self.legal_basis = legal_basis


def reform_id(province: str, effective_on: date, legal_basis: str) -> UUID:
    """The stream of a reform, by its day and the act it rests on."""
    return natural_id(province, "reform", effective_on.isoformat(), legal_basis)


def decree(
    province: Area,
    effective_on: date,
    legal_basis: str,
    successors: Iterable[Successor],
    standing: Mapping[Area, AreaUnit],
    earlier: Mapping[str, Iterable[AreaUnit]],
) -> Iterator[Aggregate]:
    """The reform, the places that open, and those that end: to be saved in one append.

    ``standing`` are the predecessors, ``earlier`` all places that had a successor's code before.

    Raises:
        WrongState, Invalid: a predecessor has closed already, or began that very day.
    """
    identity = reform_id(province.code, effective_on, legal_basis)
    yield Reform(id=identity, effective_on=effective_on, legal_basis=legal_basis)
    for one in successors:
        first = numbers_from(earlier.get(one.area.code, ()))
        yield AreaUnit.open(
            province.code, one.area, one.name, one.kind, parent=province, numbers_from=first
        )
        for before in one.predecessors:
            standing[before].succeed(one.area, effective_on)
    for unit in standing.values():
        unit.close(effective_on)
        yield unit


def numbers_from(earlier: Iterable[AreaUnit]) -> int:
    """Where village numbers begin in a new place of a code that others had before.

    Their villages live on, so that a bare code must not name two: the next hundred is free, and
    leaves room for what is still told of villages opened before.
    """
    given = [unit.next_number - 1 for unit in earlier if unit.next_number < EARLIER_FROM]
    return max(given) // _APART * _APART + _APART + 1 if given else 1
