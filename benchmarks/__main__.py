"""Run every bench, or those named, one after the other; then write `benchmarks/RESULTS.md`."""

import json
import os
import subprocess
import sys

from benchmarks.harness import REPO, commit, machine, results, table

BENCHES = (
    "append",
    "log_growth",
    "http_command",
    "funds_hot",
    "ndjson",
    "registry_season",
    "registry_search",
    "projection",
    "province_report",
    "consume",
    "freshness",
)
RESULTS = REPO / "benchmarks" / "RESULTS.md"
HEAD = """# Measured

Medians of interleaved rounds in one run, beside their baselines; `make bench` writes this page. A
bar holds against the ratio to the baseline where there is one, else against the value. Figures move
from machine to machine, ratios much less.
"""


def environment() -> dict[str, str]:
    path = os.pathsep.join(str(REPO / folder) for folder in ("services", "proto/gen", "."))
    return {**os.environ, "PYTHONPATH": path}


def write_results() -> None:
    """The kept rows as a page."""
    document = json.loads(results().read_text())
    where = f"Machine: {document['machine']}. Commit: {document['commit']}."
    RESULTS.write_text(f"{HEAD}\n{where}\n\n{table(document['rows'])}\n")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    print(machine(), commit(), sep="\n", flush=True)
    failed = []
    for name in names or BENCHES:
        print(f"\n== {name}", flush=True)
        words = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(words, cwd=REPO, env=environment(), check=False).returncode:
            failed.append(name)
    write_results()
    for name in failed:
        print(f"{name} did not finish")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
