"""The ledger everybody writes first: one hot account, locked while its next posting is chained.

`account(id, balance, seq, hash)`, `posting(account, seq, command, amount, at, hash)`; a pool of 32
asyncpg connections, 32 callers in a closed loop, no HTTP in between. ``textbook`` makes six round
trips (lock, read the last hash, SHA-256 here, insert, update, commit); ``function`` is the same in
one call.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

CALLERS = 32
ACCOUNT = UUID("0192f000-0000-7000-8000-000000000001")
SCHEMA = """
CREATE TABLE account (id uuid PRIMARY KEY, balance bigint NOT NULL, seq bigint NOT NULL,
                      hash bytea NOT NULL);
CREATE TABLE posting (account uuid NOT NULL REFERENCES account, seq bigint NOT NULL,
                      command uuid NOT NULL UNIQUE, amount bigint NOT NULL,
                      at timestamptz NOT NULL, hash bytea NOT NULL, PRIMARY KEY (account, seq));
CREATE FUNCTION post(whose uuid, key uuid, dong bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    held account;
    link bytea;
    present timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO held FROM account WHERE id = whose FOR UPDATE;
    IF held.balance + dong < 0 THEN
        RAISE EXCEPTION 'below zero';
    END IF;
    link := sha256(held.hash || convert_to(concat_ws('|', whose, held.seq + 1, key, dong, present),
                                           'UTF8'));
    INSERT INTO posting VALUES (whose, held.seq + 1, key, dong, present, link);
    UPDATE account SET balance = balance + dong, seq = seq + 1, hash = link WHERE id = whose;
    RETURN held.seq + 1;
END $$;
"""
Post = Callable[[Any, UUID, int], Awaitable[None]]


async def textbook(connection: Any, key: UUID, amount: int) -> None:
    """Lock the row, read the last hash, insert, update, commit."""
    async with connection.transaction():
        held = await connection.fetchrow(
            "SELECT balance, seq FROM account WHERE id = $1 FOR UPDATE", ACCOUNT
        )
        last = await connection.fetchval(
            "SELECT hash FROM posting WHERE account = $1 AND seq = $2", ACCOUNT, held["seq"]
        )
        seq, now = held["seq"] + 1, datetime.now(UTC)
        if held["balance"] + amount < 0:
            raise ValueError("below zero")
        text = f"{ACCOUNT}|{seq}|{key}|{amount}|{now}"
        link = hashlib.sha256((last or b"") + text.encode()).digest()
        await connection.execute(
            "INSERT INTO posting VALUES ($1, $2, $3, $4, $5, $6)", ACCOUNT, seq, key, amount, now,
            link,
        )  # fmt: skip
        await connection.execute(
            "UPDATE account SET balance = balance + $2, seq = $3, hash = $4 WHERE id = $1",
            ACCOUNT, amount, seq, link,
        )  # fmt: skip


async def function(connection: Any, key: UUID, amount: int) -> None:
    await connection.fetchval("SELECT post($1, $2, $3)", ACCOUNT, key, amount)


class LockedChain:
    """One database with the one account, posted to in one of the two ways."""

    def __init__(self, url: str, post: Post, name: str) -> None:
        self.url, self.post, self.name = url, post, name
        self.acknowledged = 0

    async def prepare(self) -> None:
        connection = await asyncpg.connect(self.url)
        await connection.execute(SCHEMA)
        await connection.execute("INSERT INTO account VALUES ($1, 0, 0, '')", ACCOUNT)
        await connection.close()

    async def window(self, seconds: float) -> dict[str, float]:
        """Postings a second and the 99th percentile in milliseconds."""
        pool = await asyncpg.create_pool(self.url, min_size=CALLERS, max_size=CALLERS)
        taken: list[float] = []
        began = time.perf_counter()
        await asyncio.gather(*(self._call(pool, began + seconds, taken) for _ in range(CALLERS)))
        lasted = time.perf_counter() - began
        await self._check(pool, len(taken))
        await pool.close()
        return {
            "rate": len(taken) / lasted,
            "p99_ms": 1000 * sorted(taken)[int(len(taken) * 0.99)],
        }

    async def _call(self, pool: asyncpg.Pool, until: float, taken: list[float]) -> None:
        while (sent := time.perf_counter()) < until:
            async with pool.acquire() as connection:
                await self.post(connection, uuid4(), 1)
            taken.append(time.perf_counter() - sent)

    async def _check(self, pool: asyncpg.Pool, more: int) -> None:
        """Acknowledged is stored: rows, sequence and balance agree."""
        self.acknowledged += more
        row = await pool.fetchrow(
            "SELECT balance, seq, (SELECT count(*) FROM posting), (SELECT sum(amount) FROM posting)"
            " FROM account"
        )
        if set(row) != {self.acknowledged}:
            raise SystemExit(f"{self.name}: {tuple(row)} stored, {self.acknowledged} acknowledged")
