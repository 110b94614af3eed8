"""The words between a caller and the log: an order, its outcome, and the way to it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from chassis.domain import Aggregate
from chassis.errors import KeyReused, Refusal
from chassis.log.cells import Cell
from chassis.log.record import Receipt

if TYPE_CHECKING:
    from chassis.log.work import UnitOfWork


class Order(msgspec.Struct, frozen=True):
    """A command as the log sees it.

    ``command`` is its id for ever; ``digest`` an HMAC of the request, to tell a retry from a reused
    key; ``recorded_at`` a time asked for (local profile); ``if_version`` what the caller last read.
    """

    command: UUID
    digest: bytes
    actor: UUID
    trace: str | None = None
    recorded_at: datetime | None = None
    if_version: int | None = None


class Snap(msgspec.Struct, frozen=True):
    """A snapshot to keep once its append is stored."""

    cls: type[Aggregate]
    stream: UUID
    version: int
    state: bytes


class Outcome(msgspec.Struct, frozen=True):
    """An accepted command: what its reply names, and the position of its last event."""

    id: UUID
    version: int
    position: int
    recorded_at: datetime
    replayed: bool


class DecideAgain(Exception):  # noqa: N818  # a turn to wait for, not an error
    """Give back what is held, wait for ``cell`` if there is one, and run the decision again."""

    def __init__(self, cell: Cell | None) -> None:
        super().__init__("the decision has to be run again")
        self.cell = cell


class Attempts:
    """What earlier attempts at one decision have taught."""

    __slots__ = ("count", "snaps", "taken", "verify")

    def __init__(self) -> None:
        self.count = 0
        self.verify = False  # decide on stored state only
        self.taken: tuple[UUID, ...] = ()  # streams known to exist
        self.snaps: Sequence[Snap] = ()


class Undecided(Exception):  # noqa: N818  # carries a refusal until it may be answered
    """The decision refused; ``certain`` if it rested on nothing remembered or pending."""

    def __init__(self, refusal: Refusal, *, certain: bool) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.certain = certain


def key_reused() -> Refusal:
    """The refusal of a key that came before with another body."""
    return KeyReused(
        "this key was used before with another request",
        "khóa chống lặp này đã dùng cho một yêu cầu khác; vui lòng dùng khóa mới",
    )


def answer(receipt: Receipt, *, replayed: bool) -> Outcome:
    """A receipt as the answer to its command."""
    return Outcome(receipt.id, receipt.version, receipt.position, receipt.recorded_at, replayed)


Decide = Callable[["UnitOfWork"], Awaitable[Aggregate]]
