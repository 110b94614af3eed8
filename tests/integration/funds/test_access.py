"""Who may act and read in funds, where, and for which fund."""

from uuid import uuid4

from chassis.edge.auth import Role
from funds_desk import ACCOUNTANT, APPROVER, AUDITOR, OFFICER, TREASURER, person

GIFT = {"amount": 5, "channel": "cash", "donor": {"anonymous": True}}
STAFF = {
    Role.PROVINCIAL_ASSOCIATION_CHAIR,
    Role.PROVINCIAL_ASSOCIATION_OFFICER,
    Role.COMMUNE_ASSOCIATION_OFFICER,
    Role.FUND_ACCOUNTANT,
    Role.FUND_APPROVER,
    Role.FUND_TREASURER,
}


def for_fund(desk, role: str, fund: str, **claims) -> dict[str, str]:
    """A token whose grant names one fund."""
    grants = [{"role": role, "area": "14", "fund": fund}]
    return desk.issuer.bearer(grants=grants, person=person(role), **claims)


async def test_each_act_is_its_roles_alone(desk):
    fund = await desk.a_fund(balance=10**6)
    about = {"beneficiary": {"kind": "person", "name": "Hoa"}, "reason": "Giỏi"}
    for path, body, roles in (
        ("funds", {"name": "Quỹ", "kind": "scholarship", "area": "14"},
         {Role.PROVINCIAL_ASSOCIATION_CHAIR}),
        ("contributions", {"fund": fund, **GIFT}, {Role.FUND_ACCOUNTANT}),
        ("nominations", {"fund": fund, "amount": 5, **about},
         {Role.COMMUNE_ASSOCIATION_OFFICER, Role.PROVINCIAL_ASSOCIATION_OFFICER}),
    ):  # fmt: skip
        for role in Role:
            answered = await desk.post(path, headers=desk.bearer(role), **body)
            assert answered.status_code == (201 if role in roles else 403), (path, role)
    for path, body, right in (
        ("approvals", {"award": await desk.a_nominee(fund)}, Role.FUND_APPROVER),
        ("payments", {"award": await desk.an_award(fund), "channel": "cash"}, Role.FUND_TREASURER),
        ("reversals", {"contribution": await desk.a_gift(fund), "reason": "Nhầm"},
         Role.FUND_ACCOUNTANT),
        ("opening-balances", {"fund": fund, "amount": 5, "source": "Sổ"}, Role.FUND_ACCOUNTANT),
    ):  # fmt: skip
        for role in set(Role) - {right}:
            answered = await desk.post(path, headers=desk.bearer(role), **body)
            assert answered.status_code == 403, (path, role)
        await desk.done(path, **body)


async def test_only_those_who_act_in_funds_and_auditors_read_them(desk):
    fund = await desk.a_fund()
    gift, award = await desk.a_gift(fund), await desk.a_nominee(fund)
    for role in Role:
        wanted = 200 if role in STAFF | {Role.AUDITOR_EXTERNAL} else 403
        for path in (
            f"funds/{fund}",
            f"contributions/{gift}",
            f"awards/{award}",
            "funds",
            "awards",
        ):
            answered = await desk.get(path, headers=desk.bearer(role))
            assert answered.status_code == wanted, (role, path)


async def test_a_grant_for_one_fund_reaches_no_other(desk):
    mine, other = await desk.a_fund(balance=10**6), await desk.a_fund(balance=10**6)
    accountant = for_fund(desk, ACCOUNTANT, mine)
    assert (
        await desk.post("contributions", headers=accountant, fund=mine, **GIFT)
    ).status_code == 201
    answered = await desk.post("contributions", headers=accountant, fund=other, **GIFT)
    assert (answered.status_code, answered.json()["code"]) == (403, "outside-area")
    for role, path, more in (
        (APPROVER, "approvals", {}),
        (TREASURER, "payments", {"channel": "cash"}),
    ):
        for fund, status in ((other, 403), (mine, 201)):
            award = await (desk.a_nominee(fund) if role == APPROVER else desk.an_award(fund))
            answered = await desk.post(
                path, headers=for_fund(desk, role, mine), award=award, **more
            )
            assert answered.status_code == status, (role, answered.text)
    assert (await desk.get(f"funds/{mine}", headers=accountant)).status_code == 200
    assert (await desk.get(f"funds/{other}", headers=accountant)).status_code == 403
    assert (await desk.get("awards", headers=accountant, fund=mine)).status_code == 200
    opened = {"name": "Quỹ", "kind": "scholarship", "area": "14"}
    chair = for_fund(desk, "provincial_association_chair", mine)
    assert (await desk.post("funds", headers=chair, **opened)).status_code == 403


async def test_a_list_shows_whoever_is_there_for_one_fund_that_fund(desk):
    mine, _ = await desk.a_fund(balance=10**6), await desk.a_fund()
    award = await desk.a_nominee(mine)
    await desk.listed("awards")
    treasurer = for_fund(desk, TREASURER, mine)
    for path, wanted in (("funds", mine), ("awards", award)):
        found = (await desk.get(path, headers=treasurer)).json()["items"]
        assert [one["id"] for one in found] == [wanted], path
    elsewhere = [{"role": TREASURER, "area": "03763", "fund": mine}]
    headers = desk.issuer.bearer(grants=elsewhere)
    assert (await desk.get("funds", headers=headers)).json()["items"] == []


async def test_a_commune_acts_in_its_own_fund_and_not_in_the_provinces(desk):
    own, other = (
        await desk.a_fund(area="03742@1900-01-01"),
        await desk.a_fund(area="03757@1900-01-01"),
    )
    provinces, mine = await desk.a_fund(), desk.bearer("commune_association_officer", "03763")
    about = {"amount": 5, "beneficiary": {"kind": "person", "name": "Hoa"}, "reason": "Giỏi"}
    for fund, status in ((own, 201), (other, 403), (provinces, 403)):
        answered = await desk.post("nominations", headers=mine, fund=fund, **about)
        assert answered.status_code == status, answered.text
        seen = await desk.get(f"funds/{fund}", headers=mine)
        assert seen.status_code == (200 if status == 201 else 403)


async def test_a_list_shows_the_funds_of_the_readers_area(desk):
    commune = await desk.a_fund(area="03763", opened_on="2025-08-01")
    await desk.a_fund()
    mine = desk.bearer(ACCOUNTANT, "03763")
    await desk.listed("funds")
    found = (await desk.get("funds", headers=mine)).json()["items"]
    assert [(one["id"], one["area"]) for one in found] == [(commune, "03763@2025-07-01")]
    assert len(await desk.listed("funds")) == 2
    await desk.a_nominee(commune)
    await desk.listed("awards")
    found = (await desk.get("awards", headers=mine)).json()["items"]
    assert [one["fund"] for one in found] == [commune]


async def test_the_log_is_replayed_for_auditors_of_the_province_only(desk):
    await desk.a_fund()
    for role, area, status in ((AUDITOR, "14", 200), (AUDITOR, "03763", 403), (OFFICER, "14", 403)):
        answered = await desk.get("events", headers=desk.bearer(role, area))
        assert answered.status_code == status, (role, area)


async def test_without_a_token_nothing_is_told(desk):
    for path in ("funds", "awards", f"funds/{uuid4()}", f"contributions/{uuid4()}", "events"):
        assert (await desk.client.get(f"/v1/{path}")).status_code == 401, path
    answered = await desk.client.post("/v1/contributions", json=GIFT)
    assert answered.status_code == 401
