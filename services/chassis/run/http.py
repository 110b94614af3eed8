"""Serve an ASGI application as a role: signals stay with the process, requests are finished."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from chassis.run.process import DRAIN_S, Work

_KEEP_ALIVE_S = 75  # longer than a proxy keeps its side, so that we never close under its request
_MARGIN_S = 5.0


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the process listens to signals, once for all its roles


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
