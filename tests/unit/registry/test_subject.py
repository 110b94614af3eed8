"""Who can hold a title, what is known of them, and what erasing them means."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from chassis.errors import Erased, Invalid, WrongState
from registry.codec import CODEC
from registry.domain.kind import GROUPS, Group, Model, Sex, SubjectKind
from registry.domain.refusals import WrongModel
from registry.domain.subject import Subject
from registry_builders import A_DAY, LONG_HE, a_subject, replayed, sealed


def erased(subject: Subject) -> Subject:
    subject.order_erasure("Theo yêu cầu của chủ thể dữ liệu", A_DAY)
    subject.erase(A_DAY, b"\x01\xff")
    return subject


@pytest.mark.parametrize("model", Model)
def test_subjects_of_all_five_models_are_entered(model: Model) -> None:
    subject = a_subject(model)
    assert (subject.model, subject.area, subject.erased) == (model, LONG_HE, False)


@pytest.mark.parametrize("model", [Model.FAMILY, Model.CLAN])
def test_a_household_and_a_clan_have_a_head_who_is_a_citizen(model: Model) -> None:
    head = a_subject()
    assert a_subject(model, head=head).head == head.id
    with pytest.raises(WrongModel, match=str(head.id)[:8]) as refused:
        a_subject(model, head=a_subject(Model.UNIT, id=head.id))
    assert refused.value.faults[0].pointer == "/head"


@pytest.mark.parametrize("model", [Model.CITIZEN, Model.COMMUNITY, Model.UNIT])
def test_nobody_heads_a_citizen_a_community_or_a_unit_here(model: Model) -> None:
    with pytest.raises(Invalid, match="no head"):
        a_subject(model, head=a_subject())


def test_nobody_erased_becomes_a_head() -> None:
    with pytest.raises(Erased):
        a_subject(Model.FAMILY, head=erased(a_subject()))


@pytest.mark.parametrize(
    ("model", "group"), [(model, group) for model in Model for group in Group], ids=str
)
def test_a_group_belongs_to_its_model(model: Model, group: Group) -> None:
    if group in GROUPS[model]:
        assert a_subject(model, group=group).group is group
    else:
        with pytest.raises(Invalid, match=group) as refused:
            a_subject(model, group=group)
        assert refused.value.faults[0].value == group


@pytest.mark.parametrize("model", [Model.COMMUNITY, Model.UNIT])
def test_a_community_says_whether_it_is_a_village_and_a_unit_who_runs_it(model: Model) -> None:
    with pytest.raises(Invalid, match="group None"):
        a_subject(model, group=None)


@pytest.mark.parametrize(
    ("model", "group", "kind"),
    [
        (Model.COMMUNITY, Group.VILLAGE, SubjectKind.BAN),
        (Model.COMMUNITY, Group.VILLAGE, SubjectKind.TO_DAN_PHO),
        (Model.UNIT, Group.PROVINCE, SubjectKind.SCHOOL),
        (Model.UNIT, Group.COMMUNE, SubjectKind.AGENCY),
    ],
)
def test_villages_and_units_say_what_they_are(model, group, kind) -> None:
    assert a_subject(model, group=group, kind=kind).kind is kind


@pytest.mark.parametrize(
    ("model", "group", "kind"),
    [
        (Model.COMMUNITY, Group.COMMUNE, SubjectKind.BAN),
        (Model.COMMUNITY, Group.VILLAGE, SubjectKind.SCHOOL),
        (Model.UNIT, Group.COMMUNE, SubjectKind.THON),
        (Model.CITIZEN, Group.FARMER, SubjectKind.OTHER),
    ],
)
def test_a_kind_that_does_not_fit_is_refused(model, group, kind) -> None:
    with pytest.raises(Invalid, match=kind) as refused:
        a_subject(model, group=group, kind=kind)
    assert refused.value.faults[0].pointer == "/kind"


@pytest.mark.parametrize("field", ["national_id", "birth_year", "sex"])
def test_only_citizens_have_a_national_id_a_birth_year_and_a_sex(field: str) -> None:
    who = uuid4()
    value = Sex.FEMALE if field == "sex" else sealed(who)
    assert getattr(a_subject(id=who, **{field: value}), field) == value
    with pytest.raises(Invalid, match=field) as refused:
        a_subject(Model.FAMILY, id=who, **{field: value})
    assert refused.value.faults[0].value is None  # a personal value is never repeated


def test_what_is_stored_of_a_person_is_sealed() -> None:
    who = UUID(int=1)
    subject = a_subject(id=who, national_id=sealed(who, b"n"), birth_year=sealed(who, b"y"))
    (entered,) = subject.collect_events()
    payload = CODEC.encode(entered, uuid4()).payload
    assert payload.count(b'"sealed":"kv1"') == 3


def test_an_erasure_is_ordered_and_then_said_done() -> None:
    subject = a_subject()
    subject.order_erasure("Rút lại sự đồng ý", A_DAY)
    assert (subject.erasure_ordered_on, subject.erased) == (A_DAY, False)
    subject.erase(A_DAY, b"\x01\xff")
    assert subject.erased
    assert subject.pending_events[-1].key_fingerprint == "01ff"
    assert vars(replayed(list(subject.pending_events)))["erased"]


def test_from_the_order_on_no_command_about_the_subject_is_accepted() -> None:
    subject = a_subject()
    subject.require_known()
    subject.order_erasure("Rút lại sự đồng ý", A_DAY)
    with pytest.raises(Erased, match=str(subject.id)):
        subject.require_known()
    with pytest.raises(Erased):
        subject.order_erasure("Lần nữa", A_DAY)


def test_nothing_is_said_erased_that_nobody_ordered() -> None:
    with pytest.raises(WrongState, match="no erasure"):
        a_subject().erase(A_DAY, None)


def test_an_erasure_is_said_done_once() -> None:
    with pytest.raises(Erased):
        erased(a_subject()).erase(A_DAY, None)


def test_a_subject_without_a_key_can_be_erased_too() -> None:
    subject = a_subject()
    subject.order_erasure("Nhập nhầm", date(2025, 9, 2))
    subject.erase(date(2025, 9, 2), None)
    assert subject.pending_events[-1].key_fingerprint is None
