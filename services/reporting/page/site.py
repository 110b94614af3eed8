"""Templates and answers: HTML out of a view, packed for slow networks, under a strict policy."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.area import Areas
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from reporting.page import addresses, sentences
from reporting.page.addresses import Address
from reporting.page.assets import Asset, Assets
from reporting.page.formats import LANGUAGES
from reporting.page.map import Picture
from reporting.page.voice import Voice, money

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FOREVER = "public, max-age=31536000, immutable"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: who looks, in which language, at which view."""

    request: Request
    voice: Voice
    address: Address
    signed_in: bool


class Site:
    """What all pages share: the templates, the static files and the picture, read once."""

    def __init__(self, areas: Areas, picture: Picture | None) -> None:
        self.areas = areas
        self.picture = picture
        self.assets = Assets()
        self._environment = _environment(self.assets)

    def page(
        self, template: str, visit: Visit, values: Mapping[str, Any], status: int = 200
    ) -> Response:
        """A template as an answer; ``values`` are added to what every page says."""
        return self.answer(visit, self.draw(template, visit, values), status)

    def draw(self, template: str, visit: Visit, values: Mapping[str, Any]) -> bytes:
        """A template filled in."""
        shared = self._shared(visit)
        return self._environment.get_template(template).render({**shared, **values}).encode()

    def answer(self, visit: Visit, html: bytes, status: int = 200) -> Response:
        """A page for whoever asked, and for nobody else."""
        return _packed(visit.request, html, _headers(visit, "private, no-cache"), status)

    def public(self, visit: Visit, html: bytes, tag: str) -> Response:
        """A page for everybody: whoever has it asks only whether it is still the latest."""
        headers = {**_headers(visit, "public, no-cache"), "etag": tag}
        if tag in visit.request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return _packed(visit.request, html, headers, 200)

    def static(self, request: Request, asset: Asset) -> Response:
        headers = {"cache-control": _FOREVER, "vary": "Accept-Encoding"}
        body = asset.body
        if asset.packed is not None and _takes_gzip(request):
            body, headers["content-encoding"] = asset.packed, "gzip"
        return Response(body, headers=headers, media_type=asset.media)

    def _shared(self, visit: Visit) -> dict[str, Any]:
        path = visit.request.url.path
        own = path if path.startswith(addresses.REPORT) else addresses.REPORT
        here = visit.address.to(own)
        return {
            "voice": visit.voice,
            "address": visit.address,
            "signed_in": visit.signed_in,
            "province": visit.voice.place(self.areas.unit(self.areas.province)),
            "home": visit.address.plain(),
            "in_language": {code: visit.address.to(own, lang=code) for code in LANGUAGES},
            "sign_in": addresses.sign_in(here),
            "sign_out": visit.address.to(addresses.SIGN_OUT),
            "events": addresses.EVENTS,
            "action": addresses.REPORT,
        }


def _environment(assets: Assets) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        asset=lambda name: f"{addresses.ASSETS}/{assets.name(name)}",
        figure=sentences.figure,
        small_line=sentences.small_line,
        money=money,
    )
    environment.filters["model_name"] = lambda model, voice: voice.label("model", model)
    return environment


def _headers(visit: Visit, kept: str) -> dict[str, str]:
    return {
        "content-security-policy": POLICY,
        "cache-control": kept,
        "content-language": visit.voice.language,
        "vary": "Accept-Language, Cookie, Accept-Encoding",
    }


def _packed(request: Request, body: bytes, headers: dict[str, str], status: int) -> Response:
    if _takes_gzip(request):
        body = gzip.compress(body, compresslevel=6, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(body, status, headers, media_type="text/html; charset=utf-8")


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")
