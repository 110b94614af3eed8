"""The one writer of a process: started and drained as one, its appends measured."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from chassis.clock import Clock
from chassis.log.append import Append
from chassis.log.batcher import Watch
from chassis.log.codec import Codec
from chassis.log.execute import Executor
from chassis.log.store import Log
from chassis.run import metrics


def executing(log: Log, codec: Codec, clock: Clock) -> Executor:
    """An executor over the log, not yet started."""
    return Executor(log, codec, clock, watch=watching(log.name))


@asynccontextmanager
async def recording(executor: Executor) -> AsyncIterator[None]:
    """The block may record; what was accepted in it is stored when the block is over."""
    await executor.start()
    try:
        yield
    finally:
        await executor.drain()


def watching(log: str) -> Watch:
    """Measures each call of the append function."""
    seconds = metrics.APPEND_SECONDS.labels(log)
    events = metrics.APPEND_BATCH_EVENTS.labels(log)

    def watch(batch: Sequence[Append], took: float) -> None:
        seconds.observe(took)
        events.observe(sum(len(append.events) for append in batch))

    return watch
