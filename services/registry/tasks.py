"""What the log leaves to be done: events of one type, one after the other, none forgotten."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg
import structlog
from chassis.errors import Refusal
from chassis.log.lending import LOST
from chassis.log.pace import Pace
from chassis.log.record import Recorded
from chassis.log.store import Log, recorded

AGAIN_S = 1.0
# The type is written out, so that the index of that type alone is used.
_NEXT = """
SELECT position, stream, version, type, recorded_at, command, payload::text, meta::text
FROM event
WHERE type = '{topic}'
  AND position > coalesce((SELECT position FROM progress WHERE name = $1), 0)
ORDER BY position LIMIT 1
"""
_DONE = """
INSERT INTO progress (name, position) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET position = greatest(progress.position, excluded.position)
"""
_logger = structlog.get_logger("registry.tasks")


class Tasks:
    """The events of a type for which something is to be done; `do` may be run again for one."""

    def __init__(
        self, log: Log, name: str, topic: str, do: Callable[[Recorded], Awaitable[None]]
    ) -> None:
        self._log = log
        self.name = name
        self._next = _NEXT.format(topic=topic)
        self._do = do

    async def run(self) -> None:
        """Go on until cancelled; what fails is tried again before the next one."""
        pace = Pace()
        while True:
            try:
                if await self.step():
                    pace.found()
                else:
                    await pace.rest()
            except (Refusal, *LOST, asyncpg.PostgresError) as error:
                _logger.warning("a task waits", name=self.name, error=type(error).__name__)
                await asyncio.sleep(AGAIN_S)

    async def step(self) -> bool:
        """Do what the next event asks for; false when there is none."""
        found = await self._log.fetch(self._next, self.name)
        if not found:
            return False
        event = recorded(found[0])
        await self._do(event)
        await self._log.pool.execute(_DONE, self.name, event.position)
        return True


async def time_of(log: Log, event: Recorded) -> datetime:
    """When what follows an event is recorded: with it, and never before the last event."""
    newest = (await log.head()).recorded_at
    return max(event.recorded_at, newest) if newest else event.recorded_at
