"""Processes as Linux shows them: whose they are, starting them detached, ending only our own."""

import contextlib
import os
import pwd
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
MARK = "KH_PROCESS"
"""The variable by which a process of an installation is known: `<name>@<run folder>`."""
LAUNCHERS_OWN = {"KH_DATABASE_URL", "KH_KAFKA_BOOTSTRAP", "KH_ISSUER_URL"}


class LauncherError(Exception):
    """What could not be done and what to do about it, in one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system user a server runs as when the caller is root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Program:
    """A long-running program: what to run, where, as whom, and where its words go."""

    argv: Sequence[str]
    cwd: Path
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None

    def environment(self) -> dict[str, str]:
        """The caller's environment, less what only the launcher may know, and the program's own."""
        inherited = {
            key: value
            for key, value in os.environ.items()
            if key not in LAUNCHERS_OWN and not key.endswith("_OWNER_URL")
        }
        return {**inherited, **self.env}


def account_for(folder: Path) -> Account | None:
    """Whom root's servers run as: the folder's owner, else nobody. None for an ordinary caller."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        owner = pwd.getpwuid(folder.stat().st_uid)
        if owner.pw_uid != 0:
            return Account(owner.pw_name, owner.pw_uid, owner.pw_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)


def run_as(account: Account | None, argv: Sequence[str], cwd: Path = Path("/")) -> str:
    """Run a short command to its end as that user and return what it said.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    done = subprocess.run(
        argv,
        cwd=cwd,
        check=True,
        capture_output=True,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=None if account is None else [],
    )
    return done.stdout


def can_reach(account: Account | None, path: Path) -> bool:
    """Whether that user may enter this folder, or run this program, where it is."""
    try:
        run_as(account, ["test", "-x", str(path)])
    except subprocess.CalledProcessError:
        return False
    return True


def child(program: Program) -> subprocess.Popen[bytes]:
    """Start a program as our own child, in a session of its own; the caller reaps it."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    account = program.account
    with program.log.open("ab") as log:
        return subprocess.Popen(
            program.argv,
            cwd=program.cwd,
            env=program.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=None if account is None else [],
        )


def detached(program: Program) -> int:
    """Start a program in its own session, adopted by init, and return its pid.

    The program is the child of a process that ends at once: whoever reaps orphans reaps it, so that
    a killed server does not stay behind as a zombie that still looks alive.
    """
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        os.close(reader)
        try:
            os.write(writer, str(child(program).pid).encode())
        except BaseException as error:  # noqa: BLE001  (the forked copy must not run the caller's code)
            os.write(writer, f"! {error}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        said = pipe.read()
    os.waitpid(between, 0)
    if not said.isdigit():
        raise LauncherError(f"{program.argv[0]} did not start: {said.removeprefix('! ')}")
    return int(said)


def state_of(pid: int) -> str:
    """The one-letter state of a process (R, S, Z, ...), empty when there is none."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""


def alive(pid: int) -> bool:
    """Whether a process runs under this pid; a zombie does not run."""
    return state_of(pid) not in ("", "Z", "X")


def working_folder(pid: int) -> Path | None:
    """The folder a process works in, None when it is gone or somebody else's."""
    try:
        return (PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def variable_of(pid: int, name: str) -> str:
    """A variable in a process's environment, empty when it has none or is somebody else's."""
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    prefix = f"{name}=".encode()
    return next((v[len(prefix) :].decode() for v in variables if v.startswith(prefix)), "")


def everybody() -> Iterator[int]:
    """The pid of every process now."""
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def rss_mb(pid: int) -> float | None:
    """Resident memory in MB (10^6 bytes), None when there is no such process."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Ask until it is so or the time is over; whether it is so."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def end(pid: int, gently: signal.Signals, seconds: float) -> bool:
    """Signal a process, wait, kill it when it stays; whether it went gently."""
    ask(pid, gently)
    return settled(pid, seconds)


def ask(pid: int, gently: signal.Signals) -> None:
    """Send one signal; gone already is fine."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, gently)


def settled(pid: int, seconds: float) -> bool:
    """Wait for a process to end and kill it when it does not; whether it ended by itself."""
    if wait_until(lambda: not alive(pid), seconds):
        return True
    ask(pid, signal.SIGKILL)
    wait_until(lambda: not alive(pid), 10)
    return False


def is_free(port: int) -> bool:
    """Whether this port of the loopback can be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(avoid: Collection[int] = ()) -> int:
    """A port of the loopback nobody listens on at this moment.

    Below the range from which Linux gives ports to outgoing connections: a port kept across
    restarts must not be somebody's passing one.
    """
    while True:
        port = 15_000 + secrets.randbelow(17_000)
        if port not in avoid and is_free(port):
            return port
