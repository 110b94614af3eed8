"""`python -m <service> serve | work | migrate | refill | accept-loss --at M | scrub`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from chassis.bus.outlet import Outlet, Publish
from chassis.bus.refilling import accept_loss, refill
from chassis.errors import Invalid
from chassis.run.database import open_pool
from chassis.run.http import serve_metrics
from chassis.run.process import one_line, run
from chassis.run.scrubbing import scrub
from chassis.run.settings import EXIT_REFUSED, Settings
from chassis.run.telemetry import configure
from chassis.wiring.working import outlet_of


@dataclass(frozen=True, slots=True)
class Program:
    """A service that has a log of its own, as its command line runs it.

    ``more`` are the commands that only this service has, ``files`` those of them that are given a
    text file: what each does, told in a line. ``followed`` accepts a loss of a log that it follows.
    """

    service: str
    serve: Callable[[Settings, asyncio.Event], Coroutine[Any, Any, None]]
    work: Callable[[Settings], Coroutine[Any, Any, None]]
    migrate: Callable[[Settings], Coroutine[Any, Any, list[str]]]
    publish: Publish
    more: Mapping[str, Callable[[Settings], Coroutine[Any, Any, str]]] = field(default_factory=dict)
    files: Mapping[str, Callable[[Settings, str], Coroutine[Any, Any, str]]] = field(
        default_factory=dict
    )
    followed: Callable[[Settings, int, str], Coroutine[Any, Any, str]] | None = None

    def main(self, arguments: Sequence[str]) -> None:
        """Run one role, or one command of an operator, to its end.

        Raises:
            SystemExit: 2 after one line on standard error when it is not understood or refused.
        """
        with one_line(self.service):
            match arguments:
                case ["serve"]:
                    run(partial(self.serve, ready(self.service, "serve")))
                case ["work"]:
                    settings = ready(self.service, "work")
                    run(self.work(settings), serve_metrics(settings.metrics_address))
                case ["migrate"]:
                    applied = asyncio.run(self.migrate(ready(self.service, "migrate")))
                    say(self.service, f"applied {applied}")
                case ["refill"]:
                    self._fill("refill", refill)
                case ["accept-loss", "--at", at] if _number(at):
                    self._fill("accept-loss", partial(accept_loss, at=int(at)))
                case ["accept-loss", "--at", at, "--log", log] if self.followed and _number(at):
                    settings = ready(self.service, "accept-loss")
                    say(self.service, asyncio.run(self.followed(settings, int(at), log)))
                case ["scrub"]:
                    address = ready(self.service, "scrub").require("vault_owner_url")
                    asyncio.run(scrub(address, partial(say, self.service)))
                case [word] if word in self.more:
                    say(self.service, asyncio.run(self.more[word](ready(self.service, word))))
                case [word, name] if word in self.files:
                    settings, text = ready(self.service, word), text_of(Path(name))
                    say(self.service, asyncio.run(self.files[word](settings, text)))
                case _:
                    log = " [--log L]" if self.followed else ""
                    own = f"serve, work, migrate, refill, accept-loss --at M{log}, scrub"
                    given = [f"{word} FILE" for word in self.files]
                    words = ", ".join([own, *self.more, *given])
                    sys.stderr.write(f"{self.service}: one of {words} is needed\n")
                    raise SystemExit(EXIT_REFUSED)

    def _fill(self, word: str, command: Callable[[Outlet], Awaitable[int]]) -> None:
        settings = ready(self.service, word)
        say(self.service, f"published up to {asyncio.run(self._with_outlet(settings, command))}")

    async def _with_outlet(
        self, settings: Settings, command: Callable[[Outlet], Awaitable[int]]
    ) -> int:
        """Run an operator's command on this service's log and topic."""
        name = f"{self.service}-operator"
        pool = await open_pool(settings.database_url, application_name=name)
        try:
            return await command(outlet_of(pool, settings, self.publish))
        finally:
            await pool.close()


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def ready(service: str, role: str) -> Settings:
    """The settings, with what the process says going where it should."""
    settings = Settings.for_service(service)
    configure(service, role, settings.log_level)
    return settings


def text_of(file: Path) -> str:
    """The text of an operator's file.

    Raises:
        Invalid: it is not UTF-8. OSError: it cannot be read.
    """
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{file.name} is not UTF-8", f"{file.name} không phải là UTF-8") from None


def say(service: str, what: str) -> None:
    """One line for the operator."""
    sys.stdout.write(f"{service}: {what}\n")
