"""The command paths of the registry, each in one line."""

from collections.abc import Collection
from typing import Any

from chassis.edge.auth import Role
from chassis.edge.commands import Also, C, Commands, Handler, Prepare

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

STATE = frozenset({"wrong-state"})
SCORES = STATE | {"score-out-of-range", "wrong-model"}


def accept(commands: Commands, office: Office, decisions: Decisions) -> None:
    """Every command of the registry; each takes JSON and NDJSON on its path."""

    def post(
        path: str,
        command: type[C],
        handler: Handler[C],
        roles: Collection[Role],
        refuses: Collection[str],
        creates: str = "cases",
        **hooks: Any,
    ) -> None:
        prepare: Prepare[C] | None = hooks.get("prepare")
        also: Also[C] | None = hooks.get("also")
        commands.accept(
            path, command, handler, roles=roles, creates=creates, refuses=refuses,
            prepare=prepare, also=also,
        )  # fmt: skip

    villages, subjects, cases = Villages(office), Subjects(office), Cases(office)
    registrations = Registrations(office, subjects)
    post(
        "/villages", OpenVillage, villages.open, VERIFIERS, {"already-exists"}, "villages",
        also=villages.area,
    )  # fmt: skip
    post(
        "/subjects", EnterSubject, subjects.enter, OFFICERS,
        {"already-exists", "erased", "wrong-model"}, "subjects", prepare=subjects.prepare,
    )  # fmt: skip
    post(
        "/registrations", RegisterForTitle, registrations.register, OFFICERS,
        {"case-exists", "wrong-model", "erased"}, prepare=registrations.prepare,
    )  # fmt: skip
    post(
        "/withdrawals", WithdrawRegistration, cases.withdraw, OFFICERS, STATE,
        prepare=cases.prepare,
    )  # fmt: skip
    post(
        "/self-assessments", SubmitSelfAssessment, cases.self_assess, OFFICERS, SCORES,
        prepare=cases.prepare, also=cases.result,
    )  # fmt: skip
    post(
        "/verifications", CompleteVerification, cases.verify, VERIFIERS,
        SCORES | {"same-person", "erased"}, prepare=cases.prepare_sealed, also=cases.result,
    )  # fmt: skip
    post(
        "/proposals", ProposeCase, cases.propose, CHAIRS, STATE | {"same-person"},
        prepare=cases.prepare,
    )  # fmt: skip
    post(
        "/rejections", RejectCase, cases.reject, SIGNERS, STATE | {"erased"},
        prepare=cases.prepare_sealed,
    )  # fmt: skip
    titles = Titles(office)
    post(
        "/decisions", IssueDecision, decisions.issue, SIGNERS,
        STATE | {"number-taken", "wrong-model", "same-person"}, "decisions",
        prepare=decisions.prepare, also=decisions.state,
    )  # fmt: skip
    post(
        "/revocations", RevokeTitle, titles.revoke, SIGNERS, STATE | {"erased"}, "holdings",
        prepare=titles.prepare_revocations,
    )  # fmt: skip
    post(
        "/imported-titles", ImportTitle, titles.import_, VERIFIERS,
        {"already-exists", "wrong-model", "erased"}, "holdings", prepare=titles.prepare_imports,
    )  # fmt: skip
    post(
        "/erasures", OrderErasure, subjects.order_erasure, {Role.DATA_PROTECTION_OFFICER},
        {"erased"}, "subjects",
    )  # fmt: skip
