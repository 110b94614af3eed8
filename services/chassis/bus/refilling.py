"""Commands on a log's topic: fill it anew from the log; accept that the log lost events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from chassis.bus.kafka import TopicMissing
from chassis.bus.outlet import Outlet
from chassis.bus.relay import Relay
from chassis.bus.topic_end import disagreement, last_event
from chassis.errors import Busy, Invalid, WrongState
from chassis.log.leader import Leader

TAKE_OVER_SECONDS = 30.0
FENCE_SECONDS = 1.0


async def refill(outlet: Outlet) -> int:
    """Remove the topic, make it again and publish the log from position 1; the last position.

    A running relay lets go and goes on afterwards. Readers go on by position: what they have
    applied they skip, so nothing is lost or doubled.

    Raises:
        Busy: another process holds the relay and does not let go. KafkaUnavailable.
    """
    async with _taken_over(outlet) as term:
        return await _fill(outlet, term)


async def accept_loss(outlet: Outlet, at: int) -> int:
    """Acknowledge that the log's history ends at ``at`` and goes on from there; fill the topic.

    What the topic held above ``at`` is gone from the log for good. Readers raise a fork alarm and
    accept the same loss in their turn.

    Raises:
        WrongState: topic and log do not contradict each other.
        Invalid: their histories part at another position, which is named.
        Busy, KafkaUnavailable.
    """
    async with _taken_over(outlet) as term:
        topic = outlet.whole_topic()
        try:
            last = await last_event(topic, outlet.name)
        except TopicMissing:
            last = None
        fork = await disagreement(topic, outlet.log, last) if last else None
        if last is None or fork is None:
            raise WrongState(
                f"{outlet.name} and its topic agree; no loss is to be accepted",
                f"{outlet.name} và kênh phát khớp nhau; không có mất mát nào để chấp nhận",
            )
        if fork.at != at:
            raise Invalid(
                f"{outlet.name} and its topic agree up to {fork.at}, not up to {at}",
                f"{outlet.name} và kênh phát khớp nhau đến vị trí {fork.at}, không phải {at}",
            )
        await _record(outlet, at, last.position)
        return await _fill(outlet, term)


async def _fill(outlet: Outlet, term: Leader) -> int:
    progress = await outlet.move(await outlet.claim(), 0)
    await outlet.whole_topic().recreate()
    await outlet.end_alarm()
    head = await outlet.log.head()
    return (await Relay(outlet).publish_on(term, progress, head.position)).position


async def _record(outlet: Outlet, above: int, published: int) -> None:
    """Keep the loss once, also when the command is given again after it was interrupted."""
    await outlet.pool.execute(
        "INSERT INTO relay_loss (name, origin, above, published) SELECT $1, "
        "2 + (SELECT count(*) FROM relay_loss WHERE name = $1), $2, $3 "
        "WHERE NOT EXISTS (SELECT FROM relay_loss "
        "WHERE name = $1 AND above = $2 AND published = $3)",
        outlet.name,
        above,
        published,
    )


@asynccontextmanager
async def _taken_over(outlet: Outlet) -> AsyncIterator[Leader]:
    """Lead in place of a running relay, which steps down when its epoch is gone."""
    async with AsyncExitStack() as stack:
        fencing = asyncio.create_task(_fence(outlet))
        try:
            async with asyncio.timeout(TAKE_OVER_SECONDS):
                leader = Leader(outlet.pool, outlet.leadership)
                term = await stack.enter_async_context(leader)
        except TimeoutError:
            raise Busy(
                f"another process holds the relay of {outlet.name}; stop it first",
                f"một tiến trình khác đang phát {outlet.name}; vui lòng dừng nó trước",
            ) from None
        finally:
            fencing.cancel()
        yield term


async def _fence(outlet: Outlet) -> None:
    while True:
        await outlet.claim()
        await asyncio.sleep(FENCE_SECONDS)
