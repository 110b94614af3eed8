"""The hot streams of a process: each one's newest state, who holds it, and what it awaits."""

import asyncio
from collections import OrderedDict
from itertools import islice
from typing import Any
from uuid import UUID

from chassis.log.append import Append

MOST_CELLS = 2048  # some kilobytes each
_LOOKED_AT = 8  # cells considered for leaving when one comes in


class Cell:
    """One stream: the newest aggregate decided in this process, and the append that made it so.

    While ``held``, the aggregate is one decision's alone. ``tip`` is unsettled while the state is
    only pending; a dead tip means the state never came to be.
    """

    __slots__ = ("_free", "aggregate", "held", "stream", "tip")

    def __init__(
        self, stream: UUID, aggregate: Any = None, tip: Append | None = None, *, held: bool = True
    ) -> None:
        self.stream = stream
        self.aggregate = aggregate
        self.tip = tip
        self.held = held
        self._free: asyncio.Future[None] | None = None

    @property
    def pending(self) -> bool:
        return self.tip is not None and self.tip.status is None

    @property
    def dead(self) -> bool:
        return self.tip is not None and self.tip.dead

    async def free(self) -> None:
        """Wait until nobody holds it."""
        while self.held:
            if self._free is None:
                self._free = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._free)

    def release(self) -> None:
        self.held = False
        if self._free is not None:
            self._free.set_result(None)
            self._free = None


class Cells:
    """Bounded, least recently used out first; what is held or pending stays."""

    def __init__(self, most: int = MOST_CELLS) -> None:
        self._most = most
        self._cells: OrderedDict[UUID, Cell] = OrderedDict()

    def __len__(self) -> int:
        return len(self._cells)

    def at(self, stream: UUID) -> Cell | None:
        """The stream's cell, if it is there and its state not dead."""
        cell = self._cells.get(stream)
        if cell is None:
            return None
        if cell.dead and not cell.held:
            del self._cells[stream]
            return None
        self._cells.move_to_end(stream)
        return cell

    def open(self, stream: UUID) -> Cell:
        """A new cell, held, in place of whatever was there."""
        return self._add(Cell(stream))

    def drop(self, cell: Cell) -> None:
        """Forget a cell and let whoever waits for it look again."""
        if self._cells.get(cell.stream) is cell:
            del self._cells[cell.stream]
        cell.release()

    def put(self, aggregate: Any, tip: Append | None = None) -> None:
        """Remember what was just created or loaded, unless the stream has a cell already."""
        stream = aggregate.id
        if stream not in self._cells or self.at(stream) is None:
            self._add(Cell(stream, aggregate, tip, held=False))

    def _add(self, cell: Cell) -> Cell:
        if len(self._cells) >= self._most:
            self._make_room()
        self._cells[cell.stream] = cell
        return cell

    def _make_room(self) -> None:
        for cell in islice(self._cells.values(), _LOOKED_AT):
            if not cell.held and not cell.pending:
                del self._cells[cell.stream]
                return
