"""Processes of every service die under load: nothing is lost, doubled, skipped or half done."""

import os
import random
import threading
import time
from collections import Counter

import pytest
from acceptance import season
from acceptance.clerks import Clerk, batches, clerk

from deploy.local.processes import wait_until

SECONDS = float(os.environ.get("KH_KILL_SECONDS", "30"))
KILLS = 8  # at least, however slow the machine is
CASES = int(os.environ.get("KH_KILL_CASES", "1500"))
AREAS = ["03763", "03646", "03721", "03724", "03820", "03847", "03850", "03910"]
FUND = "0199c0de-0000-7000-8000-000000000001"


VARIABLES = {"KH_REPLICAS": "2"}
"""Two replicas of each process, as an operator runs them."""


def headcount(n):
    return {
        "kind": "TECH_TRANSFER",
        "area": AREAS[n % len(AREAS)],
        "held_on": f"2025-{7 + n % 3:02d}-{1 + n % 28:02d}",
        "participants": n % 90,
    }


def gift(n):
    return {
        "fund": FUND,
        "amount": 1000 + n,
        "channel": "cash",
        "donor": {"anonymous": True},
        "received_on": f"2025-{7 + n % 3:02d}-{1 + n % 28:02d}",
    }


@pytest.mark.kills
def test_random_kills_lose_nothing_double_nothing_skip_nothing(installation):
    seed = int(os.environ.get("KH_KILL_SEED") or random.SystemRandom().randrange(10**6))
    try:
        cases = season.proposed(installation, CASES)
        open_a_fund(installation)
        killed, reporters, donors, signer = worked_under_kills(
            installation, cases, random.Random(seed)
        )
        assert len(set(killed)) > 1
        assert [c.failure for c in (*reporters, *donors, signer) if c.failure] == []
        classes_are_those_acknowledged(installation, reporters)
        the_fund_holds_what_was_acknowledged(installation, donors)
        every_case_of_the_decision_has_one_title(installation, cases, signer)
    except BaseException as failure:
        failure.add_note(f"again with KH_KILL_SEED={seed}")
        raise


def open_a_fund(installation):
    chair = clerk(installation, "funds", "funds", "provincial_association_chair", 3)
    fund = {
        "id": FUND,
        "name": "Quỹ khuyến học",
        "kind": "education_promotion",
        "area": "14",
        "opened_on": "2025-07-01",
    }
    chair.insist([("open", fund)])


def worked_under_kills(installation, cases, rng):
    officer = "provincial_association_officer"
    reporters = [clerk(installation, "training", "headcounts", officer, n) for n in (4, 5)]
    donors = [clerk(installation, "funds", "contributions", "fund_accountant", n) for n in (6, 7)]
    signer = clerk(installation, "registry", "decisions", "provincial_authority_signer", 8)
    work = [(r, batches(f"class{n}", headcount)) for n, r in enumerate(reporters)]
    work += [(d, batches(f"gift{n}", gift)) for n, d in enumerate(donors)]
    work.append((signer, iter([[("decide", season.decision(cases))]])))
    threads = [threading.Thread(target=who.work, args=(what,)) for who, what in work]
    for thread in threads:
        thread.start()
    killed = kill_for(installation, rng, SECONDS)
    for who, _ in work:
        who.stop.set()
    for thread in threads:
        thread.join(150)
    installation.up()
    return killed, reporters, donors, signer


def kill_for(installation, rng, seconds):
    """Kill one process after the other and start again what is down, until that was enough."""
    until, killed = time.monotonic() + seconds, []
    while time.monotonic() < until or len(killed) < KILLS:
        victims = rng.sample(installation.names, k=rng.choice([1, 1, 2]))
        for victim in victims:
            installation.kill(victim)
        killed += victims
        installation.up()
    return killed


def of_all(clerks: list[Clerk]):
    return {key: line for one in clerks for key, line in one.acknowledged.items()}


def figure(installation, measure, position):
    """The province's figure at every replica: they must agree."""
    found = {
        sum(row["value"] for row in statistics(url, installation, measure, position))
        for url in installation.urls("reporting")
    }
    [value] = found
    return value


def statistics(url, installation, measure, position):
    answer = installation.ask(url, "statistics", measure=measure, min_position=position, wait=30)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]


def nothing_parked(installation, log, position):
    source = installation.ask(installation.urls("reporting")[0], "sources").json()[log]
    assert (source["position"], source["parked"]) == (position, [])


def classes_are_those_acknowledged(installation, reporters):
    told = of_all(reporters)
    published = installation.published("training")
    at = {event["position"]: event for event in published}
    for key, line in told.items():
        event = at[line["position"]]
        assert event["stream"] == line["id"], key
        assert event["data"].get("participants", 0) == line["fact"]["participants"], key
    assert len({line["position"] for line in told.values()}) == len(told)
    assert len(published) == len(told), "a command was kept twice, or kept unanswered"
    position = f"14.training:{len(published)}"
    people = sum(line["fact"]["participants"] for line in told.values())
    assert figure(installation, "courses_completed", position) == len(told)
    assert figure(installation, "participations", position) == people
    nothing_parked(installation, "14.training", len(published))


def the_fund_holds_what_was_acknowledged(installation, donors):
    given = sum(line["fact"]["amount"] for line in of_all(donors).values())
    url = installation.urls("funds")[0]
    fund = installation.ask(url, f"funds/{FUND}", role="auditor_external").json()
    assert fund["balance"] == given
    published = installation.published("funds")
    position = f"14.funds:{len(published)}"
    assert figure(installation, "funds_mobilised", position) == given
    nothing_parked(installation, "14.funds", len(published))


def every_case_of_the_decision_has_one_title(installation, cases, signer):
    [line] = signer.acknowledged.values()
    carried_out(installation, line["id"], len(cases))
    published = installation.published("registry")
    kinds = Counter(event["type"].rpartition(".")[2] for event in published)
    assert kinds["TitleRecognised"] == len(cases)
    holders = {e["stream"] for e in published if e["type"].endswith(".TitleRecognised")}
    assert len(holders) == len(cases), "somebody was recognised twice"
    position = f"14.registry:{len(published)}"
    assert figure(installation, "titles_held", position) == len(cases)
    nothing_parked(installation, "14.registry", len(published))


def carried_out(installation, decision, cases):
    """Wait until the decision is complete; every worker was started again by now."""
    url, role = installation.urls("registry")[0], "provincial_authority_signer"

    def found():
        return installation.ask(url, f"decisions/{decision}", role=role).json()

    assert wait_until(lambda: found()["state"] == "complete", 60), found()
    assert (found()["recognised"], found()["left_out"]) == (cases, 0)
