"""A long-lived thing is kept as it stands and taken up again, no different."""

from datetime import date

import pytest
from chassis.domain import Aggregate
from chassis.log.snapshot import Form
from registry.domain.kind import CaseState, Group, Level, Model, Sex, SubjectKind
from registry.domain.village import Village
from registry_builders import (
    A_DAY,
    PROVINCE,
    a_case,
    a_commune,
    a_decision,
    a_subject,
    a_title,
    imported,
    listed,
    recognised,
)


def a_busy_commune() -> Aggregate:
    commune = a_commune()
    Village.open(PROVINCE, commune, "Bản Lằn", A_DAY)
    commune.close(date(2027, 1, 1))
    return commune


def an_erased_citizen() -> Aggregate:
    subject = a_subject(sex=Sex.FEMALE, group=Group.FARMER)
    subject.order_erasure("Nhập nhầm", A_DAY)
    return subject


def a_decision_with_an_omission() -> Aggregate:
    decision = a_decision([listed(), listed()])
    decision.left_out(decision.cases[0], CaseState.WITHDRAWN)
    return decision


THINGS = {
    "commune": a_busy_commune,
    "citizen": an_erased_citizen,
    "school": lambda: a_subject(Model.UNIT, kind=SubjectKind.SCHOOL),
    "holding": lambda: recognised(imported(title=a_title(level=Level.GOOD, season=2024))),
    "decision": a_decision_with_an_omission,
    **{f"case {state}": lambda state=state: a_case(state) for state in CaseState},
    "failed case": lambda: a_case(CaseState.VERIFIED, passed=False),
}


@pytest.mark.parametrize("name", THINGS)
def test_what_is_kept_is_what_is_taken_up_again(name: str) -> None:
    thing = THINGS[name]()
    thing.collect_events()
    form = Form(type(thing))
    state = form.write(thing)
    assert state is not None
    assert vars(form.read(thing.id, thing.version, state)) == vars(thing)
