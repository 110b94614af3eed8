"""Aggregates out of the log: the newest snapshot, then the events after it."""

from collections.abc import Collection
from typing import Any, TypeVar, cast
from uuid import UUID

import structlog

from chassis.domain import Aggregate
from chassis.errors import NotFound, Said
from chassis.log import arrays
from chassis.log.codec import Codec
from chassis.log.snapshot import Form
from chassis.log.store import Log, recorded

A = TypeVar("A", bound=Aggregate)

_LOAD = """
WITH kept AS (SELECT version, state FROM snapshot WHERE stream = $1 AND schema = $2)
SELECT 0::bigint, $1, version, '', NULL::timestamptz, $1, state::text, '' FROM kept
UNION ALL
(SELECT position, stream, version, type, recorded_at, command, payload::text, meta::text
 FROM event WHERE stream = $1 AND version > coalesce((SELECT version FROM kept), 0)
 ORDER BY version)
"""
_LOAD_ALL = """
SELECT position, stream, version, type, payload::text, meta::text
FROM event WHERE stream = ANY($1::text::uuid[]) ORDER BY stream, version
"""
_KEEP = """
INSERT INTO snapshot (stream, version, schema, state) VALUES ($1, $2, $3, $4)
ON CONFLICT (stream) DO UPDATE
    SET version = excluded.version, schema = excluded.schema, state = excluded.state
    WHERE snapshot.version < excluded.version OR snapshot.schema <> excluded.schema
"""
_logger = structlog.get_logger(__name__)


def absent(called: Said, stream: UUID) -> NotFound:
    """The refusal of an id that no such thing has."""
    return NotFound(
        f"no {called.en} has the id {stream}", f"không có {called.vi} nào mang mã {stream}"
    )


class Repository:
    """Loads aggregates as they are in the database at that moment."""

    def __init__(self, log: Log, codec: Codec) -> None:
        self.log = log
        self.codec = codec
        self._forms: dict[type[Aggregate], Form] = {}

    async def get(self, cls: type[A], stream: UUID) -> A:
        """As ``find``.

        Raises:
            NotFound: nothing was ever appended to the stream, or it is another kind of thing.
        """
        found = await self.find(cls, stream)
        if found is None:
            raise absent(cls.CALLED, stream)
        return found

    async def find(self, cls: type[A], stream: UUID) -> A | None:
        """The aggregate of that id and class, or None. One round trip."""
        rows = await self.log.fetch(_LOAD, stream, self.form(cls).schema)
        aggregate: Any = None
        for row in rows:
            if row[0] == 0:
                aggregate = self.form(cls).read(stream, row[2], row[6].encode())
            else:
                aggregate = self.codec.decode(recorded(row)).mutate(aggregate)
        return cast("A | None", aggregate) if isinstance(aggregate, cls) else None

    async def find_all(self, cls: type[A], streams: Collection[UUID]) -> dict[UUID, A]:
        """Those of the streams that exist and are of that class, in one round trip.

        Without snapshots: for many short streams, as the rows of a batch name them.
        """
        rows = await self.log.fetch(_LOAD_ALL, arrays.plain(streams)) if streams else []
        found: dict[UUID, Any] = {}
        evolved = self.codec.evolved
        for row in rows:
            stream = row[1]
            found[stream] = evolved(found.get(stream), *row)
        return {s: each for s, each in found.items() if isinstance(each, cls)}

    async def catch_up(self, aggregate: Aggregate) -> None:
        """Bring an aggregate up to what is stored by now."""
        for event in await self.log.load(aggregate.id, after_version=aggregate.version):
            self.codec.decode(event).mutate(aggregate)

    def form(self, cls: type[Aggregate]) -> Form:
        """How snapshots of that class are written."""
        form = self._forms.get(cls)
        if form is None:
            form = self._forms[cls] = Form(cls)
        return form

    async def keep(self, cls: type[Aggregate], stream: UUID, version: int, state: bytes) -> None:
        """Store a snapshot unless a later one is there; failing to is no harm."""
        try:
            await self.log.pool.execute(
                _KEEP, stream, version, self.form(cls).schema, state.decode()
            )
        except Exception as error:  # noqa: BLE001  # a snapshot only saves time
            _logger.warning("snapshot not kept", stream=str(stream), error=type(error).__name__)
