"""Published beside reported."""

import time
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from demo.client import Away, Service
from demo.figures import Figure, left_out
from demo.loading import COLUMNS
from demo.surroundings import Surroundings

STANDS_STILL_S = 180.0


@dataclass(frozen=True)
class Result:
    figure: Figure
    reported: int

    @property
    def ok(self) -> bool:
        return self.figure.holds(self.reported)

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.figure.key,
            "query": self.figure.query,
            "qualifier": self.figure.qualifier,
            "published": self.figure.published,
            "expected": self.figure.expected,
            "reported": self.reported,
            "ok": self.ok,
        }


def wait_for(reporting: Service, reached: dict[str, int], console: Console) -> None:
    """Return once the statistics hold all that was recorded.

    Raises:
        Away: they do not come closer for minutes; it says where each log stands.
    """
    with Progress(*COLUMNS, console=console) as progress:
        bar = progress.add_task("reporting: theo kịp, catches up", total=sum(reached.values()))
        held, since = -1, time.monotonic()
        while held < sum(reached.values()):
            sources = reporting.get("/v1/sources")
            places = {log: sources[log]["position"] for log in reached if log in sources}
            now = sum(min(place, reached[log]) for log, place in places.items())
            now += sum(place for log, place in reached.items() if log not in sources)
            if now > held:
                held, since = now, time.monotonic()
                progress.update(bar, completed=held)
            elif time.monotonic() - since > STANDS_STILL_S:
                raise Away(f"the statistics stand still at {places}; recorded is {reached}")
            else:
                time.sleep(0.2)


def compared(reporting: Service, figure: Figure) -> Result:
    path, _, query = figure.query.partition("?")
    asked = dict(pair.split("=", 1) for pair in query.split("&"))
    rows = reporting.get(path, **asked)["rows"]
    return Result(figure, sum(row["value"] for row in rows))


def show(console: Console, rows: list[Result], here: Surroundings, elapsed: float) -> None:
    table = Table(title=f"Công bố và báo cáo · Published and reported, scale {here.scale:g}")
    table.add_column("", overflow="fold")
    for column in ("published", "expected", "reported"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for row in rows:
        figure = row.figure
        mark = {"=": "=", ">": ">", "nearly": "≤ ~"}[figure.qualifier]
        published, wanted = f"{figure.published:,}", f"{mark} {figure.expected:,}"
        table.add_row(figure.key, published, wanted, f"{row.reported:,}", "✓" if row.ok else "✗")
    console.print(table)
    console.print(
        f"{elapsed:.1f} s; {len(left_out(row.figure for row in rows))} published figures"
        " are not compared (demo.json)"
    )
    console.print(
        f"Xem, look: {here.reporting_url}/report?as_of=2025-10-15&period=2024-01-01..2025-10-15",
        soft_wrap=True,
    )


def show_parked(console: Console, parked: dict[str, int]) -> None:
    """What the statistics set aside: nothing should be, however well the figures agree."""
    for log, events in parked.items():
        if events:
            console.print(f"✗ {log}: {events} sự việc bị gác lại; events parked, see /v1/sources")


def show_weight(
    console: Console, processes: dict[str, dict[str, float]], databases: dict[str, float]
) -> None:
    """What each process and each database has come to."""
    for name, of in processes.items():
        console.print(f"{name:18} {of['peak_mb']:7.1f} MB peak {of['cpu_s']:9.1f} s processor time")
    for name, size in databases.items():
        console.print(f"{name:18} {size:7.1f} MB")
