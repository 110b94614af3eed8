"""What an operator of funds types after a restore, and after a loss in the registry's log."""

import base64
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from chassis.area import Areas
from chassis.bus import sources
from chassis.bus.alarms import Identity
from chassis.bus.cursor import Place
from chassis.bus.places import Places
from chassis.errors import UnknownArea
from funds.following import heeding, told
from funds_desk import ACCOUNTANT, open_desk
from google.protobuf.message import Message
from khuyenhoc.registry.v1.events_pb2 import SubjectErased, VillageOpened
from reports import enclosed

from deploy.local.databases import Database

REPO = Path(__file__).parents[3]
REGISTRY = "14.registry"
LONG_HE, VILLAGE = "03763@2025-07-01", "03763-001@2025-07-02"


@pytest.fixture
def made(make_database) -> dict[str, Database]:
    return {name: make_database(name) for name in ("funds", "funds_vault")}


@pytest.fixture
async def desk(made):
    async with open_desk(made.__getitem__) as opened:
        yield opened


def typed(made: dict[str, Database], folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m funds ...` on the databases of the desk."""
    key = folder / "kek"
    key.write_text(f"kek {base64.b64encode(b'k' * 32).decode()}\n")
    key.chmod(0o600)
    variables = {
        "PYTHONPATH": os.pathsep.join(str(REPO / part) for part in ("services", "proto/gen")),
        "KH_PROFILE": "local",
        "KH_KEY_FILE": str(key),
        "ISSUER_URL": "http://127.0.0.1:1",
        "FUNDS_URL": "http://127.0.0.1:2",
        "FUNDS_DATABASE_URL": made["funds"].app_url,
        "FUNDS_VAULT_URL": made["funds_vault"].app_url,
    }
    command = [sys.executable, "-m", "funds", *words]
    env = {**os.environ, **variables}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


async def heard(desk, *messages: Message) -> None:
    """The registry's log from its start, as the worker takes it."""
    events = [enclosed(message, n, log=REGISTRY) for n, message in enumerate(messages, 1)]
    async with desk.pool.acquire() as connection, connection.transaction():
        await sources.load(connection, REGISTRY)
        await heeding(desk.people)(connection, [(event, told(event)) for event in events])
        last = events[-1]
        place = Place(REGISTRY, last.position, Identity.of(last), last.position, 1)
        await sources.move(connection, place, last.position)


async def test_a_restored_vault_forgets_again_whom_the_registry_erased(desk, made, tmp_path):
    gone, stays = str(uuid4()), str(uuid4())
    fund = await desk.a_fund()
    gift = await desk.a_gift(fund, donor={"subject": gone, "name": "Lò Thị Mai"})
    await desk.a_gift(fund, donor={"subject": stays, "name": "Lò Văn Mai"})
    vault = made["funds_vault"].owner_url
    keys = "SELECT subject::text FROM data_key"
    with psycopg.connect(vault, autocommit=True) as owner:
        owner.execute("CREATE TABLE backup AS SELECT * FROM data_key")
        await heard(desk, SubjectErased(subject=gone))
        assert [row for (row,) in owner.execute(keys)] == [stays]
        owner.execute(
            "TRUNCATE data_key; TRUNCATE erasure; INSERT INTO data_key SELECT * FROM backup"
        )
        said = typed(made, tmp_path, "erase-again").stdout
        assert said == "funds: 1 erasures known; 1 keys had come back and are gone again\n"
        assert [row for (row,) in owner.execute(keys)] == [stays]
    assert "; 0 keys had come back" in typed(made, tmp_path, "erase-again").stdout
    found = await desk.read(f"contributions/{gift}", ACCOUNTANT)
    assert found["erased"] == ["donor.name"]


async def test_a_place_is_forgotten_that_the_registrys_log_lost(desk, made, tmp_path):
    opened = [VillageOpened(village=VILLAGE, name="Nà Tòng", commune=LONG_HE),
              VillageOpened(village="03763-002@2025-07-02", name="Cán Tỷ", commune=LONG_HE)]  # fmt: skip
    await heard(desk, *opened)
    areas, today = Areas.of_province("14").copy(), date(2025, 10, 15)
    places = Places(desk.pool, areas)
    await places.catch_up()
    assert str(areas.resolve("03763-002", today)) == "03763-002@2025-07-02"

    other = typed(made, tmp_path, "accept-loss", "--at", "1", "--log", "14.training")
    assert (other.returncode, "'14.training' is not 14.registry" in other.stderr) == (2, True)
    done = typed(made, tmp_path, "accept-loss", "--at", "1", "--log", REGISTRY)
    assert done.stdout == "funds: 14.registry is read on from position 1\n"
    await places.catch_up()
    assert str(areas.resolve("03763-001", today)) == VILLAGE
    with pytest.raises(UnknownArea):
        areas.resolve("03763-002", today)
    async with desk.pool.acquire() as connection:
        accepted = await sources.load(connection, REGISTRY)
    assert (accepted.position, accepted.origin) == (1, 2)
    assert datetime.now(UTC) > await desk.pool.fetchval("SELECT max(accepted_at) FROM source_loss")
