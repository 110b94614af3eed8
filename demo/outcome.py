"""Published beside reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from demo.client import Service
from demo.figures import Figure, left_out
from demo.surroundings import Surroundings


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


def compared(reporting: Service, figure: Figure, positions: Sequence[str]) -> Result:
    """Ask for the figure once the statistics have reached what was just recorded."""
    seen = {"min_position": list(positions), "wait": 30}
    path, _, query = figure.query.partition("?")
    asked = dict(pair.split("=", 1) for pair in query.split("&"))
    rows = reporting.get(path, **asked, **seen)["rows"]
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
