"""What the launcher says to the person at the shell, and how it waits for others of its kind."""

import contextlib
import fcntl
import sys
from collections.abc import Iterator
from pathlib import Path


def say(text: str) -> None:
    """One line of progress, seen at once."""
    print(f"· {text}", flush=True)


def complain(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock file inside the block; a second launcher waits here and says so."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting: another make is at work here ({lock})")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
