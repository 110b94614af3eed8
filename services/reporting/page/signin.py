"""Signing in for the page: authorization code with PKCE (RFC 7636) at the issuer of tokens."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import httpx2
import msgspec
from chassis.edge.keys import DISCOVERY, Fetch, fetch, unreachable
from chassis.errors import Fault, Unauthenticated

from reporting.page.addresses import REPORT, SIGNED_IN

CLIENT: Final = "khuyenhoc-report"
_TIMEOUT_S = 5.0
_LONGEST = 2000


class _Discovery(msgspec.Struct):
    authorization_endpoint: str
    token_endpoint: str


class Granted(msgspec.Struct):
    """What the issuer answers for a code (RFC 6749, 5.1)."""

    access_token: str
    expires_in: int = 300


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser keeps while it is away at the issuer: never seen by the issuer itself."""

    state: str
    verifier: str
    back_to: str

    @classmethod
    def to(cls, back_to: str) -> "Attempt":
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48), local(back_to))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def pack(self) -> str:
        return base64.urlsafe_b64encode(
            msgspec.json.encode([self.state, self.verifier, self.back_to])
        ).decode()

    @classmethod
    def unpack(cls, cookie: str | None) -> "Attempt":
        """The attempt that a cookie holds.

        Raises:
            Unauthenticated: there is none, or it cannot be read.
        """
        try:
            parts = msgspec.json.decode(base64.urlsafe_b64decode(cookie or ""), type=list[str])
            state, verifier, back_to = parts
        except (ValueError, binascii.Error):
            raise failed(
                "no attempt to sign in is known in this browser",
                "trình duyệt này chưa bắt đầu lần đăng nhập nào",
            ) from None
        return cls(state, verifier, local(back_to))


class Issuer:
    """The issuer's two addresses that a browser client needs, discovered when first used."""

    def __init__(self, issuer: str, own_url: str, *, fetch: Fetch = fetch) -> None:
        self._issuer = issuer.rstrip("/")
        self._redirect = own_url.rstrip("/") + SIGNED_IN
        self._fetch = fetch
        self._found: _Discovery | None = None

    async def leave_for(self, attempt: Attempt, language: str) -> str:
        """Where to send the browser. ``Busy`` when the issuer cannot be reached."""
        found = await self._discovery()
        query = urlencode({
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self._redirect,
            "scope": "openid",
            "ui_locales": language,
            "state": attempt.state,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        })  # fmt: skip
        endpoint = found.authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    async def redeem(self, attempt: Attempt, code: str) -> Granted:
        """The token for a code.

        Raises:
            Unauthenticated: the issuer does not take the code.
            Busy: it cannot be reached.
        """
        found = await self._discovery()
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "redirect_uri": self._redirect,
            "code": code,
            "code_verifier": attempt.verifier,
        }
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
                answer = await client.post(found.token_endpoint, data=form)
        except httpx2.HTTPError:
            raise unreachable() from None
        if not answer.is_success:
            raise failed(
                "the issuer did not take the code", "nơi cấp quyền không nhận mã đăng nhập"
            )
        try:
            return msgspec.json.decode(answer.content, type=Granted)
        except msgspec.DecodeError:
            raise failed(
                "the issuer's answer cannot be read", "không đọc được câu trả lời của nơi cấp quyền"
            ) from None

    async def _discovery(self) -> _Discovery:
        if self._found is None:
            try:
                document = await self._fetch(self._issuer + DISCOVERY)
                self._found = msgspec.json.decode(document, type=_Discovery)
            except (httpx2.HTTPError, msgspec.DecodeError):
                raise unreachable() from None
        return self._found


def local(address: str) -> str:
    """An address of this page, or the plain page: nobody is led elsewhere after signing in."""
    own = address == REPORT or address.startswith((f"{REPORT}?", f"{REPORT}/"))
    return address if own and len(address) <= _LONGEST and address.isprintable() else REPORT


def failed(en: str, vi: str) -> Unauthenticated:
    return Unauthenticated(en, vi, faults=[Fault("sign-in", "sign-in", en, vi)])
