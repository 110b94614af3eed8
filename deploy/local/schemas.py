"""Whether a service's databases are as its last migration left them: then it is not run again."""

import hashlib
from collections.abc import Iterable

import psycopg


def seal(version: str, owner_urls: Iterable[str]) -> str:
    """A digest of the code's version and of what was applied to each database.

    Empty when that cannot be said: a database is new, or another backup was restored over it.
    """
    digest = hashlib.sha256(version.encode())
    for url in owner_urls:
        applied = rows(url)
        if not applied:
            return ""
        digest.update(repr(applied).encode())
    return digest.hexdigest()


def rows(owner_url: str) -> list[tuple[str, str]]:
    """The migrations applied to a database with their checksums, none when it has no such table."""
    try:
        with psycopg.connect(owner_url, connect_timeout=10) as connection:
            return connection.execute(
                "SELECT name, checksum FROM migration ORDER BY name"
            ).fetchall()
    except psycopg.Error:
        return []
