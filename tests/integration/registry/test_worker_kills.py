"""A worker killed at any step, or two at once: what was ordered is done to its end, once."""

import asyncio
import base64
import os
import signal
import sys
from pathlib import Path

import pytest
from registry_desk import DPO, Desk, open_desk

REPO = Path(__file__).parents[3]


class Worker:
    """`python -m registry work` on the databases of a desk, to be killed at a named step."""

    def __init__(self, registry, vault, bootstrap: str, topic: str, folder: Path) -> None:
        key = folder / "kek"
        key.write_text(f"kek {base64.b64encode(b'k' * 32).decode()}\n")
        key.chmod(0o600)
        path = os.pathsep.join(str(REPO / part) for part in ("services", "proto/gen"))
        self._variables = {
            "PYTHONPATH": path,
            "KH_PROFILE": "local",
            "KH_KEY_FILE": str(key),
            "ISSUER_URL": "http://127.0.0.1:1",
            "KAFKA_BOOTSTRAP": bootstrap,
            "REGISTRY_TOPIC": topic,
            "REGISTRY_URL": "http://127.0.0.1:2",
            "REGISTRY_DATABASE_URL": registry.app_url,
            "REGISTRY_VAULT_URL": vault.app_url,
        }

    async def start(self, step: str = "") -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "registry", "work",
            env={**os.environ, **self._variables, "KH_FAILPOINT": step},
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    async def killed_at(self, step: str) -> None:
        """It comes as far as that step and dies there."""
        process = await self.start(step)
        try:
            assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL, step
        finally:
            await ended(process)


async def ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
async def place(make_database, kafka, topic, tmp_path):
    """A desk whose orders only a worker of the test carries out, and that worker."""
    registry, vault = make_database("registry"), make_database("registry_vault")
    async with open_desk(registry, vault, carrying=False) as desk:
        yield desk, Worker(registry, vault, kafka, topic, tmp_path)


async def count(desk: Desk, *types: str) -> int:
    asked = "select count(*) from event where type = any($1)"
    return await desk.stores.pool.fetchval(asked, [f"registry.{each}" for each in types])


async def test_an_erasure_half_done_is_finished_once_wherever_the_worker_died(place):
    desk, worker = place
    steps = ("erase.ordered", "erase.destroyed", "append.sending", "append.sent", "append.replied")
    people = []
    for number, step in enumerate(steps):
        subject = await desk.a_citizen(f"Lò Thị {number}", national_id=f"01409500012{number}")
        people.append(subject)
        await desk.done("erasures", subject=subject, ground="g", headers=desk.bearer(DPO, who=5))
        await worker.killed_at(step)
    both = [await worker.start() for _ in range(2)]
    try:
        for subject in people:
            found = await desk.until_erased(subject)
            assert found["erased"] == ["name", "national_id"]
    finally:
        for process in both:
            await ended(process)
    assert await count(desk, "SubjectErased") == len(people)
    for table in ("data_key", "blind_index", "subject_name"):
        left = await desk.stores.vault_pool.fetchval(f"select count(*) from {table}")
        assert left == 0, table


async def test_a_key_whose_maker_died_before_the_event_is_used_by_whoever_comes_next(place):
    desk, _ = place
    national_id = "014095000123"
    orphan = (await desk.stores.vault(desk.clock).claim(national_id)).subject
    assert await desk.found(name="mai") == []
    assert await desk.a_citizen("Lò Thị Mai", national_id=national_id) == str(orphan)
    assert await desk.found(name="mai") == ["Lò Thị Mai"]
    again = await desk.post(
        "subjects", model="citizen", area="03763", name="Mai", group="farmer",
        national_id=national_id,
    )  # fmt: skip
    assert (again.status_code, again.json()["code"]) == (409, "already-exists")
