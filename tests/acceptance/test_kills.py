"""Processes die under load, one after the other: nothing is lost, doubled or skipped."""

import json
import os
import random
import threading
import time
from dataclasses import dataclass, field

import httpx2 as httpx
import pytest
from acceptance.installation import Installation

SECONDS = float(os.environ.get("KH_KILL_SECONDS", "60"))
AREAS = ["03763", "03646", "03721", "03724", "03820", "03847", "03850", "03910"]
REFUSED_OR_GONE = (httpx.TransportError, json.JSONDecodeError)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    own = Installation(tmp_path_factory.mktemp("kills") / "run")
    own.up()
    yield own
    own.down()


def headcount(n):
    return {
        "kind": "TECH_TRANSFER",
        "area": AREAS[n % len(AREAS)],
        "held_on": f"2025-{7 + n % 3:02d}-{1 + n % 28:02d}",
        "participants": n % 90,
    }


@dataclass
class Officer:
    """Reports headcounts for as long as she is let, and repeats each until it is acknowledged."""

    url: str
    token: str
    name: str
    stop: threading.Event
    acknowledged: dict[str, dict] = field(default_factory=dict)
    failure: str = ""

    def work(self):
        n = 0
        while not self.stop.is_set():
            rows = [(f"{self.name}-{n + i}", headcount(n + i)) for i in range(1 if n % 3 else 20)]
            self.insist(rows)
            n += len(rows)

    def insist(self, rows):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                self.send(rows)
            except REFUSED_OR_GONE:
                threading.Event().wait(0.1)  # the line is dead; dial again
            else:
                return
        self.failure = f"not acknowledged for two minutes: {rows[0]}"

    def send(self, rows):
        body = "\n".join(json.dumps({"key": key, **fact}) for key, fact in rows)
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/x-ndjson",
        }
        answer = httpx.post(f"{self.url}/v1/headcounts", content=body, headers=headers, timeout=10)
        lines = [json.loads(line) for line in answer.text.splitlines()]
        if answer.status_code >= 500 or not lines or "summary" not in lines[-1]:
            raise httpx.TransportError("unfinished")
        for line, (key, fact) in zip(lines[:-1], rows, strict=True):
            if line["verdict"] == "refused" and line["problem"]["status"] in {429, 503}:
                raise httpx.TransportError("busy")
            assert line["verdict"] in {"accepted", "replayed"}, line
            first = self.acknowledged.setdefault(key, {**line, "fact": fact})
            assert first["position"] == line["position"], "a retry got another answer"


def everything_published(installation, token):
    """Positions, streams and data of the log as published, read like an auditor."""
    with installation.client("training", token) as client:
        after, found = 0, []
        while True:
            answer = client.get("/v1/events", params={"after": after, "limit": 1000})
            assert answer.status_code == 200, answer.text
            page = [json.loads(line) for line in answer.text.splitlines()]
            if not page:
                return found
            found += page
            after = page[-1]["position"]


def figure(client, measure, position):
    answer = client.get(
        "/v1/statistics",
        params={"measure": measure, "min_position": position, "wait": 30},
    )
    assert answer.status_code == 200, answer.text
    return sum(row["value"] for row in answer.json()["rows"])


@pytest.mark.kills
def test_a_minute_of_random_kills_loses_nothing_doubles_nothing_skips_nothing(installation):
    seed = int(os.environ.get("KH_KILL_SEED") or random.SystemRandom().randrange(10**6))
    try:
        killed, officers = reported_under_kills(installation, random.Random(seed))
        assert len(set(killed)) > 1
        assert not any(officer.failure for officer in officers)
        equal_to_the_acknowledged(installation, officers)
    except BaseException as failure:
        failure.add_note(f"again with KH_KILL_SEED={seed}")
        raise


def reported_under_kills(installation, rng):
    stop = threading.Event()
    officers = [
        Officer(installation.env["TRAINING_URL"], installation.token(person=n), f"officer{n}", stop)
        for n in ("1", "2", "3")
    ]
    threads = [threading.Thread(target=officer.work) for officer in officers]
    for thread in threads:
        thread.start()
    killed = kill_for(installation, rng, SECONDS)
    stop.set()
    for thread in threads:
        thread.join(150)
    installation.up()
    return killed, officers


def kill_for(installation, rng, seconds):
    """Kill one process after the other, and start again what is down, until the time is over."""
    until, killed = time.monotonic() + seconds, []
    while time.monotonic() < until:
        victims = rng.sample(installation.names, k=rng.choice([1, 1, 2]))
        for victim in victims:
            installation.kill(victim)
        killed += victims
        installation.up()
    return killed


def equal_to_the_acknowledged(installation, officers):
    acknowledged = {k: v for officer in officers for k, v in officer.acknowledged.items()}
    published = everything_published(installation, installation.token("auditor_external"))
    assert [event["position"] for event in published] == list(range(1, len(published) + 1))
    at = {event["position"]: event for event in published}
    for key, line in acknowledged.items():
        event = at[line["position"]]
        assert event["stream"] == line["id"], key
        assert event["data"].get("participants", 0) == line["fact"]["participants"], key
    assert len({line["position"] for line in acknowledged.values()}) == len(acknowledged)
    assert len(published) == len(acknowledged), "a command was kept twice, or kept unanswered"
    position = f"14.training:{len(published)}"
    with installation.client("reporting", installation.token()) as client:
        told = sum(line["fact"]["participants"] for line in acknowledged.values())
        assert figure(client, "courses_completed", position) == len(acknowledged)
        assert figure(client, "participations", position) == told
        source = client.get("/v1/sources").json()["14.training"]
        assert source["position"] == len(published)
        assert source["parked"] == []
