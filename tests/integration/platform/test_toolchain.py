"""What is fetched is what was committed, and what is missing is named with how to get it."""

import hashlib
import subprocess
import sys

import pytest
from integration.platform.launcher import REPO

from deploy.local import toolchain
from deploy.local.processes import LauncherError


@pytest.fixture
def jars(tmp_path):
    """Two jars and the sums that were committed for them."""
    folder, sums = tmp_path / "libs", tmp_path / "libs.sha256"
    folder.mkdir()
    lines = []
    for name in ("broker.jar", "clients.jar"):
        (folder / name).write_bytes(name.encode())
        lines.append(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n")
    sums.write_text("".join(lines))
    return folder, sums


def test_the_committed_jars_are_accepted(jars):
    assert toolchain.differing(*jars) == set()


def test_a_changed_a_missing_and_an_additional_jar_are_named(jars):
    folder, sums = jars
    (folder / "broker.jar").write_bytes(b"something else")
    (folder / "clients.jar").unlink()
    (folder / "stranger.jar").write_bytes(b"on the class path as well")
    assert toolchain.differing(folder, sums) == {"broker.jar", "clients.jar", "stranger.jar"}


def test_the_jars_in_use_are_those_of_the_committed_sums():
    assert toolchain.differing(toolchain.JARS, toolchain.SUMS) == set()
    assert len(toolchain.SUMS.read_text().splitlines()) == 45


def test_what_a_machine_lacks_is_named_with_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(toolchain, "JARS", tmp_path)
    assert toolchain.absent() == [
        "Java 17 or newer: apt-get install openjdk-17-jre-headless",
        "Maven, to fetch Kafka's jars: apt-get install maven",
    ]


def test_an_old_java_is_not_enough(tmp_path, monkeypatch):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert toolchain.java_version() == 11
    assert any(line.startswith("Java 17") for line in toolchain.absent())


def test_a_download_is_tried_again_and_then_given_up_with_its_reason(monkeypatch, capsys):
    pauses, tries = [], []
    monkeypatch.setattr(toolchain.time, "sleep", pauses.append)

    def fails():
        tries.append(1)
        raise LauncherError("no route to the index")

    with pytest.raises(LauncherError, match="no route"):
        toolchain.retried("pip", fails)
    assert (len(tries), pauses) == (4, [1, 3, 9])
    assert "pip: again in 9 s" in capsys.readouterr().out


def test_nothing_is_fetched_twice():
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "setup"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"· set up: {toolchain.PYTHON}\n"
