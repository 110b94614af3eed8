"""Titles and registrations, held against the holders counted one by one on each day."""

from collections import Counter as Sums
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from counter import Counter
from google.protobuf.message import Message
from khuyenhoc.registry.v1 import events_pb2 as registry
from reports import AREAS, REFORM, place, published

LOG = "14.registry"
TODAY = date(2025, 10, 20)
A_DAY = timedelta(days=1)
DAYS = [date(2023, 12, 31), date(2024, 6, 30), date(2024, 12, 31), date(2025, 1, 1)]
DAYS += [REFORM - A_DAY, REFORM, TODAY, date(2026, 12, 31), date(2027, 1, 1)]


@dataclass(frozen=True)
class Stretch:
    """A title as it stands from one day to another, both included."""

    area: str
    season: int
    group: str
    first: date
    last: date | None

    def stands(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)

    def holding(self) -> registry.Holding:
        return registry.Holding(
            area=self.area,
            season=self.season,
            group=self.group,
            valid_from=str(self.first),
            valid_until=str(self.last) if self.last else None,
        )


@dataclass(frozen=True)
class Holder:
    """Recognised, perhaps again before the title ended, perhaps revoked at last."""

    first: Stretch
    again: Stretch | None
    revoked_on: date | None

    def stretches(self) -> list[Stretch]:
        """What stood in the end, one stretch after another."""
        found = [self.first]
        if self.again:
            found = [replace(self.first, last=self.again.first - A_DAY), self.again]
        if self.revoked_on:
            found[-1] = replace(found[-1], last=self.revoked_on - A_DAY)
        return found

    def messages(self) -> Iterator[Message]:
        stands = self.first
        yield registry.TitleRecognised(
            model="citizen", effective_on=str(stands.first), after=stands.holding()
        )
        if self.again:
            before = replace(stands, first=self.again.first)
            stands = self.again
            yield registry.TitleRecognised(
                model="citizen",
                effective_on=str(stands.first),
                renewal=True,
                before=before.holding(),
                after=stands.holding(),
            )
        if self.revoked_on:
            ended = replace(stands, last=self.revoked_on - A_DAY)
            yield registry.TitleRevoked(
                model="citizen",
                revoked_on=str(self.revoked_on),
                before=stands.holding(),
                after=ended.holding(),
            )


def holders(count: int) -> list[Holder]:
    chance = Random(11)
    found = []
    for _ in range(count):
        first = _stretch(chance, date(2024, 1, 1) + timedelta(days=chance.randrange(300)))
        later = first.first + timedelta(days=chance.randrange(200, 340))
        again = _stretch(chance, later) if chance.random() < 0.4 else None
        last = again or first
        gone = last.first + timedelta(days=chance.randrange(1, 60))
        found.append(Holder(first, again, gone if chance.random() < 0.2 else None))
    return found


def _stretch(chance: Random, first: date) -> Stretch:
    standing = AREAS.in_force(REFORM if first >= REFORM else date(2024, 1, 1))
    return Stretch(
        area=chance.choice([str(chance.choice(standing).area), "14"]),
        season=first.year,
        group=chance.choice(("farmer", "official")),
        first=first,
        last=chance.choice([date(first.year + 1, 12, 31), None]),
    )


async def test_titles_held_are_the_holders_whose_title_stands_on_that_day(
    counter: Counter,
) -> None:
    known = holders(300)
    await counter.apply(published([m for one in known for m in one.messages()], LOG), batch=80)
    for on in DAYS:
        expected: Sums[tuple[str, str, str]] = Sums()
        for one in known:
            standing = [stretch for stretch in one.stretches() if stretch.stands(on)]
            assert len(standing) <= 1
            for held in standing:
                expected[place(held.area, TODAY), str(held.season), held.group] += 1
        asked = {"measure": "titles_held", "model": "citizen", "as_of": str(on)}
        rows = await counter.rows(**asked, by="commune,season,group")
        found = {
            (row["area"], row["by"]["season"], row["by"]["group"]): row["value"] for row in rows
        }
        assert {key: value for key, value in found.items() if value} == expected, on
        assert await counter.value(**asked) == expected.total()


async def test_a_stock_is_read_at_the_end_of_the_period_and_never_added_over_it(
    counter: Counter,
) -> None:
    held = Stretch("03763@2025-07-01", 2025, "farmer", date(2025, 9, 1), date(2025, 10, 9))
    await counter.apply(published(list(Holder(held, None, None).messages()), LOG))
    stock = {"measure": "titles_held", "area": "03763"}
    assert await counter.value(**stock, period="2025-08") == 0
    assert await counter.value(**stock, period="2025-09") == 1
    assert await counter.value(**stock, period="2025-Q3") == 1
    assert await counter.value(**stock, period="2025-10-09") == 1
    assert await counter.value(**stock, period="2025-10-10") == 0
    assert await counter.value(**stock, period="2025", as_of="2025-10-09") == 1
    assert await counter.value(**stock, period="2026", as_of="2025-09-30") == 1
    assert await counter.value(**stock, period="2025-09", known_at="2025-09-30") == 0
    behind = await counter.read("statistics/events", **stock, period="2025")
    assert [(one["valid_on"], one["delta"]) for one in behind["items"]] == [
        ("2025-09-01", 1),
        ("2025-10-10", -1),
    ]


async def test_a_recognition_counts_in_its_month_whatever_becomes_of_the_title(
    counter: Counter,
) -> None:
    known = holders(60)
    await counter.apply(published([m for one in known for m in one.messages()], LOG))
    expected = Sums(
        (f"{stretch.first:%Y-%m}", "true" if stretch is one.again else "false")
        for one in known
        for stretch in (one.first, one.again)
        if stretch
    )
    rows = await counter.rows(measure="titles_recognised", by="month,renewal")
    assert {(row["by"]["month"], row["by"]["renewal"]): row["value"] for row in rows} == expected


async def test_registrations_and_imports_count_where_they_belong(counter: Counter) -> None:
    said = {"model": "family", "area": "03763-005@2025-08-01", "season": 2025}
    registered = registry.TitleRegistered(registered_on="2025-08-03", **said)
    withdrawn = registry.RegistrationWithdrawn(withdrawn_on="2025-08-04", **said)
    old = Stretch("03763@1900-01-01", 2022, "", date(2022, 12, 1), None)
    imported = registry.TitleImported(model="family", after=old.holding())
    await counter.apply(published([registered, withdrawn, imported], LOG))
    asked = {"area": "03763", "model": "family"}
    assert await counter.value(measure="registrations", **asked) == 1
    assert await counter.value(measure="titles_recognised", **asked) == 0
    held = await counter.rows(measure="titles_held", area="14", by="commune")
    assert sum(row["value"] for row in held) == 1
