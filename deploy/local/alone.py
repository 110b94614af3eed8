"""Each service installed by itself: what it imports is what its own requirements bring."""

import os
import subprocess

from deploy.local.places import CACHE, REPO, REQUIREMENTS, TOOLS, VENV
from deploy.local.processes import LauncherError
from deploy.local.services import SERVICES, Service
from deploy.local.toolchain import uv_environment


def all_stand() -> bool:
    """Whether every service starts up to its composition with nothing else installed."""
    outcomes = [stands(service) for service in SERVICES]  # every one is looked at
    return all(outcomes)


def stands(service: Service) -> bool:
    """Install one service's requirements into an environment of its own and import it there."""
    home = TOOLS / "alone" / service.name
    uv = str(VENV / "bin" / "uv")
    run([uv, "venv", "-q", "--clear", "--python", str(VENV / "bin" / "python"), str(home)])
    requirements = str(REQUIREMENTS / f"{service.name}.txt")
    python = str(home / "bin" / "python")
    run([uv, "pip", "sync", "-q", "--require-hashes", "--python", python, requirements])
    done = subprocess.run(
        [python, "-c", f"import {service.name}.app, {service.name}.__main__"],
        env={**os.environ, "PYTHONPATH": f"{REPO / 'services'}:{REPO / 'proto' / 'gen'}"},
        cwd=CACHE,
        check=False,
    )
    return done.returncode == 0


def run(command: list[str]) -> None:
    """Run a step of the installation.

    Raises:
        LauncherError: it failed.
    """
    environment = {**os.environ, **uv_environment()}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LauncherError(f"{' '.join(command[:3])} failed: {done.stderr[-800:]}")
