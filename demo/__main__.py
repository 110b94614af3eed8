"""Load a generated province through the public APIs, and hold the published figures beside it.

``SCALE`` (0.001 to 1, default 0.01) is the share of the real province; ``SEED`` (default 387) makes
it another one. The same seed and scale send the same commands under the same keys, so a second run
changes nothing and an interrupted one goes on. Exit code 0: every figure agrees; 1: one does not,
or the statistics had to set an event aside; 2: the demo could not be loaded, with one line that
says why.
"""

import json
import os
import sys
import time
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import httpx2 as httpx
from rich.console import Console

from demo.acts import Act, keyed, paged
from demo.calendar import AS_OF
from demo.cases import Cases
from demo.classes import People, Places, programmes, training
from demo.client import Away, LaterFacts, Refused, Service
from demo.figures import Figure, comparable, figures, left_out
from demo.giving import giving, purses
from demo.learners import Learners
from demo.loading import Load, load
from demo.outcome import Result, compared, show, show_parked, show_weight, wait_for
from demo.persons import Tokens
from demo.surroundings import Surroundings, Unready, read_surroundings
from demo.titles import groups
from demo.villages import Villages
from demo.weight import databases, processes

AGAIN = "run it again, it goes on where it stopped"
console = Console()
Services = tuple[Service, Service, Service]
"""The registry, the funds, training."""


def acts_of(
    goals: dict[str, Figure], scale: float, seed: int, people: People, places: Places
) -> list[Act]:
    """Everything that training is told."""
    found: list[Act] = []
    for programme in programmes(goals, scale):
        found += training(programme, people, places, Random(f"{seed}/{programme.kind}"))
    return keyed(found, f"demo-{seed}-{scale:g}")


def gifts_and_awards(goals: dict[str, Figure], scale: float, seed: int) -> list[Act]:
    """Everything that the funds are told."""
    found: list[Act] = []
    for purse in purses(goals, scale):
        found += giving(purse, Random(f"{seed}/{purse.code}"))
    return keyed(found, f"demo-{seed}-{scale:g}")


def loads_of(here: Surroundings, goals: dict[str, Figure], services: Services) -> list[Load]:
    registry, funds, trained = services
    places = Places(trained.communes("2024-01-01"), trained.communes("2025-07-01"))
    money = gifts_and_awards(goals, here.scale, here.seed)
    asking = groups(goals, here.scale, here.seed, places)
    prefix = f"demo-{here.seed}-{here.scale:g}"
    learners = Learners(prefix, asking)
    classes = acts_of(goals, here.scale, here.seed, learners.of, places)
    villages = Villages(here.province, prefix, places, asking)
    criteria = {each["id"]: each for each in registry.get("/v1/criteria-sets")["items"]}
    cases = Cases(here.province, prefix, asking, criteria, villages)
    pages = [*villages.pages(), *learners.pages(), *cases.pages()]
    return [
        Load(registry, "registry: hồ sơ, cases", sorted(pages, key=attrgetter("recorded_at"))),
        Load(funds, "funds: quỹ, gifts and awards", paged(money)),
        Load(trained, "training: lớp học, classes", paged(classes)),
    ]


def run(here: Surroundings) -> int:
    started = time.monotonic()
    goals = figures(here.scale)
    tokens = Tokens(here.issuer_url, here.province)
    services = (
        Service("registry", here.registry_url, tokens),
        Service("funds", here.funds_url, tokens),
        Service("training", here.training_url, tokens),
    )
    reporting = Service("reporting", here.reporting_url, tokens)
    loads = loads_of(here, goals, services)
    total = sum(each.total for each in loads)
    console.print(f"Tỉnh {here.province}: {total} sự việc, tỷ lệ {here.scale:g}; {total} acts")
    load(loads, console)
    wait_for(reporting, dict(each.service.reached() for each in loads), console)
    rows = results(reporting, goals.values())
    elapsed = time.monotonic() - started
    outcome = write(here, services, reporting, rows, elapsed)
    show(console, rows, here, elapsed)
    show_parked(console, outcome["parked"])
    show_weight(console, outcome["processes"], outcome["databases_mb"])
    return 0 if outcome["ok"] else 1


def results(reporting: Service, goals: Iterable[Figure]) -> list[Result]:
    """What the statistics say of every figure whose measure they know."""
    measures = {each["id"] for each in reporting.get("/v1/measures")["items"]}
    return [compared(reporting, goal) for goal in comparable(goals, measures)]


def write(
    here: Surroundings, services: Services, reporting: Service, rows: list[Result], elapsed: float
) -> dict[str, Any]:
    """The outcome for machines: ``demo.json`` beside the installation's other state."""
    sources: dict[str, Any] = reporting.get("/v1/sources")
    parked = {log: source["parked_events"] for log, source in sources.items()}
    outcome = {
        "ok": all(row.ok for row in rows) and not any(parked.values()),
        "province": here.province,
        "seed": here.seed,
        "scale": here.scale,
        "as_of": AS_OF.isoformat(),
        "elapsed_s": round(elapsed, 1),
        "communes": len(reporting.communes("2025-07-01")),
        "commands": {service.name: service.counts for service in services},
        "positions": {log: source["position"] for log, source in sources.items()},
        "parked": parked,
        "figures": [row.as_json() for row in rows],
        "left_out": left_out(row.figure for row in rows),
        "processes": processes(Path(here.run)),
        "databases_mb": databases(os.environ),
    }
    text = json.dumps(outcome, ensure_ascii=False, indent=1)
    (Path(here.run) / "demo.json").write_text(text + "\n", encoding="utf-8")
    return outcome


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
    except (Away, Refused, Unready) as reason:
        print(f"demo: {reason}", file=sys.stderr)
    except httpx.HTTPError as failure:
        print(f"demo: {type(failure).__name__}: {failure}; {AGAIN}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"demo: interrupted; {AGAIN}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
