"""Carrying a decision out: titles are given, and what changed meanwhile is left out."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from registry import criteria
from registry.domain.case import RecognitionCase
from registry.domain.decision import Decision
from registry.domain.holding import TitleHolding, holding_id
from registry.domain.kind import CaseState, Group, Level, Model
from registry.domain.recognition import carry_out
from registry.domain.subject import Subject
from registry_builders import (
    A_DAY,
    CHAIR,
    LONG_HE,
    OFFICER,
    PROVINCE,
    SIGNER,
    VERIFIER,
    a_case,
    a_decision,
    a_subject,
    listed,
    scores,
    sealed,
)


def carried(
    decision: Decision,
    case: RecognitionCase,
    holding: TitleHolding | None = None,
    *,
    subject: Subject | None = None,
) -> TitleHolding | None:
    return carry_out(
        decision,
        case,
        subject or a_subject(),
        holding,
        holding_id=holding_id(PROVINCE, case.subject, case.model),
        area=LONG_HE,
        valid_until=date(case.season + 1, 12, 31),
    )


def decision_over(*cases: RecognitionCase, **fields) -> Decision:
    entries = [listed(case=case.id, model=case.model, season=case.season) for case in cases]
    model = cases[0].model
    return a_decision(entries, model=model, **fields)


def test_a_proposed_case_gets_its_title_from_the_decisions_day_on() -> None:
    case = a_case(CaseState.PROPOSED, subject=a_subject(group=Group.FARMER))
    decision = decision_over(case)
    holding = carried(decision, case)
    assert holding is not None
    (title,) = holding.titles
    assert (title.valid_from, title.valid_until) == (date(2025, 12, 20), date(2026, 12, 31))
    assert (title.season, title.group, title.area) == (2025, Group.FARMER, LONG_HE)
    assert (case.state, case.decision) == (CaseState.RECOGNISED, decision.id)
    noted, event = case.pending_events[-1], holding.pending_events[-1]
    assert (noted.holding, noted.signer) == (holding.id, SIGNER)
    assert (event.case, event.decision) == (case.id, decision.id)


def test_a_level_comes_from_the_set_the_case_was_verified_by() -> None:
    case = a_case(subject=a_subject(Model.UNIT, group=Group.PROVINCE))
    one = criteria.load().get("unit-province-2024-level-1")
    case.self_assess(one, scores(one), assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE)
    case.verify(one, scores(one), assessed_on=A_DAY, verifier=VERIFIER, area=LONG_HE)
    case.propose(A_DAY, CHAIR, LONG_HE)
    holding = carried(decision_over(case), case)
    assert holding is not None
    assert holding.titles[0].level is Level.LEVEL_1


@pytest.mark.parametrize("state", [CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.RECOGNISED])
def test_a_case_no_longer_proposed_is_left_out_and_the_decision_says_what_it_became(state) -> None:
    case = a_case(state)
    version = case.version
    decision = decision_over(case)
    assert carried(decision, case) is None
    assert decision.omitted == {case.id: state}
    assert case.version == version


def test_a_case_rejected_while_its_decision_is_carried_out_gets_no_title() -> None:
    case, other = a_case(CaseState.PROPOSED), a_case(CaseState.PROPOSED)
    decision = decision_over(case, other)
    case.reject(sealed(case.subject), A_DAY, SIGNER, LONG_HE)
    results = [carried(decision, each) for each in (case, other)]
    assert [result is not None for result in results] == [False, True]
    assert decision.omitted == {case.id: CaseState.REJECTED}


def test_a_case_of_a_subject_erased_while_its_decision_is_carried_out_gets_no_title() -> None:
    gone, stays = a_subject(), a_subject()
    case, other = (a_case(CaseState.PROPOSED, subject=each) for each in (gone, stays))
    decision = decision_over(case, other)
    gone.order_erasure("g", A_DAY)
    assert carried(decision, case, subject=gone) is None
    assert carried(decision, other, subject=stays) is not None
    assert decision.omitted == {case.id: CaseState.PROPOSED}


def test_a_case_that_the_signer_came_to_propose_meanwhile_is_left_out() -> None:
    case = a_case(CaseState.VERIFIED)
    case.propose(A_DAY, SIGNER, LONG_HE)
    decision = decision_over(case)
    assert carried(decision, case) is None
    assert decision.omitted == {case.id: CaseState.PROPOSED}


def test_the_title_of_the_next_season_renews_the_same_holding() -> None:
    subject = a_subject(entered_on=date(2024, 1, 1))
    before = a_case(
        CaseState.REGISTERED, subject=subject, season=2024, registered_on=date(2024, 9, 1)
    )
    now = a_case(CaseState.PROPOSED, subject=subject)
    for step in ("self_assess", "verify"):
        who = {"assessor": OFFICER} if step == "self_assess" else {"verifier": VERIFIER}
        one = criteria.load().get("citizen-2022")
        getattr(before, step)(one, scores(one), assessed_on=A_DAY, area=LONG_HE, **who)
    before.propose(A_DAY, CHAIR, LONG_HE)
    early = a_decision(
        [listed(case=before.id, season=2024)], season=2024, number="1",
        decided_on=date(2025, 2, 1), effective_on=date(2025, 2, 1),
    )  # fmt: skip
    holding = carried(early, before)
    assert carried(decision_over(now), now, holding) is holding
    assert holding is not None
    assert holding.pending_events[-1].renewal
    assert [title.season for title in holding.titles] == [2024, 2025]


def test_a_piece_done_again_by_another_hand_decides_the_same() -> None:
    """Two workers on one piece: their appends are equal, and one command id keeps one of them."""
    case = a_case(CaseState.PROPOSED)
    decision = decision_over(case)
    events = list(case.pending_events)
    twins: list[Any] = []
    for _ in range(2):
        twin = None
        for event in events:
            twin = event.mutate(twin)
        assert twin is not None
        holding = carried(decision, twin)
        assert holding is not None
        twins.append((holding.pending_events, twin.pending_events[-1:]))
    assert twins[0] == twins[1]


def test_the_ids_of_a_holding_never_depend_on_who_asks() -> None:
    who = uuid4()
    assert holding_id(PROVINCE, who, Model.CLAN) == holding_id(PROVINCE, UUID(str(who)), Model.CLAN)
