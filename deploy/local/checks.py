"""`make check`: everything that can be said about the code without running the system."""

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local import alone, contracts, lock
from deploy.local.console import say
from deploy.local.places import CACHE, REPO, TOOLS, VENV
from deploy.local.processes import LauncherError
from deploy.local.toolchain import retried

TYPED = ("services", "deploy", "demo", "benchmarks", "tests/unit", "tests/architecture")
NODE = TOOLS / "node"
BUF = NODE / "node_modules" / ".bin" / "buf"


def main() -> int:
    """Run every check, print a summary, return 1 when any failed."""
    outcomes = {name: timed(name, check) for name, check in checks().items()}
    print()
    for name, (ok, seconds) in outcomes.items():
        print(f"  {'ok    ' if ok else 'FAILED'}  {seconds:6.1f} s  {name}")
    return 0 if all(ok for ok, _ in outcomes.values()) else 1


def checks() -> dict[str, Callable[[], bool]]:
    """Each check by its name: whether it passes, having said why when it does not."""
    folders = [folder for folder in TYPED if (REPO / folder).is_dir()]
    return {
        "ruff: lint": tool("ruff", "check", "."),
        "ruff: format": tool("ruff", "format", "--check", "."),
        "mypy: strict types": tool("mypy", *folders),
        "import-linter: boundaries": tool("lint-imports"),
        "buf: lint": lambda: buf("lint"),
        "buf: breaking against proto/baseline.binpb": lambda: buf(
            "breaking", "--against", str(contracts.BASELINE)
        ),
        "generated code in step": lambda: none_of("make proto", contracts.out_of_step()),
        "each service alone with its requirements": alone.all_stand,
        "requirements in step": lambda: none_of("make lock", lock.out_of_step()),
    }


def timed(name: str, check: Callable[[], bool]) -> tuple[bool, float]:
    """Whether it passed, and its seconds; what cannot even run has failed."""
    began = time.monotonic()
    say(name)
    try:
        ok = check()
    except LauncherError as error:
        print(error)
        ok = False
    return ok, time.monotonic() - began


def tool(name: str, *arguments: str) -> Callable[[], bool]:
    """A check by a program of the virtual environment."""
    return lambda: ran([str(VENV / "bin" / name), *arguments])


def ran(command: Sequence[str], cwd: Path = REPO) -> bool:
    """Run a command, its words shown; whether it succeeded."""
    return subprocess.run(command, cwd=cwd, check=False).returncode == 0


def none_of(remedy: str, differing: list[str]) -> bool:
    """Whether nothing differs; says what does and what puts it right."""
    if differing:
        print(f"not in step: {', '.join(differing)}; run `{remedy}`")
    return not differing


def buf(*arguments: str) -> bool:
    """Run buf over the contracts, fetched by npm at its pinned version.

    Raises:
        LauncherError: npm is missing, or cannot fetch it.
    """
    fetch_buf()
    return ran([str(BUF), *arguments], contracts.PROTO)


def fetch_buf() -> None:
    """Install what tools/package-lock.json pins, unless it is there."""
    pinned = (REPO / "tools" / "package-lock.json").read_text()
    stamp = NODE / "stamp"
    if BUF.exists() and stamp.exists() and stamp.read_text() == pinned:
        return
    if not shutil.which("npm"):
        raise LauncherError("npm is missing, to fetch buf: apt-get install npm")
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(REPO / "tools" / name, NODE / name)
    words = ["--no-audit", "--no-fund", "--ignore-scripts", "--cache", str(CACHE / "npm")]

    def install() -> None:
        command = ["npm", "ci", "--silent", *words]
        done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LauncherError(f"npm ci failed: {done.stderr[-800:]}")

    retried("npm ci", install)
    stamp.write_text(pinned)
