"""Resolve what the services need into hashed requirement files: `make lock`, and its check."""

import hashlib
import subprocess
import sys
from pathlib import Path

from deploy.local.places import CACHE, REPO, REQUIREMENTS, VENV
from deploy.local.services import SERVICES

ROOT = "pyproject.toml"
CHASSIS = "services/chassis/pyproject.toml"
ALL = [CHASSIS, *(f"services/{service.name}/pyproject.toml" for service in SERVICES)]


def sources() -> dict[str, list[str]]:
    """Each requirements file with what it is resolved from, as arguments of `uv pip compile`."""
    local = [*ALL, "--group", f"{ROOT}:local"]
    services = {s.name: [CHASSIS, f"services/{s.name}/pyproject.toml"] for s in SERVICES}
    return {
        "dev": [*local, "--group", f"{ROOT}:dev", "requirements/uv.in"],
        "local": [*local, "requirements/uv.in"],
        "uv": ["requirements/uv.in"],
        **services,
    }


def heading(arguments: list[str]) -> str:
    """The first line of a requirements file: what it was made from."""
    digest = hashlib.sha256()
    for name in arguments:
        path = REPO / name.partition(":")[0]
        if path.is_file():
            digest.update(_dependencies(path))
    return f"# made by `make lock`; inputs {digest.hexdigest()}\n"


def _dependencies(path: Path) -> bytes:
    """Of the root's file only the groups count: tool configuration changes no package."""
    if path.name != "pyproject.toml":
        return path.read_bytes()
    import tomllib  # noqa: PLC0415  (3.11; the launcher itself starts on less)

    content = tomllib.loads(path.read_text())
    listed = (content["project"].get("dependencies"), content.get("dependency-groups"))
    return repr(listed).encode()


def out_of_step() -> list[str]:
    """The requirements files whose inputs have changed since they were made."""
    return [
        f"requirements/{name}.txt"
        for name, arguments in sources().items()
        if not (REQUIREMENTS / f"{name}.txt").read_text().startswith(heading(arguments))
    ]


def main(upgrade: bool) -> int:
    """Resolve every file; pins stay unless `upgrade`; a package has one version everywhere."""
    command = [str(VENV / "bin" / "uv"), "pip", "compile", "-q", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--cache-dir", str(CACHE / "uv")]
    for name, arguments in sources().items():
        keep = [] if upgrade and name == "dev" else ["-c", "requirements/dev.txt"]
        done = subprocess.run(
            [*command, *arguments, *keep], cwd=REPO, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            sys.stderr.write(done.stderr)
            return 1
        (REQUIREMENTS / f"{name}.txt").write_text(heading(arguments) + done.stdout)
    return 0
