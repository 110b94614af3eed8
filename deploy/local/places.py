"""Where things are: the repository, what is downloaded for it, and one installation's state."""

import os
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
TOOLS = REPO / ".tools"
VENV = TOOLS / "venv"
PYTHON = VENV / "bin" / "python"
JARS = TOOLS / "kafka" / "libs"
ARCHIVE = TOOLS / "kafka" / "classes.jsa"
CACHE = TOOLS / "cache"
REQUIREMENTS = REPO / "requirements"


@dataclass(frozen=True, slots=True)
class Run:
    """The folder of one installation's state: `.run/`, or what KH_RUN names."""

    folder: Path

    @property
    def env(self) -> Path:
        """The addresses and secrets of the installation, dotenv, 0600."""
        return self.folder / "env"

    @property
    def record(self) -> Path:
        """What must stay the same between two starts: ports, passwords, outside servers."""
        return self.folder / "installation.json"

    @property
    def key(self) -> Path:
        """The key-encryption key: 32 bytes, 0600. Without it the vaults cannot be read."""
        return self.folder / "keys" / "key-encryption.key"

    def pid(self, name: str) -> Path:
        """The pid file of a process."""
        return self.folder / "pids" / f"{name}.pid"

    def log(self, name: str) -> Path:
        """What a process said."""
        return self.folder / "logs" / f"{name}.log"


def here() -> Run:
    """The installation the caller means."""
    named = os.environ.get("KH_RUN")
    return Run(Path(named).resolve() if named else REPO / ".run")
