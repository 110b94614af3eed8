"""The HTTP application of a service: its reads and commands among what every service answers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.types import Receive, Scope, Send

from chassis.area import Areas
from chassis.clock import Clock, SystemClock
from chassis.edge import openapi, problems
from chassis.edge.access import AccessLog
from chassis.edge.auth import Verifier
from chassis.edge.commands import Commands
from chassis.edge.common import common, health, logged
from chassis.edge.entry import Entry
from chassis.edge.labels import COMMON, Label, Labels
from chassis.edge.replay import Replay
from chassis.edge.waiting import Positions

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]


class Web(FastAPI):
    """A FastAPI application behind its ``Entry``."""

    entry: Entry
    commands: tuple[Commands, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.entry(scope, receive, send)

    async def inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application without its entry."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = openapi.of(self, self.commands)
        return self.openapi_schema


async def always_ready() -> None:
    """For a service that needs nothing but itself."""


async def no_positions() -> Mapping[str, int]:
    """For a service without read tables."""
    return {}


def create_app(
    service: str,
    *,
    verifier: Verifier,
    areas: Areas,
    routers: Iterable[APIRouter] = (),
    commands: Iterable[Commands] = (),
    replay: Replay | None = None,
    position: Callable[[], Awaitable[Mapping[str, int]]] = no_positions,
    ready: Callable[[], Awaitable[None]] = always_ready,
    labels: Labels | None = None,
    clock: Clock | None = None,
    lifespan: Lifespan | None = None,
    description: str = "",
    version: str = "1",
    access: AccessLog | None = None,
) -> Web:
    """A service's HTTP application.

    ``position`` gives how far its read tables follow each log (``{"14.training": 4711}``);
    ``ready`` raises while it cannot work; ``replay`` adds ``/v1/position`` and ``/v1/events``.
    """
    access = access or AccessLog(service)
    app = Web(
        title=f"khuyenhoc {service}",
        version=version,
        description=description,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_flushing(access, lifespan),
    )
    app.state.verifier, app.state.areas = verifier, areas
    app.state.clock, app.state.ready = clock or SystemClock(), ready
    app.state.positions, app.state.replay = Positions(position), replay
    app.state.labels = all_labels(labels or {})
    for router in (health, common, *([logged] if replay else []), *routers):
        app.include_router(router)
    app.commands = tuple(commands)
    return _behind_its_entry(app, access)


def _behind_its_entry(app: Web, access: AccessLog) -> Web:
    problems.install(app)
    paths = {path: each for group in app.commands for path, each in group.endpoints.items()}
    app.entry = Entry(app.inside, paths, access)
    return app


def all_labels(own: Labels) -> dict[str, dict[str, Label]]:
    """The labels every service has, with a service's own groups and codes added."""
    groups = {name: dict(group) for name, group in COMMON.items()}
    for name, group in own.items():
        groups.setdefault(name, {}).update(group)
    return groups


def _flushing(access: AccessLog, lifespan: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def around(app: FastAPI) -> AsyncIterator[Any]:
        try:
            if lifespan is None:
                yield
            else:
                async with lifespan(app) as state:
                    yield state
        finally:
            access.flush()

    return around
