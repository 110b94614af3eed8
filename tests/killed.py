"""A process that notes what was answered to it, ended by itself, at a fail point, or by us."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sized
from pathlib import Path

REPO = Path(__file__).parents[1]
FOLDERS = ("services", "proto/gen", ".", "tests")


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a process that imports what tests import."""
    path = os.pathsep.join(str(REPO / folder) for folder in FOLDERS)
    return {**os.environ, "PYTHONPATH": path, **more}


async def run_until_killed(
    *words: str, noted: Callable[[], Sized], kill_after: int | None = None, **more: str
) -> int:
    """Run ``python *words``; SIGKILL it after so many answers, if that is said. Its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=surroundings(**more), stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    ended = asyncio.create_task(process.communicate())
    try:
        async with asyncio.timeout(120):
            while kill_after is not None and len(noted()) < kill_after:
                assert process.returncode is None
                await asyncio.sleep(0.001)
            if kill_after is not None:
                process.kill()
            _, said = await asyncio.shield(ended)
    finally:
        if process.returncode is None:
            process.kill()
            await ended
    assert process.returncode in {0, -signal.SIGKILL}, said.decode()
    return process.returncode
