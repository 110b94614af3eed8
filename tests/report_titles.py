"""Titles and money of the province whose report page is tested: few, and known to the number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from google.protobuf.message import Message
from khuyenhoc.funds.v1 import events_pb2 as funds
from khuyenhoc.registry.v1 import events_pb2 as registry
from reports import AREAS

THUAN_CHAU = "03721@2025-07-01"
BEFORE = date(2024, 9, 2)
SINCE = date(2025, 9, 2)
OVER = date(2025, 5, 1)


@dataclass(frozen=True)
class Title:
    """One holder, from a day on and perhaps until another."""

    model: str
    area: str
    first: date
    last: date | None = None
    group: str = ""

    def held(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)

    def message(self) -> Message:
        until = str(self.last) if self.last else None
        holding = registry.Holding(
            area=self.area,
            season=self.first.year,
            group=self.group,
            valid_from=str(self.first),
            valid_until=until,
        )
        return registry.TitleRecognised(
            model=self.model, effective_on=str(self.first), after=holding
        )


def titles() -> tuple[Title, ...]:
    """Of citizens in every third commune, more in each; of the other models a handful."""
    found = [
        Title("citizen", str(unit.area), SINCE, group=("farmer", "learner")[each % 2])
        for number, unit in enumerate(AREAS.in_force(SINCE)[::3])
        for each in range(number + 1)
    ]
    old = AREAS.in_force(BEFORE)
    found += [Title("citizen", str(unit.area), BEFORE, group="worker") for unit in old[:100]]
    found += [Title("citizen", str(old[0].area), BEFORE, OVER, "worker")] * 5
    found += [Title("family", THUAN_CHAU, SINCE)] * 4
    found += [Title("family", str(old[1].area), BEFORE, OVER)] * 6
    found += [Title("clan", THUAN_CHAU, SINCE)]
    found += [Title("community", THUAN_CHAU, SINCE, group="village")] * 3
    found += [Title("community", THUAN_CHAU, SINCE, group="commune")]
    found += [Title("unit", "14", BEFORE, group="province")] * 2
    return tuple(found)


@dataclass(frozen=True)
class Money:
    """Received, or paid to one recipient."""

    area: str
    fund_kind: str
    amount: int
    on: date
    paid: bool = False

    def message(self) -> Message:
        said: dict[str, Any] = {
            "area": self.area,
            "fund_kind": self.fund_kind,
            "amount": self.amount,
        }
        if self.paid:
            return funds.DisbursementPaid(
                paid_on=str(self.on), use="award", first=True, recipient_kind="person", **said
            )
        return funds.ContributionReceived(received_on=str(self.on), channel="cash", **said)


def money() -> tuple[Money, ...]:
    """As much as was published, and one gift to a commune of its own."""
    return (
        Money("14", "education_promotion", 7_068_600_000, date(2024, 5, 5)),
        Money(THUAN_CHAU, "education_promotion", 71_400_000, date(2025, 8, 1)),
        Money("14", "scholarship", 2_244_000_000, date(2025, 3, 1)),
        Money("14", "scholarship", 2_300_000, date(2025, 9, 5), paid=True),
        Money(THUAN_CHAU, "education_promotion", 850_000, date(2025, 9, 6), paid=True),
    )


def others() -> Iterator[tuple[str, date, Message]]:
    """What the registry and funds published: log, day and event, in order."""
    for log, facts in (
        ("14.registry", [(title.first, title.message()) for title in titles()]),
        ("14.funds", [(each.on, each.message()) for each in money()]),
    ):
        for day, message in sorted(facts, key=lambda fact: fact[0]):
            yield log, day, message
