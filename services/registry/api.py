"""The command paths of the registry, each in one line."""

from chassis.edge.auth import Role
from chassis.edge.commands import Commands

from registry.commands.cases import (
    Cases,
    CompleteVerification,
    ProposeCase,
    RejectCase,
    SubmitSelfAssessment,
    WithdrawRegistration,
)
from registry.commands.decisions import Decisions, IssueDecision
from registry.commands.office import CHAIRS, OFFICERS, SIGNERS, VERIFIERS, Office
from registry.commands.registering import RegisterForTitle, Registrations
from registry.commands.subjects import EnterSubject, OpenVillage, OrderErasure, Subjects, Villages
from registry.commands.titles import ImportTitle, RevokeTitle, Titles

STATE = frozenset({"wrong-state", "erased"})
SCORES = STATE | {"score-out-of-range", "wrong-model"}


def accept(commands: Commands, office: Office, decisions: Decisions) -> None:
    """Every command of the registry; each takes JSON and NDJSON on its path."""
    subjects = Subjects(office)
    _of_people(commands, Villages(office), subjects)
    _of_registrations(commands, Registrations(office, subjects), Cases(office))
    _of_scores(commands, Cases(office))
    _of_titles(commands, decisions, Titles(office))


def _of_people(commands: Commands, villages: Villages, subjects: Subjects) -> None:
    commands.accept(
        "/villages",
        OpenVillage,
        villages.open,
        roles=VERIFIERS,
        creates="villages",
        refuses={"already-exists"},
        also=villages.area,
    )
    commands.accept(
        "/subjects",
        EnterSubject,
        subjects.enter,
        roles=OFFICERS,
        creates="subjects",
        refuses={"already-exists", "erased", "wrong-model"},
        prepare=subjects.prepare,
    )
    commands.accept(
        "/erasures",
        OrderErasure,
        subjects.order_erasure,
        roles={Role.DATA_PROTECTION_OFFICER},
        creates="subjects",
        refuses={"erased"},
    )


def _of_registrations(commands: Commands, registrations: Registrations, cases: Cases) -> None:
    commands.accept(
        "/registrations",
        RegisterForTitle,
        registrations.register,
        roles=OFFICERS,
        creates="cases",
        refuses={"case-exists", "wrong-model", "erased"},
        prepare=registrations.prepare,
    )
    commands.accept(
        "/withdrawals",
        WithdrawRegistration,
        cases.withdraw,
        roles=OFFICERS,
        creates="cases",
        refuses=STATE,
        prepare=cases.prepare,
    )
    commands.accept(
        "/proposals",
        ProposeCase,
        cases.propose,
        roles=CHAIRS,
        creates="cases",
        refuses=STATE | {"same-person"},
        prepare=cases.prepare,
    )


def _of_scores(commands: Commands, cases: Cases) -> None:
    commands.accept(
        "/self-assessments",
        SubmitSelfAssessment,
        cases.self_assess,
        roles=OFFICERS,
        creates="cases",
        refuses=SCORES,
        prepare=cases.prepare,
        also=cases.result,
    )
    commands.accept(
        "/verifications",
        CompleteVerification,
        cases.verify,
        roles=VERIFIERS,
        creates="cases",
        refuses=SCORES | {"same-person"},
        prepare=cases.prepare_sealed,
        also=cases.result,
    )
    commands.accept(
        "/rejections",
        RejectCase,
        cases.reject,
        roles=SIGNERS,
        creates="cases",
        refuses=STATE,
        prepare=cases.prepare_sealed,
    )


def _of_titles(commands: Commands, decisions: Decisions, titles: Titles) -> None:
    commands.accept(
        "/decisions",
        IssueDecision,
        decisions.issue,
        roles=SIGNERS,
        creates="decisions",
        refuses=STATE | {"number-taken", "wrong-model", "same-person"},
        prepare=decisions.prepare,
        also=decisions.state,
    )
    commands.accept(
        "/revocations",
        RevokeTitle,
        titles.revoke,
        roles=SIGNERS,
        creates="holdings",
        refuses=STATE,
        prepare=titles.prepare_revocations,
    )
    commands.accept(
        "/imported-titles",
        ImportTitle,
        titles.import_,
        roles=VERIFIERS,
        creates="holdings",
        refuses={"already-exists", "wrong-model", "erased"},
        prepare=titles.prepare_imports,
    )
