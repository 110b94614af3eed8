"""Erasing a person: ordered, the key destroyed, said to everybody; nothing can be read again."""

from registry_desk import AUDITOR, DPO, LONG_HE, SIGNER

NATIONAL_ID = "014095000123"


async def test_an_erased_person_is_read_as_erased_and_found_no_more(desk):
    subject = await desk.a_citizen("Lò Thị Mai", national_id=NATIONAL_ID, birth_year=1980)
    case = await desk.a_proposed_case(subject)
    signer = desk.bearer(SIGNER, who=4)
    await desk.done("rejections", case=case, reason="Vắng mặt lâu ngày", headers=signer)
    assert await desk.found(name="mai") == ["Lò Thị Mai"]
    await desk.done(
        "erasures", subject=subject, ground="Người dân yêu cầu", headers=desk.bearer(DPO, who=5)
    )
    found = await desk.until_erased(subject)
    assert (found["name"], found["national_id"], found["birth_year"]) == (None, None, None)
    assert found["erased"] == ["name", "national_id", "birth_year"]
    assert await desk.found(name="mai") == []
    of_case = await desk.read(f"cases/{case}")
    assert (of_case["rejection_reason"], of_case["erased"]) == (None, ["rejection_reason"])


async def test_the_key_is_gone_before_everybody_is_told(desk):
    subject = await desk.a_citizen(national_id=NATIONAL_ID)
    await desk.done("erasures", subject=subject, ground="g", headers=desk.bearer(DPO))
    await desk.until_erased(subject)
    kept = await desk.stores.vault_pool.fetchrow("select * from erasure")
    assert kept["destroyed_at"] is not None
    for table in ("data_key", "blind_index", "subject_name"):
        left = await desk.stores.vault_pool.fetchval(
            f"select count(*) from {table} where subject = $1", kept["subject"]
        )
        assert left == 0, table
    events = await desk.client.get("/v1/events?limit=10000", headers=desk.bearer(AUDITOR))
    assert events.text.count("khuyenhoc.registry.v1.SubjectErased") == 1


async def test_nothing_more_is_accepted_about_an_erased_person(desk):
    subject = await desk.a_citizen(national_id=NATIONAL_ID)
    officer = desk.bearer(DPO)
    await desk.done("erasures", subject=subject, ground="g", headers=officer)
    register = {"subject": subject, "model": "citizen", "season": 2025}
    problem = await desk.post("registrations", **register)
    assert (problem.status_code, problem.json()["code"]) == (410, "erased")
    again = await desk.post("erasures", subject=subject, ground="g", headers=officer)
    assert (again.status_code, again.json()["code"]) == (410, "erased")


async def test_the_same_national_id_may_be_entered_anew_as_somebody_else(desk):
    subject = await desk.a_citizen(national_id=NATIONAL_ID)
    await desk.done("erasures", subject=subject, ground="g", headers=desk.bearer(DPO))
    await desk.until_erased(subject)
    assert await desk.a_citizen(national_id=NATIONAL_ID) != subject


async def test_only_a_data_protection_officer_erases(desk):
    subject = await desk.a_citizen()
    assert await desk.refused("erasures", subject=subject, ground="g") == (403, "forbidden")
    elsewhere = desk.bearer(DPO, "03757")
    assert await desk.refused("erasures", subject=subject, ground="g", headers=elsewhere) == (
        403, "outside-area",
    )  # fmt: skip
    assert (await desk.read(f"subjects/{subject}"))["area"] == LONG_HE
