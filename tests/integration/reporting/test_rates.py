"""Rates: titles held over bases that were brought in with their day and source."""

from datetime import UTC, datetime

from chassis.bus.envelope import Envelope
from counter import Counter
from khuyenhoc.registry.v1 import events_pb2 as registry
from reporting import bases
from reports import AREAS, enclosed

HEAD = "base_kind,area,valid_on,amount,source\n"


def held(position: int, model: str, area: str, group: str = "") -> Envelope:
    title = registry.Holding(area=area, season=2025, group=group, valid_from="2025-08-01")
    message = registry.TitleImported(model=model, after=title)
    return enclosed(message, position, log="14.registry")


async def bring(counter: Counter, lines: str, at: datetime) -> int:
    async with counter.pool.acquire() as connection:
        return await bases.keep(connection, bases.read(HEAD + lines, AREAS), at)


IMPORTED = datetime(2025, 10, 1, tzinfo=UTC)
LINES = """HOUSEHOLDS,14,2024-12-31,200,niên giám
HOUSEHOLDS,03763,2025-07-01,8,niên giám
HOUSEHOLDS,03724@1900-01-01,2025-06-30,50,niên giám
VILLAGES,14,2024-12-31,4,danh mục thôn, bản
""".replace("thôn, bản", "thôn bản")


async def test_a_rate_is_the_titles_held_over_the_base_of_its_place(counter: Counter) -> None:
    there = "03763@2025-07-01"
    await counter.apply(
        [
            held(1, "family", there),
            held(2, "family", "03724@2025-07-01"),
            held(3, "community", there, "village"),
            held(4, "community", there, "commune"),
        ]
    )
    assert await bring(counter, LINES, IMPORTED) == 4
    rows = await counter.rows(measure="titles_rate")
    assert [
        (row["by"]["model"], row["value"], row["numerator"], row["base"], row["base_kind"])
        for row in rows
    ] == [("community", 25.0, 1, 4, "VILLAGES"), ("family", 1.0, 2, 200, "HOUSEHOLDS")]
    divided = await counter.rows(measure="titles_rate", by="commune", model="family")
    assert [(row["area"], row["value"]) for row in divided] == [(there, 12.5)]
    assert await counter.rows(measure="titles_rate", model="clan") == []


async def test_the_latest_base_known_by_then_counts(counter: Counter) -> None:
    await counter.apply([held(1, "clan", "14")])
    await bring(counter, "CLANS,14,2024-12-31,10,một nguồn\n", IMPORTED)
    corrected = "CLANS,14,2024-12-31,20,nguồn khác\nCLANS,14,2025-09-01,40,nguồn khác\n"
    later = datetime(2025, 10, 5, tzinfo=UTC)
    assert await bring(counter, corrected, later) == 2
    assert await bring(counter, corrected, later) == 0

    async def rate(**asked: str) -> list[float]:
        return [row["value"] for row in await counter.rows(measure="titles_rate", **asked)]

    assert await rate() == [2.5]
    assert await rate(as_of="2025-08-31") == [5.0]
    assert await rate(known_at="2025-10-04") == [10.0]
    assert await rate(known_at="2025-09-30") == []
    assert await rate(as_of="2024-12-30") == []


async def test_a_rate_is_told_as_csv_too_and_has_no_events_of_its_own(counter: Counter) -> None:
    await counter.apply([held(1, "clan", "14")])
    await bring(counter, "CLANS,14,2024-12-31,8,một nguồn\n", IMPORTED)
    answered = await counter.get("statistics", {"accept": "text/csv"}, measure="titles_rate")
    head, line = answered.text.split("\r\n")[:2]
    assert head == (
        "measure,area,period,model,value,unallocated,suppressed,numerator,base,base_kind"
    )
    assert line == "titles_rate,14,..2025-10-20,clan,12.5,0,false,1,8,CLANS"
    refused = await counter.get("statistics/events", measure="titles_rate")
    assert refused.json()["errors"][0]["pointer"] == "?measure"
