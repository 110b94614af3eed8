"""Finding people by name, and who is told of it."""

import pytest
from registry_desk import AUDITOR, LONG_HE, OFFICER, SIGNER, person

PEOPLE = ["Nguyễn Văn An", "Lò Thị Ân", "Trần Văn Ăn", "Quàng Thị Hoà", "Lò Văn Hoa", "Cà Thị Đào"]


@pytest.fixture
async def roll(desk):
    for name in PEOPLE:
        await desk.a_citizen(name)
    await desk.a_citizen("Lò Văn Hòa", area="03757@2025-07-01")
    return desk


async def test_a_name_is_found_with_and_without_marks(roll):
    assert await roll.found(name="hoa") == ["Lò Văn Hoa", "Quàng Thị Hoà", "Lò Văn Hòa"]
    assert await roll.found(name="hòa") == ["Quàng Thị Hoà", "Lò Văn Hòa"]
    assert await roll.found(name="dao") == await roll.found(name="ĐÀO") == ["Cà Thị Đào"]
    assert await roll.found(name="lo thi") == ["Lò Thị Ân"]
    assert await roll.found(name="nguy") == ["Nguyễn Văn An"]
    assert await roll.found(name="'; drop table subject_name --") == []


async def test_a_list_stands_in_vietnamese_order_by_given_name(roll):
    assert await roll.found(area="03763") == [
        "Nguyễn Văn An", "Trần Văn Ăn", "Lò Thị Ân", "Cà Thị Đào", "Lò Văn Hoa", "Quàng Thị Hoà",
    ]  # fmt: skip


async def test_pages_follow_one_another_without_gap_or_repetition(roll):
    names, cursor = [], {}
    while True:
        page = (await roll.search(name="v", limit=2, **cursor)).json()
        names += [one["name"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert names == ["Nguyễn Văn An", "Trần Văn Ăn", "Lò Văn Hoa", "Lò Văn Hòa"]


async def test_an_officer_finds_the_people_of_her_commune_only(roll):
    mine = {"headers": roll.bearer(OFFICER, "03757")}
    assert await roll.found(name="hoa", **mine) == ["Lò Văn Hòa"]
    assert (await roll.search(name="hoa", area="03763", **mine)).status_code == 403


async def test_an_auditor_sees_who_is_entered_and_no_name(roll):
    auditor = {"headers": roll.bearer(AUDITOR)}
    listed = (await roll.search(area="03763", **auditor)).json()["items"]
    assert len(listed) == 6
    assert {one["name"] for one in listed} == {None}
    assert (await roll.search(name="hoa", **auditor)).status_code == 403
    assert (await roll.search(headers=roll.bearer(SIGNER))).status_code == 403


async def test_every_reading_of_a_personal_field_is_on_record_in_the_vault(roll):
    subject = await roll.a_citizen("Sùng A Páo", national_id="014095000777")
    await roll.read(f"subjects/{subject}")
    to_auditor = (await roll.get(f"subjects/{subject}", headers=roll.bearer(AUDITOR))).json()
    assert (to_auditor["name"], to_auditor["national_id"]) == (None, None)
    rows = await roll.stores.vault_pool.fetch("select actor, fields, purpose from personal_read")
    assert [(row["actor"], row["fields"]) for row in rows] == [(person(1), ["name", "national_id"])]
    await roll.found(name="pao")
    assert await roll.stores.vault_pool.fetchval("select count(*) from personal_read") == 2


async def test_no_name_stands_in_the_service_s_own_database_nor_in_what_it_publishes(roll):
    await roll.found(name="hoa")
    stored = await roll.stores.pool.fetch("select payload::text from event")
    assert not [row for row in stored if "Quàng" in row["payload"]]
    published = await roll.client.get("/v1/events?limit=10000", headers=roll.bearer(AUDITOR))
    assert "SubjectEntered" in published.text
    assert "Quàng" not in published.text


async def test_cases_are_listed_by_area_model_season_and_state(roll):
    case = await roll.a_case()
    other = await roll.a_case(await roll.a_citizen(area="03757@2025-07-01"))
    assert [one["id"] for one in await roll.listed("cases", area="03763")] == [case]
    assert {one["id"] for one in await roll.listed("cases", state="registered")} == {case, other}
    assert await roll.listed("cases", season=2024) == []
    mine = roll.bearer(OFFICER, "03757")
    found = await roll.get("cases", headers=mine)
    assert [one["id"] for one in found.json()["items"]] == [other]
    assert (await roll.read("cases", area=LONG_HE))["next"] is None
