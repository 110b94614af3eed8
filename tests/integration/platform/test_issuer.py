"""The local issuer gives tokens that the services verify like any other."""

import base64
import hashlib
import os
import re
import secrets
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import httpx2
import pytest
from chassis.edge.auth import Role, Verifier
from integration.platform.launcher import REPO

from deploy.local.issuer.page import PEOPLE
from deploy.local.processes import Program, child, free_port, wait_until

BACK = "http://127.0.0.1:9/report/signed-in"


@pytest.fixture(scope="module")
def issuer(state):
    url = f"http://127.0.0.1:{free_port()}"
    env = {"KH_PROFILE": "local", "ISSUER_URL": url, "ISSUER_HOME": str(state / "issuer")}
    program = Program(
        [sys.executable, "-m", "deploy.local.issuer"], REPO, state / "issuer.log", env
    )
    process = child(program)
    try:
        assert wait_until(lambda: process.poll() is not None or is_there(url), 30)
        assert process.poll() is None, program.log.read_text()
        yield url
    finally:
        process.terminate()
        process.wait(10)


def is_there(url):
    try:
        return httpx2.get(f"{url}/jwks.json").status_code == 200
    except httpx2.TransportError:
        return False


def asked(url, **form):
    return httpx2.post(f"{url}/token", data={"grant_type": "client_credentials", **form})


def token(url, **form):
    reply = asked(url, **form)
    assert reply.status_code == 200, reply.text
    return reply.json()["access_token"]


async def principal(url, text):
    return await Verifier(url).verify(f"Bearer {text}")


async def test_a_token_says_who_and_what_for_under_the_published_key(issuer):
    fund, subject = uuid4(), uuid4()
    text = token(
        issuer,
        role="fund_accountant,auditor_external",
        area="03763",
        fund=str(fund),
        subject=str(subject),
    )
    found = await principal(issuer, text)
    assert [grant.role for grant in found.grants] == [Role.FUND_ACCOUNTANT, Role.AUDITOR_EXTERNAL]
    assert {(grant.area, grant.fund) for grant in found.grants} == {("03763", fund)}
    assert found.subject == subject


async def test_one_person_is_the_same_whatever_the_roles(issuer):
    first = await principal(issuer, token(issuer, role="fund_approver", area="14", person="7"))
    second = await principal(issuer, token(issuer, role="fund_treasurer", area="14", person="7"))
    other = await principal(issuer, token(issuer, role="fund_treasurer", area="14", person="8"))
    assert first.sub == second.sub != other.sub
    assert first.sub.version == 5


async def test_a_village_is_taken_by_its_form(issuer):
    text = token(issuer, role="village_chapter_officer", area="03763-005@2025-08-01")
    found = await principal(issuer, text)
    assert found.grants[0].area == "03763-005@2025-08-01"


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ({"role": "governor", "area": "14"}, "ROLE='governor' is not one of"),
        ({"role": "", "area": "14"}, "ROLE is missing"),
        ({"role": "statistics_viewer", "area": "99999"}, "AREA='99999'"),
        ({"role": "statistics_viewer", "area": "03763@2025-02-30"}, "AREA='03763@2025-02-30'"),
        ({"role": "statistics_viewer", "area": ""}, "AREA=''"),
        ({"role": "statistics_viewer", "area": "14", "person": "a b"}, "PERSON='a b'"),
        ({"role": "statistics_viewer", "area": "14", "subject": "me"}, "SUBJECT='me'"),
        ({"role": "statistics_viewer", "area": "14", "fund": "1"}, "FUND='1'"),
        ({"grant_type": "password"}, "grant_type='password'"),
    ],
)
def test_what_cannot_be_in_a_token_is_refused_by_name(issuer, form, named):
    reply = asked(issuer, **form)
    assert reply.status_code == 400
    assert named in reply.json()["error_description"]


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"ROLE": "governor", "AREA": "14"}, "ROLE='governor'"),
        ({"ROLE": "statistics_viewer", "AREA": "1x4"}, "AREA='1x4'"),
        ({}, "ROLE is missing"),
    ],
)
def test_the_command_line_refuses_in_one_line(issuer, state, variables, named):
    run = state / "token-run"
    run.mkdir(exist_ok=True)
    (run / "env").write_text(f"ISSUER_URL={issuer}\n")
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", "token"],
        cwd=REPO,
        env={**os.environ, "KH_RUN": str(run), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert named in done.stderr


def test_outside_the_local_profile_it_does_not_start(state):
    env = {**os.environ, "ISSUER_URL": "http://127.0.0.1:1", "ISSUER_HOME": str(state / "none")}
    for profile in ("production", "staging", ""):
        done = subprocess.run(
            [sys.executable, "-m", "deploy.local.issuer"],
            cwd=REPO,
            env={**env, "KH_PROFILE": profile},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "only starts in profile local" in done.stderr


class Browser:
    """Somebody signing in at the report page."""

    def __init__(self, url):
        self.url = url
        self.verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        self.request = {
            "response_type": "code",
            "client_id": "report",
            "redirect_uri": BACK,
            "state": "a state",
            "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }

    def page(self, **changed):
        return httpx2.get(f"{self.url}/authorize", params={**self.request, **changed})

    def choose(self, number):
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page().text))
        return httpx2.post(f"{self.url}/authorize", data={**fields, "choice": str(number)})

    def code(self, number=0):
        back = self.choose(number).headers["location"]
        assert back.startswith(f"{BACK}?")
        query = parse_qs(urlsplit(back).query)
        assert query["state"] == ["a state"]
        return query["code"][0]

    def redeem(self, code, **changed):
        form = {
            "grant_type": "authorization_code",
            "client_id": "report",
            "redirect_uri": BACK,
            "code": code,
            "code_verifier": self.verifier,
        }
        return httpx2.post(f"{self.url}/token", data={**form, **changed})


async def test_signing_in_with_a_code_gives_the_chosen_person(issuer):
    browser = Browser(issuer)
    reply = browser.redeem(browser.code(2))
    assert reply.status_code == 200, reply.text
    found = await principal(issuer, reply.json()["access_token"])
    assert [(g.role, g.area) for g in found.grants] == [(PEOPLE[2].role, PEOPLE[2].area)]


def test_the_page_speaks_vietnamese_and_english(issuer):
    browser = Browser(issuer)
    assert "Cán bộ Hội Khuyến học xã Long Hẹ" in browser.page().text
    assert "Officer of the Association, Long Hẹ Commune" in browser.page(lang="en").text


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": "short"},
        {"client_id": "another"},
        {"redirect_uri": "http://127.0.0.1:9/elsewhere"},
    ],
)
def test_a_code_is_worth_nothing_to_somebody_else(issuer, changed):
    browser = Browser(issuer)
    code = browser.code()
    assert browser.redeem(code, **changed).status_code == 400
    assert browser.redeem(code).status_code == 400, "a code tried wrongly is spent"


def test_a_code_works_once(issuer):
    browser = Browser(issuer)
    code = browser.code()
    assert browser.redeem(code).status_code == 200
    assert browser.redeem(code).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://example.org/steal"},
        {"redirect_uri": "http://127.0.0.1@example.org/"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"client_id": "<script>"},
    ],
)
def test_nobody_is_sent_away_from_this_machine_or_without_a_challenge(issuer, changed):
    reply = Browser(issuer).page(**changed)
    assert reply.status_code == 400
    assert "<script>" not in reply.text


def test_a_form_too_large_is_refused(issuer):
    reply = asked(issuer, role="x" * 70_000)
    assert reply.status_code == 400
    assert "too large" in reply.json()["error_description"]


def test_everybody_on_the_page_can_be_in_a_token(issuer):
    for person in PEOPLE:
        assert UUID(int=0) != token(issuer, **person.asked())
