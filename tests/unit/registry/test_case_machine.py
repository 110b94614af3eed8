"""Whatever is asked of a case, by whom and in whatever order, it agrees with a plain notebook."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from chassis.errors import Refusal
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from registry.domain.case import RecognitionCase
from registry.domain.kind import CaseState, Model
from registry_builders import (
    A_DAY,
    CITIZENS,
    LONG_HE,
    SEASON,
    a_subject,
    replayed,
    scores,
    sealed,
)

people = st.integers(1, 4).map(lambda n: UUID(int=n))
days = st.integers(0, 5).map(lambda n: A_DAY + timedelta(days=n))
S = CaseState


class CaseAgainstANotebook(RuleBasedStateMachine):
    """The notebook: a state, the last day, and who did what since the last registration."""

    @initialize(day=days)
    def begin(self, day: date) -> None:
        self.subject = a_subject()
        self.id = uuid4()
        self.case = self.registered(None, day)
        self.state, self.day, self.acts = "registered", day, 1
        self.who: dict[str, UUID] = {}
        self.passed = False

    def registered(self, existing: RecognitionCase | None, day: date) -> RecognitionCase:
        return RecognitionCase.register(
            existing,
            id=self.id,
            subject=self.subject,
            model=Model.CITIZEN,
            season=SEASON,
            registered_on=day,
            area=LONG_HE,
        )

    def agreed(self, allowed: bool, day: date, act) -> bool:
        """Do it; the case must accept exactly what the notebook allows."""
        before = self.case.version
        try:
            act()
        except Refusal:
            assert not allowed
            assert self.case.version == before
            return False
        assert allowed
        self.acts += 1
        self.day = day
        return True

    @rule(day=days)
    def register_again(self, day: date) -> None:
        allowed = self.state == "withdrawn" and day >= self.day
        if self.agreed(allowed, day, lambda: self.registered(self.case, day)):
            self.state, self.who = "registered", {}

    @rule(day=days)
    def withdraw(self, day: date) -> None:
        open_ = self.state in {"registered", "self_assessed", "verified"}
        if self.agreed(open_ and day >= self.day, day, lambda: self.case.withdraw(day, LONG_HE)):
            self.state = "withdrawn"

    @rule(day=days, who=people, good=st.booleans())
    def self_assess(self, day: date, who: UUID, good: bool) -> None:
        given = scores(CITIZENS, met=good)
        if self.agreed(
            self.state == "registered" and day >= self.day,
            day,
            lambda: self.case.self_assess(
                CITIZENS, given, assessed_on=day, assessor=who, area=LONG_HE
            ),
        ):
            self.state, self.who["assessor"] = "self_assessed", who

    @rule(day=days, who=people, good=st.booleans())
    def verify(self, day: date, who: UUID, good: bool) -> None:
        given = scores(CITIZENS, met=good)
        allowed = self.state == "self_assessed" and who != self.who["assessor"]
        if self.agreed(
            allowed and day >= self.day,
            day,
            lambda: self.case.verify(CITIZENS, given, assessed_on=day, verifier=who, area=LONG_HE),
        ):
            self.state, self.who["verifier"], self.passed = "verified", who, good

    @rule(day=days, who=people)
    def propose(self, day: date, who: UUID) -> None:
        ready = self.state == "verified" and self.passed and who != self.who["verifier"]
        if self.agreed(
            ready and day >= self.day, day, lambda: self.case.propose(day, who, LONG_HE)
        ):
            self.state, self.who["proposer"] = "proposed", who

    @rule(day=days, who=people)
    def reject(self, day: date, who: UUID) -> None:
        allowed = self.state in {"verified", "proposed"} and day >= self.day
        reason = sealed(self.subject.id)
        if self.agreed(allowed, day, lambda: self.case.reject(reason, day, who, LONG_HE)):
            self.state = "rejected"

    @rule(day=days, who=people)
    def recognise(self, day: date, who: UUID) -> None:
        others = {self.who.get("verifier"), self.who.get("proposer")}
        allowed = self.state == "proposed" and who not in others
        if self.agreed(allowed, self.day, lambda: self.case.recognise(uuid4(), uuid4(), who, day)):
            self.state, self.who["signer"] = "recognised", who

    @invariant()
    def agrees(self) -> None:
        assert (self.case.state, self.case.version) == (self.state, self.acts)
        assert self.case.last_act_on == self.day

    @invariant()
    def three_persons(self) -> None:
        if self.state == "recognised":
            assert len({self.who[part] for part in ("verifier", "proposer", "signer")}) == 3
            assert self.who["assessor"] != self.who["verifier"]

    @invariant()
    def replays(self) -> None:
        again = replayed(list(self.case.pending_events))
        assert vars(again) | {"_pending_events": []} == vars(self.case) | {"_pending_events": []}


TestCaseAgainstANotebook = CaseAgainstANotebook.TestCase
TestCaseAgainstANotebook.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
