"""What a loaded province weighs: every process of this machine's installation, every database."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_DATABASES = ("_DATABASE_URL", "_VAULT_URL")
Json = dict[str, Any]


def processes(run: Path) -> Json:
    """Peak and present memory in MB (10^6 bytes), and processor seconds since each was started.

    Empty where the services run elsewhere: then no process of theirs is noted in the run folder.
    A server that works through children counts the seconds of those too, its own memory only.
    """
    noted = {file.stem: int(file.read_text()) for file in sorted(run.glob("pids/*.pid"))}
    found = {name: _process(pid) for name, pid in (noted | {"demo": os.getpid()}).items()}
    return {name: each for name, each in found.items() if each}


def databases(env: Mapping[str, str]) -> Json:
    """Sizes in MB (10^6 bytes), by name; of those this environment names and lets in."""
    return dict(sorted(_sizes(env)))


def _sizes(env: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    asked = "SELECT current_database(), pg_database_size(current_database())"
    for url in (value for name, value in env.items() if name.endswith(_DATABASES)):
        try:
            with psycopg.connect(url, connect_timeout=10) as connection:
                if row := connection.execute(asked).fetchone():
                    yield str(row[0]), round(row[1] / 1e6, 1)
        except psycopg.Error:
            continue  # a size is not worth a failed demo


def _process(pid: int) -> Json | None:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
        cpu = _seconds(pid) + sum(map(_seconds, _children(pid)))
    except OSError:
        return None
    kilobytes = {name: value.split()[0] for name, _, value in (s.partition(":") for s in lines)
                 if name in ("VmHWM", "VmRSS")}  # fmt: skip
    peak, now = (round(int(kilobytes[name]) * 1024 / 1e6, 1) for name in ("VmHWM", "VmRSS"))
    return {"peak_mb": peak, "rss_mb": now, "cpu_s": round(cpu, 1)}


def _children(pid: int) -> list[int]:
    return [int(n) for n in (_PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]


def _seconds(pid: int) -> float:
    """User and system time, its own and of the children it has waited for (proc(5), stat)."""
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS
