"""The published figures, what a scale of the province must show of them, and whether it does."""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path

PERIOD = "2024-01-01..2025-10-15"
PUBLISHED = Path(__file__).parent / "data" / "seed-figures.csv"

QUERIES = {
    "title.citizen": "measure=titles_held&model=citizen",
    "title.family": "measure=titles_held&model=family",
    "title.clan": "measure=titles_held&model=clan",
    "title.community": "measure=titles_held&model=community&group=village",
    "title.unit": "measure=titles_held&model=unit",
    "training.professional.courses": "measure=courses_completed&kind=PROFESSIONAL_TRAINING",
    "training.professional.cadres": "measure=participations&kind=PROFESSIONAL_TRAINING",
    "training.techtransfer.classes": "measure=courses_completed&kind=TECH_TRANSFER",
    "training.techtransfer.participants": "measure=participations&kind=TECH_TRANSFER",
    "training.seminar.delegates": "measure=participations&kind=SEMINAR",
    "fund.promotion.mobilised": "measure=funds_mobilised&fund_kind=education_promotion",
    "fund.tohieu.mobilised": "measure=funds_mobilised&fund_kind=scholarship",
    "award.recipients": "measure=awards_paid",
    "award.amount": "measure=funds_spent&use=award",
}
STOCKS = frozenset({"titles_held"})
"""Read on a day; every other measure adds up over the period."""

ONE_CLAN = "data of one clan, not a statistic of the province"
NOT_YET = "the installation does not count this yet: no measure"
LEFT_OUT = {
    "external.never_ends.recipients_2025": "a national award; no money leaves the province's funds",
    "clan.example.households": ONE_CLAN,
    "clan.example.degrees": ONE_CLAN,
    "clan.example.contribution": ONE_CLAN,
}


@dataclass(frozen=True)
class Figure:
    """One published figure at a scale. ``qualifier`` says how the value is to be read."""

    key: str
    qualifier: str
    published: int
    expected: int

    @property
    def measure(self) -> str:
        return QUERIES[self.key].partition("&")[0].removeprefix("measure=")

    @property
    def query(self) -> str:
        period = "" if self.measure in STOCKS else f"&period={PERIOD}"
        return f"/v1/statistics?{QUERIES[self.key]}{period}&as_of=2025-10-15"

    @property
    def target(self) -> int:
        """What the generated province is made to hold."""
        match self.qualifier:
            case ">":
                return self.expected + max(1, self.expected // 50)
            case "nearly":
                return max(self.expected - 1, ceil(0.9 * self.expected))
            case _:
                return self.expected

    def holds(self, reported: int) -> bool:
        match self.qualifier:
            case ">":
                return self.expected < reported <= 1.05 * self.expected + 1
            case "nearly":
                return 0.9 * self.expected <= reported <= self.expected
            case _:
                return reported == self.expected


def expected(published: int, scale: float) -> int:
    return max(1, floor(published * scale + 0.5))


def figures(scale: float) -> dict[str, Figure]:
    with PUBLISHED.open(encoding="utf-8", newline="") as rows:
        return {
            row["key"]: Figure(
                row["key"],
                row["qualifier"],
                int(row["value"]),
                expected(int(row["value"]), scale),
            )
            for row in csv.DictReader(rows)
            if row["key"] in QUERIES
        }


def comparable(goals: Iterable[Figure], measures: Collection[str]) -> list[Figure]:
    """Those whose measure the statistics know."""
    return [goal for goal in goals if goal.measure in measures]


def left_out(compared: Iterable[Figure]) -> list[dict[str, str]]:
    """Every published key that is not compared, with the reason."""
    with PUBLISHED.open(encoding="utf-8", newline="") as rows:
        keys = [row["key"] for row in csv.DictReader(rows)]
    done = {figure.key for figure in compared}
    return [
        {"key": key, "why": LEFT_OUT.get(key) or f"{NOT_YET} {_measure(key)}"}
        for key in keys
        if key not in done
    ]


def _measure(key: str) -> str:
    return QUERIES[key].partition("&")[0].removeprefix("measure=")
