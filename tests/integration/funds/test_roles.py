"""Funds as processes: migrated, serving, working, stopped; and how a wrong start ends."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import funds
import httpx2 as httpx
import psycopg
import pytest
from chassis.bus.envelope import decode
from chassis.bus.kafka import Record, Topic
from chassis.clock import SystemClock
from chassis.domain import uuid7
from chassis.log.execute import Executor, Order
from chassis.log.store import Log
from chassis.run.database import open_pool
from funds.codec import CODEC
from funds.domain.fund import Fund
from funds_builders import a_fund

from deploy.local.processes import free_port, wait_until

SERVICES = Path(funds.__file__).parents[1]
PATH = os.pathsep.join([str(SERVICES), str(SERVICES.parent / "proto/gen")])


def call(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "funds", *words],
        env={"PYTHONPATH": PATH, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@contextmanager
def running(role: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The role in a process of its own; it must end in good order when asked to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "funds", role],
        env={"PYTHONPATH": PATH, **env},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def env(make_service, tmp_path) -> dict[str, str]:
    """The variables of an installation that has Postgres, and nothing else yet."""
    databases = make_service("funds")
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text("5" * 43 + "=\n")
    return {
        "KH_PROVINCE": "14",
        "KH_PROFILE": "local",
        "KH_KEY_FILE": str(key),
        "ISSUER_URL": "http://127.0.0.1:1",
        "FUNDS_URL": f"http://127.0.0.1:{free_port()}",
        "FUNDS_GRPC": f"127.0.0.1:{free_port()}",
        "FUNDS_METRICS": f"127.0.0.1:{free_port()}",
        "FUNDS_DATABASE_URL": databases.main.app_url,
        "FUNDS_OWNER_URL": databases.main.owner_url,
        "FUNDS_VAULT_URL": databases.vault.app_url,
        "FUNDS_VAULT_OWNER_URL": databases.vault.owner_url,
    }


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


async def append(url: str, fund: Fund) -> None:
    """Store a fund as another process of the service would."""
    pool = await open_pool(url, max_size=2)
    executor = Executor(Log(pool, "14.funds"), CODEC, SystemClock())
    await executor.start()

    async def decide(work):
        return work.save(fund)

    await executor.execute(Order(command=uuid7(), digest=b"", actor=uuid7()), decide)
    await executor.drain()
    await pool.close()


def test_a_role_nobody_knows_ends_in_one_line_and_code_2():
    for words in ((), ("dance",), ("accept-loss", "--at", "x")):
        ended = call(*words)
        assert (ended.returncode, ended.stdout) == (2, ""), words
        assert ended.stderr.count("\n") == 1
        assert "serve, work, migrate" in ended.stderr


def test_without_settings_nothing_starts():
    for role in ("serve", "migrate"):
        ended = call(role)
        assert ended.returncode == 2
        assert ended.stderr.count("\n") == 1
        assert "FUNDS_DATABASE_URL" in ended.stderr


def test_a_service_is_ready_once_it_is_migrated_and_migrations_may_be_run_again(env):
    with running("serve", env):
        wait_until(lambda: answers(f"{env['FUNDS_URL']}/livez"), 20)
        refused = httpx.get(f"{env['FUNDS_URL']}/readyz")
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        first, again = call("migrate", env=env), call("migrate", env=env)
        assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
        assert "funds/migrations/0001_read_tables.sql" in first.stdout
        assert "vault" in first.stdout
        assert again.stdout.strip().endswith("[]")
        wait_until(lambda: answers(f"{env['FUNDS_URL']}/readyz"), 10)


def test_what_is_stored_is_listed_and_published_by_the_worker(env, kafka, topic):
    env |= {"KAFKA_BOOTSTRAP": kafka, "FUNDS_TOPIC": topic, "REGISTRY_TOPIC": f"{topic}.none"}
    assert call("migrate", env=env).returncode == 0
    fund = a_fund(balance=38)
    with running("work", env):
        asyncio.run(append(env["FUNDS_DATABASE_URL"], fund))
        wait_until(partial(listed, env["FUNDS_DATABASE_URL"]), 20)
        wait_until(lambda: len(published(kafka, topic)) == 2, 20)
        assert answers(f"http://{env['FUNDS_METRICS']}/metrics")
    opened, moved = [decode("14.funds", record.value) for record in published(kafka, topic)]
    assert (opened.position, opened.stream) == (1, str(fund.id))
    assert opened.type == "khuyenhoc.funds.v1.FundOpened"
    assert (moved.position, moved.type) == (2, "khuyenhoc.log.v1.Withheld")


def test_a_topic_is_filled_again_from_the_log(env, kafka, topic):
    env |= {"KAFKA_BOOTSTRAP": kafka, "FUNDS_TOPIC": topic}
    assert call("migrate", env=env).returncode == 0
    asyncio.run(append(env["FUNDS_DATABASE_URL"], a_fund()))
    filled = call("refill", env=env)
    assert (filled.returncode, filled.stdout) == (0, "funds: published up to 1\n"), filled.stderr


def listed(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("select balance from fund").fetchone() == (38,)


def published(kafka: str, topic: str) -> list[Record]:
    return asyncio.run(Topic(kafka, topic).read(0, 10))
