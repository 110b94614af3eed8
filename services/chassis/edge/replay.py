"""The log as published, for auditors and rebuilds: the same pages for HTTP and for gRPC."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from chassis.edge.waiting import Positions
from chassis.errors import PositionNotReached
from chassis.log.store import Log, Recorded

Publish = Callable[[Recorded], Message]
"""A service's bridge from a stored event to its public form, or ``Withheld``."""

_PAGE = 1_000
_WIDE = {
    FieldDescriptor.CPPTYPE_INT64,
    FieldDescriptor.CPPTYPE_UINT64,
}


@dataclass(frozen=True, slots=True)
class Published:
    """An event at its place, in its public form."""

    stored: Recorded
    message: Message

    @property
    def type(self) -> str:
        return self.message.DESCRIPTOR.full_name


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive positions, ``first`` to ``last``, and those events in them that were wanted."""

    first: int
    last: int
    events: list[Published]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a log: after a position, up to one, of one stream, of some types."""

    after: int = 0
    until: int | None = None
    stream: UUID | None = None
    types: frozenset[str] = frozenset()


class Replay:
    """A service's log in public form. ``published`` tells how far the topic has been written."""

    def __init__(
        self, log: Log, publish: Publish, published: Callable[[], Awaitable[int]] | None = None
    ) -> None:
        self.log = log
        self._publish = publish
        self._published = published or self._relayed
        self._positions = Positions(self._head)

    async def position(self) -> dict[str, Any]:
        """``log``, ``position``, ``published`` and ``recorded_at`` of the newest event."""
        head, published = await self.log.head(), await self._published()
        return {
            "log": self.log.name,
            "position": head.position,
            "published": published,
            "recorded_at": head.recorded_at,
        }

    async def pages(self, wanted: Wanted, size: int = _PAGE) -> AsyncIterator[Page]:
        """Pages from ``after`` to the newest event, or to ``until``."""
        after, head = wanted.after, (await self.log.head()).position
        last = head if wanted.until is None else min(head, wanted.until)
        while after < last:
            stored = await self.log.read(after, size, until=last, stream=wanted.stream)
            # Fewer than asked for: everything up to the last position has been looked at.
            reached = stored[-1].position if len(stored) == size else last
            yield Page(after + 1, reached, self._chosen(stored, wanted.types))
            after = reached

    async def wait(self, after: int, wait_s: float) -> bool:
        """Whether an event above ``after`` exists, or comes within so many seconds."""
        try:
            await self._positions.reach({self.log.name: after + 1}, wait_s)
        except PositionNotReached:
            return False
        return True

    def _chosen(self, stored: list[Recorded], types: Collection[str]) -> list[Published]:
        public = [Published(event, self._publish(event)) for event in stored]
        return [event for event in public if not types or event.type in types]

    async def _head(self) -> dict[str, int]:
        return {self.log.name: (await self.log.head()).position}

    async def _relayed(self) -> int:
        return int(await self.log.pool.fetchval("SELECT coalesce(max(position), 0) FROM relay"))


def plain(message: Message) -> dict[str, Any]:
    """Protobuf's JSON form with original field names and 64-bit integers as numbers.

    Fields that merely hold their default are there too: "0 participants" is a fact.
    """
    whole = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    _widen(whole, cast("Descriptor", message.DESCRIPTOR))
    return whole


def _widen(whole: dict[str, Any], descriptor: Descriptor) -> None:
    for field in descriptor.fields:
        value = whole.get(field.name)
        if value is None:
            continue
        if field.cpp_type in _WIDE:
            whole[field.name] = [int(v) for v in value] if isinstance(value, list) else int(value)
        elif field.message_type is not None:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    _widen(each, field.message_type)
