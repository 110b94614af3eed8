"""A token issuer of our own making: keys, a discovery document, and tokens good and bad."""

import base64
import json
import time
from typing import Any
from uuid import UUID, uuid5

import msgspec
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

ISSUER = "https://issuer.example"
PERSON = uuid5(UUID(int=0), "person 1")


_KEYS: dict[str, OKPKey | RSAKey] = {
    "ed": OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"}),
    "rsa": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
}


class _AnyAlgorithm(JWSRegistry):
    """Signs with whatever is asked, as somebody who attacks us would."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


class Issuer:
    """Serves its documents through `fetch`, which counts how often it is asked."""

    def __init__(self, url: str = ISSUER) -> None:
        self.url = url
        self.asked: list[str] = []
        self.down = False
        self.keys = dict(_KEYS)

    def documents(self) -> dict[str, Any]:
        jwks = f"{self.url}/jwks"
        return {
            f"{self.url}/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": jwks},
            jwks: {"keys": [key.as_dict(private=False) for key in self.keys.values()]},
        }

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.down:
            raise ConnectionError("the issuer is down")
        return json.dumps(self.documents()[url]).encode()

    def claims(
        self, *grants: tuple[str, str], person: UUID = PERSON, **others: Any
    ) -> dict[str, Any]:
        return {
            "iss": self.url,
            "aud": "khuyenhoc",
            "exp": int(time.time()) + 3600,
            "sub": str(person),
            "grants": [{"role": role, "area": area} for role, area in grants],
            **others,
        }

    def token(self, *grants: tuple[str, str], key: str = "ed", **claims: Any) -> str:
        algorithm = "EdDSA" if key == "ed" else "RS256"
        return self.signed(self.claims(*grants, **claims), algorithm, self.keys[key], key)

    def bearer(self, *grants: tuple[str, str], **claims: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(*grants, **claims)}"}

    @staticmethod
    def signed(claims: dict[str, Any], algorithm: str, key: Any, key_id: str) -> str:
        return jws.serialize_compact(
            {"alg": algorithm, "kid": key_id},
            json.dumps(claims),
            key,
            [algorithm],
            _AnyAlgorithm(algorithms=[algorithm]),
        )

    def unsigned(self, *grants: tuple[str, str]) -> str:
        return f"{part({'alg': 'none', 'kid': 'ed'})}.{part(self.claims(*grants))}."

    def signed_with_the_public_key(self, *grants: tuple[str, str]) -> str:
        """HS256, keyed with the issuer's public key, which everybody has."""
        secret = msgspec.json.encode(self.keys["rsa"].as_dict(private=False))
        key = OctKey.import_key(secret)
        return self.signed(self.claims(*grants), "HS256", key, "rsa")
