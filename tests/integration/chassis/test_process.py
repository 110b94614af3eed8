"""A process finishes what it holds when asked to stop, and ends loudly when a part of it crashes."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.processes import free_port, wait_until

REPO = Path(__file__).resolve().parents[3]
BEGIN = """
import asyncio, functools, sys
from chassis.run import process, telemetry
telemetry.configure("training", "test")

def say(word):
    print(word, file=sys.stderr, flush=True)

"""


@contextmanager
def program(text: str) -> Iterator[subprocess.Popen[str]]:
    source = BEGIN + textwrap.dedent(text)
    environment = os.environ | {"PYTHONPATH": str(REPO / "services")}
    child = subprocess.Popen(
        [sys.executable, "-c", source],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def heard(child: subprocess.Popen[str]) -> str:
    assert child.stderr is not None
    return child.stderr.readline().strip()


def ended(child: subprocess.Popen[str]) -> tuple[int, str, list[dict[str, object]]]:
    """The exit code, what was said on standard error, and the log."""
    out, err = child.communicate(timeout=20)
    return child.returncode, err, [json.loads(line) for line in out.splitlines()]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: client.recv(65_536), b""))


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_process_asked_to_stop_finishes_what_it_holds(sign: signal.Signals) -> None:
    with program("""
        async def serve(stop):
            say("ready")
            await stop.wait()
            await asyncio.sleep(0)
            say("finished")
        process.run(serve)
    """) as child:
        assert heard(child) == "ready"
        child.send_signal(sign)
        code, err, log = ended(child)
    assert (code, err) == (0, "finished\n")
    assert [line["event"] for line in log] == ["stopping"]


def test_plain_work_is_cancelled_and_drains_in_its_finally() -> None:
    with program("""
        async def follow():
            say("ready")
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                say("finished")
        process.run(follow())
    """) as child:
        assert heard(child) == "ready"
        child.send_signal(signal.SIGTERM)
        assert ended(child)[:2] == (0, "finished\n")


def test_when_one_role_crashes_the_others_drain_and_the_process_ends_with_a_reason() -> None:
    with program("""
        async def serve(stop):
            await stop.wait()
            say("drained")
        async def relay(log, stop):
            raise RuntimeError(f"the topic knows position 9, {log} ends at 7")
        process.run(serve, functools.partial(relay, "14.training"))
    """) as child:
        code, err, log = ended(child)
    assert (code, err) == (1, "drained\n")
    crash = log[-1]
    assert crash["event"] == "role crashed; the process ends so that it is started again"
    assert (crash["part"], crash["level"], crash["error"]) == ("relay", "critical", "RuntimeError")
    assert "the topic knows position 9" in str(crash["exception"])


def test_a_crash_of_plain_work_is_a_crash() -> None:
    with program("""
        async def follow():
            raise RuntimeError("gone")
        process.run(follow())
    """) as child:
        code, _, log = ended(child)
    assert (code, log[-1]["part"]) == (1, "follow")


def test_draining_has_an_end() -> None:
    with program("""
        async def serve(stop):
            say("ready")
            await asyncio.Event().wait()
        process.run(serve, drain_s=0.05)
    """) as child:
        assert heard(child) == "ready"
        child.send_signal(signal.SIGTERM)
        code, _, log = ended(child)
    assert code == 1
    assert (log[-1]["level"], log[-1]["part"]) == ("error", "serve")


def test_a_second_signal_does_not_wait() -> None:
    with program("""
        async def serve(stop):
            say("ready")
            await stop.wait()
            say("draining")
            await asyncio.Event().wait()
        process.run(serve, drain_s=600)
    """) as child:
        assert heard(child) == "ready"
        child.send_signal(signal.SIGTERM)
        assert heard(child) == "draining"
        child.send_signal(signal.SIGTERM)
        code, _, log = ended(child)
    assert (code, log[-1]["event"]) == (1, "stopping at once")


def test_a_role_that_ends_takes_the_process_with_it_cleanly() -> None:
    with program("""
        async def migrate(stop):
            process.settle()
        async def serve(stop):
            await stop.wait()
            say("drained")
        process.run(migrate, serve)
    """) as child:
        code, err, log = ended(child)
    assert (code, err) == (0, "drained\n")
    assert log[0]["why"] == ["migrate ended"]


def test_a_command_line_refuses_in_one_line_with_code_2() -> None:
    with program("""
        from chassis.errors import NotFound
        with process.one_line("training"):
            raise NotFound("no parked event\\nof that key", "không có sự kiện")
    """) as child:
        assert ended(child)[:2] == (2, "training: no parked event of that key\n")


def test_what_a_command_line_refuses_shows_neither_a_password_nor_a_row() -> None:
    with program("""
        import asyncpg
        with process.one_line("training"):
            raise asyncpg.UniqueViolationError(
                "postgresql://u:hush@db refuses\\nDETAIL: Key (name)=(Mai) exists")
    """) as child:
        code, err, _ = ended(child)
    assert code == 2
    assert err == "training: postgresql://u:[hidden]@db refuses DETAIL: [hidden]\n"


def test_a_request_in_hand_is_answered_before_the_server_goes() -> None:
    port = free_port()
    with program(f"""
        from chassis.run.http import serve_http
        stopping = asyncio.Event()
        async def app(scope, receive, send):
            say("asked")
            await stopping.wait()
            await send({{"type": "http.response.start", "status": 200, "headers": []}})
            await send({{"type": "http.response.body", "body": b"answered"}})
        async def watch(stop):
            await stop.wait()
            stopping.set()
        process.run(serve_http(app, ("127.0.0.1", {port}), lifespan="off"), watch)
    """) as child:
        wait_until(lambda: answers(port), 20)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert heard(child) == "asked"
            child.send_signal(signal.SIGTERM)
            answer = b"".join(iter(lambda: client.recv(4096), b""))
        assert ended(child)[0] == 0
    assert b"\r\nanswered\r\n" in answer
    assert not answers(port)


def test_a_worker_shows_its_metrics_and_that_it_is_alive() -> None:
    port = free_port()
    with program(f"""
        from chassis.run import metrics
        from chassis.run.http import serve_metrics
        metrics.RELAY_LAG_EVENTS.labels("14.training").set(3)
        process.run(serve_metrics(("127.0.0.1", {port})), serve_metrics(None))
    """) as child:
        wait_until(lambda: answers(port), 20)
        shown = {path: get(port, path) for path in ("/metrics", "/livez", "/else")}
        child.send_signal(signal.SIGTERM)
        assert ended(child)[0] == 0
    assert b'kh_relay_lag_events{log="14.training"} 3.0' in shown["/metrics"]
    assert b" 200 OK" in shown["/livez"]
    assert b" 404 " in shown["/else"]


def test_a_port_that_is_taken_ends_the_process_with_its_reason() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with program(f"""
            from chassis.run.http import serve_http
            process.run(serve_http(None, ("127.0.0.1", {port}), lifespan="off"))
        """) as child:
            code, _, log = ended(child)
    assert code != 0
    assert any("address already in use" in str(line) for line in log)
