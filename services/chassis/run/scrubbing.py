"""Scrubbing a vault: what erasures deleted leaves the database's files, and not only its tables.

A deleted row stays in its page until the table is rewritten; samples of columns stay among the
planner's statistics; and whatever was once written stays in the write-ahead log, whose old files
Postgres keeps under new names and writes over one day. All three are let go here.
"""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import asyncpg

from chassis.errors import Busy, Forbidden

Say = Callable[[str], None]
"""Tells the operator how far it is, a line at a time."""

_LOCK_WAIT = "2s"  # everybody else waits behind us meanwhile
_TRIES = 30
_AGAIN_S = 1.0
_STATISTICS = "pg_catalog.pg_statistic"

# Where rows only ever arrive, as in the record of who read what, none has left its traces.
_TABLES = """
SELECT c.oid::regclass::text FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND EXISTS (SELECT FROM aclexplode(c.relacl) AS a
              WHERE a.grantee <> c.relowner AND a.privilege_type IN ('DELETE', 'UPDATE'))
ORDER BY pg_table_size(c.oid), c.relname
"""
# Of an empty table, ANALYZE keeps the samples there were.
_FORGET_SAMPLES = """
SELECT pg_clear_attribute_stats('public', c.relname::text, a.attname::text, false)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.oid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""
_WAITING = "SELECT count(*) FROM erasure WHERE destroyed_at IS NULL"
_SIZE = "SELECT pg_size_pretty(pg_total_relation_size($1::text::regclass))"
# A switch fills the rest of its file with zeros; at the start of a file it would do nothing.
_NOTE = "SELECT pg_logical_emit_message(false, 'scrub', '')"
_SWITCH = "SELECT pg_walfile_name(pg_switch_wal())"
_FILES = "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
_OLD_FILES = f"{_FILES} AND substr(name, 9) <= substr($1, 9)"  # whatever the timeline


async def scrub(vault_owner_url: str, say: Say) -> None:
    """Rewrite what a vault's database has on disk, so that only what stands in it is there.

    Each table is locked while it is rewritten, and its readers wait. Safe to repeat.

    Raises:
        Busy: somebody's transaction still sees deleted rows, keeps a table, or needs old log.
        Forbidden: the tables are rewritten, but this role may not let the old log go.
    """
    connection = await asyncpg.connect(
        vault_owner_url,
        server_settings={"application_name": "khuyenhoc-scrub", "lock_timeout": _LOCK_WAIT},
    )
    try:
        if waiting := await connection.fetchval(_WAITING):
            say(f"{waiting} erasures are ordered and not carried out: scrub again after them")
        for (table,) in await connection.fetch(_TABLES):
            await _rewritten(connection, table)
            say(f"{table} rewritten, {await connection.fetchval(_SIZE, table)}")
        await _rewritten(connection, _STATISTICS)
        say("statistics rewritten")
        await _let_old_log_go(connection, say)
    finally:
        await connection.close()


async def _rewritten(connection: asyncpg.Connection, table: str) -> None:
    """Rewrite a table until no deleted row had to be taken along."""
    why = ""
    for _ in range(_TRIES):
        try:
            if table != _STATISTICS:
                await _sample_anew(connection, table)
            kept = await _rewrite(connection, table)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            why = "somebody keeps it locked"
        else:
            if not kept:
                return
            why = f"an older transaction still sees {kept} deleted rows"
        await asyncio.sleep(_AGAIN_S)
    raise Busy(
        f"{table} could not be rewritten: {why}; look into pg_stat_activity and scrub again",
        f"chưa ghi lại được bảng {table}; vui lòng chạy lại sau",
    )


async def _sample_anew(connection: asyncpg.Connection, table: str) -> None:
    async with connection.transaction():
        await connection.execute(_FORGET_SAMPLES, table)
        await connection.execute(f"ANALYZE {table}")


async def _rewrite(connection: asyncpg.Connection, table: str) -> int:
    """Rewrite a table with its indexes; give how many deleted rows the new one still has."""
    kept: list[int] = []

    def heard(_: Any, message: asyncpg.PostgresLogMessage) -> None:
        # The first number of the detail, in any language: dead rows that cannot be removed yet.
        if found := re.match(r"\d+", getattr(message, "detail", None) or ""):
            kept.append(int(found.group()))

    connection.add_log_listener(heard)
    try:
        await connection.execute(f"VACUUM (FULL, VERBOSE) {table}")
    finally:
        connection.remove_log_listener(heard)
    assert kept, "Postgres did not say how many deleted rows remain"
    return max(kept)


async def _let_old_log_go(connection: asyncpg.Connection, say: Say) -> None:
    """Leave no file of the write-ahead log with anything from before this moment in it."""
    try:
        last = await _switch(connection)
        await connection.execute("CHECKPOINT")
        files: int = await connection.fetchval(_FILES)
        for _ in range(files):  # some of them were renamed just now, to be used again
            await _switch(connection)
        await connection.execute("CHECKPOINT")
        kept = await connection.fetchval(_OLD_FILES, last)
    except asyncpg.InsufficientPrivilegeError:
        raise Forbidden(
            "the tables are rewritten; for the old write-ahead log this role needs pg_checkpoint, "
            "and EXECUTE on pg_switch_wal and pg_ls_waldir (deploy/README.md)",
            "đã ghi lại các bảng; vai trò này chưa có quyền bỏ nhật ký WAL cũ",
        ) from None
    if kept:
        raise Busy(
            f"the tables are rewritten; {kept} old files of the write-ahead log are still kept, "
            "by a replication slot, an archive that lags or wal_keep_size",
            f"đã ghi lại các bảng; còn giữ {kept} tệp nhật ký WAL cũ",
        )
    say(f"old write-ahead log gone, {files} files written over")


async def _switch(connection: asyncpg.Connection) -> str:
    """Begin a new file of the log; give the one before it."""
    await connection.execute(_NOTE)
    name: str = await connection.fetchval(_SWITCH)
    return name
