"""What befalls a case between registration and decision."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from chassis.edge.commands import Command
from chassis.edge.fields import ActDay, PersonalProse
from chassis.edge.session import Asked, Session
from chassis.log.execute import Outcome
from chassis.log.sealed import Sealed
from msgspec import Meta

from registry.commands.office import Found, Office
from registry.commands.results import explained
from registry.domain.case import RecognitionCase
from registry.domain.scoring import Score, evaluate

Scores = Annotated[list[Score], Meta(min_length=1, max_length=100)]
SetId = Annotated[str, Meta(min_length=1, max_length=64)]


class WithdrawRegistration(Command, frozen=True, kw_only=True):
    """The subject no longer asks for the title."""

    case: UUID
    withdrawn_on: ActDay | None = None


class SubmitSelfAssessment(Command, frozen=True, kw_only=True):
    """The subject's own scores, one for each item of a criteria set."""

    case: UUID
    criteria_set: SetId
    scores: Scores
    assessed_on: ActDay | None = None


class CompleteVerification(Command, frozen=True, kw_only=True):
    """What somebody else finds, by the same criteria set."""

    case: UUID
    criteria_set: SetId
    scores: Scores
    assessed_on: ActDay | None = None
    reason: PersonalProse | None = None


class ProposeCase(Command, frozen=True, kw_only=True):
    """Put a case that passed before the authority."""

    case: UUID
    proposed_on: ActDay | None = None


class RejectCase(Command, frozen=True, kw_only=True):
    """The authority says no, for this season finally."""

    case: UUID
    reason: PersonalProse
    rejected_on: ActDay | None = None


AboutCase = (
    WithdrawRegistration | SubmitSelfAssessment | CompleteVerification | ProposeCase | RejectCase
)


class Cases:
    """Acts on cases; a case's area is carried to the act's own day."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def prepare(self, commands: Sequence[AboutCase], asked: Asked) -> Sequence[Found]:
        """Load the cases at once."""
        found = await self._office.cases([each.case for each in commands], asked)
        return [found] * len(commands)

    async def prepare_sealed(
        self, commands: Sequence[CompleteVerification | RejectCase], asked: Asked
    ) -> Sequence[Found]:
        """Load the cases, and the keys of those whose reason is to be sealed."""
        found = await self._office.cases([each.case for each in commands], asked)
        reasoned = [found.cases.get(each.case) for each in commands if each.reason is not None]
        subjects = {case.subject for case in reasoned if case is not None}
        return [replace(found, keyring=await self._office.vault.keyring(subjects))] * len(commands)

    async def withdraw(self, command: WithdrawRegistration, session: Session) -> RecognitionCase:
        case = await self._office.allowed_case(command.case, session)
        on = command.withdrawn_on or session.today
        case.withdraw(on, self._office.carried(case.area, on))
        return session.save(case)

    async def self_assess(self, command: SubmitSelfAssessment, session: Session) -> RecognitionCase:
        case = await self._office.allowed_case(command.case, session)
        on = command.assessed_on or session.today
        case.self_assess(
            self._office.criteria.get(command.criteria_set),
            command.scores,
            assessed_on=on,
            assessor=session.actor,
            area=self._office.carried(case.area, on),
        )
        return session.save(case)

    async def verify(self, command: CompleteVerification, session: Session) -> RecognitionCase:
        case = await self._office.allowed_case(command.case, session)
        on = command.assessed_on or session.today
        reason = self._sealed(case, command.reason, session) if command.reason else None
        case.verify(
            self._office.criteria.get(command.criteria_set),
            command.scores,
            assessed_on=on,
            verifier=session.actor,
            area=self._office.carried(case.area, on),
            reason=reason,
        )
        return session.save(case)

    async def propose(self, command: ProposeCase, session: Session) -> RecognitionCase:
        case = await self._office.allowed_case(command.case, session)
        on = command.proposed_on or session.today
        case.propose(on, session.actor, self._office.carried(case.area, on))
        return session.save(case)

    async def reject(self, command: RejectCase, session: Session) -> RecognitionCase:
        case = await self._office.allowed_case(command.case, session)
        on = command.rejected_on or session.today
        reason = self._sealed(case, command.reason, session)
        case.reject(reason, on, session.actor, self._office.carried(case.area, on))
        return session.save(case)

    async def result(
        self,
        command: SubmitSelfAssessment | CompleteVerification,
        _: Outcome,
        asked: Asked,
    ) -> dict[str, Any]:
        """What the criteria set says of the accepted scores; the set never changes."""
        found = evaluate(self._office.criteria.get(command.criteria_set), command.scores)
        return {"result": explained(found, asked.language)}

    @staticmethod
    def _sealed(case: RecognitionCase, text: str, session: Session) -> Sealed:
        found: Found = session.prepared
        sealed = found.keyring.seal(case.subject, case.id, case.version + 1, {"reason": text})
        return sealed["reason"]
