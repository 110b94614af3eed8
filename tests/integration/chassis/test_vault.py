"""The vault keeps people readable while they wish, finds them once, and forgets them for good."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.clock import FixedClock
from chassis.domain import uuid7
from chassis.errors import AlreadyExists, Erased, Invalid
from chassis.log.vault import (
    MIGRATIONS,
    Claim,
    ErasedValue,
    ErasureNotOrdered,
    KeyEncryptionKeys,
    LostKey,
    Place,
    Reader,
    Sealed,
    Tampered,
    UnknownKeyEncryptionKey,
    Vault,
    Wanted,
)
from chassis.run.database import migrate, open_pool
from chassis.run.metrics import REGISTRY
from structlog.testing import capture_logs

from deploy.local.databases import Database

CLAIMING = Path(__file__).with_name("claiming.py")
SERVICES = Path(__file__).resolve().parents[3] / "services"
KEYS = KeyEncryptionKeys.generate()
CLOCK = FixedClock(datetime(2025, 10, 15, 3, tzinfo=UTC))
NAME, NATIONAL_ID = "Lò Thị Mai Khuyến Học", "014085001234"
OFFICER = Reader(uuid4(), "verification")


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[asyncpg.Pool]:
    await migrate(database.owner_url, [MIGRATIONS], database.app_role)
    async with await open_pool(database.app_url) as opened:
        yield opened


@pytest.fixture
def vault(pool: asyncpg.Pool) -> Vault:
    return Vault(pool, KEYS, CLOCK)


@pytest.fixture
def alarms() -> Callable[[str], float]:
    """How many alarms of a kind there were since the test began."""

    def count(kind: str) -> float:
        return REGISTRY.get_sample_value("kh_vault_alarms_total", {"kind": kind}) or 0.0

    before = {kind: count(kind) for kind in ("lost_key", "tampered", "unknown_key")}
    return lambda kind: count(kind) - before[kind]


async def mai(vault: Vault) -> tuple[UUID, Sealed, Place]:
    """A known person, her name as it stands in the log, and where."""
    subject = (await vault.claim(NATIONAL_ID)).subject
    keyring = await vault.keyring([subject])
    name = keyring.seal(subject, subject, 1, {"name": NAME})["name"]
    return subject, name, Place(subject, 1, "name")


async def dump(owner_url: str) -> bytes:
    """All rows of all tables, as a backup would hold them."""
    connection = await asyncpg.connect(owner_url)
    rows = bytearray()

    async def keep(data: bytes) -> None:
        rows.extend(data)

    try:
        for table in await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ):
            await connection.copy_from_table(table["relname"], output=keep)
    finally:
        await connection.close()
    return bytes(rows)


async def test_an_officer_reads_what_was_sealed_and_the_reading_is_on_record(vault, pool) -> None:
    subject, name, place = await mai(vault)
    assert await vault.read(OFFICER, [(name, place)]) == [NAME]
    row = await pool.fetchrow("SELECT * FROM personal_read")
    assert tuple(row) == (CLOCK.at, OFFICER.actor, subject, "verification", ["name"])


async def test_the_record_of_readings_is_never_rewritten(vault, pool) -> None:
    _, name, place = await mai(vault)
    await vault.read(OFFICER, [(name, place)])
    for forbidden in ("DELETE FROM personal_read", "UPDATE personal_read SET purpose = ''"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(forbidden)


async def test_a_reading_that_cannot_be_recorded_is_not_answered(vault, pool, database) -> None:
    _, name, place = await mai(vault)
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(f'REVOKE INSERT ON personal_read FROM "{database.app_role}"')
    await owner.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await vault.read(OFFICER, [(name, place)])


async def test_a_person_is_found_by_national_id_however_it_is_written(vault) -> None:
    assert await vault.find(NATIONAL_ID) is None
    first = await vault.claim(NATIONAL_ID)
    assert first.is_new
    assert await vault.claim("014 085 001 234") == Claim(first.subject, is_new=False)
    assert await vault.find("014.085.001.234") == first.subject


async def test_many_are_claimed_at_once_each_with_an_answer_of_its_own(vault) -> None:
    known, chosen = await vault.claim(NATIONAL_ID), uuid7()
    answers = await vault.claim_all(
        [
            Wanted("014085009999", chosen),
            Wanted(NATIONAL_ID),
            Wanted("not an id"),
            Wanted("014085009999"),
            Wanted("014085008888", known.subject),
            Wanted("014085007777", chosen),
        ]
    )
    assert answers[0] == Claim(chosen, is_new=True)
    assert answers[1] == Claim(known.subject, is_new=False)
    assert isinstance(answers[2], Invalid)
    assert answers[3] == Claim(chosen, is_new=False)
    assert isinstance(answers[4], AlreadyExists)
    assert isinstance(answers[5], AlreadyExists)
    assert await vault.find("014085008888") is None


async def test_a_thousand_rows_are_claimed_and_sealed_together(vault) -> None:
    wanted = [Wanted(f"014{number:09}") for number in range(1_000)]
    claims = await vault.claim_all(wanted)
    subjects = [claim.subject for claim in claims if isinstance(claim, Claim)]
    assert len(set(subjects)) == 1_000
    keyring = await vault.keyring(subjects)
    values = [
        (
            keyring.seal(subject, subject, 1, {"name": f"Người {number}"})["name"],
            Place(subject, 1, "name"),
        )
        for number, subject in enumerate(subjects)
    ]
    assert await vault.read(OFFICER, values) == [f"Người {number}" for number in range(1_000)]


async def test_a_person_whose_first_event_was_never_appended_is_adopted(vault, pool) -> None:
    """The row and the key are committed first; the process may die before the append."""
    orphan = await vault.claim(NATIONAL_ID, uuid7())
    after_the_crash = Vault(pool, KEYS, CLOCK)
    adopted = await after_the_crash.claim(NATIONAL_ID, uuid7())
    assert adopted == Claim(orphan.subject, is_new=False)
    sealed = (await after_the_crash.keyring([adopted.subject])).seal(
        adopted.subject, adopted.subject, 1, {"name": NAME}
    )["name"]
    place = Place(adopted.subject, 1, "name")
    assert await after_the_crash.read(OFFICER, [(sealed, place)]) == [NAME]


async def test_processes_that_race_for_the_same_people_agree_on_every_one(pool, database) -> None:
    arguments = [database.app_url, KEYS.secrets[0].hex()]
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            CLAIMING,
            *arguments,
            str(seed),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(SERVICES)},
        )
        for seed in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    told = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    seen = [json.loads(out) for out, _ in told]
    people = [{i: subject for i, (subject, _) in each.items()} for each in seen]
    assert people[0] == people[1] == people[2]
    assert len(set(people[0].values())) == 400
    made = [subject for each in seen for subject, is_new in each.values() if is_new]
    assert sorted(made) == sorted(people[0].values())
    assert await pool.fetchval("SELECT count(*) FROM data_key") == 400


async def test_a_client_that_chooses_a_known_persons_id_is_refused(vault) -> None:
    known = await vault.claim(NATIONAL_ID)
    with pytest.raises(AlreadyExists, match=str(known.subject)):
        await vault.claim("014085009999", known.subject)
    assert await vault.find("014085009999") is None


async def test_a_person_without_a_national_id_is_admitted_once(vault) -> None:
    subject = uuid7()
    await vault.admit([subject])
    name = (await vault.keyring([subject])).seal(subject, subject, 1, {"name": NAME})["name"]
    await vault.admit([subject])
    assert await vault.read(OFFICER, [(name, Place(subject, 1, "name"))]) == [NAME]


async def test_after_erasure_every_way_to_the_person_says_so(vault, pool) -> None:
    subject, name, place = await mai(vault)
    await vault.order_erasure(subject)
    assert await vault.erase(subject) is not None
    elsewhere = Vault(pool, KEYS, CLOCK)
    for each in (vault, elsewhere):
        assert await each.read(OFFICER, [(name, place)]) == [ErasedValue(subject)]
        assert (await each.keyring([subject])).open(name, place) == ErasedValue(subject)
        with pytest.raises(Erased, match=str(subject)):
            (await each.keyring([subject])).seal(subject, subject, 2, {"name": NAME})
        with pytest.raises(Erased, match=str(subject)):
            await each.admit([subject])
        assert await each.find(NATIONAL_ID) is None
    with pytest.raises(AlreadyExists):
        await vault.claim(NATIONAL_ID, subject)


async def test_others_stay_readable_when_one_is_erased(vault) -> None:
    subject, name, place = await mai(vault)
    other = (await vault.claim("014085009999")).subject
    theirs = (await vault.keyring([other])).seal(other, other, 1, {"name": "Thào A Páo"})["name"]
    await vault.order_erasure(subject)
    await vault.erase(subject)
    values = [(name, place), (theirs, Place(other, 1, "name"))]
    assert await vault.read(OFFICER, values) == [ErasedValue(subject), "Thào A Páo"]


async def test_nothing_is_read_from_the_moment_erasure_is_ordered(vault) -> None:
    subject, name, place = await mai(vault)
    await vault.order_erasure(subject)
    assert await vault.read(OFFICER, [(name, place)]) == [ErasedValue(subject)]


async def test_a_key_is_not_destroyed_without_an_order(vault) -> None:
    subject, name, place = await mai(vault)
    with pytest.raises(ErasureNotOrdered, match=str(subject)):
        await vault.erase(subject)
    assert await vault.read(OFFICER, [(name, place)]) == [NAME]


async def test_an_erasure_cut_short_is_finished_by_doing_it_again(vault, alarms) -> None:
    subject, _, _ = await mai(vault)
    await vault.order_erasure(subject)
    await vault.order_erasure(subject)
    fingerprints = await asyncio.gather(*(vault.erase(subject) for _ in range(5)))
    assert len(set(fingerprints)) == 1
    assert len(fingerprints[0]) == 32
    assert alarms("lost_key") == 0


async def test_an_erased_person_who_comes_again_is_another_subject(vault) -> None:
    subject, _, _ = await mai(vault)
    await vault.order_erasure(subject)
    await vault.erase(subject)
    again = await vault.claim(NATIONAL_ID)
    assert again.is_new
    assert again.subject != subject


async def test_a_backup_holds_no_name_and_after_erasure_no_key(vault, pool, database) -> None:
    subject, name, _ = await mai(vault)
    wrapped = await pool.fetchval("SELECT wrapped FROM data_key WHERE subject = $1", subject)
    indexed = await pool.fetchval("SELECT digest FROM blind_index WHERE subject = $1", subject)
    before = await dump(database.owner_url)
    assert wrapped.hex().encode() in before
    assert indexed.hex().encode() in before
    for secret in (NAME.encode(), b"Mai", NATIONAL_ID.encode(), KEYS.secrets[0].hex().encode()):
        assert secret not in before
        assert secret.hex().encode() not in before
    await vault.order_erasure(subject)
    await vault.erase(subject)
    after = await dump(database.owner_url)
    assert str(subject).encode() in after  # the order stands, under a pseudonym
    assert not [gone for gone in (wrapped, indexed, name.box) if gone.hex().encode() in after]


async def test_a_key_that_vanishes_without_an_order_raises_the_alarm(vault, pool, alarms) -> None:
    subject, name, place = await mai(vault)
    await pool.execute("DELETE FROM data_key WHERE subject = $1", subject)
    with capture_logs() as lines, pytest.raises(LostKey, match=str(subject)):
        await vault.read(OFFICER, [(name, place)])
    assert alarms("lost_key") == 1
    assert [line["log_level"] for line in lines] == ["critical"]
    assert NAME not in str(lines)
    with pytest.raises(LostKey):
        (await vault.keyring([subject])).seal(subject, subject, 2, {"name": NAME})
    assert (await vault.claim(NATIONAL_ID)).subject == subject


async def test_an_index_that_lost_its_secret_is_not_begun_anew(
    vault, pool, database, alarms
) -> None:
    await vault.claim(NATIONAL_ID)
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("DELETE FROM secret")
    await owner.close()
    with pytest.raises(LostKey):
        await Vault(pool, KEYS, CLOCK).claim(NATIONAL_ID)
    assert alarms("lost_key") == 1


async def test_a_key_moved_to_another_person_opens_nothing(vault, pool) -> None:
    subject, name, place = await mai(vault)
    other = (await vault.claim("014085009999")).subject
    await pool.execute(
        "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE subject = $2)"
        " WHERE subject = $1",
        *(subject, other),
    )
    with pytest.raises(Exception, match="changed or moved"):
        await vault.read(OFFICER, [(name, place)])


async def test_a_value_out_of_its_place_raises_the_alarm(vault, alarms) -> None:
    subject, name, _ = await mai(vault)
    with pytest.raises(Tampered, match=str(subject)):
        await vault.read(OFFICER, [(name, Place(subject, 2, "name"))])
    assert alarms("tampered") == 1


async def test_the_wrong_key_file_is_noticed_and_changes_nothing(vault, pool, alarms) -> None:
    _, name, place = await mai(vault)
    stranger = Vault(pool, KeyEncryptionKeys.generate(), CLOCK)
    for attempt in (stranger.read(OFFICER, [(name, place)]), stranger.claim(NATIONAL_ID)):
        with pytest.raises(UnknownKeyEncryptionKey):
            await attempt
    assert alarms("unknown_key") == 2
    assert await vault.read(OFFICER, [(name, place)]) == [NAME]


async def test_a_new_key_encryption_key_takes_over_from_the_old_one(vault, pool) -> None:
    subject, name, place = await mai(vault)
    await vault.claim_all([Wanted(f"014{number:09}") for number in range(2_500)])
    rotated = KEYS.rotated()
    both = Vault(pool, rotated, CLOCK)
    assert await both.read(OFFICER, [(name, place)]) == [NAME]
    assert await both.rewrap() == 2_502
    assert await both.rewrap() == 0
    alone = Vault(pool, rotated.retired(), CLOCK)
    assert await alone.read(OFFICER, [(name, place)]) == [NAME]
    assert await alone.claim(NATIONAL_ID) == Claim(subject, is_new=False)
    await alone.order_erasure(subject)
    assert await alone.erase(subject) is not None


async def test_a_restored_backup_forgets_again_what_the_log_says_was_erased(vault, pool) -> None:
    subject, name, place = await mai(vault)
    tables = ("data_key", "blind_index")
    backup = {table: await pool.fetch(f"SELECT * FROM {table}") for table in tables}
    await vault.order_erasure(subject)
    first = await vault.erase(subject)
    async with pool.acquire() as connection:
        for table, rows in backup.items():
            await connection.copy_records_to_table(table, records=[tuple(row) for row in rows])
    assert await vault.erase_again([subject, uuid4()]) == 1
    assert await vault.erase(subject) == first
    assert await vault.read(OFFICER, [(name, place)]) == [ErasedValue(subject)]
    assert await vault.find(NATIONAL_ID) is None


async def test_people_entered_and_erased_at_the_same_time_end_in_one_state(vault, pool) -> None:
    ids = [f"014{number:09}" for number in range(20)]

    async def enter() -> None:
        for _ in range(10):
            await vault.claim_all([Wanted(i) for i in ids])

    async def forget() -> None:
        for number in range(40):
            if subject := await vault.find(ids[number % 20]):
                await vault.order_erasure(subject)
                await vault.erase(subject)

    await asyncio.gather(enter(), forget(), enter(), forget())
    await vault.claim_all([Wanted(i) for i in ids])
    orphans = await pool.fetchval(
        "SELECT count(*) FROM blind_index b LEFT JOIN data_key k USING (subject)"
        " WHERE k.subject IS NULL"
    )
    assert orphans == 0
    assert await pool.fetchval("SELECT count(*) FROM blind_index") == 20
    assert await pool.fetchval("SELECT count(*) FROM data_key") == 20
