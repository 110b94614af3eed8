"""The only bridge from stored events to published ones: what is not mentioned here stays here."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from chassis.log.record import Recorded
from google.protobuf.message import Message
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.registry.v1 import events_pb2 as public

from registry.codec import CODEC
from registry.domain.area import AreaUnit
from registry.domain.case import OfCase, RecognitionCase, Registering
from registry.domain.decision import Decision
from registry.domain.holding import Standing, TitleHolding
from registry.domain.kind import Model
from registry.domain.subject import Subject
from registry.domain.village import Village

MODELS = {
    model: cast("public.LearningModel", public.LearningModel.Value(model.value)) for model in Model
}


def area_opened(_: str, it: AreaUnit.AreaOpened) -> public.AreaOpened:
    return public.AreaOpened(
        area=it.area,
        name=it.name,
        kind=it.kind,
        opened_on=it.opened_on.isoformat(),
        parent=it.parent,
    )


def area_succeeded(_: str, it: AreaUnit.AreaSucceeded) -> public.AreaSucceeded:
    return public.AreaSucceeded(
        area=it.area, successor=it.successor, succeeded_on=it.succeeded_on.isoformat()
    )


def area_closed(_: str, it: AreaUnit.AreaClosed) -> public.AreaClosed:
    return public.AreaClosed(area=it.area, closed_on=it.closed_on.isoformat())


def village_opened(_: str, it: Village.VillageOpened) -> public.VillageOpened:
    return public.VillageOpened(
        village=it.village,
        name=it.name,
        commune=it.commune,
        opened_on=it.opened_on.isoformat(),
    )


def subject_entered(stream: str, it: Subject.SubjectEntered) -> public.SubjectEntered:
    return public.SubjectEntered(
        subject=stream,
        model=MODELS[it.model],
        area=it.area,
        entered_on=it.entered_on.isoformat(),
        group=it.group or "",
    )


def subject_erased(stream: str, _: Subject.SubjectErased) -> public.SubjectErased:
    return public.SubjectErased(subject=stream)


def title_registered(stream: str, it: Registering) -> public.TitleRegistered:
    return public.TitleRegistered(
        **_of_case(stream, it), registered_on=it.registered_on.isoformat()
    )


def registration_withdrawn(
    stream: str, it: RecognitionCase.RegistrationWithdrawn
) -> public.RegistrationWithdrawn:
    return public.RegistrationWithdrawn(
        **_of_case(stream, it), withdrawn_on=it.withdrawn_on.isoformat()
    )


def self_assessment_submitted(
    stream: str, it: RecognitionCase.SelfAssessmentSubmitted
) -> public.SelfAssessmentSubmitted:
    return public.SelfAssessmentSubmitted(
        **_of_case(stream, it),
        assessed_on=it.assessed_on.isoformat(),
        criteria_set=it.criteria_set,
        passed=it.passed,
    )


def verification_completed(
    stream: str, it: RecognitionCase.VerificationCompleted
) -> public.VerificationCompleted:
    return public.VerificationCompleted(
        **_of_case(stream, it),
        assessed_on=it.assessed_on.isoformat(),
        criteria_set=it.criteria_set,
        passed=it.passed,
    )


def case_proposed(stream: str, it: RecognitionCase.CaseProposed) -> public.CaseProposed:
    return public.CaseProposed(**_of_case(stream, it), proposed_on=it.proposed_on.isoformat())


def case_rejected(stream: str, it: RecognitionCase.CaseRejected) -> public.CaseRejected:
    return public.CaseRejected(**_of_case(stream, it), rejected_on=it.rejected_on.isoformat())


def decision_issued(stream: str, it: Decision.DecisionIssued) -> public.DecisionIssued:
    return public.DecisionIssued(
        decision=stream,
        office=it.office,
        number=it.number,
        year=it.year,
        model=MODELS[it.model],
        season=it.season,
        decided_on=it.decided_on.isoformat(),
        effective_on=it.effective_on.isoformat(),
        cases=len(it.cases),
        list_hash=it.list_hash,
    )


def case_left_out(stream: str, it: Decision.CaseLeftOut) -> public.CaseLeftOut:
    return public.CaseLeftOut(decision=stream, case=str(it.case), state=it.state)


def title_recognised(
    stream: str, it: TitleHolding.TitleRecognised | TitleHolding.TitleRecognisedAgain
) -> public.TitleRecognised:
    return public.TitleRecognised(
        holding=stream,
        subject=str(it.subject),
        model=MODELS[it.model],
        case=str(it.case),
        decision=str(it.decision),
        renewal=it.renewal,
        effective_on=it.effective_on.isoformat(),
        before=_standing(it.before),
        after=_standing(it.after),
    )


def title_imported(
    stream: str, it: TitleHolding.TitleImported | TitleHolding.TitleImportedAgain
) -> public.TitleImported:
    return public.TitleImported(
        holding=stream,
        subject=str(it.subject),
        model=MODELS[it.model],
        before=_standing(it.before),
        after=_standing(it.after),
    )


def title_revoked(stream: str, it: TitleHolding.TitleRevoked) -> public.TitleRevoked:
    return public.TitleRevoked(
        holding=stream,
        subject=str(it.subject),
        model=MODELS[it.model],
        revoked_on=it.revoked_on.isoformat(),
        before=_standing(it.before),
        after=_standing(it.after),
    )


def _of_case(stream: str, it: OfCase) -> dict[str, Any]:
    return {
        "case": stream,
        "subject": str(it.subject),
        "model": MODELS[it.model],
        "area": it.area,
        "season": it.season,
    }


def _standing(title: Standing | None) -> public.Holding | None:
    if title is None:
        return None
    return public.Holding(
        area=title.area,
        season=title.season,
        group=title.group or "",
        level=title.level or "",
        valid_from=title.valid_from.isoformat(),
        valid_until=title.valid_until.isoformat() if title.valid_until else None,
    )


FORMS: Mapping[type, Callable[[str, Any], Message]] = {
    AreaUnit.AreaOpened: area_opened,
    AreaUnit.AreaSucceeded: area_succeeded,
    AreaUnit.AreaClosed: area_closed,
    Village.VillageOpened: village_opened,
    Subject.SubjectEntered: subject_entered,
    Subject.SubjectErased: subject_erased,
    RecognitionCase.TitleRegistered: title_registered,
    RecognitionCase.TitleRegisteredAgain: title_registered,
    RecognitionCase.RegistrationWithdrawn: registration_withdrawn,
    RecognitionCase.SelfAssessmentSubmitted: self_assessment_submitted,
    RecognitionCase.VerificationCompleted: verification_completed,
    RecognitionCase.CaseProposed: case_proposed,
    RecognitionCase.CaseRejected: case_rejected,
    TitleHolding.TitleRecognised: title_recognised,
    TitleHolding.TitleRecognisedAgain: title_recognised,
    TitleHolding.TitleImported: title_imported,
    TitleHolding.TitleImportedAgain: title_imported,
    TitleHolding.TitleRevoked: title_revoked,
    Decision.DecisionIssued: decision_issued,
    Decision.CaseLeftOut: case_left_out,
}


def publish(recorded: Recorded) -> Message:
    """The public form of a stored event, or Withheld. Names, reasons and scores never leave.

    Raises:
        UnknownEvent, NewerEvent: this version of the service cannot read what is stored.
    """
    event = CODEC.decode(recorded)
    form = FORMS.get(type(event))
    return form(str(recorded.stream), event) if form else Withheld()
