"""Villages in the answers: rows of their own, from the moment they were known on."""

from collections import Counter as Sum
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from chassis.bus import withdrawing
from chassis.bus.envelope import Envelope
from chassis.edge import rpc
from counter import Counter
from google.protobuf.json_format import MessageToDict
from grpc import aio
from khuyenhoc.registry.v1 import events_pb2 as registry
from khuyenhoc.reporting.v1 import service_pb2, service_pb2_grpc
from reporting import app, bases
from reporting.maps import Atlas
from reports import AREAS, Fact, enclosed, person

LONG_HE, BINH_THUAN = "03763@2025-07-01", "03724@2025-07-01"
OLD = "03724@1900-01-01"  # Phổng Lái, now part of Bình Thuận
NA_TONG, LONG_TONG, NAM_NHU = "03763-001@2025-07-02", "03763-002@2025-07-02", "03724-501@2024-03-01"
OPENED = {NAM_NHU: OLD, NA_TONG: LONG_HE, LONG_TONG: LONG_HE}
KNOWN = datetime(2025, 8, 1, tzinfo=UTC)


def opening() -> list[Envelope]:
    """The registry's log: three villages, a day after one another."""
    return [
        enclosed(
            registry.VillageOpened(village=village, name=f"Bản {n}", commune=commune),
            n,
            KNOWN + timedelta(days=n),
            "14.registry",
        )
        for n, (village, commune) in enumerate(OPENED.items(), 1)
    ]


def facts(count: int = 400) -> list[Fact]:
    """Courses of September in villages, their communes, another commune and the province."""
    chance = Random(11)
    places = [*OPENED, LONG_HE, BINH_THUAN, "03646@2025-07-01", "14"]
    found = []
    for n in range(1, count + 1):
        people = tuple({person(chance.randrange(30)) for _ in range(chance.randrange(6))})
        found.append(
            Fact(
                area=chance.choice(places),
                on=date(2025, 9, chance.randrange(1, 30)),
                participants=len(people) or 5,
                learners=people,
                recorded_at=datetime(2025, 10, 1, tzinfo=UTC) + timedelta(minutes=n),
                position=n,
            )
        )
    return found


@pytest.fixture
async def told(counter: Counter) -> Sequence[Fact]:
    await counter.apply(opening())
    await counter.receive(facts())
    return counter.facts


def by_place(rows: list[dict], name: str = "value") -> dict[str, int]:
    return {row["area"]: row[name] for row in rows}


async def test_villages_are_rows_and_what_is_in_none_stays_with_its_commune(
    counter: Counter, told: Sequence[Fact]
) -> None:
    sums: Sum[str] = Sum()
    for fact in told:
        sums[fact.area] += fact.participants
    rows = await counter.rows(measure="participations", by="village")
    assert by_place(rows) == dict(sums)
    communes = by_place(await counter.rows(measure="participations", by="commune"))
    assert communes[LONG_HE] == sums[LONG_HE] + sums[NA_TONG] + sums[LONG_TONG]
    assert communes[BINH_THUAN] == sums[BINH_THUAN] + sums[NAM_NHU]
    assert sum(communes.values()) == sums.total() == await counter.value(measure="participations")
    own = await counter.rows(measure="participations", by="village", area="03763")
    assert by_place(own) == {place: sums[place] for place in (LONG_HE, NA_TONG, LONG_TONG)}


async def test_whoever_learns_in_two_villages_is_one_learner_of_each(
    counter: Counter, told: Sequence[Fact]
) -> None:
    rows = by_place(await counter.rows(measure="distinct_learners", by="village"))
    for place in (*OPENED, LONG_HE, "14"):
        people = {one for fact in told if fact.area == place for one in fact.learners}
        assert rows[place] == len(people)
    [village] = await counter.rows(measure="distinct_learners", area=NA_TONG)
    assert (village["value"], village["unallocated"]) == (rows[NA_TONG], 0)


async def test_the_events_of_a_village_and_those_in_no_village_lead_to_the_commune(
    counter: Counter, told: Sequence[Fact]
) -> None:
    async def behind(**asked: str) -> set[int]:
        items = (await counter.read("statistics/events", measure="participations", **asked))[
            "items"
        ]
        return {item["position"] for item in items}

    at = {place: {f.position for f in told if f.area == place} for place in (*OPENED, LONG_HE)}
    assert await behind(area="03763-001", limit="200") == at[NA_TONG]
    assert await behind(area="03763", by="village", limit="200") == at[LONG_HE]
    whole = at[LONG_HE] | at[NA_TONG] | at[LONG_TONG]
    assert await behind(area="03763", limit="200") == whole


async def test_a_village_is_nowhere_before_it_was_known(
    counter: Counter, told: Sequence[Fact]
) -> None:
    del told
    earlier = {"known_at": "2025-08-02T23:00:00Z", "map_date": "2025-10-01"}
    answered = await counter.get("statistics", measure="participations", area=NA_TONG, **earlier)
    assert (answered.status_code, answered.json()["code"]) == (422, "unknown-area")
    known = {**earlier, "known_at": "2025-08-03T00:00:00Z"}
    assert await counter.value(measure="participations", area=NA_TONG, **known) == 0
    for never in ("03763-777@2025-07-02", "03763-777"):
        answered = await counter.get("statistics/events", measure="participations", area=never)
        assert (answered.status_code, answered.json()["code"]) == (422, "unknown-area")


async def test_a_rate_of_a_village_has_the_base_of_that_village(counter: Counter) -> None:
    def held(position: int, area: str) -> Envelope:
        title = registry.Holding(area=area, season=2025, valid_from="2025-08-10")
        imported = registry.TitleImported(model="family", after=title)
        at = KNOWN + timedelta(days=position)
        return enclosed(imported, position, at, log="14.registry")

    given = (NA_TONG, NA_TONG, NA_TONG, LONG_HE)
    await counter.apply([*opening(), *(held(n, place) for n, place in enumerate(given, 4))])
    lines = "base_kind,area,valid_on,amount,source\n" + "".join(
        f"HOUSEHOLDS,{place},2025-08-01,{amount},điều tra\n"
        for place, amount in (("03763-001", 12), ("03763", 40), ("14", 400))
    )
    async with counter.pool.acquire() as connection:
        areas = await Atlas(AREAS).known(connection, None)
        await bases.keep(connection, bases.read(lines, areas), KNOWN)
    rates = [
        [(row["area"], row["numerator"], row["value"]) for row in rows]
        for rows in (
            await counter.rows(measure="titles_rate", by="village"),
            await counter.rows(measure="titles_rate", by="commune"),
            await counter.rows(measure="titles_rate", area=f"{NA_TONG},03763"),
        )
    ]
    village, commune = (NA_TONG, 3, 25.0), (LONG_HE, 4, 10.0)
    assert rates == [[village], [commune], [village, commune]]


async def test_csv_and_grpc_have_the_same_villages(counter: Counter, told: Sequence[Fact]) -> None:
    del told
    asked = {"measure": "participations", "by": "village"}
    rows = by_place(await counter.rows(**asked))
    answered = await counter.get("statistics", headers={"accept": "text/csv"}, **asked)
    lines = [line.split(",") for line in answered.text.splitlines()[1:]]
    assert {line[1]: int(line[3]) for line in lines} == rows
    server = rpc.create_server(counter.serving.verifier, counter.serving.services)
    await server.start()
    token = (("authorization", counter.bearer()["authorization"]),)
    request = service_pb2.GetStatisticsRequest(measure=["participations"], by=["village"])
    async with aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = service_pb2_grpc.ReportingStub(channel)
        found = MessageToDict(await stub.GetStatistics(request, metadata=token))
    await server.stop(0)
    assert {row["area"]: int(row.get("value", 0)) for row in found["rows"]} == rows


async def test_on_the_map_before_the_reform_nothing_of_a_new_village_is_guessed(
    counter: Counter, told: Sequence[Fact]
) -> None:
    rows = await counter.rows(measure="participations", by="village", map_date="2025-06-30")
    given = by_place(rows)
    sums: Sum[str] = Sum()
    for fact in told:
        sums[fact.area] += fact.participants
    assert given[NAM_NHU] == sums[NAM_NHU]
    [province] = [row for row in rows if row["area"] == "14"]
    assert province["unallocated"] == sums.total() - sums[NAM_NHU] - sums["14"]
    assert sum(given.values()) == sums.total()


async def test_a_village_that_the_registrys_log_lost_is_forgotten_and_its_facts_are_not(
    counter: Counter, told: Sequence[Fact]
) -> None:
    whole = await counter.value(measure="participations")
    at = datetime.now(UTC)
    await withdrawing.accept_loss(counter.pool, "14.registry", 1, app._take_back, at)
    rows = by_place(await counter.rows(measure="participations", by="village"))
    assert {NAM_NHU, LONG_HE} <= rows.keys()
    assert not {NA_TONG, LONG_TONG} & rows.keys()
    assert sum(rows.values()) == whole == sum(fact.participants for fact in told)
    answered = await counter.get("statistics", measure="participations", area=NA_TONG)
    assert answered.json()["code"] == "unknown-area"
