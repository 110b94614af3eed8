"""Named steps at which a test can kill the process; inert and free when none is named.

``KH_FAILPOINT=append.sent`` kills at the first arrival at that step, ``append.sent:3`` at the
third. Only in the local profile.
"""

import asyncio
import os
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


def _parse(text: str | None, profile: str | None) -> tuple[str | None, int]:
    if not text:
        return None, 0
    if profile != "local":
        raise RuntimeError("KH_FAILPOINT is refused outside the local profile")
    name, _, count = text.partition(":")
    return name, int(count or 1)


_armed, _left = _parse(os.environ.get("KH_FAILPOINT"), os.environ.get("KH_PROFILE"))


def reach(name: str) -> None:
    """Die here by SIGKILL if this is the named step."""
    global _left  # noqa: PLW0603  # a countdown for the whole process
    if name != _armed:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


async def during(name: str, sending: Coroutine[Any, Any, _T]) -> _T:
    """Await ``sending``; if this is the named step, die once it has begun and before it ends."""
    if name != _armed:
        return await sending
    task = asyncio.ensure_future(sending)
    await asyncio.sleep(0)  # the first step writes the request to the socket
    reach(name)
    return await task
