"""`make demo`, `make bench`, `make test`: programs that use an installation or make their own."""

import os
import shlex
import shutil
import subprocess

from deploy.local import environment
from deploy.local.console import say
from deploy.local.installation import Installation, recorded
from deploy.local.places import PYTHON, REPO, Run
from deploy.local.up import up

WORKERS = ["-n", "3", "--dist", "loadgroup"]
"""Tests wait more than they compute: three at once keep two cores busy, in 3 GB."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def demo(run: Run) -> int:
    """Start what does not run, then load the generated history through the public interfaces."""
    up(run)
    installation = Installation(run, **recorded(run))
    env = environment.read(installation)
    told = {"KH_RUN": str(run.folder)}
    return subprocess.run(
        [PYTHON, "-m", "demo"], cwd=REPO, env={**os.environ, **env, **told}, check=False
    ).returncode


def bench(run: Run, arguments: list[str]) -> int:
    """Measure on servers of its own; the results go to `.run/bench.json`."""
    run.folder.mkdir(parents=True, exist_ok=True)
    told = {"KH_RUN": str(run.folder)}
    arguments = arguments or shlex.split(os.environ.get("ARGS", ""))
    return subprocess.run(
        [PYTHON, "-m", "benchmarks", *arguments], cwd=REPO, env={**os.environ, **told}, check=False
    ).returncode


def test(arguments: list[str]) -> int:
    """Run pytest, the whole suite in several processes; some of it, as ``ARGS`` say, in this one.

    Without Chromium say what stays untested and how to change that.
    """
    if not any(map(shutil.which, CHROMIUM)):
        say("no Chromium here: the report page is not tested in a browser; all else is.")
        say("to have it tested too: apt-get install chromium")
    words = arguments or shlex.split(os.environ.get("ARGS", "")) or WORKERS
    return subprocess.run([PYTHON, "-m", "pytest", *words], cwd=REPO, check=False).returncode
