"""Processes of an installation: known by their mark, started once, restarted when they must be."""

import hashlib
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from deploy.local.console import say
from deploy.local.installation import Installation
from deploy.local.places import Run
from deploy.local.processes import (
    MARK,
    LauncherError,
    Program,
    alive,
    ask,
    detached,
    end,
    everybody,
    settled,
    variable_of,
)

CONFIG = "KH_CONFIG"
LOG_LIMIT = 20_000_000


def nothing() -> None:
    """Nothing to prepare."""


@dataclass(frozen=True, slots=True)
class Managed:
    """A process the installation needs.

    Args:
        name: as in `.run/pids/<name>.pid`.
        program: what to run.
        ready: whether it answers.
        ports: names of the ports it listens on.
        version: a digest of what makes a restart necessary beside its variables.
    """

    name: str
    program: Callable[[], Program]
    ready: Callable[[], bool]
    ports: Sequence[str] = ()
    prepare: Callable[[], None] = nothing
    gently: signal.Signals = signal.SIGTERM
    version: str = ""

    def config(self) -> str:
        """A digest of everything the running process was started with."""
        program = self.program()
        text = repr((list(program.argv), sorted(program.env.items()), self.version))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def running(run: Run) -> dict[str, int]:
    """The pid of each live process that bears this installation's mark, by name.

    Children inherit the mark; the one that counts is the one whose parent does not bear it.
    """
    suffix = f"@{run.folder}"
    marked = {
        pid: mark.removesuffix(suffix)
        for pid in everybody()
        if (mark := variable_of(pid, MARK)).endswith(suffix) and alive(pid)
    }
    return {name: pid for pid, name in marked.items() if marked.get(parent_of(pid)) != name}


def parent_of(pid: int) -> int:
    """The pid of a process's parent, 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123  (asked of every process)
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def start(run: Run, wanted: Managed) -> int:
    """Start one process under its mark, its pid file written."""
    log = run.log(wanted.name)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    marks = {MARK: f"{wanted.name}@{run.folder}", CONFIG: wanted.config()}
    wanted.prepare()
    program = wanted.program()
    pid = detached(replace(program, env={**program.env, **marks}))
    note(run, wanted.name, pid)
    return pid


def note(run: Run, name: str, pid: int) -> None:
    """Write a pid file; whoever reads it sees a whole number or no file."""
    file = run.pid(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(f"{pid}\n")
    partial.replace(file)


def settle_ports(installation: Installation, wanted: Iterable[Managed]) -> None:
    """Give each process that does not run ports that nobody else has taken."""
    now = running(installation.run)
    for one in wanted:
        if one.name not in now:
            installation.move_if_taken(*one.ports)
    installation.save()


def begin(run: Run, wanted: Iterable[Managed]) -> dict[str, int]:
    """Start what does not run and restart what runs with other settings; the pids of those."""
    begun = {}
    for one in wanted:
        pid = current(run, one)
        if pid is None:
            begun[one.name] = start(run, one)
        else:
            note(run, one.name, pid)
    return begun


def current(run: Run, one: Managed) -> int | None:
    """The pid it runs under as it should; one with other settings is ended first."""
    pid = running(run).get(one.name)
    if pid and variable_of(pid, CONFIG) != one.config():
        say(f"{one.name}: its settings or code changed; restarting")
        end(pid, one.gently, 25)
        return None
    return pid


def wait_for(run: Run, one: Managed, begun: int | None, patience: float) -> None:
    """Wait until it answers.

    Raises:
        LauncherError: it ended, or the time is over.
    """
    until = time.monotonic() + patience
    while not one.ready():
        if begun and not alive(begun):
            raise LauncherError(f"{one.name} ended:\n{last_words(run, one.name)}")
        if time.monotonic() > until:
            words = last_words(run, one.name)
            raise LauncherError(f"{one.name} does not answer after {patience:.0f} s:\n{words}")
        time.sleep(0.05)
    if begun:
        say(f"{one.name}: ready")


def last_words(run: Run, name: str) -> str:
    """The end of a process's log, and where the rest is."""
    log = run.log(name)
    try:
        lines = log.read_text(errors="replace").splitlines()[-12:]
    except OSError:
        lines = []
    return "\n".join([f"  | {line[:300]}" for line in lines] + [f"  all of it: {log}"])


def stop(run: Run, names: Sequence[str], gently: signal.Signals, patience: float) -> None:
    """End these processes together, if they run; their pid files go with them."""
    now = running(run)
    going = {name: now[name] for name in names if name in now}
    for pid in going.values():
        ask(pid, gently)
    for name, pid in going.items():
        gone = settled(pid, patience)
        say(f"{name}: stopped" if gone else f"{name}: did not stop in {patience:.0f} s; killed")
    for name in names:
        run.pid(name).unlink(missing_ok=True)
