"""One decision: its number, its list, its pieces, and what it refuses."""

import hashlib
from datetime import date
from uuid import UUID, uuid4

import pytest
from chassis.errors import Erased, Invalid, OutsideArea, Refusal, SamePerson, WrongState
from registry.domain.decision import (
    CHUNK,
    MOST_CASES,
    chunk_command,
    decision_id,
    list_hash,
    normal_number,
    split_office,
)
from registry.domain.kind import CaseState, Model
from registry.domain.refusals import WrongModel
from registry_builders import (
    CHAIR,
    LONG_HE,
    OFFICE,
    PROVINCE,
    VERIFIER,
    a_case,
    a_decision,
    listed,
    replayed,
)


def many(count: int) -> list:
    return [listed(case=UUID(int=n)) for n in range(1, count + 1)]


@pytest.mark.parametrize("number", ["12/qđ-ubnd", " 12 / QĐ-UBND ", "12/QĐ-UBND"])
def test_a_number_is_the_same_however_it_is_typed(number: str) -> None:
    assert normal_number(number) == "12/QĐ-UBND"
    same = decision_id(PROVINCE, OFFICE, 2025, "12/QĐ-UBND")
    assert decision_id(PROVINCE, OFFICE, 2025, number) == same
    assert a_decision(number=number).number == "12/QĐ-UBND"


def test_another_office_or_another_year_may_use_the_number_too() -> None:
    ids = {
        decision_id(PROVINCE, OFFICE, 2025, "12"),
        decision_id(PROVINCE, OFFICE, 2026, "12"),
        decision_id(PROVINCE, "14:UBND", 2025, "12"),
    }
    assert len(ids) == 3


def test_an_office_is_an_area_and_a_body() -> None:
    assert split_office(OFFICE) == (LONG_HE, "UBND")
    assert split_office("14:HKH") == ("14", "HKH")


@pytest.mark.parametrize("office", ["", "UBND", "03763", ":UBND", "03763:", "03763:ủy ban"])
def test_anything_else_is_no_office(office: str) -> None:
    with pytest.raises(Invalid) as refused:
        split_office(office)
    assert refused.value.faults[0].pointer == "/office"


def test_the_list_is_frozen_in_order_and_hashed_as_a_file_of_lines_would_be() -> None:
    cases = [listed() for _ in range(5)]
    decision = a_decision(cases)
    ids = sorted(each.case for each in cases)
    assert list(decision.cases) == ids
    text = "".join(f"{one}\n" for one in sorted(map(str, ids)))
    assert decision.list_hash == hashlib.sha256(text.encode()).hexdigest()
    assert list_hash(reversed(ids)) == decision.list_hash


def test_a_decision_takes_one_to_ten_thousand_cases() -> None:
    assert len(a_decision(many(MOST_CASES)).cases) == MOST_CASES
    for wrong in ([], many(MOST_CASES + 1)):
        with pytest.raises(Invalid, match=str(len(wrong))) as refused:
            a_decision(wrong)
        assert refused.value.faults[0].pointer == "/cases"


def test_the_pieces_are_the_list_whoever_cuts_it() -> None:
    decision = a_decision(many(2 * CHUNK + 1))
    assert decision.chunks == 3
    pieces = [decision.chunk(n) for n in range(decision.chunks)]
    assert sum(pieces, ()) == decision.cases
    assert [len(piece) for piece in pieces] == [CHUNK, CHUNK, 1]


def test_each_piece_is_appended_under_its_own_command_for_ever() -> None:
    one, other = uuid4(), uuid4()
    commands = {chunk_command(d, n) for d in (one, other) for n in range(20)}
    assert len(commands) == 40
    assert chunk_command(one, 3) in commands


def faults(refused) -> list[str]:
    return [fault.pointer for fault in refused.value.faults]


def test_every_case_is_of_the_decisions_model() -> None:
    cases = [listed(), listed(model=Model.FAMILY), listed()]
    with pytest.raises(WrongModel) as refused:
        a_decision(cases)
    assert faults(refused) == ["/cases/1"]
    assert str(cases[1].case) in refused.value.faults[0].vi


def test_every_case_is_of_the_decisions_season() -> None:
    with pytest.raises(Invalid, match="season 2025") as refused:
        a_decision([listed(season=2024), listed(), listed(season=2024)])
    assert faults(refused) == ["/cases/0", "/cases/2"]


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.PROPOSED}))
def test_every_case_is_proposed_when_the_decision_is_issued(state: CaseState) -> None:
    with pytest.raises(WrongState) as refused:
        a_decision([listed(), listed(state=state)])
    assert faults(refused) == ["/cases/1"]
    assert state in refused.value.faults[0].en


@pytest.mark.parametrize("signer", [VERIFIER, CHAIR])
def test_nobody_signs_for_a_case_they_verified_or_proposed(signer: UUID) -> None:
    with pytest.raises(SamePerson) as refused:
        a_decision([listed(), listed(verifier=VERIFIER, proposer=CHAIR)], signer=signer)
    assert faults(refused) == ["/cases/0", "/cases/1"]


def test_no_case_lies_outside_the_area_of_the_office() -> None:
    with pytest.raises(OutsideArea) as refused:
        a_decision([listed(), listed(area="03646@2025-07-01")], covers=lambda area: area == LONG_HE)
    assert faults(refused) == ["/cases/1"]


def test_no_case_is_of_a_subject_who_was_erased() -> None:
    with pytest.raises(Erased) as refused:
        a_decision([listed(), listed(erased=True)])
    assert [fault.pointer for fault in refused.value.faults] == ["/cases/1"]


def test_no_case_is_listed_twice() -> None:
    one = listed()
    with pytest.raises(Invalid, match=str(one.case)) as refused:
        a_decision([one, listed(), one])
    assert faults(refused) == ["/cases/2"]


def test_thousands_of_wrong_cases_get_a_short_answer() -> None:
    with pytest.raises(WrongState, match="980 more") as refused:
        a_decision([listed(state=CaseState.VERIFIED) for _ in range(1000)])
    assert len(refused.value.faults) == 20


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"year": 2024}, "/year"),
        ({"effective_on": date(2025, 12, 19)}, "/effective_on"),
        ({"season": 2026}, "/season"),
        ({"season": 2023}, "/season"),
        ({"effective_on": date(2027, 1, 1)}, "/season"),
    ],
)
def test_the_days_of_a_decision_fit_its_year_and_its_season(fields: dict, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        a_decision([listed(season=fields.get("season", 2025))], **fields)
    assert faults(refused) == [pointer]


def test_a_season_is_decided_in_its_year_or_the_next() -> None:
    for day in (date(2025, 11, 1), date(2026, 2, 14)):
        assert a_decision(year=day.year, decided_on=day, effective_on=day)


def test_a_case_that_became_something_else_is_left_out_once() -> None:
    one, other = listed(), listed()
    decision = a_decision([one, other])
    decision.left_out(one.case, CaseState.WITHDRAWN)
    assert decision.omitted == {one.case: CaseState.WITHDRAWN}
    for case in (one.case, uuid4()):
        with pytest.raises(WrongState, match=str(case)):
            decision.left_out(case, CaseState.REJECTED)


def test_the_events_alone_give_the_same_decision() -> None:
    decision = a_decision([listed(), listed()])
    decision.left_out(decision.cases[0], CaseState.REJECTED)
    again = replayed(list(decision.pending_events))
    assert vars(again) | {"_pending_events": []} == vars(decision) | {"_pending_events": []}


def test_a_case_tells_a_decision_what_it_has_to_know() -> None:
    case = a_case(CaseState.PROPOSED)
    assert a_decision([case.listed()]).cases == (case.id,)


def test_a_refused_decision_is_said_in_both_languages() -> None:
    with pytest.raises(Refusal) as refused:
        a_decision([listed(state=CaseState.REJECTED)])
    assert refused.value.said.vi == "quyết định chỉ nhận hồ sơ đã được đề nghị"
