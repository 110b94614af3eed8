"""Where a log is published and how far: its place in the log's own database, fenced by an epoch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from google.protobuf.message import Message

from chassis.bus import alarms
from chassis.bus.alarms import Alarm
from chassis.bus.kafka import Topic
from chassis.log.record import Recorded
from chassis.log.store import Log

MIGRATIONS = Path(__file__).parent / "migrations" / "relay"

Publish = Callable[[Recorded], Message]
"""A stored event's public form, ``Withheld`` where it has none. Raises what it cannot read."""

# A lost progress costs a look at the topic's end, so it does not wait for the disk.
_MOVE = """
WITH unhurried AS (SELECT set_config('synchronous_commit', 'off', true))
UPDATE relay SET position = $4 FROM unhurried WHERE name = $1 AND epoch = $2 AND position = $3
"""


class Superseded(Exception):  # noqa: N818  # another process's success
    """Another process has taken the relay of this log over."""


class Progress(msgspec.Struct, frozen=True):
    """The last position published, as moved by whoever holds the epoch."""

    epoch: int
    position: int


class Lag(msgspec.Struct, frozen=True):
    """Events stored and not published, and the age in seconds of the oldest of them."""

    published: int
    events: int
    seconds: float


class RelayState(msgspec.Struct, frozen=True):
    """How far a log is published, and why no further if the relay stands still."""

    published: int
    alarm: dict[str, Any] | None
    alarm_since: datetime | None


@dataclass(frozen=True)
class Outlet:
    """A log, the topic it is published on, and the public form of its events."""

    pool: asyncpg.Pool
    log: Log
    bootstrap: str
    topic: str
    publish: Publish

    @property
    def name(self) -> str:
        return self.log.name

    @property
    def leadership(self) -> str:
        """What the one process is elected to that may write to the topic."""
        return f"relay {self.log.name}"

    def whole_topic(self) -> Topic:
        return Topic(self.bootstrap, self.topic)

    async def claim(self) -> Progress:
        """Take over: whoever had the relay before can move it no more."""
        row = await self.pool.fetchrow(
            "INSERT INTO relay (name, epoch, position) VALUES ($1, 1, 0) "
            "ON CONFLICT (name) DO UPDATE SET epoch = relay.epoch + 1 RETURNING epoch, position",
            self.name,
        )
        return Progress(*row)

    async def move(self, progress: Progress, position: int) -> Progress:
        """Save progress by compare-and-swap on epoch and position.

        Raises:
            Superseded.
        """
        if position == progress.position:
            return progress
        moved = await self.pool.execute(
            _MOVE, self.name, progress.epoch, progress.position, position
        )
        if moved != "UPDATE 1":
            raise Superseded(self.name)
        return Progress(progress.epoch, position)

    async def check(self, progress: Progress) -> None:
        """See that nobody has taken over.

        Raises:
            Superseded.
        """
        epoch = await self.pool.fetchval("SELECT epoch FROM relay WHERE name = $1", self.name)
        if epoch != progress.epoch:
            raise Superseded(self.name)

    async def lag(self, now: datetime) -> Lag:
        """How far the topic is behind the log."""
        row = await self.pool.fetchrow(
            "WITH place AS (SELECT coalesce((SELECT position FROM relay WHERE name = $1), 0) AS at)"
            " SELECT at, coalesce((SELECT max(position) FROM event), 0) - at, "
            "(SELECT recorded_at FROM event WHERE position = at + 1) FROM place",
            self.name,
        )
        published, events, oldest = row
        age = (now - oldest).total_seconds() if oldest else 0.0
        return Lag(published, max(0, events), max(0.0, age))

    async def raise_alarm(self, alarm: Alarm) -> None:
        """Keep why the relay stands still, since when."""
        await self.pool.execute(
            "INSERT INTO relay_alarm (name, alarm) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE "
            "SET alarm = excluded.alarm, since = CASE WHEN relay_alarm.alarm::text = "
            "excluded.alarm::text THEN relay_alarm.since ELSE now() END",
            self.name,
            alarms.stored(alarm),
        )

    async def end_alarm(self) -> None:
        """The relay goes on."""
        await self.pool.execute("DELETE FROM relay_alarm WHERE name = $1", self.name)


async def told(pool: asyncpg.Pool, log: str) -> RelayState:
    """How far a log is published, for `/v1/position` and `make status`."""
    row = await pool.fetchrow(
        "SELECT coalesce((SELECT position FROM relay WHERE name = $1), 0), alarm::text, since "
        "FROM (SELECT $1::text AS name) AS asked LEFT JOIN relay_alarm USING (name)",
        log,
    )
    return RelayState(row[0], alarms.told(alarms.restored(row[1])), row[2])
