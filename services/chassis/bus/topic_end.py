"""The end of a topic held against the log it was made from."""

from collections.abc import AsyncIterator

from chassis.bus.alarms import Emptied, Fork, Identity, Refused
from chassis.bus.envelope import Envelope, Unreadable, decode
from chassis.bus.kafka import Topic, TopicMissing
from chassis.bus.outlet import Outlet
from chassis.log.record import Recorded
from chassis.log.store import Log

LOOK_BACK = 100
MOST_AT_ONCE = 10_000


async def agreed_position(outlet: Outlet, saved: int) -> int:
    """The position of the topic's last event, if it is the log's own; made if it never was.

    More than ``saved`` when the last sender died before it saved; less when the broker lost a tail.

    Raises:
        Refused: the topic is gone or empty although events were published (Emptied), or its last
            event is not the log's (Fork, with the last position they share).
        KafkaUnavailable.
    """
    topic = outlet.whole_topic()
    try:
        last = await last_event(topic, outlet.name)
    except TopicMissing:
        if saved:
            raise Refused(Emptied(saved, missing=True)) from None
        await topic.ensure()
        return 0
    if last is None and saved:
        raise Refused(Emptied(saved, missing=False))
    if last is not None and (fork := await disagreement(topic, outlet.log, last)):
        raise Refused(fork)
    return last.position if last else 0


async def disagreement(topic: Topic, log: Log, last: Envelope) -> Fork | None:
    """How the topic's last event contradicts the log, if it does."""
    own = await log.read(last.position - 1, 1)
    if _same(own, last):
        return None
    ours = Identity.of_stored(own[0]) if own else None
    shared = await shared_position(topic, log)
    return Fork(last.position, ours, Identity.of(last), shared)


async def last_event(topic: Topic, log: str) -> Envelope | None:
    """The last readable event on the topic; None when there is none.

    Raises:
        TopicMissing, KafkaUnavailable.
    """
    async for events in _backwards(topic, log):
        if events:
            return events[-1]
    return None


async def shared_position(topic: Topic, log: Log) -> int:
    """The last position at which topic and log hold the same event; 0 when there is none."""
    async for events in _backwards(topic, log.name):
        for event in reversed(events):
            # lost events are few; what is shared is met soon
            if _same(await log.read(event.position - 1, 1), event):
                return event.position
    return 0


def _same(own: list[Recorded], event: Envelope) -> bool:
    return bool(
        own
        and own[0].position == event.position
        and Identity.of_stored(own[0]) == Identity.of(event)
    )


async def _backwards(topic: Topic, log: str) -> AsyncIterator[list[Envelope]]:
    """The topic's readable events in pieces, the last piece first, each in the topic's order."""
    first, end = await topic.bounds()
    size = LOOK_BACK
    while end > first:
        begin = max(first, end - size)
        yield [event async for event in _readable(topic, log, begin, end - begin)]
        end, size = begin, min(size * 2, MOST_AT_ONCE)


async def _readable(topic: Topic, log: str, begin: int, count: int) -> AsyncIterator[Envelope]:
    for record in await topic.read(begin, count):
        try:
            yield decode(log, record.value)
        except Unreadable:
            continue
