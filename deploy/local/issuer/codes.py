"""Authorization codes (RFC 6749, 4.1) bound by PKCE (RFC 7636): one use, one minute, one client."""

import base64
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from deploy.local.issuer.claims import BadRequestError

LIFETIME_S = 60
AT_MOST = 1000
_CLIENT = re.compile(r"[a-z0-9-]{1,40}")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A client's request to have somebody signed in."""

    client_id: str
    redirect_uri: str
    challenge: str
    state: str


def sign_in(given: Mapping[str, str]) -> SignIn:
    """Check a request of the authorization endpoint.

    Raises:
        BadRequestError: it is not a code flow with S256, or leads away from this machine.
    """
    if given.get("response_type") != "code" or given.get("code_challenge_method") != "S256":
        raise BadRequestError("response_type must be code and code_challenge_method S256")
    client, challenge = given.get("client_id", ""), given.get("code_challenge", "")
    if not _CLIENT.fullmatch(client) or not _CHALLENGE.fullmatch(challenge):
        raise BadRequestError("client_id or code_challenge is malformed")
    return SignIn(
        client,
        _on_this_machine(given.get("redirect_uri", "")),
        challenge,
        given.get("state", "")[:512],
    )


def _on_this_machine(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme not in ("http", "https") or not local or parts.fragment or parts.username:
        raise BadRequestError("redirect_uri must be an address of this machine")
    return redirect_uri


class Codes:
    """The codes given out and not yet used."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[float, SignIn, Mapping[str, str]]] = {}

    def give(self, wanted: SignIn, asked: Mapping[str, str]) -> str:
        """A fresh code for what will be in the token."""
        while len(self._given) >= AT_MOST:
            self._given.pop(next(iter(self._given)))
        code = secrets.token_urlsafe(32)
        self._given[code] = (time.monotonic() + LIFETIME_S, wanted, asked)
        return code

    def redeem(self, form: Mapping[str, str]) -> Mapping[str, str]:
        """What the token for this code is to say; the code is spent, right or wrong.

        Raises:
            BadRequestError: it is unknown, old, another client's, or its verifier does not match.
        """
        until, wanted, asked = self._given.pop(form.get("code", ""), (0.0, None, {}))
        if wanted is None or time.monotonic() > until:
            raise BadRequestError("the code is unknown or too old")
        same = (form.get("client_id"), form.get("redirect_uri"))
        if same != (wanted.client_id, wanted.redirect_uri):
            raise BadRequestError("the code was given to another client or address")
        if not hmac.compare_digest(challenge_of(form.get("code_verifier", "")), wanted.challenge):
            raise BadRequestError("code_verifier does not match the challenge")
        return asked


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, 4.2)."""
    if not _VERIFIER.fullmatch(verifier):
        raise BadRequestError("code_verifier must be 43 to 128 unreserved characters")
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
