"""A process that appends under load and notes what was acknowledged, to be killed at a named step.

``python appender.py URL ACKNOWLEDGED COMMANDS``; the file gets ``<number> <position>`` for every
answer, before the caller goes on.
"""

import asyncio
import os
import sys
from uuid import UUID, uuid5

from chassis.clock import SystemClock
from chassis.log.execute import Decide, Executor, Order
from chassis.log.store import Log
from chassis.run.database import open_pool
from logs import CODEC, announce, order, take_seat

HOT = UUID("01990000-0000-7000-8000-00000000f00d")
CALLERS = 12


def command(number: int) -> tuple[Order, Decide]:
    """The command of that number: the same in every process. Number 0 announces the hot one."""
    name = uuid5(HOT, str(number))
    if number == 0:
        return order(name), announce(seats=1_000_000, id=HOT)
    if number % 3:
        return order(name), take_seat(HOT, learner=uuid5(name, "learner"))
    return order(name), announce(id=uuid5(name, "seminar"))


async def main(url: str, acknowledged: str, commands: int) -> None:
    note = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    executor = Executor(Log(await open_pool(url), "14.test"), CODEC, SystemClock())
    await executor.start()

    async def execute(number: int) -> None:
        answer = await executor.execute(*command(number))
        os.write(note, b"%d %d\n" % (number, answer.position))

    async def caller(who: int) -> None:
        for number in range(1 + who, commands, CALLERS):
            await execute(number)

    await execute(0)
    await asyncio.gather(*[caller(who) for who in range(CALLERS)])
    await executor.drain()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
