"""The files that belong to the project: what git would commit, or all but what is generated."""

import subprocess
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
APART = {".git", ".tools", ".run", "node_modules", "__pycache__"}


def committed() -> list[Path]:
    """Every text file of the project."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [REPO / name for name in listed.stdout.split("\0") if name]
    else:  # an unpacked archive without its history
        found = [path for path in REPO.rglob("*") if not APART & set(path.relative_to(REPO).parts)]
    return [path for path in found if path.is_file() and is_text(path)]


def is_text(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def python() -> list[Path]:
    """The Python files somebody wrote."""
    generated = REPO / "proto" / "gen"
    return [p for p in committed() if p.suffix == ".py" and not p.is_relative_to(generated)]
