"""The page's part of the service: the addresses that people open."""

from collections.abc import Sequence

import asyncpg
from chassis.area import Areas
from chassis.clock import Clock, SystemClock
from chassis.edge.auth import Verifier
from chassis.run.settings import Settings
from fastapi import APIRouter

from reporting import queries
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

    async def statistics(self, query: queries.Query) -> queries.Statistics:
        return await queries.statistics(self._pool, self._areas, query)

    async def sources(self) -> Sequence[queries.Source]:
        return await queries.sources(self._pool)


def routes(
    reporting: Reporting,
    areas: Areas,
    settings: Settings,
    verifier: Verifier,
    clock: Clock | None = None,
) -> APIRouter:
    """``/``, ``/report`` and what lies under it."""
    site = Site(areas, picture.load(settings.province))
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
