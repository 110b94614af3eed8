"""The hot streams of a process: bounded, and never dropping what is in use."""

import asyncio
from types import SimpleNamespace
from uuid import UUID

from chassis.domain import uuid7
from chassis.log.append import Append, Status
from chassis.log.cells import Cell, Cells


def a_tip() -> Append:
    return Append(uuid7(), b"", uuid7(), 1, {}, [])


def put(cells: Cells, tip: Append | None = None) -> UUID:
    thing = SimpleNamespace(id=uuid7())
    cells.put(thing, tip or a_tip())
    return thing.id


def test_the_least_recently_used_goes_first() -> None:
    cells = Cells(most=3)
    tip = a_tip()
    tip.settle(Status.ACCEPTED)
    one, two, three = (put(cells, tip) for _ in range(3))
    assert cells.at(one)
    four = put(cells, tip)
    assert [bool(cells.at(s)) for s in (one, two, three, four)] == [True, False, True, True]


def test_what_is_held_or_pending_stays() -> None:
    cells = Cells(most=2)
    held = cells.open(uuid7())
    pending = put(cells)
    settled = a_tip()
    settled.settle(Status.ACCEPTED)
    for _ in range(20):
        put(cells, settled)
    assert cells.at(held.stream) is held
    assert cells.at(pending)
    assert len(cells) == 3


def test_state_that_never_came_to_be_is_forgotten() -> None:
    cells = Cells()
    tip = a_tip()
    stream = put(cells, tip)
    assert cells.at(stream)
    tip.settle(Status.CONFLICT)
    assert cells.at(stream) is None
    assert len(cells) == 0


def test_a_cell_that_is_there_is_not_put_over() -> None:
    cells = Cells()
    cell = cells.open(uuid7())
    cells.put(SimpleNamespace(id=cell.stream), a_tip())
    assert cells.at(cell.stream) is cell
    assert cell.aggregate is None


async def test_whoever_waits_for_a_cell_is_let_in_when_it_is_given_back() -> None:
    cell = Cell(uuid7())
    waiting = [asyncio.create_task(cell.free()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting[1:])
    cell.release()
    await asyncio.gather(*waiting[1:])
    await cell.free()
