"""Who is asking: principals, and the verification of access tokens for HTTP and gRPC alike."""

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from chassis.clock import Clock, SystemClock
from chassis.edge import wrong
from chassis.edge.keys import SigningKey, SigningKeys
from chassis.errors import Fault, Unauthenticated

AUDIENCE = "khuyenhoc"
ALGORITHMS = ("EdDSA", "RS256")
_REMEMBERED = 4096
_LONGEST = 8192  # characters of a token
_MOST_GRANTS = 100
# A token may reach us before our clock reaches its first second; nothing is lent at its end.
_CLOCKS_APART_S = 10
_COMPACT_PARTS = 3


class Role(StrEnum):
    """What somebody was made responsible for; each grant pairs one with an area."""

    VILLAGE_CHAPTER_OFFICER = "village_chapter_officer"
    COMMUNE_ASSOCIATION_OFFICER = "commune_association_officer"
    COMMUNE_ASSOCIATION_CHAIR = "commune_association_chair"
    COMMUNE_AUTHORITY_SIGNER = "commune_authority_signer"
    PROVINCIAL_AUTHORITY_SIGNER = "provincial_authority_signer"
    PROVINCIAL_ASSOCIATION_OFFICER = "provincial_association_officer"
    PROVINCIAL_ASSOCIATION_CHAIR = "provincial_association_chair"
    FUND_ACCOUNTANT = "fund_accountant"
    FUND_APPROVER = "fund_approver"
    FUND_TREASURER = "fund_treasurer"
    AUDITOR_EXTERNAL = "auditor_external"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    STATISTICS_VIEWER = "statistics_viewer"


_ROLES = frozenset(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an area (bare or exact code), for one fund only if one is named."""

    role: Role
    area: str
    fund: UUID | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever a token speaks for; ``subject`` is their own entry in the registry, if any."""

    sub: UUID
    subject: UUID | None = None
    grants: tuple[Grant, ...] = ()


class _GrantClaim(msgspec.Struct):
    role: str
    area: Annotated[str, msgspec.Meta(max_length=32)]
    fund: UUID | None = None


class _Claims(msgspec.Struct):
    iss: str
    aud: str | list[str]
    exp: float
    sub: UUID
    nbf: float = 0
    subject: UUID | None = None
    grants: Annotated[list[_GrantClaim], msgspec.Meta(max_length=_MOST_GRANTS)] = []

    def principal(self) -> Principal:
        """Roles this release does not know grant nothing."""
        known = [claim for claim in self.grants if claim.role in _ROLES]
        grants = (Grant(Role(claim.role), claim.area, claim.fund) for claim in known)
        return Principal(self.sub, self.subject, tuple(grants))


class _TokenHeader(msgspec.Struct):
    alg: str
    kid: str = ""


class _FixedAlgorithms(JWSRegistry):
    """The algorithms of this installation and no other, whatever a token's header asks for."""

    def get_alg(self, name: str) -> object:  # type: ignore[override]  # the model is not exported
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


_REGISTRY = _FixedAlgorithms(algorithms=ALGORITHMS)


def refused(rule: str, en: str, vi: str) -> Unauthenticated:
    """A refusal that says which rule a token breaks, and never repeats the token."""
    return Unauthenticated(en, vi, faults=[Fault("Authorization", rule, en, vi)])


class Verifier:
    """Turns an ``Authorization`` value into a principal, the same way for HTTP and gRPC.

    Verified tokens are remembered, boundedly, until they expire or a key is withdrawn.
    """

    def __init__(
        self,
        issuer: str,
        audience: str = AUDIENCE,
        *,
        keys: SigningKeys | None = None,
        clock: Clock | None = None,
        remembered: int = _REMEMBERED,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys or SigningKeys(issuer)
        self._clock = clock or SystemClock()
        self._remembered = remembered
        self._known: dict[str, tuple[float, Principal]] = {}
        self._generation = self._keys.generation

    async def verify(self, authorization: str | None) -> Principal:
        """The principal of a bearer token.

        Raises:
            Unauthenticated: it is missing or breaks a rule; the first fault's code names the rule.
            Busy: the issuer's keys cannot be obtained.
        """
        if authorization is None:
            raise refused(
                "missing", "a bearer token is required", "cần đăng nhập: yêu cầu chưa kèm thẻ"
            )
        known = self._known.get(authorization)
        now = self._clock.now().timestamp()
        if known and now < known[0] and self._generation == self._keys.generation:
            return known[1]
        claims = await self._claims(_bearer(authorization))
        self._check(claims, now)
        principal = claims.principal()
        self._remember(authorization, claims.exp, principal)
        return principal

    async def _claims(self, token: str) -> _Claims:
        header = _header(token)
        if header.alg not in ALGORITHMS:
            raise refused(
                "algorithm",
                f"tokens are signed with EdDSA or RS256, not with {header.alg[:16]!r}",
                f"thẻ đăng nhập phải ký bằng EdDSA hoặc RS256, không phải {header.alg[:16]!r}",
            )
        found = await self._keys.find(header.kid)
        if found is None:
            raise refused(
                "key-id",
                "the token names a key the issuer does not have",
                "thẻ đăng nhập nêu một khóa mà nơi cấp không có",
            )
        return _verified(token, header, found)

    def _check(self, claims: _Claims, now: float) -> None:
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if claims.iss != self._issuer:
            raise refused(
                "issuer", "the token comes from another issuer", "thẻ đăng nhập do nơi khác cấp"
            )
        if self._audience not in audiences:
            raise refused(
                "audience",
                f"the token is not meant for {self._audience}",
                f"thẻ đăng nhập không dành cho {self._audience}",
            )
        if not now < claims.exp:  # so that "not a number" has expired as well
            raise refused(
                "expired",
                "the token has expired",
                "phiên đăng nhập đã hết hạn; vui lòng đăng nhập lại",
            )
        if now + _CLOCKS_APART_S < claims.nbf:
            raise refused(
                "not-yet-valid", "the token is not valid yet", "thẻ đăng nhập chưa đến ngày dùng"
            )

    def _remember(self, authorization: str, until: float, principal: Principal) -> None:
        if self._generation != self._keys.generation:
            self._known.clear()
            self._generation = self._keys.generation
        while len(self._known) >= self._remembered:
            self._known.pop(next(iter(self._known)))
        self._known[authorization] = (until, principal)


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise refused(
            "scheme",
            "the Authorization header must be 'Bearer' and a token",
            "dòng Authorization phải gồm chữ Bearer và thẻ đăng nhập",
        )
    if len(token) > _LONGEST:
        raise refused(
            "malformed",
            f"the token is longer than {_LONGEST} characters",
            f"thẻ đăng nhập dài quá {_LONGEST} ký tự",
        )
    return token.strip()


def _header(token: str) -> _TokenHeader:
    parts = token.split(".")
    if len(parts) != _COMPACT_PARTS:
        raise refused(
            "malformed",
            "the token is not three parts joined by dots",
            "thẻ đăng nhập phải gồm ba phần nối bằng dấu chấm",
        )
    try:
        padded = parts[0].encode("ascii") + b"=="
        return msgspec.json.decode(base64.urlsafe_b64decode(padded), type=_TokenHeader)
    except (ValueError, binascii.Error, RecursionError) as error:
        raise refused(
            "malformed",
            "the token's header cannot be read",
            "không đọc được phần đầu thẻ đăng nhập",
        ) from error


def _verified(token: str, header: _TokenHeader, found: SigningKey) -> _Claims:
    """The claims under a good signature, made with the algorithm that belongs to the key."""
    if header.alg != found.algorithm:
        raise refused(
            "algorithm",
            f"the named key signs with {found.algorithm} only",
            f"khóa mà thẻ đăng nhập nêu chỉ ký bằng {found.algorithm}",
        )
    try:
        decoded = jwt.decode(token, found.key, ALGORITHMS, _REGISTRY)
    except (JoseError, ValueError, RecursionError) as error:
        raise refused(
            "signature", "the token's signature is wrong", "chữ ký của thẻ đăng nhập không đúng"
        ) from error
    try:
        return msgspec.convert(decoded.claims, _Claims)
    except msgspec.ValidationError as error:
        path, _ = wrong.place(str(error))
        claim = ".".join(map(str, path)) or "?"
        raise refused(
            "malformed",
            f"the token's claims cannot be used: look at {claim}",
            f"không dùng được nội dung của thẻ đăng nhập: xem lại {claim}",
        ) from error
