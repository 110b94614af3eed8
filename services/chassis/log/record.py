"""Plain values: an event to be written, one as stored, the newest place, a receipt."""

from datetime import datetime
from uuid import UUID

import msgspec


class NewEvent(msgspec.Struct, frozen=True, gc=False):
    """An event as it will be stored. ``version`` counts from 1 within its stream."""

    stream: UUID
    version: int
    type: str
    payload: bytes
    meta: bytes


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event as stored: ``position`` is dense from 1, ``recorded_at`` never decreases (UTC)."""

    position: int
    stream: UUID
    version: int
    type: str
    recorded_at: datetime
    command: UUID
    payload: bytes
    meta: bytes


class Head(msgspec.Struct, frozen=True):
    """The newest event's place and time; position 0 and no time in an empty log."""

    position: int
    recorded_at: datetime | None


class Receipt(msgspec.Struct, frozen=True):
    """What a command was answered, for ever: ``id`` and ``version`` name what its reply names."""

    command: UUID
    digest: bytes
    id: UUID
    version: int
    first_position: int
    position: int
    recorded_at: datetime
