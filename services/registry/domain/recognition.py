"""Carrying a decision out for one case: the title is given, or the case is left out."""

from datetime import date
from uuid import UUID

from chassis.errors import Conflict, Erased, SamePerson

from registry.domain.case import RecognitionCase
from registry.domain.decision import Decision
from registry.domain.holding import Standing, TitleHolding
from registry.domain.subject import Subject


def carry_out(
    decision: Decision,
    case: RecognitionCase,
    subject: Subject | None,
    holding: TitleHolding | None,
    *,
    holding_id: UUID,
    area: str,
    valid_until: date | None,
) -> TitleHolding | None:
    """The holding when the case was recognised; None when the decision left it out.

    `area` is the case's, in force on `effective_on`; `valid_until` that of the criteria set it was
    verified by. No `subject`: nothing is told of them but that they were entered. What changed goes
    into one append: case and holding, or the decision.
    """
    try:
        if subject is not None:
            subject.require_known()
        case.recognise(decision.id, holding_id, decision.signer, decision.effective_on)
    except (Conflict, SamePerson, Erased):
        # Withdrawn, rejected or erased meanwhile, or withdrawn and brought back by other hands.
        decision.left_out(case.id, case.state)
        return None
    assert case.verification is not None
    title = Standing(
        area, case.season, decision.effective_on, valid_until, case.group, case.verification.level
    )
    return TitleHolding.recognise(
        holding,
        id=holding_id,
        subject=case.subject,
        model=case.model,
        case=case.id,
        decision=decision.id,
        title=title,
    )
