"""Servers and one service for a bench: an installation of its own, thrown away afterwards."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from deploy.local import environment, tokens
from deploy.local.addresses import answers
from deploy.local.installation import Installation, recorded
from deploy.local.places import REPO, Run
from deploy.local.processes import LauncherError, Program, child, free_port, wait_until

LAUNCHER = [sys.executable, "-m", "deploy.local"]
FOLDER = REPO / ".run" / "bench"


@dataclass(frozen=True)
class Ground:
    """Postgres, Kafka and the issuer, with the databases of every service in them."""

    run: Run

    @property
    def installation(self) -> Installation:
        return Installation(self.run, **recorded(self.run))

    @property
    def env(self) -> dict[str, str]:
        named = environment.read(self.installation)
        return {**named, "KH_KEY_FILE": str(self.run.key)}

    @property
    def admin_url(self) -> str:
        return self.installation.own_postgres().admin_url

    def token(self, role: str = "provincial_association_officer", person: str = "1") -> str:
        asked = {"ROLE": role, "AREA": "14", "PERSON": person}
        return tokens.token(asked, self.env, "14")

    def fresh_database(self, name: str) -> str:
        """An empty database for a baseline; its address."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
        return urlsplit(self.admin_url)._replace(path=f"/{name}").geturl()

    @contextmanager
    def process(self, name: str, *argv: str, url: str, **variables: str) -> Iterator[int]:
        """A Python process that answers under ``url`` while the block runs; its pid."""
        program = Program(
            [sys.executable, *argv], REPO, self.run.log(name), {**self.env, **variables}
        )
        running = child(program)
        try:
            if not wait_until(lambda: answers(url), 60):
                words = self.run.log(name).read_text()[-2000:]
                raise LauncherError(f"{name} does not answer under {url}: {words}")
            yield running.pid
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(30)

    @contextmanager
    def service(self, name: str) -> Iterator[int]:
        """``python -m <name> serve`` over fresh tables."""
        migrated = [sys.executable, "-m", name, "migrate"]
        told = {**os.environ, **self.env}
        subprocess.run(migrated, cwd=REPO, env=told, check=True, capture_output=True)
        url = f"{self.env[f'{name.upper()}_URL']}/readyz"
        with self.process(f"{name}-serve", "-m", name, "serve", url=url) as pid:
            yield pid


def spare_port() -> int:
    return free_port(())


@contextmanager
def ground(folder: Path = FOLDER) -> Iterator[Ground]:
    """Begin with nothing stored, end with nothing left."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("KH_")}
    env |= {"KH_RUN": str(folder), "YES": "1"}

    def launcher(word: str) -> None:
        subprocess.run([*LAUNCHER, word], cwd=REPO, env=env, check=True, capture_output=True)

    if folder.exists():
        launcher("down")
        shutil.rmtree(folder)
    launcher("servers")
    try:
        yield Ground(Run(folder))
    finally:
        launcher("down")
        launcher("reset")
