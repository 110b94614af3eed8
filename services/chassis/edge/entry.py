"""The way in: trace context, security headers, access log, and straight on to a command path."""

import re
import time
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.edge.access import AccessLog
from chassis.run.trace import bind_trace

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNMATCHED = "unmatched"
_SAFE = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_PRIVATE = (b"cache-control", b"private, no-cache")
_NOTHING_ACTIVE = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_TEMPLATE = re.compile(r"[\w/{}.:-]+")


class Entry:
    """The outermost ASGI application of a service.

    A ``POST`` to a command path goes straight to its endpoint: it needs nothing of the framework
    around the reads, which would double what a command costs here.
    """

    def __init__(self, app: ASGIApp, commands: Mapping[str, ASGIApp], access: AccessLog) -> None:
        self._app = app
        self._commands = commands
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        _trace(scope)

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _secured(message.get("headers", ()))
            await send(message)

        command = self._commands.get(scope["path"]) if scope["method"] == "POST" else None
        try:
            await (command or self._app)(scope, receive, sent)
        finally:
            self._access.record(
                scope["method"] if scope["method"] in _METHODS else "OTHER",
                scope["path"] if command else _template(scope),
                status,
                time.perf_counter() - began,
                scope["trace_id"],
            )


def _trace(scope: Scope) -> None:
    given = next((value for name, value in scope["headers"] if name == b"traceparent"), None)
    trace = bind_trace(given.decode("latin-1") if given else None)
    scope["trace_id"] = trace.trace_id
    # Only a caller's own trace is worth a place in the log for ever.
    scope["traceparent"] = str(trace) if given else None


def _secured(headers: Any) -> list[tuple[bytes, bytes]]:
    own = [name for name, _ in headers]
    added = [each for each in (_PRIVATE, _NOTHING_ACTIVE) if each[0] not in own]
    return [*headers, *_SAFE, *added]


def _template(scope: Scope) -> str:
    """The path of the route that answered, with its parameters unnamed."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    return path if isinstance(path, str) and _TEMPLATE.fullmatch(path) else _UNMATCHED
