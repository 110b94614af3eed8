"""A vault restored from a backup forgets again whom the log says is erased."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from registry_desk import DPO, open_desk

from deploy.local import databases
from deploy.local.databases import Database

REPO = Path(__file__).parents[3]
NATIONAL_ID = "014095000123"


@pytest.fixture
def registry(make_database) -> Database:
    return make_database("registry")


@pytest.fixture
def vault(make_database) -> Database:
    return make_database("registry_vault")


@pytest.fixture
def backup(postgres, vault: Database) -> Iterator[Database]:
    """Where the vault is copied to, whole, when `made` says so."""
    name = f"{vault.name}_backup"
    yield replace(
        vault,
        name=name,
        app_url=f"{vault.app_url.rpartition('/')[0]}/{name}",
        owner_url=f"{vault.owner_url.rpartition('/')[0]}/{name}",
    )
    databases.drop(postgres.admin_url, name)


def made(admin_url: str, vault: Database, backup: Database) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(
            f'CREATE DATABASE "{backup.name}" OWNER "{vault.owner_role}" TEMPLATE "{vault.name}"'
        )


def erased_again(registry: Database, vault: Database, folder: Path) -> str:
    """What the operator is told who runs the command."""
    key = folder / "kek"
    key.write_text(f"kek {base64.b64encode(b'k' * 32).decode()}\n")
    key.chmod(0o600)
    path = os.pathsep.join(str(REPO / part) for part in ("services", "proto/gen"))
    variables = {
        "PYTHONPATH": path,
        "KH_PROFILE": "local",
        "KH_KEY_FILE": str(key),
        "ISSUER_URL": "http://127.0.0.1:1",
        "REGISTRY_URL": "http://127.0.0.1:2",
        "REGISTRY_DATABASE_URL": registry.app_url,
        "REGISTRY_VAULT_URL": vault.app_url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "registry", "erase-again"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def rows_of(vault: Database, subject: str) -> list[int]:
    tables = ("data_key", "blind_index", "subject_name")
    with psycopg.connect(vault.owner_url) as owner:
        counted = [f"(SELECT count(*) FROM {table} WHERE subject = %(who)s)" for table in tables]
        (row,) = owner.execute(f"SELECT {', '.join(counted)}", {"who": subject})
    return list(row)


async def test_what_was_erased_since_the_backup_is_erased_in_the_backup_too(
    postgres, registry, vault, backup, tmp_path
):
    async with open_desk(registry, vault) as desk:
        gone = await desk.a_citizen("Lò Thị Mai", national_id=NATIONAL_ID)
        stays = await desk.a_citizen("Lò Văn Mai", national_id="014095000124")
        assert await desk.found(name="mai") == ["Lò Thị Mai", "Lò Văn Mai"]
    made(postgres.admin_url, vault, backup)
    async with open_desk(registry, vault) as desk:
        await desk.done("erasures", subject=gone, ground="g", headers=desk.bearer(DPO, who=5))
        await desk.until_erased(gone)
    assert rows_of(backup, gone) == [1, 1, 1], "the backup has the person: the test can fail"
    said = erased_again(registry, backup, tmp_path)
    assert said.endswith("1 erasures known; 1 keys had come back and are gone again")
    assert rows_of(backup, gone) == [0, 0, 0]
    assert rows_of(backup, stays) == [1, 1, 1]
    async with open_desk(registry, backup) as desk:
        assert await desk.found(name="mai") == ["Lò Văn Mai"]
        assert (await desk.read(f"subjects/{gone}"))["erased"] == ["name", "national_id"]
        assert (await desk.read(f"subjects/{stays}"))["name"] == "Lò Văn Mai"
    assert "; 0 keys had come back" in erased_again(registry, backup, tmp_path)
