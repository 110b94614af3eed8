"""People at work while processes die: each repeats a batch until it is acknowledged."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

import httpx2 as httpx
from acceptance.installation import Installation

PATIENCE = 120
UNANSWERED = (httpx.TransportError, json.JSONDecodeError)
Row = tuple[str, dict[str, Any]]


@dataclass
class Clerk:
    """Sends batches to one path of a service, at another replica after every failure.

    ``acknowledged`` holds the verdict line of every key, with what was sent as ``fact``.
    """

    urls: list[str]
    path: str
    token: str
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    failure: str = ""

    def __post_init__(self) -> None:
        self._replicas = cycle(self.urls)

    def work(self, batches: Iterator[list[Row]]) -> None:
        for rows in batches:
            if self.stop.is_set() or self.failure:
                return
            self.insist(rows)

    def insist(self, rows: list[Row]) -> list[dict[str, Any]]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return self.send(next(self._replicas), rows)
            except UNANSWERED:
                self.stop.wait(0.1)  # the line is dead; dial again
            except AssertionError as wrong:
                self.failure = str(wrong)
                raise
        self.failure = f"not acknowledged for two minutes: {self.path} {rows[0]}"
        raise AssertionError(self.failure)

    def send(self, url: str, rows: list[Row]) -> list[dict[str, Any]]:
        body = "\n".join(json.dumps({"key": key, **fact}) for key, fact in rows)
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/x-ndjson",
        }
        answer = httpx.post(f"{url}/v1/{self.path}", content=body, headers=headers, timeout=30)
        lines = [json.loads(line) for line in answer.text.splitlines()]
        if answer.status_code >= 500 or not lines or "summary" not in lines[-1]:
            raise httpx.TransportError("unfinished")
        for line, (key, fact) in zip(lines[:-1], rows, strict=True):
            if line["verdict"] == "refused" and line["problem"]["status"] in {429, 503}:
                raise httpx.TransportError("busy")
            assert line["verdict"] in {"accepted", "replayed"}, line
            first = self.acknowledged.setdefault(key, {**line, "fact": fact})
            assert first["position"] == line["position"], "a retry got another answer"
        return lines[:-1]


def clerk(installation: Installation, service: str, path: str, role: str, person: int) -> Clerk:
    """Somebody with a token for the province; `person` tells people apart, not roles."""
    return Clerk(installation.urls(service), path, installation.token(role, "14", str(person)))


def batches(name: str, fact: Callable[[int], dict[str, Any]]) -> Iterator[list[Row]]:
    """Facts without end: one by one, and twenty at a time now and then."""
    numbers = count()
    for turn in count():
        some = [next(numbers) for _ in range(1 if turn % 3 else 20)]
        yield [(f"{name}-{n}", fact(n)) for n in some]
