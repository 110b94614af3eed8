"""`make demo`, `make bench`, `make test`: programs that use an installation or make their own."""

import os
import shutil
import subprocess

from deploy.local import environment
from deploy.local.console import say
from deploy.local.installation import Installation, recorded
from deploy.local.places import PYTHON, REPO, Run
from deploy.local.up import up

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
    arguments = arguments or os.environ.get("ARGS", "").split()
    return subprocess.run(
        [PYTHON, "-m", "benchmarks", *arguments], cwd=REPO, env={**os.environ, **told}, check=False
    ).returncode


def test(arguments: list[str]) -> int:
    """Run pytest; without Chromium say what stays untested and how to change that."""
    if not any(map(shutil.which, CHROMIUM)):
        say("no Chromium here: the report page is not tested in a browser; all else is.")
        say("to have it tested too: apt-get install chromium")
    words = arguments or os.environ.get("ARGS", "").split()
    return subprocess.run([PYTHON, "-m", "pytest", *words], cwd=REPO, check=False).returncode
