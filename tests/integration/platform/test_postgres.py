"""A cluster is mended before it is started, whatever it was left as."""

import os
import signal

import pytest
from integration.platform.launcher import REPO

from deploy.local.postgres import Postgres, place_for
from deploy.local.processes import alive, child, free_port, wait_until, working_folder


@pytest.fixture
def cluster(state, request):
    home = state / f"pg-{request.node.name[:40]}"
    return Postgres(place_for(home, REPO), state / f"{home.name}.log", free_port(), "secret")


def started(cluster):
    process = child(cluster.program())
    assert wait_until(lambda: cluster.answers() or process.poll() is not None, 60)
    assert process.poll() is None, cluster.log.read_text()
    return process


def test_an_interrupted_creation_is_begun_again(cluster):
    cluster.prepare()
    partial = cluster.place.home / "data.partial"
    cluster.data.rename(partial)
    (partial / "global" / "pg_control").unlink()
    cluster.prepare()
    process = started(cluster)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_a_killed_server_nobody_reaped_does_not_keep_a_new_one_out(cluster):
    cluster.prepare()
    first = started(cluster)
    first.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not alive(first.pid), 10)
    assert first.returncode is None, "it is a zombie: we have not waited for it"
    cluster.clear_stale()
    second = started(cluster)
    first.wait()
    second.send_signal(signal.SIGINT)
    assert second.wait(20) == 0


def test_a_pid_file_that_names_somebody_else_is_put_aside(cluster):
    cluster.prepare()
    process = started(cluster)
    process.send_signal(signal.SIGKILL)
    process.wait()
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert cluster.running() is None
    cluster.clear_stale()
    again = started(cluster)
    assert cluster.running() == again.pid
    assert working_folder(again.pid) == cluster.data.resolve()
    again.send_signal(signal.SIGINT)
    assert again.wait(20) == 0


def test_a_running_server_is_left_alone(cluster):
    cluster.prepare()
    process = started(cluster)
    cluster.clear_stale()
    assert (cluster.data / "postmaster.pid").exists()
    assert cluster.answers()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
