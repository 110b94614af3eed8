"""`python -m registry serve | work | migrate | refill | accept-loss --at M`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from chassis.bus.outlet import Outlet
from chassis.bus.refilling import accept_loss, refill
from chassis.run.database import open_pool
from chassis.run.http import serve_metrics
from chassis.run.process import one_line, run
from chassis.run.settings import EXIT_REFUSED, Settings
from chassis.run.telemetry import configure

from registry import app
from registry.migrating import migrate
from registry.work import outlet_of, work

USAGE = "registry: one of serve, work, migrate, refill, accept-loss --at M is needed"


def main(arguments: Sequence[str]) -> None:
    """Run one role, or one command of an operator, to its end.

    Raises:
        SystemExit: 2 after one line on standard error when it is not understood or refused.
    """
    with one_line("registry"):
        match arguments:
            case ["serve"]:
                settings = ready("serve")
                run(partial(app.serve, settings))
            case ["work"]:
                settings = ready("work")
                run(work(settings), serve_metrics(settings.metrics_address))
            case ["migrate"]:
                say("applied", asyncio.run(migrate(ready("migrate"))))
            case ["refill"]:
                say("published up to", asyncio.run(with_outlet(ready("refill"), refill)))
            case ["accept-loss", "--at", at] if at.isascii() and at.isdecimal():
                accept = partial(accept_loss, at=int(at))
                say("published up to", asyncio.run(with_outlet(ready("accept-loss"), accept)))
            case _:
                sys.stderr.write(f"{USAGE}\n")
                raise SystemExit(EXIT_REFUSED)


def ready(role: str) -> Settings:
    """The settings, with what the process says going where it should."""
    settings = Settings.for_service(app.SERVICE)
    configure(app.SERVICE, role, settings.log_level)
    return settings


async def with_outlet(settings: Settings, command: Callable[[Outlet], Awaitable[int]]) -> int:
    """Run an operator's command on this service's log and topic."""
    pool = await open_pool(settings.database_url, application_name="registry-operator")
    try:
        return await command(outlet_of(pool, settings))
    finally:
        await pool.close()


def say(what: str, found: object) -> None:
    """One line for the operator."""
    sys.stdout.write(f"registry: {what} {found}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
