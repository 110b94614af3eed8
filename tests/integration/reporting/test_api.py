"""Reporting as it answers over HTTP."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from counter import Counter
from reports import LOG, Fact, history, person

RECORDED = "2025-09-12T03:00:00.000000Z"


async def test_an_answer_says_what_was_asked_what_is_included_and_which_catalogue(
    counter: Counter,
) -> None:
    await counter.receive([Fact(participants=31)])
    answer = await counter.read(
        measure="participations",
        kind="LITERACY",
        area="03763",
        period="2025-09",
        as_of="2025-10-15",
        known_at="2025-10-20",
        by="commune",
    )
    assert answer == {
        "province": "14",
        "asked": {
            "measure": ["participations"],
            "kind": ["LITERACY"],
            "area": ["03763@2025-07-01"],
            "period": ["2025-09"],
            "as_of": "2025-10-15",
            "known_at": "2025-10-20T16:59:59.999999Z",
            "map_date": "2025-10-20",
            "by": ["commune"],
        },
        "rows": [
            {
                "measure": "participations",
                "area": "03763@2025-07-01",
                "period": "2025-09",
                "by": {"kind": "LITERACY"},
                "value": 31,
                "unallocated": 0,
                "suppressed": False,
            }
        ],
        "positions": {LOG: {"position": 1, "recorded_at": RECORDED, "parked": 0}},
        "catalogue": "1",
    }


@pytest.mark.parametrize("measure", ["participations", "titles_held", "titles_rate"])
async def test_the_last_day_of_the_calendar_is_a_day_like_any_other(
    counter: Counter, measure: str
) -> None:
    await counter.receive([Fact()])
    end = "9999-12-31"
    asked: dict[str, str] = {"measure": measure, "as_of": end, "known_at": end}
    counted = {"participations": [20], "titles_held": [0], "titles_rate": []}[measure]
    for period in ({}, {"period": "..9999-12-31"}, {"period": f"2024-02-03..{end}"}):
        rows = await counter.rows(**asked, **period)
        assert [row["value"] for row in rows] == counted


async def test_rows_come_by_measure_area_period_and_division(counter: Counter) -> None:
    await counter.receive(history(400))
    rows = await counter.rows(
        measure="participations,courses_completed", by="kind,month,commune", period="2025,2024"
    )
    keys = [(row["measure"], row["area"], row["period"], list(row["by"].values())) for row in rows]
    assert keys == sorted(keys)
    assert len(keys) > 300


async def test_an_area_nothing_is_known_of_is_zero_when_asked_for_and_no_row_of_a_division(
    counter: Counter,
) -> None:
    await counter.receive([Fact(area="03763@2025-07-01", participants=0)])
    asked = {"measure": "participations"}
    assert await counter.value(**asked, area="03781") == 0
    divided = await counter.rows(**asked, by="commune")
    assert [(row["area"], row["value"]) for row in divided] == [("03763@2025-07-01", 0)]


async def test_a_month_in_two_periods_stands_once_and_its_parts_say_which_days(
    counter: Counter,
) -> None:
    await counter.receive([Fact(on=date(2025, 9, day), position=day) for day in (3, 20)])
    rows = await counter.rows(
        measure="courses_completed", by="month", period="2025-Q3,2025,2025-09-10..2025-09-30"
    )
    assert [(row["period"], row["value"]) for row in rows] == [
        ("2025-09", 2),
        ("2025-09-10..2025-09-30", 1),
    ]


async def test_the_present_includes_what_a_faster_clock_recorded(counter: Counter) -> None:
    ahead = datetime(2025, 10, 20, 5, 0, 2, tzinfo=UTC)
    await counter.receive([Fact(recorded_at=ahead)])
    answer = await counter.read(measure="courses_completed")
    assert answer["rows"][0]["value"] == 1
    assert answer["asked"]["known_at"] == "2025-10-20T05:00:02.000000Z"


async def test_csv_has_the_rows_of_the_json_answer(counter: Counter) -> None:
    await counter.receive(history(200))
    asked = {"measure": "participations,distinct_learners", "by": "commune,kind"}
    answered = await counter.get("statistics", headers={"accept": "text/csv"}, **asked)
    assert answered.headers["content-type"].startswith("text/csv")
    assert answered.headers["vary"] == "accept"
    lines = list(csv.DictReader(io.StringIO(answered.text)))
    assert [
        (line["measure"], line["area"], line["kind"], line["value"], line["unknown"])
        for line in lines
    ] == [
        (
            row["measure"],
            row["area"],
            row["by"]["kind"],
            str(row["value"]),
            str(row.get("unknown", "")),
        )
        for row in await counter.rows(**asked)
    ]


@pytest.mark.parametrize("accept", ["", "*/*", "application/json, text/csv;q=0.5", "text/csv;q=x"])
async def test_json_is_what_everybody_else_gets(counter: Counter, accept: str) -> None:
    answered = await counter.get("statistics", headers={"accept": accept}, measure="participations")
    assert answered.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ({}, "invalid", "?measure"),
        ({"measure": "titles"}, "unknown-measure", "?measure"),
        ({"measure": "participations", "area": "03725"}, "unknown-area", "?area"),
        ({"measure": "participations", "period": "2025-02-30"}, "bad-period", "?period"),
        ({"measure": "participations", "map_date": "1899-12-31"}, "invalid", "?map_date"),
        ({"measure": "participations", "model": "citizen"}, "invalid", "?model"),
        ({"measure": "participations", "min_position": "x"}, "invalid", "?min_position"),
    ],
)
async def test_what_cannot_be_answered_is_refused_by_name(
    counter: Counter, query, code, pointer
) -> None:
    answered = await counter.get("statistics", **query)
    problem = answered.json()
    assert (answered.status_code, problem["code"]) == (422, code)
    assert problem["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("query", "vi", "en"),
    [
        ({"measure": "titles"}, "không có chỉ tiêu 'titles'", "'titles' is not a measure"),
        ({"period": "2025-13"}, "'2025-13' không phải là một kỳ", "'2025-13' is not a period"),
        ({"area": "03725"}, "không phải là địa bàn", "is not an area in force"),
        ({"as_of": "2025-02-30"}, "2025-02-30 không phải là một ngày", "is not a day"),
    ],
)
async def test_who_asks_in_vietnamese_is_refused_in_vietnamese(
    counter: Counter, query, vi, en
) -> None:
    asked = {"measure": "participations"} | query
    english = {"accept-language": "en"}
    said = [await counter.get("statistics", **asked)]
    said.append(await counter.get("statistics", headers=english, **asked))
    for answered, sentence in zip(said, (vi, en), strict=True):
        assert sentence in answered.json()["detail"]
        assert sentence in answered.json()["errors"][0]["detail"]


@pytest.mark.parametrize("path", ["statistics", "statistics/events", "measures", "sources"])
async def test_nobody_reads_without_a_token(counter: Counter, path: str) -> None:
    answered = await counter.client.get(f"/v1/{path}", params={"measure": "participations"})
    assert (answered.status_code, answered.json()["code"]) == (401, "unauthenticated")


async def test_an_answer_waits_for_the_position_it_must_include(counter: Counter) -> None:
    await counter.receive([Fact()])
    waiting = asyncio.create_task(
        counter.value(measure="courses_completed", min_position=f"{LOG}:2", wait=20)
    )
    await asyncio.sleep(0)
    await counter.receive([Fact(position=2)])
    assert await waiting == 2
    late = await counter.get(
        "statistics", measure="courses_completed", min_position=f"{LOG}:3", wait=0
    )
    assert (late.status_code, late.json()["code"]) == (503, "position-not-reached")
    assert late.headers["retry-after"]


async def test_the_events_behind_a_figure_make_it_up_page_by_page(counter: Counter) -> None:
    await counter.receive(history(600))
    figure = {"measure": "participations", "area": "14", "period": "2025", "kind": "SEMINAR"}
    items, cursor = [], None
    while True:
        page = await counter.read("statistics/events", limit=23, **figure, **_at(cursor))
        assert len(page["items"]) <= 23
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert sum(item["delta"] for item in items) == await counter.value(**figure)
    places = [(item["recorded_at"], item["position"]) for item in items]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    assert set(items[0]) == {"log", "position", "type", "valid_on", "recorded_at", "delta"}


async def test_the_provinces_own_part_of_a_division_has_its_events_too(counter: Counter) -> None:
    own = Fact(area="14", kind="SEMINAR", participants=38)
    await counter.receive([own, Fact(position=2)])
    figure = {"measure": "participations", "area": "14"}
    every = await counter.read("statistics/events", **figure)
    [only] = (await counter.read("statistics/events", **figure, by="commune"))["items"]
    assert [item["position"] for item in every["items"]] == [1, 2]
    assert only == {
        "log": LOG,
        "position": 1,
        "type": "khuyenhoc.training.v1.HeadcountReported",
        "valid_on": "2025-09-10",
        "recorded_at": "2025-09-12T03:00:00Z",
        "delta": 38,
    }


async def test_the_events_behind_distinct_learners_say_how_many_they_name(
    counter: Counter,
) -> None:
    ann, binh = person(1), person(2)
    await counter.receive(
        [
            Fact(participants=2, learners=(ann, binh)),
            Fact(participants=1, learners=(ann,), position=2),
            Fact(position=3),
        ]
    )
    figure = {"measure": "distinct_learners", "area": "03763"}
    page = await counter.read("statistics/events", **figure)
    assert [(item["position"], item["delta"]) for item in page["items"]] == [(1, 2), (2, 1)]
    [row] = await counter.rows(**figure)
    assert (row["value"], row["unknown"]) == (2, 20)


async def test_events_are_listed_for_one_figure_at_a_time(counter: Counter) -> None:
    one = {"measure": "participations"}
    for query, pointer in (
        ({"measure": "participations,courses_completed"}, "?measure"),
        ({**one, "area": "14,03763"}, "?area"),
        ({**one, "period": "2024,2025"}, "?period"),
        ({**one, "by": "month"}, "?by"),
        ({**one, "cursor": "nonsense"}, "?cursor"),
    ):
        answered = await counter.get("statistics/events", None, **query)
        assert answered.status_code == 422
        assert answered.json()["errors"][0]["pointer"] == pointer


async def test_a_cursor_is_of_the_question_it_was_given_for(counter: Counter) -> None:
    await counter.receive(history(50))
    page = await counter.read("statistics/events", measure="participations", limit=5)
    other = await counter.get(
        "statistics/events", measure="courses_completed", limit=5, cursor=page["next"]
    )
    assert other.json()["code"] == "invalid"


async def test_an_area_without_facts_has_no_events_behind_it(counter: Counter) -> None:
    figure = {"measure": "participations", "area": "03781"}
    assert await counter.read("statistics/events", **figure) == {"items": [], "next": None}


async def test_the_catalogue_says_what_each_measure_is(counter: Counter) -> None:
    items = (await counter.read("measures"))["items"]
    assert [item["id"] for item in items] == [
        "titles_held",
        "titles_recognised",
        "registrations",
        "funds_mobilised",
        "funds_spent",
        "awards_paid",
        "courses_completed",
        "participations",
        "distinct_learners",
        "titles_rate",
    ]
    assert items[7]["name"] == {"vi": "Lượt người tham gia", "en": "Participations"}
    assert {"kind", "unit", "dimensions", "definition", "source", "version"} <= set(items[0])


async def test_sources_say_how_far_each_log_has_been_read(counter: Counter) -> None:
    await counter.receive([Fact()])
    sources = await counter.read("sources")
    assert set(sources) == {LOG}
    assert {
        name: sources[LOG][name]
        for name in ("position", "recorded_at", "published", "lag_events", "parked", "alarms")
    } == {
        "position": 1,
        "recorded_at": "2025-09-12T03:00:00.000000Z",
        "published": 1,
        "lag_events": 0,
        "parked": [],
        "alarms": [],
    }


async def test_labels_name_measures_and_kinds_in_both_languages(counter: Counter) -> None:
    labels = (await counter.client.get("/v1/labels")).json()
    assert labels["measures"]["participations"]["vi"] == "Lượt người tham gia"
    assert labels["course_kinds"]["SEMINAR"]["en"] == "Seminar"


async def test_areas_of_both_maps_are_told(counter: Counter) -> None:
    assert len((await counter.read("areas", map_date="2025-07-01"))["items"]) == 75
    assert len((await counter.read("areas", map_date="2025-06-30"))["items"]) == 200


async def test_a_fact_recorded_twice_under_two_positions_is_two_facts(counter: Counter) -> None:
    fact = Fact()
    await counter.receive([fact, replace(fact, position=2)])
    assert await counter.value(measure="courses_completed") == 2


def _at(cursor: str | None) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}
