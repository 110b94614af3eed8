"""What an operator types, and what is said in return."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[3]
Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def typed(database) -> Typed:
    """`python -m reporting ...` against a fresh database."""
    path = os.pathsep.join(str(REPO / part) for part in ("services", "proto/gen"))
    env = {
        **os.environ,
        "PYTHONPATH": path,
        "KH_PROFILE": "local",
        "ISSUER_URL": "http://127.0.0.1:1",
        "REPORTING_URL": "http://127.0.0.1:2",
        "REPORTING_DATABASE_URL": database.app_url,
        "REPORTING_OWNER_URL": database.owner_url,
    }

    def run(*words: str, without: str = "") -> subprocess.CompletedProcess[str]:
        given = {name: value for name, value in env.items() if name != without}
        command = [sys.executable, "-m", "reporting", *words]
        return subprocess.run(command, env=given, capture_output=True, text=True, check=False)

    return run


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    return line


def test_migrating_twice_applies_nothing_the_second_time(typed: Typed) -> None:
    assert "0001_statistics.sql" in typed("migrate").stdout
    assert typed("migrate").stdout == "reporting: applied []\n"


def test_retrying_with_nothing_parked_does_nothing(typed: Typed) -> None:
    typed("migrate")
    assert typed("retry").stdout == "reporting: applied 0, cleared 0, still parked 0\n"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("eat",),
        ("serve", "now"),
        ("accept-loss",),
        ("accept-loss", "--at", "-1"),
        ("accept-loss", "--at", "٣"),
        ("accept-loss", "--at", "1", "--log"),
    ],
)
def test_what_is_not_understood_is_answered_in_one_line(typed: Typed, words) -> None:
    assert "serve, work, migrate, retry, accept-loss --at M" in refused(typed(*words))


def test_a_loss_that_was_none_is_refused_in_one_line(typed: Typed) -> None:
    typed("migrate")
    assert "14.funds" in refused(typed("accept-loss", "--at", "3", "--log", "14.funds"))
    assert "lost nothing above 3" in refused(typed("accept-loss", "--at", "3"))


def test_bases_are_brought_in_whole_or_refused_by_line(typed: Typed, tmp_path: Path) -> None:
    typed("migrate")
    file = tmp_path / "bases.csv"
    good = "base_kind,area,valid_on,amount,source\nCLANS,14,2024-12-31,1400,Hội Khuyến học\n"
    file.write_text(good + "CLANS,14,2025-13-01,1400,Hội Khuyến học\n", "utf-8")
    assert "line 3: '2025-13-01' is not a day" in refused(typed("bases", str(file)))
    file.write_text(good, "utf-8")
    assert typed("bases", str(file)).stdout == "reporting: added 1 bases\n"
    assert typed("bases", str(file)).stdout == "reporting: added 0 bases\n"
    file.write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in refused(typed("bases", str(file)))
    assert "nothing.csv" in refused(typed("bases", str(tmp_path / "nothing.csv")))


def test_a_setting_that_is_missing_is_named(typed: Typed) -> None:
    said = refused(typed("migrate", without="REPORTING_DATABASE_URL"))
    assert "REPORTING_DATABASE_URL" in said
    assert "REPORTING_OWNER_URL" in refused(typed("migrate", without="REPORTING_OWNER_URL"))
