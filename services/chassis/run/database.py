"""Connections to Postgres, and the forward-only runner that brings a schema to its head."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

_LOCK = int.from_bytes(hashlib.sha256(b"khuyenhoc migrations").digest()[:8], "big", signed=True)
_TABLE = """
CREATE TABLE IF NOT EXISTS migration (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_SERVER = {
    "timezone": "UTC",
    "jit": "off",  # statements are short; compiling one costs more than running it
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
}
_MIGRATING = {"lock_timeout": "10s", "statement_timeout": "10min"}


class MigrationError(Exception):
    """The schema cannot be brought to its head; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file. ``name`` is its place, as ``log/migrations/0001_log.sql``: never changed."""

    name: str
    sql: str
    checksum: str

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]


async def _keep(_: asyncpg.Connection) -> None:
    """Nothing is reset when a connection goes back to the pool.

    The default costs a round trip, 1.7 times the whole of a small query. So whoever borrows a
    connection leaves nothing in its session: settings and advisory locks last a transaction.
    """


async def open_pool(
    url: str,
    *,
    application_name: str = "khuyenhoc",
    min_size: int = 1,
    max_size: int = 8,
    settings: Mapping[str, str] | None = None,
) -> asyncpg.Pool:
    """A pool of connections with time limits; ``settings`` are the server's own names.

    Raises:
        OSError, asyncpg.PostgresError: the server is not there, or does not let us in.
    """
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        max_inactive_connection_lifetime=300.0,
        command_timeout=60.0,
        reset=_keep,
        server_settings={**_SERVER, "application_name": application_name, **(settings or {})},
    )


def files(folders: Iterable[Path]) -> list[Migration]:
    """The migrations of the folders, in the order given and by name within each."""
    return [
        Migration(
            name=f"{folder.parent.name}/{folder.name}/{path.name}",
            sql=path.read_text("utf-8"),
            checksum=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for folder in folders
        for path in sorted(folder.glob("*.sql"))
    ]


async def migrate(owner_url: str, folders: Sequence[Path], app_role: str) -> list[str]:
    """Apply what is not yet applied, each file in a transaction of its own; give their names.

    ``${app}`` in a file stands for the quoted role of the application. One runner at a time: a
    second waits for the first. A file that was applied is never edited and never preceded by a
    new one. A database ahead of the files is left as it is, so that an older release can return.

    Raises:
        MigrationError: an applied file was changed, a new one comes too early, or one failed.
    """
    known = files(folders)
    connection = await asyncpg.connect(
        owner_url,
        server_settings={**_SERVER, **_MIGRATING, "application_name": "khuyenhoc-migrate"},
    )
    try:
        await _take_turn(connection)
        await connection.execute(_TABLE)
        await connection.execute(f"GRANT SELECT ON migration TO {_quoted(app_role)}")
        pending = list(_pending(known, await _applied(connection)))
        for migration in pending:
            await _apply(connection, migration, app_role)
    finally:
        await connection.close()
    return [migration.name for migration in pending]


async def missing(
    connection: asyncpg.Connection | asyncpg.Pool, folders: Sequence[Path]
) -> list[str]:
    """The files the database still lacks; none when its schema is at the head this program needs.

    Raises:
        MigrationError: an applied file was changed since.
    """
    if await connection.fetchval("SELECT to_regclass('migration')") is None:
        return [migration.name for migration in files(folders)]
    return [m.name for m in _pending(files(folders), await _applied(connection))]


async def _take_turn(connection: asyncpg.Connection) -> None:
    try:
        await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
    except asyncpg.LockNotAvailableError:
        raise MigrationError("another migration is still running; try again when it ends") from None


async def _applied(connection: asyncpg.Connection | asyncpg.Pool) -> dict[str, str]:
    rows = await connection.fetch("SELECT name, checksum FROM migration")
    return {row["name"]: row["checksum"] for row in rows}


def _pending(known: Sequence[Migration], applied: Mapping[str, str]) -> Iterator[Migration]:
    for migration in known:
        checksum = applied.get(migration.name)
        if checksum is None:
            later = [n for n in applied if n > migration.name and _folder(n) == migration.folder]
            if later:
                raise MigrationError(f"{migration.name} comes before {min(later)}, already applied")
            yield migration
        elif checksum != migration.checksum:
            raise MigrationError(f"{migration.name} was changed after it was applied")


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


async def _apply(connection: asyncpg.Connection, migration: Migration, app_role: str) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql.replace("${app}", _quoted(app_role)))
            await connection.execute(
                "INSERT INTO migration (name, checksum) VALUES ($1, $2)",
                migration.name,
                migration.checksum,
            )
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise MigrationError(f"{migration.name}: {fault}") from fault


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
