"""The issuer's public keys: discovered, kept, and asked for again when a token names a new one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx2
import msgspec
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey, RSAKey

from chassis.errors import Busy

Key = OKPKey | RSAKey
Fetch = Callable[[str], Awaitable[bytes]]

DISCOVERY = "/.well-known/openid-configuration"
REFRESH_AT_MOST_EVERY_S = 60.0
KEPT_S = 600.0
_RETRY_WITHOUT_KEYS_S = 1.0
_TIMEOUT_S = 5.0
_RSA_BITS = 2048

_log = structlog.get_logger("edge.keys")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the one algorithm it may be used with."""

    algorithm: str
    key: Key


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _Jwks(msgspec.Struct):
    keys: list[dict[str, msgspec.Raw]]


async def fetch(url: str) -> bytes:
    """The body of a document of the issuer.

    Raises:
        httpx2.HTTPError: it cannot be reached, or answers with an error.
    """
    async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
        answer = await client.get(url, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return answer.content


def signing_key(jwk: Mapping[str, object]) -> SigningKey | None:
    """The key of a JSON Web Key (RFC 7517); ``None`` for kinds that are not trusted here.

    A symmetric key is never one: a public document cannot hold a secret.
    """
    public: dict[str, str | list[str]] = {
        name: value for name, value in jwk.items() if isinstance(value, str)
    }
    try:
        if public.get("kty") == "OKP" and public.get("crv") == "Ed25519":
            return SigningKey("EdDSA", OKPKey.import_key(public))
        if public.get("kty") == "RSA":
            key = RSAKey.import_key(public)
            return SigningKey("RS256", key) if key.raw_value.key_size >= _RSA_BITS else None
    except (JoseError, ValueError) as error:
        _log.warning("a key of the issuer cannot be read", reason=type(error).__name__)
    return None


def unreachable() -> Busy:
    """Nobody can be verified now; soon, perhaps."""
    return Busy(
        "the issuer of tokens cannot be reached",
        "hiện không kết nối được nơi cấp quyền đăng nhập; vui lòng thử lại sau ít phút",
        retry_after=2,
    )


class SigningKeys:
    """Keys by id, read from the issuer's discovery document (OpenID Connect Discovery 1.0, 4).

    ``generation`` grows when a key is withdrawn or replaced: what was verified before must be
    verified again.
    """

    def __init__(
        self,
        issuer: str,
        *,
        fetch: Fetch = fetch,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.generation = 0
        self._issuer = issuer
        self._fetch = fetch
        self._timer = timer
        self._keys: dict[str, SigningKey] = {}
        self._tried: float | None = None
        self._loaded = 0.0
        self._refreshing = asyncio.Lock()

    async def find(self, key_id: str) -> SigningKey | None:
        """The key of that id; the issuer is asked at most once a minute for one that is unknown.

        Raises:
            Busy: no key was ever obtained, and the issuer cannot be reached.
        """
        if not self._has(key_id):
            async with self._refreshing:
                if not self._has(key_id) and self._may_ask():
                    await self._refresh()
        if not self._keys:
            raise unreachable()
        return self._keys.get(key_id)

    def _has(self, key_id: str) -> bool:
        return key_id in self._keys and self._timer() - self._loaded < KEPT_S

    def _may_ask(self) -> bool:
        pause = REFRESH_AT_MOST_EVERY_S if self._keys else _RETRY_WITHOUT_KEYS_S
        return self._tried is None or self._timer() - self._tried >= pause

    async def _refresh(self) -> None:
        self._tried = self._timer()
        try:
            found = await self._load()
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            # Known keys stay good: a silent issuer must not stop those who hold a token.
            _log.warning("the issuer's keys cannot be read", reason=type(error).__name__)
            return
        if any(found.get(key_id) != key for key_id, key in self._keys.items()):
            self.generation += 1
        self._keys = found
        self._loaded = self._timer()

    async def _load(self) -> dict[str, SigningKey]:
        base = self._issuer.rstrip("/")
        discovery = msgspec.json.decode(await self._fetch(base + DISCOVERY), type=_Discovery)
        if discovery.issuer != self._issuer:
            raise ValueError("the discovery document is another issuer's")
        body = await self._fetch(discovery.jwks_uri)
        jwks = msgspec.json.decode(body, type=_Jwks)
        read = ({name: msgspec.json.decode(raw) for name, raw in jwk.items()} for jwk in jwks.keys)
        return {
            str(jwk["kid"]): key
            for jwk in read
            if jwk.get("kid") and jwk.get("use", "sig") == "sig" and (key := signing_key(jwk))
        }
