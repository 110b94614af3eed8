"""An installation of servers only, in a folder of its own, called as a person would call it."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[3]


def hear_interruptions() -> None:
    """As at a terminal: whatever a shell starts in the background ignores SIGINT, and so would we."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Launcher:
    run: Path

    def __call__(self, word: str, **variables: str) -> subprocess.CompletedProcess[str]:
        begun = self.begin(word, **variables)
        out, err = begun.communicate(timeout=180)
        return subprocess.CompletedProcess(begun.args, begun.returncode, out, err)

    def begin(self, word: str, **variables: str) -> subprocess.Popen[str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("KH_")}
        return subprocess.Popen(
            [sys.executable, "-m", "deploy.local", word],
            cwd=REPO,
            env={**inherited, "KH_RUN": str(self.run), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_interruptions,  # noqa: PLW1509  # sets one signal, nothing else
        )

    def must(self, word: str, **variables: str) -> str:
        done = self(word, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def status(self) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in json.loads(self.must("status", JSON="1"))}

    def states(self) -> dict[str, str]:
        rows = self.status()
        return {name: rows[name]["state"] for name in ("postgres", "kafka", "issuer")}

    def pid(self, name: str) -> int:
        return int((self.run / "pids" / f"{name}.pid").read_text())

    @property
    def env(self) -> dict[str, str]:
        lines = (self.run / "env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)
