"""`make status`: what runs, how far it has come, what it weighs."""

import json
import os
import socket
import struct
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from deploy.local import databases, environment, managed, tokens
from deploy.local.addresses import answers
from deploy.local.installation import Installation, recorded
from deploy.local.places import Run
from deploy.local.processes import LauncherError, rss_mb
from deploy.local.services import ROLES, SERVICES, Service


@dataclass
class Row:
    """One process; positions and lags in events, lag_s in seconds, None where it has none."""

    name: str
    pid: int | None
    state: str = "stopped"
    position: int | None = None
    lag_events: int | None = None
    lag_s: float | None = None
    parked: int | None = None
    rss_mb: float | None = None


def status(run: Run) -> int:
    """Print the table, or with JSON=1 the same for machines; exit code 0 when all is ready."""
    rows = look(run)
    if os.environ.get("JSON"):
        print(json.dumps([asdict(row) for row in rows]))
    else:
        print(table(rows))
    return 0


def look(run: Run) -> list[Row]:
    """Every process of the installation as it is now."""
    recorded(run)
    installation = Installation(run, **recorded(run)) if recorded(run) else Installation(run)
    env = environment.read(installation)
    now = managed.running(run)
    rows = [Row(name, now.get(name)) for name in names(installation)]
    for row in rows:
        if row.pid:
            row.rss_mb = rss_mb(row.pid)
            row.state = "ready" if readiness(row.name, installation, env)() else "starting"
    positions(rows, installation, env)
    return rows


def names(installation: Installation) -> list[str]:
    """The processes this installation has: outside servers are not among them."""
    own = {
        "postgres": "KH_DATABASE_URL",
        "kafka": "KH_KAFKA_BOOTSTRAP",
        "issuer": "KH_ISSUER_URL",
    }
    servers = [name for name, outside in own.items() if outside not in installation.outside]
    numbers = range(1, installation.replicas + 1)
    return servers + [s.process(role, n) for s in SERVICES for role in ROLES for n in numbers]


def readiness(name: str, installation: Installation, env: dict[str, str]) -> Callable[[], bool]:
    """How to ask a running process whether it is ready."""
    if name == "postgres":
        return lambda: postgres_accepts(installation.port("postgres"))
    if name == "kafka":
        return lambda: installation.own_kafka().answers()
    if name == "issuer":
        return lambda: answers(f"{env.get('ISSUER_URL')}/.well-known/openid-configuration")
    service, role, *number = name.upper().split("-")
    behind = "".join(f"_{each}" for each in number)
    if role == "WORK":
        return lambda: (
            answers(f"http://{env.get(f'{service}_METRICS{behind}')}/metrics")
            and databases.connected(env[f"{service}_DATABASE_URL"], f"{service.lower()}-work")
        )
    return lambda: answers(f"{env.get(f'{service}_URL{behind}')}/readyz")


def postgres_accepts(port: int) -> bool:
    """Whether the server asks a newcomer for a password: it would refuse while it recovers."""
    words = b"user\0kh\0database\0postgres\0\0"
    hello = struct.pack(">ii", 8 + len(words), 196_608) + words
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(hello)
            return connection.recv(1) == b"R"
    except OSError:
        return False


def positions(rows: list[Row], installation: Installation, env: dict[str, str]) -> None:
    """Fill in how far each service has come, from what it tells any token."""
    ready = {row.name: row for row in rows if row.state == "ready"}
    try:
        token = tokens.token({"ROLE": "statistics_viewer"}, env, installation.province)
    except LauncherError:
        return
    for service in SERVICES:
        for number in range(1, installation.replicas + 1):
            serve, work = (ready.get(service.process(role, number)) for role in ROLES)
            if serve:
                fill(service, serve, work, env, token)


def fill(service: Service, serve: Row, work: Row | None, env: dict[str, str], token: str) -> None:
    """How far one pair of a service's processes has come, as its own addresses tell."""
    behind = "".join(f"_{each}" for each in serve.name.split("-")[2:])
    path = "position" if service.writes else "sources"
    answer = asked(f"{env[f'{service.prefix}_URL{behind}']}/v1/{path}", token)
    (writer if service.writes else reader)(answer, serve, work)
    if work and service.writes:
        work.lag_s = metric(env.get(f"{service.prefix}_METRICS{behind}"), "kh_relay_lag_seconds")


def metric(address: str | None, name: str) -> float | None:
    """The greatest value of a metric a worker shows, None when it shows none."""
    try:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=3) as reply:
            lines = reply.read().decode().splitlines()
        return max(float(line.split()[-1]) for line in lines if line.startswith(f"{name}{{"))
    except (urllib.error.URLError, OSError, ValueError):
        return None


def writer(answer: dict[str, Any], serve: Row, work: Row | None) -> None:
    """A log's position is what was stored; its worker's is what was published."""
    serve.position = answer.get("position")
    if work and serve.position is not None:
        work.position = answer.get("published")
        work.lag_events = serve.position - (work.position or 0)
        work.parked = 0


def reader(answer: dict[str, Any], serve: Row, work: Row | None) -> None:
    """A reader's position is the sum over the logs it follows; its lag the worst of them."""
    sources = [source for source in answer.values() if isinstance(source, dict)]
    position = sum(source.get("position") or 0 for source in sources) if sources else None
    serve.position = position
    if work and sources:
        work.position = position
        work.lag_events = sum(source.get("lag_events") or 0 for source in sources)
        work.lag_s = max(float(source.get("lag_s") or 0) for source in sources)
        work.parked = sum(source.get("parked_events") or 0 for source in sources)


def asked(url: str, token: str) -> dict[str, Any]:
    """The JSON object an address answers, empty when it does not."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            answer = json.load(reply)
    except (urllib.error.URLError, OSError, ValueError):
        return {}
    return answer if isinstance(answer, dict) else {}


def table(rows: list[Row]) -> str:
    """The rows for a person."""
    heads = list(asdict(rows[0]))
    cells = [heads] + [
        ["" if value is None else str(value) for value in asdict(row).values()] for row in rows
    ]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i in (0, 2) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )
