"""Training as processes: migrated, serving, working, stopped; and how a wrong start ends."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2 as httpx
import psycopg
import pytest
import training
from builders import a_headcount
from chassis.bus.envelope import decode
from chassis.bus.kafka import Record, Topic
from chassis.clock import SystemClock
from chassis.domain import uuid7
from chassis.log.execute import Executor, Order
from chassis.log.store import Log
from chassis.run.database import open_pool
from training.codec import CODEC
from training.domain.headcount import Headcount
from training.domain.kind import Kind

from deploy.local.processes import free_port, wait_until

SERVICES = Path(training.__file__).parents[1]
PATH = os.pathsep.join([str(SERVICES), str(SERVICES.parent / "proto/gen")])


def call(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "training", *words],
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
        [sys.executable, "-m", "training", role],
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
    databases = make_service("training")
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text("5" * 43 + "=\n")
    return {
        "KH_PROVINCE": "14",
        "KH_PROFILE": "local",
        "KH_KEY_FILE": str(key),
        "ISSUER_URL": "http://127.0.0.1:1",
        "TRAINING_URL": f"http://127.0.0.1:{free_port()}",
        "TRAINING_GRPC": f"127.0.0.1:{free_port()}",
        "TRAINING_METRICS": f"127.0.0.1:{free_port()}",
        "TRAINING_DATABASE_URL": databases.main.app_url,
        "TRAINING_OWNER_URL": databases.main.owner_url,
        "TRAINING_VAULT_URL": databases.vault.app_url,
        "TRAINING_VAULT_OWNER_URL": databases.vault.owner_url,
    }


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


async def append(url: str, headcount: Headcount) -> None:
    """Store a headcount as another process of the service would."""
    pool = await open_pool(url, max_size=2)
    executor = Executor(Log(pool, "14.training"), CODEC, SystemClock())
    await executor.start()

    async def decide(work):
        return work.save(headcount)

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
        assert "TRAINING_DATABASE_URL" in ended.stderr


def test_migrations_may_be_run_again(env):
    first, again = call("migrate", env=env), call("migrate", env=env)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "training/migrations/0001_read_tables.sql" in first.stdout
    assert "vault" in first.stdout
    assert again.stdout.strip().endswith("[]")


def test_a_service_before_its_migrations_is_not_ready_and_says_why(env):
    with running("serve", env):
        wait_until(lambda: answers(f"{env['TRAINING_URL']}/livez"), 20)
        refused = httpx.get(f"{env['TRAINING_URL']}/readyz")
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert "cần chạy migrate" in refused.json()["detail"]
        assert call("migrate", env=env).returncode == 0
        wait_until(lambda: answers(f"{env['TRAINING_URL']}/readyz"), 10)


def test_what_is_stored_is_listed_and_published_by_the_worker(env, kafka, topic):
    env |= {"KAFKA_BOOTSTRAP": kafka, "TRAINING_TOPIC": topic}
    assert call("migrate", env=env).returncode == 0
    headcount = a_headcount(kind=Kind.SEMINAR, participants=38)
    with running("work", env):
        asyncio.run(append(env["TRAINING_DATABASE_URL"], headcount))
        wait_until(partial(listed, env["TRAINING_DATABASE_URL"]), 20)
        wait_until(lambda: bool(published(kafka, topic)), 20)
        assert answers(f"http://{env['TRAINING_METRICS']}/metrics")
    (envelope,) = [decode("14.training", record.value) for record in published(kafka, topic)]
    assert (envelope.position, envelope.stream) == (1, str(headcount.id))
    assert envelope.type == "khuyenhoc.training.v1.HeadcountReported"


def test_a_topic_is_filled_again_from_the_log(env, kafka, topic):
    env |= {"KAFKA_BOOTSTRAP": kafka, "TRAINING_TOPIC": topic}
    assert call("migrate", env=env).returncode == 0
    asyncio.run(append(env["TRAINING_DATABASE_URL"], a_headcount()))
    filled = call("refill", env=env)
    assert (filled.returncode, filled.stdout) == (0, "training: published up to 1\n"), filled.stderr
    nothing_lost = call("accept-loss", "--at", "0", env=env)
    assert nothing_lost.returncode == 2
    assert "no loss is to be accepted" in nothing_lost.stderr


def listed(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("select count(*) from course").fetchone() == (1,)


def published(kafka: str, topic: str) -> list[Record]:
    return asyncio.run(Topic(kafka, topic).read(0, 10))
