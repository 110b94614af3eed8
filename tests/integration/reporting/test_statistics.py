"""Figures held against the facts counted one by one, on both maps and at any known time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from counter import Counter
from reports import AREAS, KINDS, Fact, Question, history, plainly, told

MEASURES = ("courses_completed", "participations", "distinct_learners")
MAPS = (date(2025, 10, 20), date(2025, 6, 30), date(1950, 1, 1))


def questions(count: int, seed: int) -> list[Question]:
    """Questions of every shape, many at the edges of days, months and the reform."""
    chance = Random(seed)
    asked = []
    for _ in range(count):
        first = date(2024, 1, 1) + timedelta(days=chance.randrange(600))
        last = first + timedelta(days=chance.choice([0, 1, 27, 30, 31, 89, 364, 700]))
        if chance.random() < 0.5:
            first, last = first.replace(day=1), last.replace(day=1) - timedelta(days=1)
        first, last = min(first, last), max(first, last)
        known = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(1_000_000))
        if chance.random() < 0.5:
            known = datetime(known.year, known.month, known.day, 16, 59, 59, 999_999, tzinfo=UTC)
        map_date = chance.choice(MAPS)
        standing = [str(unit.area) for unit in AREAS.in_force(map_date)]
        asked.append(
            Question(
                measure=chance.choice(MEASURES),
                area=chance.choice([None, None, chance.choice(standing)]),
                first=first,
                last=last,
                as_of=chance.choice([date(2025, 10, 20), last - timedelta(days=9)]),
                known_at=chance.choice([datetime(2100, 1, 1, tzinfo=UTC), known]),
                map_date=map_date,
                by=tuple(name for name in ("commune", "month", "kind") if chance.random() < 0.4),
                kinds=chance.choice([KINDS, KINDS[:1], KINDS[1:]]),
            )
        )
    return asked


def in_words(asked: Question) -> dict[str, Any]:
    return {
        "measure": asked.measure,
        "area": asked.area or "14",
        "period": f"{asked.first}..{asked.last}",
        "as_of": str(asked.as_of),
        "known_at": asked.known_at.isoformat().replace("+00:00", "Z"),
        "map_date": str(asked.map_date),
        "by": ",".join(asked.by),
        "kind": ",".join(asked.kinds),
    }


def expected(facts: list[Fact], asked: Question) -> dict[Any, Any]:
    distinct = asked.measure == "distinct_learners"
    rows = {
        key: (row.value, row.unallocated, row.unnamed if distinct else None)
        for key, row in told(facts, asked).items()
    }
    if not rows and not {"month", "kind"} & set(asked.by) and (asked.area or not asked.by):
        kind = asked.kinds[0] if len(asked.kinds) == 1 else ""
        rows[asked.area or "14", "", kind] = (0, 0, 0 if distinct else None)
    return rows


def by_single_kind(rows: dict[Any, Any], asked: Question) -> dict[Any, Any]:
    """A filter of one value is named in the row; plain counting leaves it out."""
    if len(asked.kinds) != 1:
        return rows
    return {(area, month, asked.kinds[0]): row for (area, month, _), row in rows.items()}


async def test_every_answer_is_what_counting_the_facts_one_by_one_gives(counter: Counter) -> None:
    facts = history(3_000)
    await counter.receive(facts, batch=700)
    for asked in questions(150, seed=7):
        answered = plainly(await counter.rows(**in_words(asked)))
        assert answered == by_single_kind(expected(facts, asked), asked), asked


@pytest.mark.parametrize("map_date", ["2025-10-20", "2025-06-30"])
@pytest.mark.parametrize("measure", ["courses_completed", "participations"])
async def test_the_communes_and_the_province_itself_add_up_to_the_province_on_both_maps(
    counter: Counter, map_date: str, measure: str
) -> None:
    facts = history(1_500, seed=3)
    await counter.receive(facts)
    whole = await counter.value(measure=measure, map_date=map_date)
    rows = await counter.rows(measure=measure, map_date=map_date, by="commune")
    assert sum(row["value"] for row in rows) == whole
    assert sum(row["unallocated"] for row in rows if row["area"] != "14") == 0
    standing = {str(unit.area) for unit in AREAS.in_force(date.fromisoformat(map_date))}
    assert {row["area"] for row in rows} <= standing | {"14"}
    assert len(standing) == (75 if map_date == "2025-10-20" else 200)


async def test_only_what_happened_after_the_reform_cannot_be_placed_on_the_old_map(
    counter: Counter,
) -> None:
    facts = history(1_500, seed=3)
    await counter.receive(facts)
    [province] = [
        row
        for row in await counter.rows(measure="participations", map_date="2025-06-30", by="commune")
        if row["area"] == "14"
    ]
    own = sum(fact.participants for fact in facts if fact.area == "14")
    assert province["value"] == own + province["unallocated"]
    assert province["unallocated"] > 0
    today = await counter.rows(measure="participations", by="commune")
    assert all(row["unallocated"] == 0 for row in today)


async def test_binh_thuan_is_what_phong_lai_was_and_chieng_pha_exactly(counter: Counter) -> None:
    phong_lai = Fact(area="03724@1900-01-01", on=date(2025, 5, 4), participants=31, position=1)
    chieng_pha = replace(phong_lai, area="03730@1900-01-01", participants=12, position=2)
    since = replace(phong_lai, area="03724@2025-07-01", on=date(2025, 8, 2), position=3)
    assert AREAS.unit(AREAS.resolve("03730", date(2025, 6, 30))).name == "Chiềng Pha"
    await counter.receive([phong_lai, chieng_pha, since])
    figure = {"measure": "participations", "area": "03724", "period": "2025-05"}
    before = await counter.value(**figure, map_date="2025-06-30")
    after = await counter.value(**figure, map_date="2025-07-01")
    assert (before, after) == (31, 43)
    assert after - before == await counter.value(
        measure="participations", area="03730@1900-01-01", period="2025-05"
    )


async def test_what_was_known_stays_as_it_was_known(counter: Counter) -> None:
    facts = history(1_200, seed=5)
    times = [fact.recorded_at + timedelta(seconds=1) for fact in facts[150::150]]
    earlier: dict[datetime, Any] = {}
    for start in range(0, len(facts), 150):
        await counter.receive(facts[start : start + 150])
        for at in times:
            asked = {"measure": "participations", "by": "commune,month,kind"}
            rows = await counter.rows(**asked, known_at=at.isoformat().replace("+00:00", "Z"))
            if at in earlier:
                assert rows == earlier[at], at
            elif counter.facts[-1].recorded_at > at:
                earlier[at] = rows
    assert len(earlier) >= len(times) - 1


async def test_a_late_report_changes_the_figure_of_its_own_day_and_not_what_was_known(
    counter: Counter,
) -> None:
    early = Fact(on=date(2025, 9, 10), recorded_at=datetime(2025, 9, 12, tzinfo=UTC))
    late = replace(early, recorded_at=datetime(2025, 10, 2, 20, tzinfo=UTC), position=2)
    await counter.receive([early, late])
    september = {"measure": "courses_completed", "period": "2025-09"}
    assert await counter.value(**september) == 2
    assert await counter.value(**september, known_at="2025-10-02") == 1
    assert await counter.value(**september, known_at="2025-10-03") == 2
    assert await counter.value(**september, known_at="2025-10-02T20:00:00Z") == 2
    assert await counter.value(**september, known_at="2025-10-02T19:59:59.999999Z") == 1


async def test_nothing_counts_before_it_happened(counter: Counter) -> None:
    await counter.receive([Fact(on=date(2025, 9, 10))])
    assert await counter.value(measure="courses_completed", as_of="2025-09-09") == 0
    assert await counter.value(measure="courses_completed", as_of="2025-09-10") == 1


async def test_learners_do_not_add_and_those_without_a_name_stand_beside_them(
    counter: Counter,
) -> None:
    await counter.receive(history(900, seed=9))
    rows = await counter.rows(measure="distinct_learners", by="commune")
    [whole] = await counter.rows(measure="distinct_learners")
    assert whole["value"] < sum(row["value"] for row in rows)
    assert whole["unknown"] == sum(row["unknown"] for row in rows)
