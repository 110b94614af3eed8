"""A Postgres of its own for the benches of the log, thrown away afterwards."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import REPO
from deploy.local import databases
from deploy.local.databases import Database
from deploy.local.postgres import Postgres, place_for
from deploy.local.processes import child, free_port, wait_until


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A running server with the settings of a local installation."""
    folder = Path(tempfile.mkdtemp(prefix="kh-bench-"))
    folder.chmod(0o711)
    server = Postgres(place_for(folder / "pg", REPO), folder / "log", free_port(), "bench")
    server.prepare()
    process = child(server.program())
    try:
        if not wait_until(server.answers, 60):
            raise SystemExit(server.log.read_text())
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def fresh(server: Postgres, name: str) -> Database:
    """An empty database with its owner and its application."""
    databases.drop(server.admin_url, name)
    owner = f"{name}_owner"
    return databases.ensure(server.admin_url, [name], owner, name, {name: "a", owner: "o"})[0]
