"""Tokens: only what our issuer signed, for us, for now, is believed; and it is asked rarely."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import speech
from chassis.clock import FixedClock
from chassis.edge.auth import Grant, Role, Verifier
from chassis.edge.keys import SigningKeys, signing_key
from chassis.errors import Busy, Unauthenticated
from joserfc.jwk import OctKey, OKPKey, RSAKey
from tokens import PERSON, Issuer, part

OFFICER = ("commune_association_officer", "03763")


class Timer:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def verifier(issuer: Issuer, timer: Timer, clock: FixedClock) -> Verifier:
    keys = SigningKeys(issuer.url, fetch=issuer.fetch, timer=timer)
    return Verifier(issuer.url, keys=keys, clock=clock)


async def refusal(verifier: Verifier, token: str | None) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(token if token is None else f"Bearer {token}")
    speech.check_all(refused.value)
    told = f"{refused.value.said} {refused.value.faults}"
    assert not any(len(each) > 7 and each in told for each in (token or "").split("."))
    return refused.value


async def rule(verifier: Verifier, token: str | None) -> str:
    return (await refusal(verifier, token)).faults[0].code


@pytest.mark.parametrize("key", ["ed", "rsa"])
async def test_a_good_token_says_who_asks_and_what_they_may(issuer, verifier, key):
    subject, fund = uuid4(), uuid4()
    grants = [{"role": "fund_treasurer", "area": "14", "fund": str(fund)}]
    token = issuer.token(key=key, subject=str(subject), grants=grants)
    principal = await verifier.verify(f"Bearer {token}")
    assert principal.sub == PERSON
    assert principal.subject == subject
    assert principal.grants == (Grant(Role.FUND_TREASURER, "14", fund),)


async def test_a_role_of_a_later_release_grants_nothing_yet(issuer, verifier):
    principal = await verifier.verify(f"Bearer {issuer.token(('minister', '14'), OFFICER)}")
    assert [grant.role for grant in principal.grants] == [Role.COMMUNE_ASSOCIATION_OFFICER]


async def test_no_token_is_refused(verifier):
    assert await rule(verifier, None) == "missing"


@pytest.mark.parametrize("scheme", ["Basic abc", "Bearer", "Bearer ", "abc", ""])
async def test_only_a_bearer_token_is_a_token(verifier, scheme):
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(scheme)
    assert refused.value.faults[0].code == "scheme"


async def test_an_expired_token_is_refused(issuer, verifier):
    assert await rule(verifier, issuer.token(exp=int(time.time()) - 1)) == "expired"


async def test_a_token_that_never_expires_is_refused(issuer, verifier):
    assert await rule(verifier, issuer.token(exp=float("nan"))) == "expired"
    claims = issuer.claims()
    del claims["exp"]
    token = issuer.signed(claims, "EdDSA", issuer.keys["ed"], "ed")
    assert await rule(verifier, token) == "malformed"


async def test_a_token_for_later_is_refused(issuer, verifier):
    assert await rule(verifier, issuer.token(nbf=time.time() + 60)) == "not-yet-valid"


async def test_a_token_is_taken_from_an_issuer_whose_clock_is_a_little_ahead(issuer, verifier):
    await verifier.verify(f"Bearer {issuer.token(nbf=time.time() + 5)}")


@pytest.mark.parametrize("audience", ["account", ["account", "other"], "", []])
async def test_a_token_for_somebody_else_is_refused(issuer, verifier, audience):
    assert await rule(verifier, issuer.token(aud=audience)) == "audience"


async def test_a_token_for_several_audiences_is_taken_when_we_are_among_them(issuer, verifier):
    await verifier.verify(f"Bearer {issuer.token(aud=['account', 'khuyenhoc'])}")


async def test_a_token_of_another_issuer_is_refused(issuer, verifier):
    assert await rule(verifier, issuer.token(iss="https://other.example")) == "issuer"


async def test_an_unsigned_token_is_refused(issuer, verifier):
    refused = await refusal(verifier, issuer.unsigned(OFFICER))
    assert refused.faults[0].code == "algorithm"
    assert "none" in str(refused)


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(issuer, verifier):
    refused = await refusal(verifier, issuer.signed_with_the_public_key(OFFICER))
    assert refused.faults[0].code == "algorithm"
    assert "HS256" in str(refused)


async def test_a_key_is_used_only_with_its_own_algorithm(issuer, verifier):
    token = issuer.signed(issuer.claims(), "RS256", issuer.keys["rsa"], "ed")
    assert await rule(verifier, token) == "algorithm"


async def test_a_token_signed_by_somebody_else_is_refused(issuer, verifier):
    theirs = OKPKey.generate_key("Ed25519")
    token = issuer.signed(issuer.claims(OFFICER), "EdDSA", theirs, "ed")
    assert await rule(verifier, token) == "signature"


async def test_a_token_changed_after_signing_is_refused(issuer, verifier):
    head, _, signature = issuer.token(OFFICER).split(".")
    changed = part(issuer.claims(("provincial_association_chair", "14")))
    assert await rule(verifier, f"{head}.{changed}.{signature}") == "signature"


async def test_a_token_naming_an_unknown_key_is_refused(issuer, verifier):
    stranger = OKPKey.generate_key("Ed25519")
    token = issuer.signed(issuer.claims(), "EdDSA", stranger, "stranger")
    assert await rule(verifier, token) == "key-id"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b",
        "a.b.c",
        "..",
        "a.b.c.d",
        "é.é.é",
        part([]) + ".e30.AA",
        part({"alg": 1}) + ".e30.AA",
        "W" * 20_000 + ".e30.AA",
        part({"alg": "EdDSA"})[:-1] + ".e30.AA",
    ],
)
async def test_what_is_not_a_token_is_refused_as_such(verifier, token):
    assert await rule(verifier, token) == "malformed"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "somebody"},
        {"sub": None},
        {"grants": [{"role": "fund_treasurer"}]},
        {"grants": [{"role": "fund_treasurer", "area": "14", "fund": "x"}]},
        {"grants": [{"role": "statistics_viewer", "area": "14"}] * 101},
        {"exp": "tomorrow"},
    ],
)
async def test_claims_of_the_wrong_kind_are_refused(issuer, verifier, claims):
    assert await rule(verifier, issuer.token(**claims)) == "malformed"


async def test_a_verified_token_is_remembered_until_it_expires(issuer, verifier, clock):
    bearer = f"Bearer {issuer.token(exp=clock.at.timestamp() + 60)}"
    first = await verifier.verify(bearer)
    assert await verifier.verify(bearer) is first
    clock.at += timedelta(seconds=61)
    with pytest.raises(Unauthenticated, match="expired"):
        await verifier.verify(bearer)


async def test_only_so_many_tokens_are_remembered(issuer):
    keys = SigningKeys(issuer.url, fetch=issuer.fetch)
    verifier = Verifier(issuer.url, keys=keys, remembered=2)
    bearers = [f"Bearer {issuer.token(person=UUID(int=n))}" for n in range(3)]
    principals = [await verifier.verify(bearer) for bearer in bearers]
    assert await verifier.verify(bearers[2]) is principals[2]
    assert await verifier.verify(bearers[0]) is not principals[0]
    assert await verifier.verify(bearers[0]) == principals[0]


async def test_the_issuer_is_asked_once_for_many_tokens(issuer, verifier):
    for n in range(5):
        await verifier.verify(f"Bearer {issuer.token(person=UUID(int=n))}")
    assert len(issuer.asked) == 2  # discovery and keys


async def test_a_new_key_is_found_at_once_but_asked_for_at_most_once_a_minute(
    issuer, verifier, timer
):
    await verifier.verify(f"Bearer {issuer.token()}")
    unknown = issuer.signed(issuer.claims(), "EdDSA", OKPKey.generate_key("Ed25519"), "no such")
    timer.now += 61
    for _ in range(5):
        assert await rule(verifier, unknown) == "key-id"
    assert len(issuer.asked) == 4
    issuer.keys["new"] = OKPKey.generate_key("Ed25519", {"kid": "new"})
    rotated = issuer.signed(issuer.claims(), "EdDSA", issuer.keys["new"], "new")
    timer.now += 61
    await verifier.verify(f"Bearer {rotated}")


async def test_a_withdrawn_key_ends_the_tokens_it_signed(issuer, verifier, timer):
    bearer, other = f"Bearer {issuer.token()}", issuer.token(key="rsa")
    await verifier.verify(bearer)
    del issuer.keys["ed"]
    timer.now += 700
    await verifier.verify(f"Bearer {other}")
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(bearer)
    assert refused.value.faults[0].code == "key-id"


async def test_known_keys_stay_good_while_the_issuer_is_down(issuer, verifier, timer):
    await verifier.verify(f"Bearer {issuer.token()}")
    issuer.down = True
    timer.now += 700
    await verifier.verify(f"Bearer {issuer.token(person=uuid4())}")


async def test_without_any_key_the_caller_is_asked_to_come_back(issuer, verifier, timer):
    issuer.down = True
    with pytest.raises(Busy, match="issuer"):
        await verifier.verify(f"Bearer {issuer.token()}")
    issuer.down = False
    timer.now += 2
    await verifier.verify(f"Bearer {issuer.token()}")


async def test_another_issuers_discovery_document_is_not_believed(issuer):
    keys = SigningKeys("https://ours.example", fetch=_always(issuer))
    with pytest.raises(Busy):
        await keys.find("ed")


def _always(issuer: Issuer):
    async def fetch(url: str) -> bytes:
        return await issuer.fetch(f"{issuer.url}/.well-known/openid-configuration")

    return fetch


def test_only_two_kinds_of_key_are_trusted():
    assert signing_key(OKPKey.generate_key("Ed25519").as_dict(private=False))
    assert signing_key(RSAKey.generate_key(2048).as_dict(private=False))
    assert signing_key(OctKey.generate_key(256).as_dict()) is None
    assert signing_key(OKPKey.generate_key("X25519").as_dict(private=False)) is None
    assert signing_key({"kty": "OKP", "crv": "Ed25519", "x": "short"}) is None
    assert signing_key({}) is None
