"""The issuer over HTTP: discovery, keys, tokens, and signing in with a code and PKCE (S256)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from chassis.area import Areas
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import OKPKey

from deploy.local.issuer.claims import BadRequestError, claims
from deploy.local.issuer.codes import Codes, SignIn, sign_in
from deploy.local.issuer.keys import public
from deploy.local.issuer.page import PEOPLE, render

VIET_NAM = timezone(timedelta(hours=7))
BODY_LIMIT = 65_536


def create_app(url: str, key: OKPKey, province: str) -> FastAPI:
    """The application of an issuer whose address is `url`."""
    app = FastAPI(title="Khuyến Học: local issuer", docs_url=None, redoc_url=None)
    issuer = Issuer(url, key, Areas.of_province(province))
    app.get("/.well-known/openid-configuration")(issuer.discovery)
    app.get("/jwks.json")(issuer.jwks)
    app.post("/token")(issuer.token)
    app.get("/authorize")(issuer.ask)
    app.post("/authorize")(issuer.answer)
    return app


class Issuer:
    """What the routes share: the address, the key, the areas, the codes given out."""

    def __init__(self, url: str, key: OKPKey, areas: Areas) -> None:
        self.url, self.key, self.areas = url, key, areas
        self.codes = Codes()

    async def discovery(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0, section 3, as far as it applies."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks.json",
            "token_endpoint": f"{self.url}/token",
            "authorization_endpoint": f"{self.url}/authorize",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        }

    async def jwks(self) -> dict[str, Any]:
        """The public key."""
        return {"keys": [public(self.key)]}

    async def token(self, request: Request) -> Response:
        """A token for a code, or for whoever asks: this is one person's own machine."""
        try:
            form = await form_of(request)
            return JSONResponse(self._token(form), headers={"Cache-Control": "no-store"})
        except BadRequestError as error:
            return JSONResponse(
                {"error": "invalid_request", "error_description": str(error)}, status_code=400
            )

    def _token(self, form: Mapping[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "client_credentials":
                asked = form
            case "authorization_code":
                asked = self.codes.redeem(form)
            case other:
                raise BadRequestError(f"grant_type={other!r} is not one of this issuer's")
        made = claims(asked, self.url, self.areas, datetime.now(UTC).astimezone(VIET_NAM).date())
        header = {"alg": "EdDSA", "kid": self.key.thumbprint(), "typ": "JWT"}
        return {
            "access_token": jwt.encode(header, made, self.key, algorithms=["EdDSA"]),
            "token_type": "Bearer",
            "expires_in": made["exp"] - made["iat"],
        }

    async def ask(self, request: Request) -> Response:
        """The sign-in page; a request that cannot be trusted with a code is told so here."""
        try:
            wanted = sign_in(request.query_params)
        except BadRequestError as error:
            return HTMLResponse(f"<!doctype html><p>{escape(str(error))}", status_code=400)
        return page(wanted, request)

    async def answer(self, request: Request) -> Response:
        """Somebody chose who they are: send them back with a code."""
        try:
            form = await form_of(request)
            wanted = sign_in(form)
            person = PEOPLE[int(form.get("choice", ""))]
        except (BadRequestError, ValueError, IndexError) as error:
            return HTMLResponse(f"<!doctype html><p>{escape(str(error))}", status_code=400)
        code = self.codes.give(wanted, person.asked())
        query = {"code": code, "iss": self.url}
        if wanted.state:
            query["state"] = wanted.state
        mark = "&" if "?" in wanted.redirect_uri else "?"
        return RedirectResponse(f"{wanted.redirect_uri}{mark}{urlencode(query)}", status_code=303)


def page(wanted: SignIn, request: Request) -> HTMLResponse:
    """The sign-in page in the language asked for, Vietnamese otherwise."""
    language = language_of(request)
    other = "vi" if language == "en" else "en"
    switch = request.url.include_query_params(lang=other)
    # the form's answer is a redirect to the client, which the browser holds to form-action as well
    client = "{0.scheme}://{0.netloc}".format(urlsplit(wanted.redirect_uri))
    policy = f"default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {client}"
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(render(wanted, language, str(switch)), headers=headers)


def language_of(request: Request) -> str:
    """The language of `lang` or else `ui_locales` (OpenID Connect Core, 3.1.2.1)."""
    asked = request.query_params.get("lang") or request.query_params.get("ui_locales", "")
    return "en" if asked.startswith("en") else "vi"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, each once.

    Raises:
        BadRequestError: it is too large, not UTF-8, or names a field twice.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise BadRequestError("the form is too large")
    try:
        fields = parse_qs(body.decode(), errors="strict", max_num_fields=50)
    except ValueError:
        raise BadRequestError("the form is not UTF-8") from None
    if any(len(values) > 1 for values in fields.values()):
        raise BadRequestError("the form names a field twice")
    return {name: values[0] for name, values in fields.items()}
