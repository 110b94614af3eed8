"""The serving role: HTTP and gRPC over one executor, started and ended in the right order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.edge import rpc
from chassis.edge.auth import Verifier
from chassis.edge.web import Web
from chassis.log.execute import Executor
from chassis.run.http import serve_http
from chassis.run.process import settle
from chassis.run.settings import Settings
from chassis.wiring.recording import recording


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers: the HTTP application and the gRPC services."""

    verifier: Verifier
    web: Web
    services: Sequence[rpc.Service]


@dataclass(frozen=True, slots=True)
class Serving(Answering):
    """What answers and records what it is told."""

    executor: Executor


async def answer(answering: Answering, settings: Settings, stop: asyncio.Event) -> None:
    """Run both servers until stopped; then finish what is under way."""
    server = None
    if settings.grpc_address:
        server = rpc.create_server(answering.verifier, answering.services, settings.grpc_address)
        await server.start()
    settle()
    try:
        await serve_http(answering.web, settings.http_address)(stop)
    finally:
        if server:
            await server.stop()


async def serve(serving: Serving, settings: Settings, stop: asyncio.Event) -> None:
    """As :func:`answer`; the last append is stored after the last request was taken."""
    async with recording(serving.executor):
        await answer(serving, settings, stop)
