"""Subject: a citizen, family, clan, community or unit that can hold a title."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.domain import Aggregate, event
from chassis.errors import Invalid, WrongState
from chassis.log.sealed import Sealed

from registry.domain.kind import (
    GROUP_NEEDED,
    GROUPS,
    HEADED,
    UNIT_KINDS,
    VILLAGE_KINDS,
    Group,
    Model,
    Sex,
    SubjectKind,
)
from registry.domain.refusals import WrongModel, erased, refuse


class Subject(Aggregate):
    """Known outside by its id alone; what names it is sealed under its own key."""

    class SubjectEntered(Aggregate.Created):
        TOPIC = "registry.SubjectEntered"
        model: Model
        area: str
        entered_on: date
        name: Sealed
        national_id: Sealed | None
        birth_year: Sealed | None
        sex: Sex | None
        group: Group | None
        kind: SubjectKind | None
        head: UUID | None

    class ErasureOrdered(Aggregate.Event):
        """From here on no command about the subject is accepted; its key is destroyed next."""

        TOPIC = "registry.ErasureOrdered"
        ground: str
        ordered_on: date

    class SubjectErased(Aggregate.Event):
        """The key is gone. `key_fingerprint` is hex, absent when there never was a key."""

        TOPIC = "registry.SubjectErased"
        erased_on: date
        key_fingerprint: str | None

    UNTOUCHED = 1
    """The version of a subject of whom nothing is told but that they were entered."""

    @classmethod
    def enter(
        cls,
        id: UUID,  # noqa: A002  # the aggregate's own word
        model: Model,
        area: str,
        entered_on: date,
        name: Sealed,
        *,
        national_id: Sealed | None = None,
        birth_year: Sealed | None = None,
        sex: Sex | None = None,
        group: Group | None = None,
        kind: SubjectKind | None = None,
        head: "Subject | None" = None,
    ) -> "Subject":
        """A subject in `area` (exact, in force on `entered_on`), active from that day on.

        Raises:
            Invalid: a field that does not fit the model, or a group that is missing.
            WrongModel: the head of a household or clan is not a citizen.
            Erased: the head was erased.
        """
        _fitting_form(model, group, kind, head)
        if model is not Model.CITIZEN:
            _of_citizens_only(model, national_id=national_id, birth_year=birth_year, sex=sex)
        return cls(
            id=id,
            model=model,
            area=area,
            entered_on=entered_on,
            name=name,
            national_id=national_id,
            birth_year=birth_year,
            sex=sex,
            group=group,
            kind=kind,
            head=head.id if head else None,
        )

    @event(SubjectEntered)
    def __init__(
        self,
        model: Model,
        area: str,
        entered_on: date,
        name: Sealed,
        national_id: Sealed | None,
        birth_year: Sealed | None,
        sex: Sex | None,
        group: Group | None,
        kind: SubjectKind | None,
        head: UUID | None,
    ) -> None:
        self.model = model
        self.area = area
        self.entered_on = entered_on
        self.name = name
        self.national_id = national_id
        self.birth_year = birth_year
        self.sex = sex
        self.group = group
        self.kind = kind
        self.head = head
        self.erasure_ordered_on: date | None = None
        self.erased = False

    def require_known(self) -> None:
        """Refuse with `Erased` once an erasure was ordered; every command about it asks this."""
        if self.erasure_ordered_on is not None:
            raise erased(self.id)

    def order_erasure(self, ground: str, ordered_on: date) -> None:
        """A data protection officer's order; what is sealed stays readable until the key goes.

        Raises:
            Erased: it was ordered before.
        """
        self.require_known()
        self._ordered(ground, ordered_on)

    def erase(self, erased_on: date, key_fingerprint: bytes | None) -> None:
        """To be said after the key was destroyed, once.

        Raises:
            WrongState: nobody ordered it.
            Erased: it was said before.
        """
        if self.erased:
            raise erased(self.id)
        if self.erasure_ordered_on is None:
            raise WrongState(
                f"no erasure of subject {self.id} was ordered",
                f"chưa có yêu cầu xóa dữ liệu của đối tượng {self.id}",
            )
        self._erased(erased_on, key_fingerprint.hex() if key_fingerprint else None)

    @event(ErasureOrdered)
    def _ordered(self, ground: str, ordered_on: date) -> None:
        self.erasure_ordered_on = ordered_on

    @event(SubjectErased)
    def _erased(self, erased_on: date, key_fingerprint: str | None) -> None:
        self.erased = True


def _fitting_form(
    model: Model, group: Group | None, kind: SubjectKind | None, head: Subject | None
) -> None:
    _fitting_group(model, group)
    if kind is not None:
        _fitting_kind(model, group, kind)
    if head is not None:
        _fitting_head(model, head)


def _fitting_group(model: Model, group: Group | None) -> None:
    allowed = GROUPS[model]
    if group in allowed or (group is None and model not in GROUP_NEEDED):
        return
    names = ", ".join(sorted(allowed)) or "-"
    raise refuse(
        Invalid,
        "/group",
        f"group {group} does not fit a {model}; possible: {names}",
        f"nhóm {group} không hợp với mô hình {model}; có thể là: {names}",
        group,
    )


def _fitting_kind(model: Model, group: Group | None, kind: SubjectKind) -> None:
    if model is Model.UNIT:
        allowed = UNIT_KINDS
    else:
        allowed = VILLAGE_KINDS if group is Group.VILLAGE else frozenset()
    if kind not in allowed:
        names = ", ".join(sorted(allowed)) or "-"
        raise refuse(
            Invalid,
            "/kind",
            f"kind {kind} does not fit this {model}; possible: {names}",
            f"loại {kind} không hợp với mô hình {model} này; có thể là: {names}",
            kind,
        )


def _of_citizens_only(model: Model, **personal: Any) -> None:
    for field, value in personal.items():
        if value is not None:
            raise refuse(
                Invalid,
                f"/{field}",
                f"{field} is known of citizens only, not of a {model}",
                f"{field} chỉ có ở công dân, không có ở mô hình {model}",
            )


def _fitting_head(model: Model, head: Subject) -> None:
    if model not in HEADED:
        raise refuse(
            Invalid,
            "/head",
            f"a {model} has no head here; families and clans have one",
            f"mô hình {model} không ghi người đứng đầu; chỉ gia đình và dòng họ có",
            str(head.id),
        )
    head.require_known()
    if head.model is not Model.CITIZEN:
        raise refuse(
            WrongModel,
            "/head",
            f"the head {head.id} is a {head.model}; a citizen heads a {model}",
            f"người đứng đầu {head.id} là {head.model}; đứng đầu {model} phải là công dân",
            str(head.id),
        )
