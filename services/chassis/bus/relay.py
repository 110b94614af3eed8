"""Sends every stored event to the log's topic, in order, as exactly one event.

A crash anywhere repeats events and loses none: where to go on is read off the topic's own end.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from chassis.bus.alarms import Alarm, Fork, Refused, Unpublishable
from chassis.bus.applying import DATABASE_AWAY
from chassis.bus.envelope import encode, key_of
from chassis.bus.kafka import KafkaUnavailable, Publisher, TopicMissing
from chassis.bus.outlet import Outlet, Progress, Superseded
from chassis.bus.reading import said
from chassis.bus.topic_end import agreed_position
from chassis.failpoint import reach
from chassis.log.leader import Leader
from chassis.log.pace import Pace
from chassis.log.record import Recorded
from chassis.run import metrics

CHECK_SECONDS = 0.5
AGAIN_SECONDS = 0.5
STILL_SECONDS = 2.0
WATCH_SECONDS = 1.0
BATCH = 2_000
SLICE = 100
AWAY = (*DATABASE_AWAY, KafkaUnavailable, TopicMissing)

_log = structlog.get_logger("bus.relay")


class Relay:
    """Keeps a topic a few milliseconds behind its log for as long as it runs."""

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet
        self._alarm: Alarm | None = None
        self._checked_at = 0.0
        self._pace = Pace()

    async def run(self) -> None:
        """Go on until cancelled, whatever goes away and comes back."""
        watch = asyncio.create_task(self._watch())
        try:
            await self._relay()
        finally:
            watch.cancel()

    async def _relay(self) -> None:
        while True:
            try:
                async with Leader(self.outlet.pool, self.outlet.leadership) as term:
                    progress = await self.resume()
                    await self.publish_on(term, progress)
            except Refused as refused:
                await self._stand_still(refused.alarm)
            except Superseded:
                _log.info("superseded", log=self.outlet.name)
                await asyncio.sleep(STILL_SECONDS)
            except AWAY as error:
                _log.warning("interrupted", log=self.outlet.name, error=said(error))
                await asyncio.sleep(AGAIN_SECONDS)

    async def resume(self) -> Progress:
        """Take the relay over and go on from where the topic ends.

        Raises:
            Refused: topic and log contradict each other.
        """
        progress = await self.outlet.claim()
        agreed = await agreed_position(self.outlet, progress.position)
        if agreed < progress.position:
            _log.warning("topic_behind", log=self.outlet.name, saved=progress.position, at=agreed)
        progress = await self.outlet.move(progress, agreed)
        await self.outlet.end_alarm()
        self._alarm = None
        return progress

    async def publish_on(
        self, term: Leader, progress: Progress, until: int | None = None
    ) -> Progress:
        """Publish what comes after the progress: up to a position, or for as long as we lead."""
        publisher = Publisher(self.outlet.bootstrap, self.outlet.topic, f"kh-{self.outlet.name}")
        try:
            await publisher.open()
            while not term.lost.is_set() and (until is None or progress.position < until):
                events = await self.outlet.log.read(progress.position, BATCH, until=until)
                if events:
                    self._pace.found()
                    progress = await self._send(publisher, progress, events)
                else:
                    await self._idle(progress)
        finally:
            await publisher.close()
        return progress

    async def _send(
        self, publisher: Publisher, progress: Progress, events: Sequence[Recorded]
    ) -> Progress:
        reach("relay.read")
        records = await self._encode(events)
        await self._while_ours(progress, publisher.send_all(records))
        reach("relay.sent")
        progress = await self.outlet.move(progress, events[len(records) - 1].position)
        reach("relay.progress")
        return progress

    async def _while_ours(self, progress: Progress, sending: Coroutine[Any, Any, int]) -> None:
        """Await the sending, but let go at once when somebody takes over: the topic may be gone."""
        task = asyncio.create_task(sending)
        try:
            while not (await asyncio.wait({task}, timeout=CHECK_SECONDS))[0]:
                await self.outlet.check(progress)
            task.result()
        finally:
            task.cancel()

    async def _encode(self, events: Sequence[Recorded]) -> list[tuple[bytes, bytes]]:
        """As many events as have a public form, the first at least."""
        name, publish = self.outlet.name, self.outlet.publish
        records: list[tuple[bytes, bytes]] = []
        for event in events:
            try:
                records.append((key_of(event), encode(name, event, publish(event))))
            except Exception as error:
                if records:
                    break
                refusal = Unpublishable(event.position, event.type, said(error))
                raise Refused(refusal) from error
            if len(records) % SLICE == 0:
                await asyncio.sleep(0)
        return records

    async def _idle(self, progress: Progress) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._checked_at > CHECK_SECONDS:
            self._checked_at = now
            await self.outlet.check(progress)
        await self._pace.rest()

    async def _watch(self) -> None:
        """Tell every second how far the topic is behind, above all while it cannot be written."""
        name = self.outlet.name
        while True:
            try:
                lag = await self.outlet.lag(datetime.now(UTC))
            except DATABASE_AWAY:
                pass  # `run` logs it and tries again; the gauges keep what was last known
            else:
                metrics.RELAY_POSITION.labels(name).set(lag.published)
                metrics.RELAY_LAG_EVENTS.labels(name).set(lag.events)
                metrics.RELAY_LAG_SECONDS.labels(name).set(lag.seconds)
            await asyncio.sleep(WATCH_SECONDS)

    async def _stand_still(self, alarm: Alarm) -> None:
        if alarm != self._alarm:
            self._alarm = alarm
            _log.error("relay_refuses", log=self.outlet.name, detail=alarm.detail)
            if isinstance(alarm, Fork):
                metrics.FORK_ALARMS.labels(self.outlet.name).inc()
        try:
            await self.outlet.raise_alarm(alarm)
        except AWAY as error:
            _log.warning("interrupted", log=self.outlet.name, error=said(error))
        await asyncio.sleep(STILL_SECONDS)
