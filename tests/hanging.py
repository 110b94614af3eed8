"""A test that hangs says where: what each task of asyncio waits for, before the process is ended."""

import asyncio
import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

BEFORE_THE_END = 10.0
"""Seconds left, after all is said, to pytest's own faulthandler, which ends the process."""


@contextmanager
def watched(name: str, seconds: float) -> Iterator[None]:
    """Tell on standard error what is waited for when the block takes that long; 0 is for ever."""
    watch = threading.Timer(max(seconds - BEFORE_THE_END, 0.1), tell, [name])
    watch.daemon = True
    if seconds:
        watch.start()
    try:
        yield
    finally:
        watch.cancel()


def tell(name: str) -> None:
    """Every unfinished task, from what it is to what it waits for, innermost last."""
    tasks = [found for found in gc.get_objects() if isinstance(found, asyncio.Task)]
    lines = [line for task in tasks if not task.done() for line in chain(task)]
    stderr = sys.__stderr__ or sys.stderr
    stderr.write("\n".join([f"\n{name} does not end. Its tasks:", *lines, ""]))
    stderr.flush()


def chain(task: asyncio.Task[Any]) -> Iterator[str]:
    yield f"  {task.get_name()}"
    awaited: Any = task.get_coro()
    while awaited is not None:
        frame = _first(awaited, "cr_frame", "ag_frame", "gi_frame")
        if frame is not None:
            code = frame.f_code
            yield f"    {code.co_filename}:{frame.f_lineno} in {code.co_qualname}"
        awaited = _first(awaited, "cr_await", "ag_await", "gi_yieldfrom")


def _first(awaited: Any, *names: str) -> Any:
    return next((getattr(awaited, name) for name in names if hasattr(awaited, name)), None)
