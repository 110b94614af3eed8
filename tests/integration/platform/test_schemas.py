"""A migration is left out only where nothing can have changed since the last one."""

import psycopg
import pytest

from deploy.local import schemas


@pytest.fixture
def migrated(database):
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE migration (name text PRIMARY KEY, checksum text)")
        owner.execute("INSERT INTO migration VALUES ('training/0001', 'a')")
    return database


def test_an_unchanged_database_under_the_same_code_is_recognised(migrated):
    first = schemas.seal("code", [migrated.owner_url])
    assert first
    assert first == schemas.seal("code", [migrated.owner_url])


def test_other_code_or_an_older_backup_is_migrated_again(migrated):
    known = schemas.seal("code", [migrated.owner_url])
    assert schemas.seal("other code", [migrated.owner_url]) != known
    with psycopg.connect(migrated.owner_url) as owner:
        owner.execute("UPDATE migration SET checksum = 'b'")
    assert schemas.seal("code", [migrated.owner_url]) != known


def test_a_new_database_beside_a_known_one_is_migrated(migrated, make_database):
    urls = [migrated.owner_url, make_database("vault").owner_url]
    assert schemas.seal("code", urls) == ""
