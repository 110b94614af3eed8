"""A closed-loop HTTP load: so many connections, each sending its next request when answered.

A process of its own: ``python -m benchmarks.load HOST PORT CONNECTIONS SECONDS FILE``. FILE
holds raw requests, each after its length as four big-endian bytes; each is sent once, so that every
command has its own key. Prints one JSON object: requests, seconds, rate, p50_ms, p99_ms, statuses.
"""

import asyncio
import json
import re
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def write_requests(path: Path, requests: Iterable[bytes]) -> None:
    with path.open("wb") as out:
        for request in requests:
            out.write(struct.pack(">I", len(request)) + request)


def read_requests(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 4 + size]
        at += 4 + size


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """One raw HTTP/1.1 request."""
    lines = [f"POST {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Load:
    """Latencies in seconds and statuses of everything answered."""

    def __init__(self, requests: Iterator[bytes], seconds: float) -> None:
        self.requests, self.seconds = requests, seconds
        self.latencies: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.started = self.ended = 0.0

    async def run(self, host: str, port: int, connections: int) -> None:
        self.started = time.perf_counter()
        await asyncio.gather(*(self._connection(host, port) for _ in range(connections)))
        self.ended = time.perf_counter()

    async def _connection(self, host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection(host, port)
        until = self.started + self.seconds
        for request in self.requests:
            sent = time.perf_counter()
            if sent > until:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            size = LENGTH.search(head)
            await reader.readexactly(int(size[1]) if size else 0)
            self.latencies.append(time.perf_counter() - sent)
            self.statuses[head[9:12].decode()] += 1
        writer.close()

    def outcome(self) -> dict[str, object]:
        ordered = sorted(self.latencies) or [0.0]
        seconds = self.ended - self.started
        return {
            "requests": len(self.latencies),
            "seconds": seconds,
            "rate": len(self.latencies) / seconds,
            "p50_ms": 1000 * ordered[len(ordered) // 2],
            "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
            "statuses": dict(self.statuses),
        }


def measured(
    url: str, requests: Iterable[bytes], connections: int, seconds: float, folder: Path
) -> dict[str, Any]:
    """What such a load of that address was answered, sent from a process of its own."""
    file = folder / "requests"
    write_requests(file, requests)
    parts = urlsplit(url)
    words = [f"{parts.hostname}", f"{parts.port}", f"{connections}", f"{seconds}", f"{file}"]
    load = [sys.executable, "-m", "benchmarks.load", *words]
    told: dict[str, Any] = json.loads(subprocess.run(load, check=True, capture_output=True).stdout)
    return told


def main(host: str, port: str, connections: str, seconds: str, file: str) -> None:
    load = Load(read_requests(Path(file)), float(seconds))
    uvloop.run(load.run(host, int(port), int(connections)))
    print(json.dumps(load.outcome()))


if __name__ == "__main__":
    main(*sys.argv[1:])
