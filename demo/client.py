"""The demo's way to the public APIs: batches out, verdicts in, again after what passes."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2 as httpx
import msgspec

from demo.acts import Act, Batch, Made
from demo.persons import OFFICER, Person, Tokens

PATIENCE_S = 120.0
PAUSES_S = (0.2, 0.5, 1, 2, 4, 8, 15, 30, 30, 30, 30, 30)
"""Before each further attempt: three minutes for a service that is away, busy or behind."""
_BUSY = frozenset({429, 502, 503, 504})


class Refused(Exception):  # noqa: N818  # an answer, not an accident
    """A service said no to something the demo holds to be right; ``problem`` is its answer."""

    def __init__(self, act: Act, problem: dict[str, Any]) -> None:
        super().__init__(f"{act.path} {act.key}: {problem.get('detail') or problem}")
        self.act, self.problem = act, problem


class LaterFacts(Refused):
    """The log holds facts recorded after the time of this act: it is not this demo's log."""


class Away(Exception):  # noqa: N818  # said to a person, in one line
    """A service did not answer for minutes; the message says what it was asked."""


@dataclass
class Service:
    """One service's address, and what it answered so far."""

    name: str
    url: str
    tokens: Tokens
    verdicts: Counter[str] = field(default_factory=Counter)
    made: dict[str, str] = field(default_factory=dict)
    pauses: tuple[float, ...] = PAUSES_S

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE_S)

    def send(self, batch: Batch) -> None:
        """Send one batch until every row is accepted; the keys make it safe to send it again.

        Raises:
            Refused: a row is not accepted, for a reason that does not pass.
            Away: the service was not there, or busy, for minutes.
        """
        body = b"\n".join([self._row(act) for act in batch.acts])
        first = batch.acts[0]
        self._patiently(f"{first.path} {first.key}", lambda: self._sent(batch, body))

    def get(self, path: str, **params: Any) -> Any:
        """What a read answers; raises Away as ``send`` does."""
        return self._patiently(path, lambda: self._read(path, params))

    def communes(self, map_date: str) -> list[str]:
        """Exact areas of that day's map. Villages, which this demo opens itself, are not asked."""
        found = self.get("/v1/areas", map_date=map_date)["items"]
        return [item["area"] for item in found if item["kind"] not in ("province", "village")]

    def newest(self) -> datetime | None:
        """When the newest fact of the log was recorded."""
        told = self.get("/v1/position")["recorded_at"]
        return datetime.fromisoformat(told) if told else None

    def reached(self) -> tuple[str, int]:
        """The log, and the position of its newest fact."""
        now = self.get("/v1/position")
        return now["log"], now["position"]

    @property
    def counts(self) -> dict[str, int]:
        """Verdicts so far; ``found`` acts were known to be there and not sent again."""
        told = {name: self.verdicts[name] for name in ("accepted", "replayed", "refused")}
        return {"sent": sum(told.values()), **told, "found": self.verdicts["found"]}

    def _patiently(self, what: str, attempt: Callable[[], Any]) -> Any:
        said = "no answer"
        for pause in (*self.pauses, None):
            try:
                if (answer := attempt()) is not None:
                    return answer
                said = "busy, or broke off"
            except httpx.TransportError as failure:
                said = type(failure).__name__
            if pause is not None:
                time.sleep(pause)
        raise Away(f"{self.name} {what}: {said}, {len(self.pauses) + 1} times")

    def _sent(self, batch: Batch, body: bytes) -> bool | None:
        """Whether all rows are accepted; None to try again."""
        answer = self.http.post(
            batch.path,
            content=body,
            headers={
                **self._bearer(batch.person),
                "content-type": "application/x-ndjson",
                "recorded-at": batch.recorded_at.astimezone(UTC).isoformat(),
            },
        )
        if answer.status_code in _BUSY:
            return None
        if answer.status_code != httpx.codes.OK:
            raise _refused(batch.acts[0], answer.json())
        return self._taken(batch, answer.content.splitlines())

    def _taken(self, batch: Batch, lines: list[bytes]) -> bool | None:
        """Read what matters: the summary, the ids somebody waits for, the refusals."""
        summary = msgspec.json.decode(lines[-1]).get("summary") if lines else None
        if summary is None:
            return None
        if summary["refused"]:
            self._refusal(batch, lines)
            return None
        for act, line in zip(batch.acts, lines, strict=False):
            if act.name or act.expected:
                self._note(act, msgspec.json.decode(line)["id"])
        self.verdicts.update({name: summary[name] for name in ("accepted", "replayed")})
        return True

    def _note(self, act: Act, made: str) -> None:
        if act.expected and made != act.expected:
            raise Refused(act, {"detail": f"got the id {made}, not {act.expected}"})
        if act.name:
            self.made[act.name] = made

    def _refusal(self, batch: Batch, lines: list[bytes]) -> None:
        """Raise the first refusal that does not pass by itself."""
        for line in map(msgspec.json.decode, lines[:-1]):
            if line["verdict"] == "refused" and line["problem"]["code"] != "busy":
                self.verdicts["refused"] += 1
                raise _refused(batch.acts[line["row"] - 1], line["problem"])

    def _read(self, path: str, params: dict[str, Any]) -> Any:
        answer = self.http.get(path, params=params, headers=self._bearer(OFFICER))
        if answer.status_code in _BUSY:
            return None
        answer.raise_for_status()
        return answer.json()

    def _row(self, act: Act) -> bytes:
        """One line of a batch, with the ids of what was made before."""
        known = {
            name: self.made[value.name] if isinstance(value, Made) else value
            for name, value in act.body.items()
        }
        return msgspec.json.encode({"key": act.key, **known})

    def _bearer(self, person: Person) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens.of(person)}"}


def _refused(act: Act, problem: dict[str, Any]) -> Refused:
    of_time = any(fault.get("pointer") == "Recorded-At" for fault in problem.get("errors", ()))
    return (LaterFacts if of_time else Refused)(act, problem)
