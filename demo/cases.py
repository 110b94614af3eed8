"""Generated cases: every step of every subject's way to a title, in the order of record time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from itertools import product
from typing import Any

from demo.acts import Act, Page
from demo.ids import natural_id, subject_id
from demo.persons import CHAIR, OFFICER, SIGNER, VERIFIER, Person
from demo.rounds import EVERY, Stage
from demo.scores import Criteria, scores
from demo.titles import SORTS, Fate, Group, Sort
from demo.villages import Villages

KINDS_OF_SHEETS = 60
ASSESSED = (Fate.TITLE, Fate.FAILED, Fate.REJECTED)


@dataclass(frozen=True)
class Step:
    """What one person does with all members of a group whose fate it is."""

    path: str
    stage: Stage
    fates: tuple[Fate, ...]
    person: Person
    body: Callable[["Cases", Group, int, str], dict[str, Any]]


@dataclass(frozen=True)
class Cases:
    """The acts of all groups. Nothing is kept: each is worked out when it is sent."""

    province: str
    prefix: str
    groups: Sequence[Group]
    criteria: dict[str, Criteria]
    villages: Villages

    def pages(self) -> list[Page]:
        """By record time, then step, then sort: heads are entered before their families."""
        found = sorted(
            (group.round.recorded_at(step.stage, group.slot), order, SORTS.index(group.sort), n)
            for (order, step), (n, group) in product(enumerate(STEPS), enumerate(self.groups))
            if step.stage in group.round.days and group.count(*step.fates)
        )
        return [self._page(at, STEPS[order], self.groups[n]) for at, order, _, n in found]

    def _page(self, recorded_at: datetime, step: Step, group: Group) -> Page:
        count = 1 if step.path == DECISIONS else group.count(*step.fates)
        return Page(recorded_at, count, partial(self._acts, recorded_at, step, group))

    def _acts(self, recorded_at: datetime, step: Step, group: Group) -> Iterator[Act]:
        day = group.round.day(step.stage, group.slot).isoformat()
        after = STEPS.index(step) * len(SORTS) + SORTS.index(group.sort)
        decision = step.path == DECISIONS
        for number in [group.first] if decision else group.numbers(*step.fates):
            key = self._key(step, group, number)
            body = step.body(self, group, number, day)
            name = key if decision else ""
            yield Act(recorded_at, step.path, body, after, key, step.person, name)

    def subject(self, sort: Sort, number: int) -> str:
        return subject_id(self.prefix, sort.code, number)

    def case(self, group: Group, number: int) -> str:
        """The id every case has by its subject, model and season."""
        subject = self.subject(group.sort, number)
        parts = ["case", subject, group.sort.model, str(group.round.season)]
        return natural_id(self.province, *parts)

    def scores(self, criteria: str, number: int, *, passes: bool) -> list[dict[str, Any]]:
        """A sheet of scores; there are few kinds of sheets, and many people."""
        asked = criteria, number, passes
        if asked not in self._sheets:
            self._sheets[asked] = scores(self.criteria[criteria], number, passes=passes)
        return self._sheets[asked]

    @cached_property
    def _sheets(self) -> dict[tuple[str, int, bool], list[dict[str, Any]]]:
        return {}

    def _key(self, step: Step, group: Group, number: int) -> str:
        what = step.path.removeprefix("/v1/")
        return f"{self.prefix}-{what}-{group.sort.code}-{group.round.season}-{number}"


def _entry(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    return _subject(cases, group, number, cases.subject(group.sort, number), day)


def _import(cases: Cases, group: Group, number: int, _: str) -> dict[str, Any]:
    season = group.round.season
    return {
        "subject": cases.subject(group.sort, number),
        "model": group.sort.model,
        "season": season,
        "valid_from": f"{season}-12-15",
        "valid_until": group.round.stands_until.isoformat(),
        "source": f"Danh sách công nhận năm {season} (dữ liệu mẫu)",
    }


def _registration(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    asked = {"model": group.sort.model, "season": group.round.season, "registered_on": day}
    subject = cases.subject(group.sort, number)
    if group.again:
        return {"subject": subject, **asked}
    return {"new_subject": _subject(cases, group, number, subject, day), **asked}


def _subject(cases: Cases, group: Group, number: int, id_: str, day: str) -> dict[str, Any]:
    """Names that nobody could take for a person's. No identity number begins with 999."""
    sort = group.sort
    form: dict[str, Any] = {
        "id": id_,
        "model": sort.model,
        "area": cases.villages.home(group, number),
        "entered_on": day,
        "name": f"{sort.label} {number:06d}",
    }
    if sort.groups:
        form["group"] = sort.groups[number % len(sort.groups)]
    if sort.kinds:
        form["kind"] = sort.kinds[number % len(sort.kinds)]
    if sort.code == "citizen":
        form |= {"birth_year": 1945 + number % 60, "sex": ("female", "male")[number % 2]}
        if number % 3 == 0:
            form["national_id"] = f"999{number:09d}"
    if (head := group.head_of(number)) is not None:
        form["head"] = cases.subject(SORTS[0], head)
    return form


def _withdrawal(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    return {"case": cases.case(group, number), "withdrawn_on": day}


def _assessment(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    """People judge themselves kindly: every self-assessment passes."""
    return _judged(cases, group, number, day, passes=True)


def _verification(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    return _judged(cases, group, number, day, passes=group.fate_of(number) is not Fate.FAILED)


def _judged(cases: Cases, group: Group, number: int, day: str, *, passes: bool) -> dict[str, Any]:
    return {
        "case": cases.case(group, number),
        "criteria_set": group.sort.criteria,
        "scores": cases.scores(group.sort.criteria, number % KINDS_OF_SHEETS, passes=passes),
        "assessed_on": day,
    }


def _proposal(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    return {"case": cases.case(group, number), "proposed_on": day}


def _rejection(cases: Cases, group: Group, number: int, day: str) -> dict[str, Any]:
    reason = "Chưa đủ minh chứng (dữ liệu mẫu)"
    return {"case": cases.case(group, number), "reason": reason, "rejected_on": day}


def _decision(cases: Cases, group: Group, _: int, day: str) -> dict[str, Any]:
    """By the office of the commune; one number for each round, sort and kind of list."""
    number = 1 + EVERY.index(group.round) * 20 + SORTS.index(group.sort) * 2 + group.again
    return {
        "office": f"{group.area}:UBND",
        "number": f"{number:02d}/QĐ-UBND",
        "year": int(day[:4]),
        "model": group.sort.model,
        "season": group.round.season,
        "decided_on": day,
        "cases": [cases.case(group, each) for each in group.numbers(Fate.TITLE)],
    }


DECISIONS = "/v1/decisions"
STEPS = (
    Step("/v1/subjects", Stage.ENTER, (Fate.TITLE,), OFFICER, _entry),
    Step("/v1/imported-titles", Stage.IMPORT, (Fate.TITLE,), VERIFIER, _import),
    Step("/v1/registrations", Stage.REGISTER, tuple(Fate), OFFICER, _registration),
    Step("/v1/withdrawals", Stage.ASSESS, (Fate.WITHDRAWN,), OFFICER, _withdrawal),
    Step("/v1/self-assessments", Stage.ASSESS, ASSESSED, OFFICER, _assessment),
    Step("/v1/verifications", Stage.VERIFY, ASSESSED, VERIFIER, _verification),
    Step("/v1/proposals", Stage.PROPOSE, (Fate.TITLE, Fate.REJECTED), CHAIR, _proposal),
    Step("/v1/rejections", Stage.DECIDE, (Fate.REJECTED,), SIGNER, _rejection),
    Step(DECISIONS, Stage.DECIDE, (Fate.TITLE,), SIGNER, _decision),
)
