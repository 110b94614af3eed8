"""Fail points do nothing unless one is named, and only in the local profile."""

import asyncio
import os

import pytest
from chassis import failpoint


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []
    monkeypatch.setattr(os, "kill", lambda *_: calls.append("killed"))
    return calls


def arm(monkeypatch: pytest.MonkeyPatch, text: str, profile: str = "local") -> None:
    armed, left = failpoint._parse(text, profile)
    monkeypatch.setattr(failpoint, "_armed", armed)
    monkeypatch.setattr(failpoint, "_left", left)


def test_nothing_happens_when_none_is_named(killed: list[str]) -> None:
    failpoint.reach("append.sent")
    failpoint.reach("")
    assert not killed


def test_only_the_named_step_kills(monkeypatch: pytest.MonkeyPatch, killed: list[str]) -> None:
    arm(monkeypatch, "relay.sent")
    failpoint.reach("append.sent")
    assert not killed
    failpoint.reach("relay.sent")
    assert killed == ["killed"]


def test_a_count_lets_the_first_ones_pass(
    monkeypatch: pytest.MonkeyPatch, killed: list[str]
) -> None:
    arm(monkeypatch, "relay.sent:3")
    for _ in range(2):
        failpoint.reach("relay.sent")
    assert not killed
    failpoint.reach("relay.sent")
    assert killed


@pytest.mark.parametrize("profile", [None, "production", ""])
def test_it_is_refused_outside_the_local_profile(profile: str | None) -> None:
    with pytest.raises(RuntimeError, match="local profile"):
        failpoint._parse("relay.sent", profile)


async def test_a_sending_is_under_way_when_it_dies(
    monkeypatch: pytest.MonkeyPatch, killed: list[str]
) -> None:
    arm(monkeypatch, "append.sent")
    steps: list[str] = []

    async def send() -> str:
        steps.append(f"begun, {len(killed)} killed")
        await asyncio.sleep(0)
        steps.append(f"ended, {len(killed)} killed")
        return "answer"

    assert await failpoint.during("append.sent", send()) == "answer"
    assert steps == ["begun, 0 killed", "ended, 1 killed"]
    assert await failpoint.during("another", send()) == "answer"
