"""`make logs [NAME=]`: what the processes said last."""

import os

from deploy.local.console import complain
from deploy.local.places import Run

LINES = 40


def logs(run: Run) -> int:
    """Print the end of one log, or of each; exit code 2 when there is no such log."""
    found = sorted((run.folder / "logs").glob("*.log"))
    wanted = os.environ.get("NAME")
    chosen = [log for log in found if wanted in (None, "", log.stem)]
    if not chosen:
        names = ", ".join(log.stem for log in found) or "none yet; make up"
        complain(f"no log{f' of {wanted!r}' if wanted else ''}; there are: {names}")
        return 2
    for log in chosen:
        lines = log.read_text(errors="replace").splitlines()[-(200 if wanted else LINES) :]
        print(f"== {log}")
        print("\n".join(lines))
    return 0
