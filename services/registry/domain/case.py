"""RecognitionCase: one subject, one model, one season; registered, assessed, proposed, decided."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.domain import Aggregate, event, natural_id
from chassis.errors import WrongState
from chassis.log.sealed import Sealed

from registry.domain.assessment import Assessment, assess, same_set
from registry.domain.criteria import CriteriaSet
from registry.domain.kind import CaseState, Group, Level, Model
from registry.domain.listed import Listed
from registry.domain.refusals import CaseExists, in_order
from registry.domain.registration import registrable
from registry.domain.scoring import Cause, Result, Score, Why
from registry.domain.subject import Subject
from registry.domain.three_persons import PROPOSER, SELF_ASSESSOR, SIGNER, VERIFIER, another_person

__all__ = ["Cause", "RecognitionCase", "case_id"]  # snapshots know the classes named here


def case_id(province: str, subject: UUID, model: Model, season: int) -> UUID:
    """One case for a subject, a model and a season: a second one would be the same stream."""
    return natural_id(province, "case", str(subject), model, str(season))


class OfCase(Aggregate.Event):
    """Whose case it is, and the area in force on the act's own day."""

    subject: UUID
    model: Model
    season: int
    area: str


class Registering(OfCase):
    group: Group | None
    registered_on: date
    assisted_by: UUID | None


class Assessing(OfCase):
    """`assessor` is who sent the scores; `why` explains the result without scoring again."""

    assessed_on: date
    assessor: UUID
    criteria_set: str
    scores: tuple[Score, ...]
    passed: bool
    total: float | None
    level: Level | None
    why: tuple[Why, ...]


class RecognitionCase(Aggregate):
    """Who acted stands in each event: verifier, proposer and signer are three persons."""

    class TitleRegistered(Registering, Aggregate.Created):
        TOPIC = "registry.TitleRegistered"

    class TitleRegisteredAgain(Registering):
        """After a withdrawal; what was assessed before no longer counts."""

        TOPIC = "registry.TitleRegisteredAgain"

    class RegistrationWithdrawn(OfCase):
        TOPIC = "registry.RegistrationWithdrawn"
        withdrawn_on: date

    class SelfAssessmentSubmitted(Assessing):
        TOPIC = "registry.SelfAssessmentSubmitted"

    class VerificationCompleted(Assessing):
        TOPIC = "registry.VerificationCompleted"
        reason: Sealed | None

    class CaseProposed(OfCase):
        TOPIC = "registry.CaseProposed"
        proposed_on: date
        proposer: UUID

    class CaseRejected(OfCase):
        TOPIC = "registry.CaseRejected"
        rejected_on: date
        rejected_by: UUID
        reason: Sealed

    class CaseRecognised(Aggregate.Event):
        """The case's own note; the title itself is a fact of the holding."""

        TOPIC = "registry.CaseRecognised"
        decision: UUID
        holding: UUID
        signer: UUID
        effective_on: date

    @classmethod
    def register(
        cls,
        existing: "RecognitionCase | None",
        *,
        id: UUID,  # noqa: A002  # the aggregate's own word
        subject: Subject,
        model: Model,
        season: int,
        registered_on: date,
        area: str,
        assisted_by: UUID | None = None,
    ) -> "RecognitionCase":
        """The case of this subject, model and season; `existing` is what its stream holds.

        `area` is the subject's, exact, in force on `registered_on`.

        Raises:
            CaseExists: there is a case, unless it was withdrawn.
            Erased, WrongModel, Invalid: see `registrable`.
        """
        registrable(subject, model, season, registered_on)
        own: dict[str, Any] = {
            "subject": subject.id,
            "model": model,
            "season": season,
            "area": area,
            "group": subject.group,
            "registered_on": registered_on,
            "assisted_by": assisted_by,
        }
        if existing is None:
            return cls(id=id, **own)
        existing.register_again(own, registered_on)
        return existing

    def register_again(self, own: dict[str, Any], registered_on: date) -> None:
        """Take up a withdrawn case; `own` are the fields of the event."""
        if self.state is not CaseState.WITHDRAWN:
            raise self._exists()
        in_order(self.last_act_on, registered_on, "registered_on")
        self.trigger_event(self.TitleRegisteredAgain, **own)

    @event(TitleRegistered)
    def __init__(
        self,
        subject: UUID,
        model: Model,
        season: int,
        area: str,
        group: Group | None,
        registered_on: date,
        assisted_by: UUID | None,
    ) -> None:
        self.subject = subject
        self.model = model
        self.season = season
        self._begin(area, group, registered_on, assisted_by)

    @property
    def verifier(self) -> UUID | None:
        return self.verification.assessor if self.verification else None

    def withdraw(self, withdrawn_on: date, area: str) -> None:
        """The subject no longer asks for the title; not once it is proposed."""
        self._require(
            "withdrawn", "rút", CaseState.REGISTERED, CaseState.SELF_ASSESSED, CaseState.VERIFIED
        )
        in_order(self.last_act_on, withdrawn_on, "withdrawn_on")
        self.trigger_event(
            self.RegistrationWithdrawn, **self._whose(area), withdrawn_on=withdrawn_on
        )

    def self_assess(
        self,
        criteria_set: CriteriaSet,
        scores: Sequence[Score],
        *,
        assessed_on: date,
        assessor: UUID,
        area: str,
    ) -> Result:
        """What the subject gives itself, perhaps with help; `assessor` is who sends it.

        Raises:
            WrongState; WrongModel, Invalid, ScoreOutOfRange: see `assess`.
        """
        self._require("self-assessed", "tự đánh giá", CaseState.REGISTERED)
        in_order(self.last_act_on, assessed_on, "assessed_on")
        result = self._assess(criteria_set, scores)
        own = self._assessed(result, assessed_on, assessor)
        self.trigger_event(self.SelfAssessmentSubmitted, **self._whose(area), **own)
        return result

    def verify(
        self,
        criteria_set: CriteriaSet,
        scores: Sequence[Score],
        *,
        assessed_on: date,
        verifier: UUID,
        area: str,
        reason: Sealed | None = None,
    ) -> Result:
        """What somebody else finds, by the same criteria set. These are the scores that count.

        Raises:
            SamePerson: the verifier sent the self-assessment.
            WrongState; WrongModel, Invalid, ScoreOutOfRange: see `assess`.
        """
        self._require("verified", "thẩm định", CaseState.SELF_ASSESSED)
        assert self.self_assessment is not None
        before = {SELF_ASSESSOR: self.self_assessment.assessor}
        another_person(self.id, verifier, VERIFIER, before)
        in_order(self.last_act_on, assessed_on, "assessed_on")
        same_set(self.self_assessment.criteria_set, criteria_set)
        result = self._assess(criteria_set, scores)
        own = self._assessed(result, assessed_on, verifier)
        self.trigger_event(self.VerificationCompleted, **self._whose(area), **own, reason=reason)
        return result

    def propose(self, proposed_on: date, proposer: UUID, area: str) -> None:
        """Put a case that passed before the authority.

        Raises:
            SamePerson: the proposer verified it.
            WrongState: it is not verified, or did not pass.
        """
        self._require("proposed", "đề nghị công nhận", CaseState.VERIFIED)
        if self.verification is None or not self.verification.passed:
            raise WrongState(
                f"case {self.id} did not pass its verification: it cannot be proposed",
                f"hồ sơ {self.id} thẩm định chưa đạt: không thể đề nghị công nhận",
            )
        another_person(self.id, proposer, PROPOSER, {VERIFIER: self.verifier})
        in_order(self.last_act_on, proposed_on, "proposed_on")
        own = {"proposed_on": proposed_on, "proposer": proposer}
        self.trigger_event(self.CaseProposed, **self._whose(area), **own)

    def reject(self, reason: Sealed, rejected_on: date, rejected_by: UUID, area: str) -> None:
        """The authority says no, and for this season finally."""
        self._require("rejected", "từ chối", CaseState.VERIFIED, CaseState.PROPOSED)
        in_order(self.last_act_on, rejected_on, "rejected_on")
        own = {"rejected_on": rejected_on, "rejected_by": rejected_by, "reason": reason}
        self.trigger_event(self.CaseRejected, **self._whose(area), **own)

    def recognise(self, decision: UUID, holding: UUID, signer: UUID, effective_on: date) -> None:
        """A decision names this case; its title is given in the same append.

        Raises:
            SamePerson: the signer verified or proposed it.
            WrongState: it is not proposed any more.
        """
        self._require("recognised", "công nhận", CaseState.PROPOSED)
        before = {VERIFIER: self.verifier, PROPOSER: self.proposer}
        another_person(self.id, signer, SIGNER, before)
        self._recognised(decision, holding, signer, effective_on)

    def listed(self) -> Listed:
        """What a decision has to know of it."""
        return Listed(
            self.id, self.model, self.season, self.state, self.area, self.verifier, self.proposer
        )

    def _whose(self, area: str) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "model": self.model,
            "season": self.season,
            "area": area,
        }

    def _assess(self, criteria_set: CriteriaSet, scores: Sequence[Score]) -> Result:
        return assess(criteria_set, scores, model=self.model, group=self.group, season=self.season)

    @staticmethod
    def _assessed(result: Result, assessed_on: date, assessor: UUID) -> dict[str, Any]:
        return {
            "assessed_on": assessed_on,
            "assessor": assessor,
            "criteria_set": result.criteria_set.id,
            "scores": tuple(it.score for it in result.items),
            "passed": result.passed,
            "total": result.total,
            "level": result.level,
            "why": result.why,
        }

    def _require(self, en: str, vi: str, *states: CaseState) -> None:
        if self.state not in states:
            raise WrongState(
                f"case {self.id} is {self.state}: it cannot be {en}",
                f"hồ sơ {self.id} ở trạng thái {self.state}: không thể {vi}",
            )

    def _exists(self) -> CaseExists:
        en = f"case {self.id} of {self.season} is {self.state}"
        vi = f"hồ sơ {self.id} năm {self.season} đã có, ở trạng thái {self.state}"
        if self.state is CaseState.REJECTED:
            return CaseExists(f"{en}, which is final", f"{vi}, không đăng ký lại được")
        return CaseExists(en, vi)

    def _begin(
        self, area: str, group: Group | None, registered_on: date, assisted_by: UUID | None
    ) -> None:
        self.area = area
        self.group = group
        self.registered_on = self.last_act_on = registered_on
        self.assisted_by = assisted_by
        self.state = CaseState.REGISTERED
        self.self_assessment: Assessment | None = None
        self.verification: Assessment | None = None
        self.proposer: UUID | None = None
        self.decision: UUID | None = None

    @event(TitleRegisteredAgain)
    def _registered_again(
        self, area: str, group: Group | None, registered_on: date, assisted_by: UUID | None
    ) -> None:
        self._begin(area, group, registered_on, assisted_by)

    @event(RegistrationWithdrawn)
    def _withdrawn(self, area: str, withdrawn_on: date) -> None:
        self.state = CaseState.WITHDRAWN
        self.area, self.last_act_on = area, withdrawn_on

    @event(SelfAssessmentSubmitted)
    def _self_assessed(
        self,
        area: str,
        assessed_on: date,
        assessor: UUID,
        criteria_set: str,
        scores: tuple[Score, ...],
        passed: bool,
        total: float | None,
        level: Level | None,
        why: tuple[Why, ...],
    ) -> None:
        self.state = CaseState.SELF_ASSESSED
        self.area, self.last_act_on = area, assessed_on
        self.self_assessment = Assessment(
            criteria_set, assessor, assessed_on, passed, total, level, scores, why
        )

    @event(VerificationCompleted)
    def _verified(
        self,
        area: str,
        assessed_on: date,
        assessor: UUID,
        criteria_set: str,
        scores: tuple[Score, ...],
        passed: bool,
        total: float | None,
        level: Level | None,
        why: tuple[Why, ...],
    ) -> None:
        self.state = CaseState.VERIFIED
        self.area, self.last_act_on = area, assessed_on
        self.verification = Assessment(
            criteria_set, assessor, assessed_on, passed, total, level, scores, why
        )

    @event(CaseProposed)
    def _proposed(self, area: str, proposed_on: date, proposer: UUID) -> None:
        self.state = CaseState.PROPOSED
        self.area, self.last_act_on = area, proposed_on
        self.proposer = proposer

    @event(CaseRejected)
    def _rejected(self, area: str, rejected_on: date) -> None:
        self.state = CaseState.REJECTED
        self.area, self.last_act_on = area, rejected_on

    @event(CaseRecognised)
    def _recognised(self, decision: UUID, holding: UUID, signer: UUID, effective_on: date) -> None:
        self.state = CaseState.RECOGNISED
        self.decision = decision
