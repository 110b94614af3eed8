"""A case from registration to decision: who may do what, when, and after what."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from chassis.errors import Erased, Invalid, Refusal, SamePerson, WrongState
from registry import criteria
from registry.domain.case import RecognitionCase, case_id
from registry.domain.kind import CaseState, Group, Model
from registry.domain.refusals import CaseExists, ScoreOutOfRange, WrongModel
from registry.domain.scoring import Cause
from registry_builders import (
    A_DAY,
    CHAIR,
    CITIZENS,
    LONG_HE,
    OFFICER,
    PROVINCE,
    SIGNER,
    VERIFIER,
    a_case,
    a_subject,
    points,
    replayed,
    scores,
    sealed,
)

S = CaseState
YESTERDAY = A_DAY - timedelta(days=1)


def acts(case: RecognitionCase) -> dict[str, object]:
    who = uuid4()
    given = scores(CITIZENS)
    reason = sealed(case.subject)
    return {
        "withdraw": lambda: case.withdraw(A_DAY, LONG_HE),
        "self_assess": lambda: case.self_assess(
            CITIZENS, given, assessed_on=A_DAY, assessor=who, area=LONG_HE
        ),
        "verify": lambda: case.verify(
            CITIZENS, given, assessed_on=A_DAY, verifier=who, area=LONG_HE
        ),
        "propose": lambda: case.propose(A_DAY, who, LONG_HE),
        "reject": lambda: case.reject(reason, A_DAY, who, LONG_HE),
        "recognise": lambda: case.recognise(uuid4(), uuid4(), who, A_DAY),
    }


ALLOWED = {
    "withdraw": {S.REGISTERED, S.SELF_ASSESSED, S.VERIFIED},
    "self_assess": {S.REGISTERED},
    "verify": {S.SELF_ASSESSED},
    "propose": {S.VERIFIED},
    "reject": {S.VERIFIED, S.PROPOSED},
    "recognise": {S.PROPOSED},
}


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("act", ALLOWED)
def test_each_act_is_possible_in_its_states_and_in_no_other(act: str, state: CaseState) -> None:
    case = a_case(state)
    assert case.state is state
    case.collect_events()
    if state in ALLOWED[act]:
        acts(case)[act]()
        assert len(case.collect_events()) == 1
    else:
        with pytest.raises(WrongState, match=state):
            acts(case)[act]()
        assert not case.collect_events()
        assert case.state is state


@pytest.mark.parametrize("state", CaseState)
def test_the_events_alone_give_the_same_case(state: CaseState) -> None:
    case = a_case(state)
    again = replayed(list(case.pending_events))
    assert vars(again) | {"_pending_events": []} == vars(case) | {"_pending_events": []}


def test_a_case_is_named_by_subject_model_and_season() -> None:
    who = UUID(int=1)
    ids = {
        case_id(PROVINCE, who, Model.CITIZEN, 2025),
        case_id(PROVINCE, who, Model.CITIZEN, 2024),
        case_id(PROVINCE, who, Model.FAMILY, 2025),
        case_id(PROVINCE, UUID(int=2), Model.CITIZEN, 2025),
        case_id("15", who, Model.CITIZEN, 2025),
    }
    assert len(ids) == 5
    assert case_id(PROVINCE, who, Model.CITIZEN, 2025) in ids


def test_a_subject_registers_for_the_title_of_its_own_model() -> None:
    with pytest.raises(WrongModel) as refused:
        a_case(subject=a_subject(Model.FAMILY), model=Model.CLAN)
    assert refused.value.code == "wrong-model"
    assert refused.value.faults[0].pointer == "/model"


@pytest.mark.parametrize("season", [2023, 2026])
def test_the_season_is_the_year_of_registering_or_the_one_before(season: int) -> None:
    assert a_case(season=2025).season == 2025
    assert a_case(season=2024).season == 2024
    with pytest.raises(Invalid, match=str(season)) as refused:
        a_case(season=season)
    assert refused.value.faults[0].pointer == "/season"


def test_nobody_registers_before_the_day_they_became_active() -> None:
    subject = a_subject(entered_on=A_DAY)
    assert a_case(subject=subject)
    with pytest.raises(Invalid, match=str(A_DAY)) as refused:
        a_case(subject=subject, registered_on=YESTERDAY)
    assert refused.value.faults[0].pointer == "/registered_on"


def test_nobody_erased_is_registered() -> None:
    subject = a_subject()
    subject.order_erasure("Rút lại sự đồng ý", A_DAY)
    with pytest.raises(Erased):
        a_case(subject=subject)


@pytest.mark.parametrize("state", sorted(set(CaseState) - {S.WITHDRAWN}))
def test_there_is_one_case_for_a_subject_a_model_and_a_season(state: CaseState) -> None:
    with pytest.raises(CaseExists, match=state) as refused:
        a_case(existing=a_case(state))
    assert refused.value.code == "case-exists"


def test_a_rejection_is_final_and_says_so() -> None:
    with pytest.raises(CaseExists, match="final"):
        a_case(existing=a_case(S.REJECTED))


def test_who_withdrew_may_register_again_and_begins_anew() -> None:
    case = a_case(S.VERIFIED)
    case.withdraw(A_DAY, LONG_HE)
    again = a_case(existing=case, registered_on=A_DAY)
    assert again is case
    assert (case.state, case.verification, case.verifier) == (S.REGISTERED, None, None)


def test_a_new_registration_is_not_dated_before_the_withdrawal() -> None:
    case = a_case(S.WITHDRAWN)
    with pytest.raises(Invalid, match="registered_on"):
        a_case(existing=case, registered_on=YESTERDAY)


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (S.REGISTERED, lambda case: case.withdraw(YESTERDAY, LONG_HE)),
        (
            S.REGISTERED,
            lambda case: case.self_assess(
                CITIZENS, scores(CITIZENS), assessed_on=YESTERDAY, assessor=OFFICER, area=LONG_HE
            ),
        ),
        (
            S.SELF_ASSESSED,
            lambda case: case.verify(
                CITIZENS, scores(CITIZENS), assessed_on=YESTERDAY, verifier=VERIFIER, area=LONG_HE
            ),
        ),
        (S.VERIFIED, lambda case: case.propose(YESTERDAY, CHAIR, LONG_HE)),
        (S.PROPOSED, lambda case: case.reject(sealed(case.subject), YESTERDAY, SIGNER, LONG_HE)),
    ],
)
def test_no_act_is_dated_before_the_one_it_follows(state: CaseState, act) -> None:
    with pytest.raises(Invalid, match="2025-08-31 is before 2025-09-01"):
        act(a_case(state))


def test_who_sent_the_self_assessment_does_not_verify_it() -> None:
    case = a_case(S.SELF_ASSESSED)
    with pytest.raises(SamePerson, match=str(case.id)) as refused:
        case.verify(CITIZENS, scores(CITIZENS), assessed_on=A_DAY, verifier=OFFICER, area=LONG_HE)
    assert refused.value.code == "same-person"


def test_who_verified_a_case_does_not_propose_it() -> None:
    with pytest.raises(SamePerson):
        a_case(S.VERIFIED).propose(A_DAY, VERIFIER, LONG_HE)


@pytest.mark.parametrize("signer", [VERIFIER, CHAIR])
def test_the_signer_is_neither_verifier_nor_proposer(signer: UUID) -> None:
    with pytest.raises(SamePerson):
        a_case(S.PROPOSED).recognise(uuid4(), uuid4(), signer, A_DAY)


def test_who_helped_with_the_self_assessment_may_sign() -> None:
    case = a_case(S.PROPOSED)
    case.recognise(uuid4(), uuid4(), OFFICER, A_DAY)
    assert case.state is S.RECOGNISED


def test_a_case_that_failed_its_verification_is_never_proposed() -> None:
    case = a_case(S.VERIFIED, passed=False)
    with pytest.raises(WrongState, match="did not pass"):
        case.propose(A_DAY, CHAIR, LONG_HE)
    case.reject(sealed(case.subject), A_DAY, SIGNER, LONG_HE)
    assert case.state is S.REJECTED


def test_the_verifiers_scores_count_and_the_subjects_are_kept() -> None:
    case = a_case()
    high, low = points(*[9] * 10), points(*[8] * 10)
    mine = case.self_assess(CITIZENS, high, assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE)
    theirs = case.verify(CITIZENS, low, assessed_on=A_DAY, verifier=VERIFIER, area=LONG_HE)
    assert (mine.total, theirs.total) == (90, 80)
    assert case.self_assessment is not None
    assert case.verification is not None
    assert (case.self_assessment.total, case.verification.total) == (90, 80)
    assert [score.points for score in case.verification.scores] == [8.0] * 10
    assert [why.cause for why in case.verification.why] == [Cause.ENOUGH_POINTS]


def test_a_failed_self_assessment_can_still_be_verified() -> None:
    case = a_case()
    low = points(*[1] * 10)
    assert not case.self_assess(
        CITIZENS, low, assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE
    ).passed
    case.verify(CITIZENS, scores(CITIZENS), assessed_on=A_DAY, verifier=VERIFIER, area=LONG_HE)
    case.propose(A_DAY, CHAIR, LONG_HE)
    assert case.state is S.PROPOSED


def test_a_case_is_assessed_by_a_set_for_its_model_and_group() -> None:
    village = a_case(subject=a_subject(Model.COMMUNITY, group=Group.VILLAGE))
    for id_ in ("citizen-2022", "community-commune-2024-level-1"):
        wrong = criteria.load().get(id_)
        with pytest.raises(WrongModel, match=id_) as refused:
            village.self_assess(
                wrong, scores(wrong), assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE
            )
        assert refused.value.faults[0].pointer == "/criteria_set"


def test_a_case_is_assessed_by_a_set_in_force_in_its_season() -> None:
    unit = a_case(subject=a_subject(Model.UNIT, group=Group.PROVINCE))
    old = criteria.load().get("unit-province-2020")
    with pytest.raises(Invalid, match="2025"):
        unit.self_assess(old, scores(old), assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE)


def test_a_verification_uses_the_set_of_the_self_assessment() -> None:
    case = a_case(subject=a_subject(Model.UNIT, group=Group.PROVINCE))
    one, two = (criteria.load().get(f"unit-province-2024-level-{n}") for n in (1, 2))
    case.self_assess(one, scores(one), assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE)
    with pytest.raises(ScoreOutOfRange, match="level-1") as refused:
        case.verify(two, scores(two), assessed_on=A_DAY, verifier=VERIFIER, area=LONG_HE)
    assert refused.value.faults[0].value == two.id


def test_a_wrong_score_changes_nothing() -> None:
    case = a_case()
    case.collect_events()
    with pytest.raises(ScoreOutOfRange):
        case.self_assess(
            CITIZENS, points(*[11] * 10), assessed_on=A_DAY, assessor=OFFICER, area=LONG_HE
        )
    assert (case.state, case.collect_events()) == (S.REGISTERED, [])


def test_every_act_carries_the_area_in_force_on_its_own_day() -> None:
    before, after = "03760@1900-01-01", LONG_HE
    case = a_case(area=before, registered_on=date(2025, 6, 1))
    case.self_assess(
        CITIZENS, scores(CITIZENS), assessed_on=date(2025, 7, 2), assessor=OFFICER, area=after
    )
    assert [event.area for event in case.pending_events] == [before, after]
    assert case.listed().area == after


def test_who_acted_stands_in_every_event() -> None:
    helper = uuid4()
    case = a_case(S.REJECTED, assisted_by=helper)
    registered, assessed, verified, proposed, rejected = case.collect_events()
    assert registered.assisted_by == helper
    assert (assessed.assessor, verified.assessor) == (OFFICER, VERIFIER)
    assert (proposed.proposer, rejected.rejected_by) == (CHAIR, SIGNER)


def test_a_refusal_names_the_case_and_its_state_in_both_languages() -> None:
    case = a_case(S.RECOGNISED)
    with pytest.raises(Refusal) as refused:
        case.withdraw(A_DAY, LONG_HE)
    assert str(case.id) in refused.value.said.en
    assert refused.value.said.vi.startswith(f"hồ sơ {case.id} ")
