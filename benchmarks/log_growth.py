"""The cost of an append at 10,000,000 stored events beside the cost at 100,000, in the same run.

Two logs in one server, filled by the owner in bulk, their indexes built afterwards; then windows of
the complete append on each in turn. Streams are time-ordered as new ids are, commands random as
derived ids are, eight events to a stream.
"""

import asyncio
import os
from contextlib import ExitStack
from statistics import median

import asyncpg
from chassis.run.database import migrate

from benchmarks.append import MIGRATIONS, Ours, Window
from benchmarks.harness import Row, interleaved, report, spread
from benchmarks.servers import fresh, postgres
from deploy.local.databases import Database

SMALL, LARGE = 100_000, 10_000_000
CHUNK = 1_000_000

FILL_EVENTS = """
INSERT INTO event
SELECT n, (lpad(to_hex(1735689600000 + n / 8), 12, '0') || '7000800000000000' ||
           lpad(to_hex(n / 8 % 65536), 4, '0'))::uuid,
       n % 8 + 1, 'training.HeadcountReported', '2025-01-01Z'::timestamptz + n * interval '1 ms',
       md5(n::text)::uuid,
       ('{"kind":"TECH_TRANSFER","title":"Lop so ' || n || '","area":"03763@2025-07-01",'
        '"held_on":"2025-10-14","ended_on":"2025-10-14","participants":45}')::json,
       '{"v":1,"actor":"00000000-0000-7000-8000-0000000000aa"}'
FROM generate_series($1::bigint, $2::bigint) AS n
"""
FILL_COMMANDS = """
INSERT INTO command
SELECT command, '\\x00112233445566778899aabbccddeeff', stream, version, position, position,
       recorded_at
FROM event WHERE position BETWEEN $1 AND $2
"""
WITHOUT_INDEXES = """
ALTER TABLE event DROP CONSTRAINT event_pkey, DROP CONSTRAINT event_stream_version_key;
ALTER TABLE command DROP CONSTRAINT command_pkey;
"""
WITH_INDEXES = """
SET maintenance_work_mem = '512MB';
ALTER TABLE event ADD PRIMARY KEY (position), ADD UNIQUE (stream, version);
ALTER TABLE command ADD PRIMARY KEY (command_id);
"""


async def fill(database: Database, count: int) -> None:
    """A log of so many events, as if it had grown to that."""
    await migrate(database.owner_url, [MIGRATIONS], database.app_role)
    owner = await asyncpg.connect(database.owner_url, command_timeout=3600)
    try:
        await owner.execute(WITHOUT_INDEXES)
        for first in range(1, count + 1, CHUNK):
            last = min(first + CHUNK - 1, count)
            await owner.execute(FILL_EVENTS, first, last)
            await owner.execute(FILL_COMMANDS, first, last)
            print(f"filled {last:,} of {count:,}", flush=True)
        await owner.execute(WITH_INDEXES)
        await owner.execute("VACUUM (ANALYZE) event")
        await owner.execute("VACUUM (ANALYZE) command")
        await owner.execute("CHECKPOINT")
    finally:
        await owner.close()


def measure(sizes: dict[str, int], rounds: int) -> dict[str, list[Window]]:
    with postgres() as server, ExitStack() as stack:
        contestants = {}
        for name, count in sizes.items():
            database = fresh(server, name)
            asyncio.run(_as_superuser(server.admin_url, database.owner_role))
            asyncio.run(fill(database, count))
            contestants[name] = Ours(database)
            stack.callback(contestants[name].close)
        return interleaved({name: c.window for name, c in contestants.items()}, rounds)


async def _as_superuser(admin_url: str, role: str) -> None:
    """CHECKPOINT needs it; so that the load's writing does not fall into the windows."""
    admin = await asyncpg.connect(admin_url)
    await admin.execute(f'GRANT pg_checkpoint TO "{role}"')
    await admin.close()


def main(rounds: int = 5, large: int = LARGE) -> list[Row]:
    """The row of growth: cost at ten million over cost at a hundred thousand."""
    measured = measure({"small": SMALL, "large": large}, rounds)
    rates = {name: [w.rate for w in windows] for name, windows in measured.items()}
    for name, values in rates.items():
        print(name, [round(v) for v in values], "spread", spread(values))
    small, big = median(rates["small"]), median(rates["large"])
    return [
        Row(
            "append.growth",
            1e6 / big,
            "us/append",
            1e6 / small,
            small / big,
            1.5,
            rounds,
            less=True,
        )
    ]


if __name__ == "__main__":
    report(main(large=int(os.environ.get("EVENTS", LARGE))))
