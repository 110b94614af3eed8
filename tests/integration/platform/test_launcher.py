"""Whatever state a machine is in, starting again repairs it or says what to do."""

import os
import signal
import socket
import stat
import subprocess
import sys
import uuid

import psycopg
import pytest
from integration.platform.launcher import Launcher

from deploy.local.processes import alive, wait_until

READY = {"postgres": "ready", "kafka": "ready", "issuer": "ready"}
STOPPED = {"postgres": "stopped", "kafka": "stopped", "issuer": "stopped"}


@pytest.fixture(scope="module")
def launcher(state):
    ours = Launcher(state / "launcher" / "run")
    ours.run.parent.mkdir()
    yield ours
    ours.must("reset", YES="1")


@pytest.fixture
def servers(launcher):
    launcher.must("servers")
    return launcher


def note(servers, text):
    """Something to be found again after the server was gone."""
    with psycopg.connect(servers.env["TRAINING_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        owner.execute("INSERT INTO note VALUES (%s)", (text,))


def notes(servers):
    with psycopg.connect(servers.env["TRAINING_OWNER_URL"]) as owner:
        return [row[0] for row in owner.execute("SELECT text FROM note")]


def test_status_lists_every_process_with_its_memory(servers):
    rows = servers.status()
    assert {name: rows[name]["state"] for name in READY} == READY
    assert rows["training-serve"]["state"] == "stopped"
    assert all(
        rows[name]["rss_mb"] > 5 and rows[name]["pid"] == servers.pid(name) for name in READY
    )
    columns = ["name", "pid", "state", "position", "lag_events", "lag_s", "parked", "rss_mb"]
    assert list(rows["kafka"]) == columns


def test_the_addresses_and_secrets_are_for_their_owner_alone(servers):
    for name in ("env", "installation.json", "keys/key-encryption.key", "issuer/key.json"):
        assert stat.S_IMODE((servers.run / name).stat().st_mode) == 0o600, name


def test_starting_again_leaves_what_runs_alone(servers):
    before = {name: servers.pid(name) for name in READY}
    env = servers.env
    servers.must("servers")
    assert {name: servers.pid(name) for name in READY} == before
    assert servers.env == env


@pytest.mark.parametrize("name", ["postgres", "kafka", "issuer"])
def test_a_server_killed_by_force_comes_back_under_the_same_address(servers, name):
    env, killed = servers.env, servers.pid(name)
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: not alive(killed), 10)
    assert servers.states() == {**READY, name: "stopped"}
    servers.must("servers")
    assert servers.states() == READY
    assert servers.env == env


def test_what_was_committed_survives_a_power_off(servers):
    text = str(uuid.uuid4())
    note(servers, text)
    for name in READY:
        os.kill(servers.pid(name), signal.SIGKILL)
    # after the power is back the old pids belong to others: here, to this very test
    for name in READY:
        (servers.run / "pids" / f"{name}.pid").write_text(str(os.getpid()))
    servers.must("servers")
    assert servers.states() == READY
    assert text in notes(servers)


def test_a_process_that_is_not_ours_is_never_stopped(servers):
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    for name in ("kafka", "training-serve"):
        (servers.run / "pids" / f"{name}.pid").write_text(str(bystander.pid))
    servers.must("down")
    assert bystander.poll() is None
    bystander.communicate(b"\n")
    assert servers.states() == STOPPED


def test_stopping_twice_is_stopping_once(servers):
    pids = [servers.pid(name) for name in READY]
    servers.must("down")
    servers.must("down")
    assert servers.states() == STOPPED
    assert not any(alive(pid) for pid in pids)
    assert not list((servers.run / "pids").iterdir())


def test_a_port_taken_meanwhile_is_given_up_for_another(servers):
    servers.must("down")
    host, port = servers.env["KAFKA_BOOTSTRAP"].split(":")
    with socket.create_server((host, int(port))):
        said = servers.must("servers")
        assert f"kafka: port {port} is taken by another program" in said
        assert servers.states() == READY
        assert servers.env["KAFKA_BOOTSTRAP"] != f"{host}:{port}"


def test_two_launchers_at_once_do_not_fight(servers):
    servers.must("down")
    both = [servers.begin("servers") for _ in range(2)]
    said = [one.communicate(timeout=180) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert servers.states() == READY


def test_an_interrupted_start_goes_on_where_it_stopped(state):
    own = Launcher(state / "interrupted" / "run")
    own.run.parent.mkdir()
    try:
        begun = own.begin("servers")
        assert wait_until((own.run / "pids" / "kafka.pid").exists, 60, 0.01)
        begun.send_signal(signal.SIGINT)
        _, err = begun.communicate(timeout=60)
        assert begun.returncode == 130
        assert "interrupted; run it again" in err
        own.must("servers")
        assert own.states() == READY
    finally:
        own.must("reset", YES="1")


def test_forgetting_everything_asks_first(servers):
    done = servers("reset")
    assert done.returncode == 1
    assert "YES=1" in done.stderr
    assert servers.states() == READY


def test_another_programs_servers_are_used_when_they_are_named(state, postgres, kafka):
    own = Launcher(state / "outside" / "run")
    own.run.parent.mkdir()
    named = {"KH_DATABASE_URL": postgres.admin_url, "KH_KAFKA_BOOTSTRAP": kafka}
    try:
        own.must("servers", **named)
        own.must("servers")
        assert own.env["KAFKA_BOOTSTRAP"] == kafka
        assert set(own.status()) & {"postgres", "kafka", "issuer"} == {"issuer"}
        with psycopg.connect(own.env["TRAINING_VAULT_URL"]) as app:
            found = app.execute("SELECT current_database(), current_user").fetchone()
        assert found == ("kh_training_vault", "kh_training")
    finally:
        own.must("reset", YES="1")


def test_an_unknown_word_is_refused_with_the_known_ones(launcher):
    done = launcher("upp")
    assert done.returncode == 2
    assert "'upp' is not one of: setup, up" in done.stderr
