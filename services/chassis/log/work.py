"""A unit of work: what one decision loads and saves, to become one append."""

from collections.abc import Collection, Sequence
from typing import TypeVar, cast
from uuid import UUID

from chassis.domain import Aggregate, Event, acts_later
from chassis.errors import AlreadyExists, Refusal, Stale
from chassis.log.append import Append, Status
from chassis.log.cells import Cell, Cells
from chassis.log.order import Decide, DecideAgain, Order, Snap
from chassis.log.record import NewEvent
from chassis.log.repository import Repository, absent
from chassis.log.snapshot import is_due

A = TypeVar("A", bound=Aggregate)


class UnitOfWork:
    """Loads aggregates and collects what was decided. One per attempt at a decision.

    ``verify`` makes every aggregate what is stored by now instead of what this process remembers or
    expects; ``taken`` are streams known to exist, so that creating them is refused.
    """

    __slots__ = ("_cells", "_first", "_held", "_order", "_repository", "_saved", "_seen", "_taken",
                 "_verify", "certain", "snaps")  # fmt: skip

    def __init__(
        self,
        order: Order,
        cells: Cells,
        repository: Repository,
        *,
        verify: bool = False,
        taken: Collection[UUID] = (),
    ) -> None:
        self._order = order
        self._cells = cells
        self._repository = repository
        self._verify = verify
        self._taken = taken
        self._held: dict[UUID, Cell] = {}
        self._seen: dict[UUID, int] = {}  # version when loaded; 0: looked for and not there
        self._first: UUID | None = None
        self._saved: list[Aggregate] = []
        self.certain = True  # nothing here rests on remembered or pending state
        self.snaps: list[Snap] = []

    async def get(self, cls: type[A], stream: UUID) -> A:
        """Load an aggregate to act on.

        Raises:
            NotFound: there is no such thing of that class.
        """
        found = await self.find(cls, stream)
        if found is None:
            raise absent(cls.CALLED, stream)
        return found

    async def find(self, cls: type[A], stream: UUID) -> A | None:
        """Load an aggregate, or None. That it was not there is checked again when appending."""
        cell = self._held.get(stream)
        if cell is None:
            cell = await self._take(cls, stream)
            if self._first is None:
                self._first = stream
            self._seen[stream] = cell.aggregate.version if cell.aggregate is not None else 0
        return cell.aggregate if isinstance(cell.aggregate, cls) else None

    def rests_on(self, stream: UUID, version: int) -> bool:
        """Let the append stand only if the stream is at that version still, without loading it.

        False when more is known of the stream than a version seen a moment ago: load it then.
        """
        if self._verify or stream in self._held or self._cells.at(stream) is not None:
            return False
        self._seen[stream] = version
        self.certain = False
        return True

    async def _take(self, cls: type[A], stream: UUID) -> Cell:
        while (cell := self._cells.at(stream)) is not None and cell.held:
            if self._held:
                raise DecideAgain(cell)
            await cell.free()
        if cell is None:
            return await self._load(cls, stream)
        cell.held = True
        self._held[stream] = cell
        if self._verify:
            await self._verified(cls, cell)
        else:
            self.certain = False
        return cell

    async def _load(self, cls: type[A], stream: UUID) -> Cell:
        cell = self._held[stream] = self._cells.open(stream)
        cell.aggregate = await self._repository.find(cls, stream)
        return cell

    async def _verified(self, cls: type[A], cell: Cell) -> None:
        if cell.tip is not None and cell.tip.status is None:
            await cell.tip.settled()
        if cell.dead:
            cell.aggregate, cell.tip = await self._repository.find(cls, cell.stream), None
        else:
            await self._repository.catch_up(cell.aggregate)

    def save(self, first: A, *others: Aggregate) -> A:
        """Let what these aggregates decided be stored, all or none; the reply names the first."""
        self._saved += (first, *others)
        return first

    async def decided(self, decide: Decide) -> Append:
        """Run the decision and give what it saved; see ``append``.

        Raises:
            Refusal: the decision's own.
        """
        try:
            await decide(self)
        except Refusal:
            self.check_version()  # a caller who is behind is told so rather than why it mattered
            raise
        return self.append()

    def append(self) -> Append:
        """What was saved, as one append.

        Raises:
            Stale: the thing named is not at the version the caller last read.
            AlreadyExists: something created here is known to exist.
            DecideAgain: what was pending when this was decided has fallen meanwhile.
            ValueError: nothing was decided, or something was decided and not saved.
        """
        if not self._saved:
            raise ValueError("the decision saved nothing")
        expected = self._seen
        events: list[NewEvent] = []
        for aggregate in self._saved:
            self._collect(aggregate, expected, events)
        if not events:
            raise ValueError("the decision changed nothing")
        tips = self._checked_tips() if self._held else ()
        named, order = self._saved[0], self._order
        if self._taken or order.if_version is not None:
            self._check(named, expected)
        return Append(
            order.command, order.digest, named.id, named.version, expected, events,
            order.recorded_at, tips,
        )  # fmt: skip

    def _collect(
        self, aggregate: Aggregate, expected: dict[UUID, int], events: list[NewEvent]
    ) -> None:
        pending = cast("Sequence[Event]", aggregate.collect_events())
        stream, version = aggregate.id, aggregate.version
        if not pending:
            expected.setdefault(stream, version)
            return
        before = expected[stream] = version - len(pending)
        encode, order = self._repository.codec.encode, self._order
        for event in pending:
            events.append(encode(event, order.actor, order.trace))  # noqa: PERF401  # one is usual
        if is_due(before, version):
            self._snap(aggregate)

    def _checked_tips(self) -> Sequence[Append]:
        """What this was decided on and is not settled; all of it must be alive, and all saved."""
        tips: dict[Append, None] = {}
        for cell in self._held.values():
            if cell.aggregate is not None and cell.aggregate.pending_events:
                raise ValueError("the decision changed something it did not save")
            if (tip := cell.tip) is not None and tip.status is not Status.ACCEPTED:
                if tip.dead:
                    raise DecideAgain(None)
                tips[tip] = None
        return tuple(tips)

    def _snap(self, aggregate: Aggregate) -> None:
        cls = type(aggregate)
        if state := self._repository.form(cls).write(aggregate):
            self.snaps.append(Snap(cls, aggregate.id, aggregate.version, state))

    def _check(self, named: Aggregate, expected: dict[UUID, int]) -> None:
        if expected[named.id] or self._first is None:
            self.check_version(expected[named.id], named.id)
        else:  # a caller can have read no version of what is created: they mean what they act on
            self.check_version()
        for stream, version in expected.items():
            if version == 0 and stream in self._taken:
                raise AlreadyExists(f"{stream} exists already", f"mã {stream} đã có rồi")

    def check_version(self, version: int | None = None, stream: UUID | None = None) -> None:
        """Hold a version against ``If-Match``: by default that of the first thing loaded.

        Raises:
            Stale: they differ.
        """
        if stream is None and self._first is not None:
            stream, version = self._first, self._seen[self._first]
        wanted = self._order.if_version
        if wanted is not None and version is not None and version != wanted:
            raise Stale(
                f"{stream} is at version {version}, not {wanted}",
                f"{stream} nay là phiên bản {version}, không còn là {wanted}; vui lòng xem lại",
            )

    def hand_on(self, append: Append) -> None:
        """Put the aggregates back as pending on ``append``, for the next decision to build on."""
        for cell in self._held.values():
            if cell.aggregate is None:
                self._cells.drop(cell)
                continue
            if cell.stream in append.writes:
                cell.tip = append
            cell.release()
        for aggregate in self._saved:
            if acts_later(type(aggregate)):
                self._cells.put(aggregate, append)
        self._held = {}

    def give_back(self) -> None:
        """Put the aggregates back as they were; forget those a decision left half changed."""
        for cell in self._held.values():
            aggregate = cell.aggregate
            if (
                aggregate is None
                or aggregate.pending_events
                or aggregate.version != self._seen.get(cell.stream)
            ):
                self._cells.drop(cell)
            else:
                cell.release()
        self._held = {}
