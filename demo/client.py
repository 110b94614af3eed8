"""The demo's way to the public APIs: batches out, verdicts in."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import httpx2 as httpx

from demo.acts import Act, Batch, Made
from demo.persons import OFFICER, Person, Tokens

PATIENCE = 60.0


class Refused(Exception):  # noqa: N818  # an answer, not an accident
    """A service said no to something the demo holds to be right; ``problem`` is its answer."""

    def __init__(self, act: Act, problem: dict[str, Any]) -> None:
        super().__init__(f"{act.path} {act.key}: {problem.get('detail') or problem}")
        self.act, self.problem = act, problem


class LaterFacts(Refused):
    """The log holds facts recorded after the time of this act: it is not this demo's log."""


@dataclass
class Service:
    """One service's address, and what it answered so far."""

    name: str
    url: str
    tokens: Tokens
    verdicts: Counter[str] = field(default_factory=Counter)
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE)

    def send(self, batch: Batch) -> None:
        """Send one batch; raises Refused at the first row that is not accepted."""
        answer = self.http.post(
            batch.path,
            content="\n".join(self._row(act) for act in batch.acts).encode(),
            headers={
                **self._bearer(batch.person),
                "content-type": "application/x-ndjson",
                "recorded-at": batch.recorded_at.astimezone(UTC).isoformat(),
            },
        )
        if answer.status_code != httpx.codes.OK:
            raise _refused(batch.acts[0], answer.json())
        for line in answer.text.splitlines():
            self._take(batch, json.loads(line))

    def _take(self, batch: Batch, line: dict[str, Any]) -> None:
        if "summary" in line:
            return
        self.verdicts[line["verdict"]] += 1
        if line["verdict"] == "refused":
            raise _refused(batch.acts[line["row"] - 1], line["problem"])
        if name := batch.acts[line["row"] - 1].name:
            self.made[name] = line["id"]

    def _row(self, act: Act) -> str:
        """One line of a batch, with the ids of what was made before."""

        def known(made: Made) -> str:
            return self.made[made.name]

        return json.dumps({"key": act.key, **act.body}, ensure_ascii=False, default=known)

    def _bearer(self, person: Person) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens.of(person)}"}

    def get(self, path: str, **params: Any) -> Any:
        answer = self.http.get(path, params=params, headers=self._bearer(OFFICER))
        answer.raise_for_status()
        return answer.json()

    def areas(self, map_date: str) -> list[str]:
        found = self.get("/v1/areas", map_date=map_date)["items"]
        return [item["area"] for item in found if item["area"] != "14"]

    def reached(self) -> str:
        """The place of the newest fact of the log, as statistics are asked to have reached it."""
        now = self.get("/v1/position")
        return f"{now['log']}:{now['position']}"

    @property
    def counts(self) -> dict[str, int]:
        accepted, replayed = self.verdicts["accepted"], self.verdicts["replayed"]
        refused = self.verdicts["refused"]
        return {
            "sent": accepted + replayed + refused,
            "accepted": accepted,
            "replayed": replayed,
            "refused": refused,
        }


def _refused(act: Act, problem: dict[str, Any]) -> Refused:
    of_time = any(fault.get("pointer") == "Recorded-At" for fault in problem.get("errors", ()))
    return (LaterFacts if of_time else Refused)(act, problem)


def pages(service: Service, path: str, **params: Any) -> Iterator[Any]:
    """Every item of a list, page after page."""
    cursor: str | None = ""
    while cursor is not None:
        page = service.get(path, **params, **({"cursor": cursor} if cursor else {}))
        yield from page["items"]
        cursor = page["next"]
