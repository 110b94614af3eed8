"""Signing in: what a browser keeps, what the issuer sees, and where it may lead."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from chassis.errors import Unauthenticated
from reporting.page.signin import Attempt, Issuer, local


def test_the_challenge_is_that_of_rfc_7636():
    attempt = Attempt("s", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "/report")
    assert attempt.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_an_attempt_survives_its_cookie_and_two_are_never_alike():
    one, other = Attempt.to("/report?lang=vi"), Attempt.to("/report?lang=vi")
    assert Attempt.unpack(one.pack()) == one
    assert one.state != other.state
    assert one.verifier != other.verifier
    assert 43 <= len(one.verifier) <= 128


@pytest.mark.parametrize("cookie", [None, "", "x", "e30=", "WzFd", "é", "W10=" * 900])
def test_a_cookie_that_cannot_be_read_is_no_attempt(cookie):
    with pytest.raises(Unauthenticated):
        Attempt.unpack(cookie)


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/report",
        "/reports",
        "/v1/statistics",
        "/report?x=\r\nSet-Cookie: a=b",
        "/report?" + "x" * 3000,
        "",
    ],
)
def test_signing_in_leads_back_to_the_report_and_nowhere_else(address):
    assert local(address) == "/report"
    forged = base64.urlsafe_b64encode(json.dumps(["s", "v", address]).encode()).decode()
    assert Attempt.unpack(forged).back_to == "/report"


async def test_the_issuer_learns_the_challenge_and_never_the_verifier():
    async def fetch(_):
        return (
            b'{"authorization_endpoint":"https://issuer.example/a?tenant=14","token_endpoint":""}'
        )

    issuer = Issuer("https://issuer.example", "https://report.example", fetch=fetch)
    attempt = Attempt.to("/report")
    address = await issuer.leave_for(attempt, "vi")
    query = parse_qs(urlsplit(address).query)
    assert query["tenant"] == ["14"]
    assert query["client_id"] == ["khuyenhoc-report"]
    assert query["redirect_uri"] == ["https://report.example/report/signed-in"]
    assert query["code_challenge"] == [attempt.challenge]
    assert attempt.verifier not in address
