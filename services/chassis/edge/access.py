"""One JSON line and one measurement a request: what was asked for, how it ended, how long."""

import asyncio
import sys
from datetime import UTC, datetime
from typing import TextIO

from prometheus_client import Counter, Histogram

from chassis.run.metrics import HTTP_REQUESTS, HTTP_SECONDS

_FLUSH_S = 0.05
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


class AccessLog:
    """Writes what a path is, never what is in it: no ids, no query values, no header of a caller.

    Lines are gathered for a moment and written together: formatting one through the general
    logging would cost as much as answering the request. ``flush`` writes what is waiting.
    """

    def __init__(self, service: str, stream: TextIO | None = None) -> None:
        self._service = service
        self._stream = stream
        self._lines: list[str] = []
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def record(self, method: str, path: str, status: int, seconds: float, trace_id: str) -> None:
        """``path`` is the template of the route, such as ``/v1/courses/{id}``."""
        self._measure(method, path, status, seconds)
        if path in _QUIET:
            return
        now = datetime.now(UTC).isoformat()
        self._lines.append(
            f'{{"event":"request","method":"{method}","path":"{path}","status":{status},'
            f'"ms":{seconds * 1000:.2f},"trace_id":"{trace_id}","service":"{self._service}",'
            f'"level":"info","logger":"edge.access","timestamp":"{now}"}}\n'
        )
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_FLUSH_S, self.flush)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        stream = self._stream or sys.stdout
        if lines and not stream.closed:
            stream.write("".join(lines))
            stream.flush()

    def _measure(self, method: str, path: str, status: int, seconds: float) -> None:
        known = self._known.get((method, path, status))
        if known is None:
            known = (
                HTTP_REQUESTS.labels(method, path, str(status)),
                HTTP_SECONDS.labels(method, path),
            )
            self._known[method, path, status] = known
        requests, took = known
        requests.inc()
        took.observe(seconds)
