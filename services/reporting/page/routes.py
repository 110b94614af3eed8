"""The page's part of the service: the addresses that people open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import asyncpg
from chassis.area import Areas
from chassis.clock import Clock, SystemClock
from chassis.edge.auth import Verifier
from fastapi import APIRouter

from reporting import behind, queries
from reporting.behind import Change
from reporting.maps import atlas_of
from reporting.page import addresses
from reporting.page import map as picture
from reporting.page.figures import Reporting
from reporting.page.pages import Pages
from reporting.page.signin import Issuer
from reporting.page.site import Site


class Live:
    """The query functions over this service's database."""

    def __init__(self, pool: asyncpg.Pool, areas: Areas) -> None:
        self._pool = pool
        self._areas = areas

    async def maps(self, at: datetime | None) -> Areas:
        return await atlas_of(self._pool, self._areas).known(self._pool, at)

    async def statistics(self, query: queries.Query) -> queries.Statistics:
        return await queries.statistics(self._pool, self._areas, query)

    async def sources(self) -> Sequence[queries.Source]:
        return await queries.sources(self._pool)

    async def bases_known(self) -> str:
        return str(await self._pool.fetchval("SELECT count(*) FROM base"))

    async def events(
        self, query: queries.Query, cursor: str | None, limit: int
    ) -> tuple[Sequence[Change], str | None]:
        return await behind.events(self._pool, self._areas, query, cursor, limit)


class Addressed(Protocol):
    """What of the settings the page needs."""

    @property
    def url(self) -> str: ...
    @property
    def issuer_url(self) -> str: ...


def routes(
    pool: asyncpg.Pool,
    areas: Areas,
    settings: Addressed,
    verifier: Verifier,
    clock: Clock | None = None,
) -> APIRouter:
    """``/``, ``/report`` and what lies under it, over this service's query functions."""
    return routes_over(Live(pool, areas), areas, settings, verifier, clock)


def routes_over(
    reporting: Reporting,
    areas: Areas,
    settings: Addressed,
    verifier: Verifier,
    clock: Clock | None = None,
) -> APIRouter:
    """The same over anything that answers the page's questions."""
    site = Site(areas, picture.load(str(areas.province)))
    pages = Pages(
        site,
        reporting,
        verifier,
        Issuer(settings.issuer_url, settings.url),
        clock or SystemClock(),
        secure=settings.url.startswith("https:"),
    )
    router = APIRouter(include_in_schema=False)
    for path, endpoint in (
        ("/", pages.home),
        (addresses.REPORT, pages.report),
        (addresses.EVENTS, pages.events),
        (addresses.SIGN_IN, pages.sign_in),
        (addresses.SIGNED_IN, pages.signed_in),
        (f"{addresses.ASSETS}/{{name}}", pages.static),
        (f"{addresses.REPORT}/{{rest:path}}", pages.missing),
    ):
        router.add_api_route(path, endpoint, methods=["GET", "HEAD"])
    router.add_api_route(addresses.SIGN_OUT, pages.sign_out, methods=["POST"])
    return router
