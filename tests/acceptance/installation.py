"""A whole installation of its own for a test: started, killed, mended and asked as a user would."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

REPO = Path(__file__).parents[2]
LAUNCHER = [sys.executable, "-m", "deploy.local"]


@dataclass(frozen=True)
class Installation:
    run: Path
    variables: dict[str, str] = field(default_factory=dict)

    def call(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("KH_")}
        return subprocess.run(
            [*LAUNCHER, *words],
            cwd=REPO,
            env={**env, "KH_RUN": str(self.run), **self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self) -> None:
        done = self.call("up")
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def down(self) -> None:
        """Stop and forget: as root, its database may lie outside the test's own folder."""
        self.call("reset", YES="1")

    def operate(self, service: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an operator's command, `python -m <service> ...`, in this installation."""
        path = os.pathsep.join(str(REPO / part) for part in ("services", "proto/gen"))
        return subprocess.run(
            [sys.executable, "-m", service, *words],
            env={**os.environ, **self.env, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def env(self) -> dict[str, str]:
        lines = (self.run / "env").read_text(encoding="utf-8").splitlines()
        pairs = (line.split("=", 1) for line in lines if "=" in line)
        return {name: value.strip("'\"") for name, value in pairs}

    def token(
        self, role: str = "provincial_association_officer", area: str = "14", person: str = "1"
    ) -> str:
        done = self.call("token", ROLE=role, AREA=area, PERSON=person)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def client(self, service: str, token: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.env[f"{service.upper()}_URL"],
            headers={"authorization": f"Bearer {token}"},
            timeout=40,
        )

    def urls(self, service: str) -> list[str]:
        """Where every replica of a service answers."""
        name = f"{service.upper()}_URL"
        return [url for key, url in sorted(self.env.items()) if key in (name, f"{name}_2")]

    def ask(
        self, url: str, path: str, role: str = "provincial_association_officer", **query: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token(role)}"}
        return httpx.get(f"{url}/v1/{path}", params=query, headers=headers, timeout=40)

    def published(self, service: str) -> list[dict[str, Any]]:
        """A whole log as published, read like an auditor; positions are dense from 1."""
        url, found = self.urls(service)[0], []
        while True:
            answer = self.ask(url, "events", "auditor_external", after=len(found), limit=1000)
            assert answer.status_code == 200, answer.text
            page = [json.loads(line) for line in answer.text.splitlines()]
            if not page:
                return found
            found += page
            assert found[-1]["position"] == len(found)

    @property
    def names(self) -> list[str]:
        return sorted(path.stem for path in (self.run / "pids").glob("*.pid"))

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut or an out-of-memory killer would; gone already is fine."""
        with suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int((self.run / "pids" / f"{name}.pid").read_text()), signal.SIGKILL)

    def status(self) -> dict[str, dict[str, object]]:
        done = self.call("status", JSON="1")
        return {row["name"]: row for row in json.loads(done.stdout)}
