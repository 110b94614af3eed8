"""`make down` and `make reset`: stop in good order, and forget."""

import contextlib
import os
import shutil
import signal
import sys
from pathlib import Path

from deploy.local import managed
from deploy.local.console import only_one, say
from deploy.local.installation import recorded
from deploy.local.places import Run
from deploy.local.processes import LauncherError
from deploy.local.services import ROLES, SERVICES

OURS = ("pids", "logs", "pg", "kafka", "issuer", "keys", "env", "installation.json")


def down(run: Run) -> None:
    """Stop the services, then what they stand on; done already is fine."""
    if not run.folder.exists():
        say(f"nothing runs: there is no {run.folder}")
        return
    replicas = recorded(run).get("replicas", 1)  # refuses another user's before touching anything
    with only_one(run.folder / "lock"):
        _stop_all(run, replicas)
    say("down")


def _stop_all(run: Run, replicas: int) -> None:
    numbers = range(1, replicas + 1)
    services = [s.process(role, n) for s in SERVICES for role in ROLES for n in numbers]
    managed.stop(run, services, signal.SIGTERM, 30)
    managed.stop(run, ["issuer"], signal.SIGTERM, 10)
    managed.stop(run, ["kafka"], signal.SIGTERM, 60)
    managed.stop(run, ["postgres"], signal.SIGINT, 60)
    managed.stop(run, list(managed.running(run)), signal.SIGTERM, 20)


def reset(run: Run) -> None:
    """Stop and delete the installation's state, after asking.

    Raises:
        LauncherError: the answer was not yes.
    """
    kept = recorded(run)
    if os.environ.get("YES") != "1" and not _agreed(run):
        raise LauncherError("nothing was deleted")
    down(run)
    for name in (*OURS, "demo.json", "bench.json"):
        _delete(run.folder / name)
    home = Path(kept.get("postgres_home") or run.folder)
    if not home.is_relative_to(run.folder):
        _delete(home.parent)
    for name in kept.get("outside", {}):
        say(f"{name}: what is stored there was left alone")
    (run.folder / "lock").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        run.folder.rmdir()
    say("reset: the next `make up` begins with an empty installation")


def _agreed(run: Run) -> bool:
    if not sys.stdin.isatty():
        raise LauncherError("make reset deletes every fact stored here; say `make reset YES=1`")
    print(f"This deletes every fact, key and figure in {run.folder}.")
    return input("Type yes to go on: ").strip().lower() == "yes"


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
