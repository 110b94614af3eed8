"""Serve an ASGI application as a role: signals stay with the process, requests are finished."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from chassis.run.metrics import CONTENT_TYPE, exposition
from chassis.run.process import DRAIN_S, Work

Message = MutableMapping[str, Any]  # as ASGI 3 defines it
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_KEEP_ALIVE_S = 75  # longer than a proxy keeps its side, so that we never close under its request
_MARGIN_S = 5.0


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the process listens to signals, once for all its roles


async def _watched(scope: Message, _: Receive, send: Send) -> None:
    """An application of two paths, for a process that answers nothing else."""
    if scope["type"] != "http":
        return
    found = {"/metrics": (exposition, CONTENT_TYPE), "/livez": (lambda: b"ok", "text/plain")}
    page, kind = found.get(scope["path"], (None, "text/plain"))
    headers = [(b"content-type", kind.encode())]
    status = 200 if page else 404
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page() if page else b""})


def serve_metrics(address: tuple[str, int] | None) -> Callable[[asyncio.Event], Work]:
    """A role that shows ``/metrics`` and ``/livez`` of a worker; without an address it waits."""
    if address:
        return serve_http(_watched, address, lifespan="off")

    async def unwatched(stop: asyncio.Event) -> None:
        await stop.wait()

    return unwatched


def serve_http(
    app: Any, address: tuple[str, int], **options: Any
) -> Callable[[asyncio.Event], Work]:
    """A role that serves ``app`` on (host, port); ``options`` are uvicorn's own."""
    host, port = address
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        **{
            "access_log": False,
            "log_config": None,
            "server_header": False,
            "proxy_headers": False,  # nothing here depends on where a caller is
            "timeout_keep_alive": _KEEP_ALIVE_S,
            "timeout_graceful_shutdown": int(DRAIN_S - _MARGIN_S),
            **options,
        },
    )

    async def http(stop: asyncio.Event) -> None:
        server = _Server(config)
        serving, asked = asyncio.create_task(server.serve()), asyncio.create_task(stop.wait())
        await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        asked.cancel()
        await serving

    return http
