"""Run roles until somebody asks the process to stop, then let them finish what they hold."""

import asyncio
import functools
import gc
import inspect
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import structlog
import uvloop

from chassis.errors import Refusal
from chassis.run.database import MigrationError
from chassis.run.redaction import redacted
from chassis.run.settings import EXIT_REFUSED, SettingsError

Work = Coroutine[Any, Any, None]
Role = Callable[[asyncio.Event], Work] | Work
"""A function that is given the event of stopping and returns when it has drained, or a plain
coroutine, which is cancelled at that moment and drains in its ``finally``."""

DRAIN_S = 20.0
_LAST_WORDS_S = 2.0
_YOUNG_OBJECTS = 50_000

_log = structlog.get_logger("run.process")


def run(*roles: Role, drain_s: float = DRAIN_S) -> None:
    """Run the roles until SIGTERM or SIGINT, or until one of them ends; then stop them all.

    They have ``drain_s`` seconds to finish; a second signal takes that time away.

    Raises:
        SystemExit: with code 1, when a role crashed or did not drain in time.
    """
    gc.freeze()  # what the imports made is never looked at again
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        clean = runner.run(_live(roles, drain_s))
    if not clean:
        raise SystemExit(1)


def settle() -> None:
    """Called once by a role that has started: long-lived objects leave the collector's sight.

    Without it, a full collection over everything a service holds shows as a pause of tens of
    milliseconds in the slowest hundredth of its answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 50)


@contextmanager
def one_line(program: str) -> Iterator[None]:
    """For a command line: a refusal is one line on standard error and exit code 2."""
    try:
        yield
    except (SettingsError, MigrationError, Refusal, OSError, asyncpg.PostgresError) as refused:
        sentence = redacted(" ".join(str(refused).split()))
        sys.stderr.write(f"{program}: {sentence}\n")
        raise SystemExit(EXIT_REFUSED) from None


async def _live(roles: tuple[Role, ...], drain_s: float) -> bool:
    stop = asyncio.Event()
    tasks = [_start(role, stop) for role in roles]
    with _signals(stop, tasks):
        asked = asyncio.create_task(stop.wait())
        first, _ = await asyncio.wait({*tasks, asked}, return_when=asyncio.FIRST_COMPLETED)
        if asked not in first:
            _log.warning("stopping", why=[f"{task.get_name()} ended" for task in first])
        stop.set()
        _, late = await asyncio.wait(tasks, timeout=drain_s)
        await _abandon(late)
    asked.cancel()
    ended = [_ended_well(task) for task in tasks]  # every crash is told, not only the first
    return not late and all(ended)


def _start(role: Role, stop: asyncio.Event) -> asyncio.Task[None]:
    if inspect.iscoroutine(role):
        return asyncio.create_task(_until(stop, role), name=role.__qualname__)
    assert callable(role)
    spoken = role.func if isinstance(role, functools.partial) else role
    name = getattr(spoken, "__qualname__", type(spoken).__name__)
    return asyncio.create_task(role(stop), name=name)


async def _until(stop: asyncio.Event, work: Work) -> None:
    """Run plain work, cancelled when the process stops."""
    task, asked = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        ours = not task.done() and task.cancel()
        await asyncio.wait({task})
        if not (ours and task.cancelled()):
            task.result()
    finally:
        asked.cancel()
        task.cancel()


@contextmanager
def _signals(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def asked(sign: signal.Signals) -> None:
        if not stop.is_set():
            _log.info("stopping", signal=sign.name)
            stop.set()
            return
        _log.warning("stopping at once", signal=sign.name, why="asked a second time")
        for task in tasks:
            task.cancel()

    both = (signal.SIGTERM, signal.SIGINT)
    for sign in both:
        loop.add_signal_handler(sign, asked, sign)
    try:
        yield
    finally:
        for sign in both:
            loop.remove_signal_handler(sign)


async def _abandon(late: set[asyncio.Task[None]]) -> None:
    for task in late:
        _log.error(
            "did not finish in time; what it held is done again at the next start",
            part=task.get_name(),
        )
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=_LAST_WORDS_S)


def _ended_well(task: asyncio.Task[None]) -> bool:
    if not task.done() or task.cancelled():
        return False
    fault = task.exception()
    if fault is None:
        return True
    _log.critical(
        "role crashed; the process ends so that it is started again",
        part=task.get_name(),
        error=type(fault).__name__,
        exc_info=fault,
    )
    return False
