"""Valid things of the registry by default: a test says only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.area import Area, AreaKind
from chassis.domain import Event
from chassis.log.record import Recorded
from chassis.log.sealed import Sealed
from registry import criteria
from registry.codec import CODEC
from registry.domain.area import AreaUnit
from registry.domain.case import RecognitionCase
from registry.domain.criteria import CriteriaSet, Item
from registry.domain.decision import Decision
from registry.domain.holding import Standing, TitleHolding
from registry.domain.kind import CaseState, Group, Model
from registry.domain.listed import Listed
from registry.domain.scoring import Score
from registry.domain.subject import Subject

PROVINCE = "14"
LONG_HE = "03763@2025-07-01"
OFFICE = f"{LONG_HE}:UBND"
A_DAY = date(2025, 9, 1)
SEASON = 2025
CITIZENS = criteria.load().get("citizen-2022")

OFFICER, VERIFIER, CHAIR, SIGNER = (UUID(int=n) for n in range(1, 5))
"""Four persons, one for each part in a case."""

_NEEDED = {Model.COMMUNITY: Group.VILLAGE, Model.UNIT: Group.COMMUNE}
_STEPS = ("registered", "self_assessed", "verified", "proposed")


def sealed(subject: UUID, box: bytes = b"box") -> Sealed:
    """Stands for a text under a person's key; the domain never opens it."""
    return Sealed(subject, box)


def a_commune(code: str = "03763", began: date = date(2025, 7, 1), **fields: Any) -> AreaUnit:
    opened: dict[str, Any] = {
        "name": "Long Hẹ",
        "kind": AreaKind.COMMUNE,
        "parent": Area(PROVINCE, date(1900, 1, 1)),
    }
    return AreaUnit.open(PROVINCE, Area(code, began), **(opened | fields))


def a_subject(model: Model = Model.CITIZEN, **fields: Any) -> Subject:
    id_ = fields.pop("id", None) or uuid4()
    entry: dict[str, Any] = {
        "area": LONG_HE,
        "entered_on": date(2025, 1, 2),
        "name": sealed(id_),
        "group": _NEEDED.get(model),
    }
    return Subject.enter(id_, model, **(entry | fields))


def a_score(item: Item, *, met: bool = True) -> Score:
    """Full marks for an item, or nothing."""
    if item.max is not None:
        return Score(item.id, points=item.max if met else 0.0)
    if item.at_least is not None:
        return Score(item.id, numerator=100 if met else 0, denominator=100)
    return Score(item.id, met=met)


def scores(criteria_set: CriteriaSet, *, met: bool = True) -> list[Score]:
    return [a_score(item, met=met) for item in criteria_set.items]


def points(*values: float, criteria_set: CriteriaSet = CITIZENS) -> list[Score]:
    """These points for the items of a set, in its order."""
    pairs = zip(criteria_set.items, values, strict=True)
    return [Score(item.id, points=float(value)) for item, value in pairs]


def a_case(
    state: CaseState = CaseState.REGISTERED, *, passed: bool = True, **fields: Any
) -> RecognitionCase:
    """A citizen's case brought to a state by four persons; its events not yet collected."""
    subject = fields.pop("subject", None) or a_subject()
    existing = fields.pop("existing", None)
    form: dict[str, Any] = {
        "id": uuid4(),
        "subject": subject,
        "model": subject.model,
        "season": SEASON,
        "registered_on": A_DAY,
        "area": LONG_HE,
    }
    case = RecognitionCase.register(existing, **(form | fields))
    brought_to(case, state, passed=passed)
    return case


def brought_to(case: RecognitionCase, state: CaseState, *, passed: bool = True) -> None:
    if state is CaseState.WITHDRAWN:
        case.withdraw(A_DAY, LONG_HE)
        return
    rejected = state is CaseState.REJECTED
    wanted = "proposed" if rejected or state is CaseState.RECOGNISED else str(state)
    for step in _STEPS[1 : _STEPS.index(wanted) + 1]:
        _step(case, step, passed=passed)
    if rejected:
        case.reject(sealed(case.subject), A_DAY, SIGNER, LONG_HE)
    elif state is CaseState.RECOGNISED:
        case.recognise(uuid4(), uuid4(), SIGNER, A_DAY)


def _step(case: RecognitionCase, step: str, *, passed: bool) -> None:
    given = scores(CITIZENS, met=passed)
    if step == "self_assessed":
        case.self_assess(CITIZENS, given, assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE)
    elif step == "verified":
        case.verify(CITIZENS, given, assessed_on=A_DAY, verifier=VERIFIER, area=LONG_HE)
    else:
        case.propose(A_DAY, CHAIR, LONG_HE)


def listed(**fields: Any) -> Listed:
    entry: dict[str, Any] = {
        "case": uuid4(),
        "model": Model.CITIZEN,
        "season": SEASON,
        "state": CaseState.PROPOSED,
        "area": LONG_HE,
        "verifier": VERIFIER,
        "proposer": CHAIR,
    }
    return Listed(**(entry | fields))


def a_decision(cases: Sequence[Listed] | None = None, **fields: Any) -> Decision:
    form: dict[str, Any] = {
        "id": uuid4(),
        "office": OFFICE,
        "number": "12/QĐ-UBND",
        "year": 2025,
        "model": Model.CITIZEN,
        "season": SEASON,
        "decided_on": date(2025, 12, 20),
        "effective_on": date(2025, 12, 20),
        "signer": SIGNER,
        "cases": [listed()] if cases is None else cases,
        "covers": lambda _: True,
    }
    return Decision.issue(**(form | fields))


def a_title(
    first: date = date(2025, 12, 20), last: date | None = date(2026, 12, 31), **fields: Any
) -> Standing:
    title: dict[str, Any] = {"area": LONG_HE, "season": first.year}
    return Standing(valid_from=first, valid_until=last, **(title | fields))


def recognised(
    existing: TitleHolding | None = None, title: Standing | None = None, **fields: Any
) -> TitleHolding:
    form: dict[str, Any] = {
        "id": uuid4(),
        "subject": UUID(int=7),
        "model": Model.CITIZEN,
        "case": uuid4(),
        "decision": uuid4(),
        "title": title or a_title(),
    }
    return TitleHolding.recognise(existing, **(form | fields))


def imported(
    existing: TitleHolding | None = None, title: Standing | None = None, **fields: Any
) -> TitleHolding:
    form: dict[str, Any] = {
        "id": uuid4(),
        "subject": UUID(int=7),
        "model": Model.CITIZEN,
        "source": "Sổ danh hiệu năm 2024",
        "title": title or a_title(),
    }
    return TitleHolding.import_(existing, **(form | fields))


def recorded(event: Event) -> Recorded:
    """An event as the log would hold it."""
    new = CODEC.encode(event, uuid4())
    return Recorded(
        position=1,
        stream=new.stream,
        version=new.version,
        type=new.type,
        recorded_at=datetime(2025, 12, 20, tzinfo=UTC),
        command=uuid4(),
        payload=new.payload,
        meta=new.meta,
    )


def replayed(events: Sequence[Any]) -> Any:
    """What the events alone give, written down and read back, without any decision."""
    again: Any = None
    for event in events:
        again = CODEC.decode(recorded(event)).mutate(again)
    return again
