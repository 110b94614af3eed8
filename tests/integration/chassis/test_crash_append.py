"""A process killed at any step of an append: what it acknowledged is stored, and nothing twice."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest
from appender import command
from killed import run_until_killed, surroundings
from logs import assert_sound, executing, open_log, prepare

from deploy.local.databases import Database

COMMANDS = 400


async def run_appender(
    database: Database, noted: Path, kill_after: int | None = None, **more: str
) -> int:
    """Run the appender, by itself killed at a fail point, or by us after so many answers."""
    return await run_until_killed(
        "-m", "appender", database.app_url, str(noted), str(COMMANDS),
        noted=lambda: answers(noted), kill_after=kill_after, **more,
    )  # fmt: skip


def answers(noted: Path) -> dict[int, int]:
    """What was acknowledged: number of the command, position."""
    if not noted.exists():
        return {}
    lines = noted.read_text().splitlines()
    return {int(number): int(position) for number, position in map(str.split, lines)}


async def everything_holds(database: Database, noted: Path) -> None:
    """What was acknowledged is stored where it was said; sending all again completes the rest."""
    said = answers(noted)
    async with open_log(database) as log, executing(log) as executor:
        await assert_sound(log.pool)
        receipts = await log.receipts([command(n)[0].command for n in said])
        assert {n: receipts[command(n)[0].command].position for n in said} == said
        first = await executor.execute(*command(0))
        rest = await executor.execute_all([command(n) for n in range(1, COMMANDS)])
        again = {n: answer.position for n, answer in enumerate([first, *rest])}
        assert {n: again[n] for n in said} == said
        assert (await log.head()).position == COMMANDS
        await assert_sound(log.pool)


@pytest.mark.parametrize("step", ["append.sending", "append.sent", "append.replied"])
@pytest.mark.parametrize("time", [2, 15])
async def test_killed_at_a_named_step(
    database: Database, tmp_path: Path, step: str, time: int
) -> None:
    await prepare(database)
    noted = tmp_path / "acknowledged"
    point = {"KH_PROFILE": "local", "KH_FAILPOINT": f"{step}:{time}"}
    assert await run_appender(database, noted, **point) == -signal.SIGKILL
    assert len(answers(noted)) < COMMANDS
    await everything_holds(database, noted)


async def test_killed_three_times_from_outside_and_finished(
    database: Database, tmp_path: Path
) -> None:
    await prepare(database)
    noted = tmp_path / "acknowledged"
    for after in (20, 90, 170):
        assert await run_appender(database, noted, kill_after=after) == -signal.SIGKILL
    assert await run_appender(database, noted) == 0
    assert len(answers(noted)) == COMMANDS
    await everything_holds(database, noted)


async def test_two_processes_append_the_same_commands_at_once(
    database: Database, tmp_path: Path
) -> None:
    await prepare(database)
    one, other = tmp_path / "one", tmp_path / "other"
    codes = await asyncio.gather(run_appender(database, one), run_appender(database, other))
    assert codes == [0, 0]
    assert answers(one) == answers(other)
    await everything_holds(database, one)


async def test_a_fail_point_is_refused_outside_the_local_profile(
    database: Database, tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import chassis.failpoint",
        env=surroundings(KH_PROFILE="production", KH_FAILPOINT="append.sent"),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    assert process.returncode == 1
    assert b"refused outside the local profile" in said
