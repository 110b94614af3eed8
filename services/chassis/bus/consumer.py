"""Follows other services' logs: their topics in, a projection's rows and our own place out."""

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic

import asyncpg
import msgspec
import structlog

from chassis.bus import sources
from chassis.bus.alarms import Alarm, Fork, Gap, Refused
from chassis.bus.applying import DATABASE_AWAY, Applier, Project, Rows, Write
from chassis.bus.cursor import Cursor
from chassis.bus.kafka import (
    Batch,
    Closed,
    Coming,
    Happening,
    Membership,
    OutOfRange,
    Subscription,
)
from chassis.bus.reading import Read, Unread, read_all, said
from chassis.bus.sources import Overtaken
from chassis.failpoint import reach
from chassis.run import metrics

MIGRATIONS = Path(__file__).parent / "migrations"
AGAIN_SECONDS = 0.5
WATCH_SECONDS = 1.0

_log = structlog.get_logger("bus.consumer")


class Consumer(Generic[Rows]):
    """Reads the topics its group assigns to it and applies each log's events once, in order.

    ``logs`` names the log of each topic. Several workers of one group share the topics and take
    over from each other; the place in the database decides, not the group.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        membership: Membership,
        logs: Mapping[str, str],
        project: Project[Rows],
        write: Write[Rows],
    ) -> None:
        self.pool, self.membership, self.logs = pool, membership, logs
        self._project, self._applier = project, Applier(pool, write)
        self._cursors: dict[str, Cursor] = {}
        self._refused: set[str] = set()

    async def run(self) -> None:
        """Go on until cancelled, whatever goes away and comes back."""
        async with Subscription(self.membership) as subscription:
            watch = asyncio.create_task(self._watch(subscription))
            try:
                await self._follow(subscription)
            finally:
                await _ended(watch)

    async def _follow(self, subscription: Subscription) -> None:
        """Take what happens, one after another, and read each batch while another is written."""
        ahead = asyncio.create_task(self._next(subscription))
        try:
            while True:
                coming, read = await ahead
                ahead = asyncio.create_task(self._next(subscription))
                if subscription.holds(coming):
                    await self._meet(subscription, coming.happening, read)
        finally:
            await _ended(ahead)

    async def _next(self, subscription: Subscription) -> tuple[Coming, list[Read | Unread]]:
        coming = await subscription.next()
        it = coming.happening
        if not isinstance(it, Batch):
            return coming, []
        return coming, await read_all(self.logs[it.topic], it.records, self._project)

    async def _meet(
        self, subscription: Subscription, happening: Happening, read: list[Read | Unread]
    ) -> None:
        topic = happening.topic
        try:
            if isinstance(happening, Batch):
                await self._take(subscription, happening, read)
            elif isinstance(happening, Closed):
                self._cursors.pop(topic, None)
                self._refused.discard(topic)
            elif isinstance(happening, OutOfRange) and topic in self._cursors:
                self._rewind(subscription, topic)
            else:
                await self._open(subscription, topic)
        except Overtaken as overtaken:
            _log.info("overtaken", log=self.logs[topic], what=str(overtaken))
            await self._open(subscription, topic)
        except Refused as refused:
            self._refuse(subscription, topic, refused.alarm)
        except DATABASE_AWAY as error:
            _log.warning("database_away", log=self.logs[topic], error=said(error))
            await asyncio.sleep(AGAIN_SECONDS)
            await self._open(subscription, topic)

    async def _open(self, subscription: Subscription, topic: str) -> None:
        """Begin at our own place, once the database tells it."""
        subscription.hold(topic)
        while True:
            try:
                place = await sources.load(self.pool, self.logs[topic])
                break
            except DATABASE_AWAY:
                await asyncio.sleep(AGAIN_SECONDS)
        if isinstance(place.alarm, Fork):
            self._refuse(subscription, topic, place.alarm)
            return
        self._refused.discard(topic)
        cursor = self._cursors[topic] = Cursor(place)
        subscription.seek(topic, cursor.begin)

    def _rewind(self, subscription: Subscription, topic: str) -> None:
        self._cursors[topic].rewind()
        subscription.seek(topic, None)

    async def _take(
        self, subscription: Subscription, batch: Batch, read: list[Read | Unread]
    ) -> None:
        cursor = self._cursors.get(batch.topic)
        if cursor is None:
            return
        if batch.records:
            reach("consume.polled")
        sifted = cursor.sift(read)
        left = batch.end - batch.next_offset
        published = cursor.published(left)
        if sifted.events or sifted.unreadable or sifted.fork:
            cursor.advance(await self._applier.apply(cursor.place, sifted, published))
        if sifted.fork:
            self._refuse(subscription, batch.topic, sifted.fork)
        elif sifted.rewind or (left <= 0 and cursor.missing()):
            self._rewind(subscription, batch.topic)
        else:
            await self._settle(cursor, batch, published)
            subscription.commit(batch.topic, batch.next_offset)

    async def _settle(self, cursor: Cursor, batch: Batch, published: int) -> None:
        """Say how the topic stands: now and then while it is quiet, at once when that changed."""
        place, alarm = cursor.place, cursor.place.alarm
        if batch.end <= batch.next_offset:
            alarm = cursor.verdict()
        if alarm != place.alarm or not batch.records:
            await sources.hear(self.pool, place, published, alarm)
            cursor.advance(msgspec.structs.replace(place, alarm=alarm))
        if alarm != place.alarm and isinstance(alarm, Gap):
            metrics.GAP_ALARMS.labels(place.log).inc()
            _log.error("gap", log=place.log, detail=alarm.detail)

    def _refuse(self, subscription: Subscription, topic: str, alarm: Alarm) -> None:
        subscription.hold(topic)
        self._cursors.pop(topic, None)
        if topic not in self._refused:
            self._refused.add(topic)
            metrics.FORK_ALARMS.labels(self.logs[topic]).inc()
            _log.error("fork", log=self.logs[topic], detail=alarm.detail)

    async def _watch(self, subscription: Subscription) -> None:
        """Look every second whether a refused source may go on, and tell how all of them stand."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                for topic in list(self._refused):
                    place = await sources.load(self.pool, self.logs[topic])
                    if not isinstance(place.alarm, Fork):
                        await self._open(subscription, topic)
                await self._measure()
            except DATABASE_AWAY:
                continue

    async def _measure(self) -> None:
        for source in await sources.told(self.pool):
            metrics.CONSUMER_POSITION.labels(source.log).set(source.position)
            metrics.CONSUMER_LAG_EVENTS.labels(source.log).set(source.lag_events)
            metrics.CONSUMER_LAG_SECONDS.labels(source.log).set(source.lag_s)
            metrics.PARKED_EVENTS.labels(source.log).set(source.parked_events)


async def _ended(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
