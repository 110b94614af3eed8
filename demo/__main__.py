"""Load a generated province through the public APIs, and hold the published figures beside it.

``SCALE`` (0.001 to 1, default 0.01) is the share of the real province; ``SEED`` (default 387) makes
it another one. The same seed and scale send the same commands under the same keys, so a second run
changes nothing and an interrupted one goes on. Exit code 0: every figure agrees; 1: one does not;
2: the demo could not be loaded, with one line that says why.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import httpx2 as httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from demo.acts import Act, batches, keyed
from demo.calendar import AS_OF
from demo.classes import Places, programmes, training
from demo.client import LaterFacts, Refused, Service
from demo.figures import Figure, figures, left_out
from demo.outcome import Result, compared, show
from demo.surroundings import Surroundings, Unready, read_surroundings

console = Console()


def acts_of(goals: dict[str, Figure], scale: float, seed: int, places: Places) -> list[Act]:
    found: list[Act] = []
    for programme in programmes(goals, scale):
        found += training(programme, places, Random(f"{seed}/{programme.kind}"))
    return keyed(found, f"demo-{seed}-{scale:g}")


def load(service: Service, acts: Sequence[Act]) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("training: lớp học, classes", total=len(acts))
        for batch in batches(acts):
            service.send(batch)
            progress.advance(task, len(batch.acts))


def run(here: Surroundings) -> int:
    started = time.monotonic()
    goals = figures(here.scale)
    service = Service("training", here.training_url, here.officer)
    reporting = Service("reporting", here.reporting_url, here.officer)
    places = Places(service.areas("2024-01-01"), service.areas("2025-07-01"))
    acts = acts_of(goals, here.scale, here.seed, places)
    console.print(
        f"Tỉnh {here.province}: {len(acts)} sự việc, tỷ lệ {here.scale:g}; {len(acts)} acts"
    )
    load(service, acts)
    reached = service.reached()
    rows = [compared(reporting, goal, reached) for goal in goals.values()]
    elapsed = time.monotonic() - started
    write(here, service, reporting, rows, elapsed)
    show(console, rows, here, elapsed)
    return 0 if all(row.ok for row in rows) else 1


def write(
    here: Surroundings, service: Service, reporting: Service, rows: list[Result], elapsed: float
) -> None:
    """The outcome for machines: ``demo.json`` beside the installation's other state."""
    sources: dict[str, Any] = reporting.get("/v1/sources")
    outcome = {
        "ok": all(row.ok for row in rows),
        "province": here.province,
        "seed": here.seed,
        "scale": here.scale,
        "as_of": AS_OF.isoformat(),
        "elapsed_s": round(elapsed, 1),
        "communes": len(reporting.areas("2025-07-01")),
        "commands": {"registry": {}, "funds": {}, "training": service.counts},
        "positions": {log: source["position"] for log, source in sources.items()},
        "figures": [row.as_json() for row in rows],
        "left_out": left_out(),
    }
    text = json.dumps(outcome, ensure_ascii=False, indent=1)
    (Path(here.run) / "demo.json").write_text(text + "\n", encoding="utf-8")


def main() -> int:
    try:
        return run(read_surroundings(os.environ))
    except LaterFacts as refused:
        print(
            f"demo: the log already holds facts recorded after {refused.act.recorded_at:%Y-%m-%d}"
            f" that this demo did not bring (another seed, scale or real work); nothing of them was"
            f" changed. Start from an empty installation: make reset. ({refused})",
            file=sys.stderr,
        )
    except (Refused, Unready) as reason:
        print(f"demo: {reason}", file=sys.stderr)
    except httpx.HTTPError as failure:
        print(
            f"demo: {type(failure).__name__}: {failure}; run it again, it goes on where it stopped",
            file=sys.stderr,
        )
    return 2


if __name__ == "__main__":
    sys.exit(main())
