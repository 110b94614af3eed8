"""`python -m reporting serve | work | migrate | retry | accept-loss --at M | bases FILE.csv`."""

import asyncio
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from chassis.run.http import serve_metrics
from chassis.run.process import one_line, run
from chassis.run.settings import EXIT_REFUSED
from chassis.wiring import command_line

from reporting import app

ready = partial(command_line.ready, app.SERVICE)
say = partial(command_line.say, app.SERVICE)
USAGE = (
    "reporting: one of serve, work, migrate, retry, accept-loss --at M [--log L], bases FILE.csv"
    " is needed"
)


def main(arguments: Sequence[str]) -> None:
    """Run one role, or one command of an operator, to its end.

    Raises:
        SystemExit: 2 after one line on standard error when it is not understood or refused.
    """
    with one_line("reporting"):
        match arguments:
            case ["serve"]:
                run(partial(app.serve, ready("serve")))
            case ["work"]:
                settings = ready("work")
                run(app.work(settings), serve_metrics(settings.metrics_address))
            case ["migrate"]:
                say(f"applied {asyncio.run(app.migrate(ready('migrate')))}")
            case ["retry"]:
                done = asyncio.run(app.retry(ready("retry")))
                say(f"applied {done.applied}, cleared {done.cleared}, still parked {done.left}")
            case ["bases", name]:
                text = command_line.text_of(Path(name))
                say(f"added {asyncio.run(app.keep_bases(ready('bases'), text))} bases")
            case ["accept-loss", "--at", at] if at.isascii() and at.isdecimal():
                accept_loss(int(at))
            case ["accept-loss", "--at", at, "--log", log] if at.isascii() and at.isdecimal():
                accept_loss(int(at), log)
            case _:
                sys.stderr.write(f"{USAGE}\n")
                raise SystemExit(EXIT_REFUSED)


def accept_loss(at: int, log: str | None = None) -> None:
    """Take back what a log no longer holds; a running worker goes on by itself."""
    place = asyncio.run(app.accept_loss(ready("accept-loss"), at, log))
    say(f"{place.log} is read on from position {place.position}")


if __name__ == "__main__":
    main(sys.argv[1:])
