"""What every bench shares: interleaved rounds, medians, the machine's line, rows as JSON."""

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

REPO = Path(__file__).parents[1]
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One measured figure: the median of ``rounds``, beside its baseline in the same run.

    ``bar`` holds against the ratio to the baseline; with ``absolute``, against the value itself.
    With ``less``, smaller is better.
    """

    id: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    bar: float | None
    rounds: int
    less: bool = False
    absolute: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        held = self.value if self.absolute else self.ratio
        if self.bar is None or held is None:
            return None
        return held <= self.bar if self.less else held >= self.bar

    def as_json(self) -> dict[str, Any]:
        """The row as `.run/bench.json` holds it."""
        return {
            "id": self.id,
            "value": rounded(self.value),
            "unit": self.unit,
            "baseline": rounded(self.baseline),
            "ratio": rounded(self.ratio),
            "bar": self.bar,
            "met": self.met,
            "rounds": self.rounds,
        }


def rounded(value: float | None) -> float | None:
    """Four significant digits; more would be noise."""
    return None if value is None else float(f"{value:.4g}")


def interleaved(
    contestants: Mapping[str, Callable[[], T]], rounds: int = 5, warm_up: bool = True
) -> dict[str, list[T]]:
    """Run every contestant once a round, so that the machine's moods meet all of them alike."""
    if warm_up:
        for run in contestants.values():
            run()
    measured: dict[str, list[T]] = {name: [] for name in contestants}
    for number in range(rounds):
        names = list(contestants)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            measured[name].append(contestants[name]())
    return measured


def medians(measured: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each contestant's rounds."""
    return {name: median(values) for name, values in measured.items()}


def spread(values: Sequence[float]) -> str:
    """(max - min) / median, for the reader to judge the noise by."""
    return f"{(max(values) - min(values)) / median(values):.0%}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> str:
    """One line about where this was measured, and how busy it was."""
    load = os.getloadavg()[0]
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory()} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, load {load:.2f}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def commit() -> str:
    """The commit this was measured at, marked when the tree has changes."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    told = subprocess.run(words, cwd=REPO, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "unknown"


def results() -> Path:
    """Where the rows are kept: `.run/bench.json`, or in the folder KH_RUN names."""
    return Path(os.environ.get("KH_RUN") or REPO / ".run") / "bench.json"


def report(rows: Iterable[Row]) -> None:
    """Print the rows, and keep them in place of earlier ones of the same ids."""
    told = [row.as_json() for row in rows]
    path = results()
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text())["rows"] if path.exists() else []
    new = {row["id"] for row in told}
    document = {
        "machine": machine(),
        "commit": commit(),
        "rows": [row for row in kept if row["id"] not in new] + told,
    }
    path.write_text(json.dumps(document, indent=1) + "\n")
    print(document["machine"], document["commit"], sep="\n")
    print(table(told))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a Markdown table."""
    lines = [
        "| figure | value | baseline | ratio | bar | met | rounds |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        baseline, ratio = (_number(row[name]) for name in ("baseline", "ratio"))
        met = {True: "yes", False: "**no**", None: ""}[row["met"]]
        value = f"{_number(row['value'])} {row['unit']}"
        cells = [row["id"], value, baseline, ratio, _number(row["bar"]), met, str(row["rounds"])]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"
