"""What leaves the registry, and what does not."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from chassis.domain import Event, events_of
from chassis.log.codec import UnknownEvent
from chassis.log.sealed import Sealed
from khuyenhoc.log.v1.log_pb2 import Withheld
from khuyenhoc.registry.v1 import events_pb2 as public
from registry.codec import AGGREGATES
from registry.domain.area import AreaUnit
from registry.domain.case import RecognitionCase
from registry.domain.decision import MOST_CASES
from registry.domain.holding import TitleHolding
from registry.domain.kind import CaseState, Group, Level, Model
from registry.domain.reform import Reform
from registry.domain.subject import Subject
from registry.domain.village import Village
from registry.publish import FORMS, MODELS, publish
from registry_builders import (
    A_DAY,
    LONG_HE,
    OFFICE,
    PROVINCE,
    SIGNER,
    a_case,
    a_commune,
    a_decision,
    a_subject,
    a_title,
    imported,
    listed,
    recognised,
    recorded,
    sealed,
)

BOX = b"the sealed box of a person"
GROUND = "Theo yêu cầu của bà Lò Thị Mai"


def published(event: Event) -> Any:
    return publish(recorded(event))


def a_persons_events() -> Iterator[Event]:
    """Everything that is ever stored about somebody, with every sealed field filled."""
    who = UUID(int=42)
    box = Sealed(who, BOX)
    subject = a_subject(id=who, name=box, national_id=box, birth_year=box)
    yield from subject.collect_events()
    case = a_case(CaseState.PROPOSED, subject=subject)
    case.reject(box, A_DAY, SIGNER, LONG_HE)
    yield from case.collect_events()
    holding = recognised(subject=who)
    holding.revoke(box, "45", holding.titles[0].valid_from, SIGNER)
    yield from holding.collect_events()
    subject.order_erasure(GROUND, A_DAY)
    subject.erase(A_DAY, b"\x01")
    yield from subject.collect_events()


def test_only_notes_and_orders_are_withheld() -> None:
    every_event = {event for aggregate in AGGREGATES for event in events_of(aggregate)}
    assert every_event - set(FORMS) == {
        AreaUnit.VillageNumbered,
        Reform.ReformDecreed,
        RecognitionCase.CaseRecognised,
        Subject.ErasureOrdered,
    }


def test_what_has_no_public_form_still_takes_its_place() -> None:
    assert published(a_case(CaseState.RECOGNISED).collect_events()[-1]) == Withheld()


def test_every_public_message_has_a_stored_event_behind_it() -> None:
    parts = {"Holding"}  # of other messages
    messages = set(public.DESCRIPTOR.message_types_by_name) - parts
    assert messages == {
        event.TOPIC.removeprefix("registry.").removesuffix("Again") for event in FORMS
    }


def test_every_model_has_its_public_number() -> None:
    assert {model.value: number for model, number in MODELS.items()} == {
        name: number for name, number in public.LearningModel.items() if number
    }


def test_nothing_of_a_person_leaves_but_a_pseudonym() -> None:
    events = list(a_persons_events())
    assert {type(event) for event in events} >= {
        Subject.SubjectEntered, Subject.SubjectErased, RecognitionCase.CaseRejected,
        TitleHolding.TitleRevoked,
    }  # fmt: skip
    for event in events:
        wire = published(event).SerializeToString()
        assert BOX not in wire
        assert b"kv1" not in wire
        assert GROUND.encode() not in wire


def test_nobody_reads_the_scores_of_a_case_on_the_topic() -> None:
    for event in a_case(CaseState.VERIFIED).collect_events()[1:]:
        message = published(event)
        assert {field.name for field in message.DESCRIPTOR.fields} == {
            "case", "subject", "model", "area", "season", "assessed_on", "criteria_set", "passed",
        }  # fmt: skip
        assert message.passed


def test_a_registration_after_a_withdrawal_is_published_as_any_other() -> None:
    case = a_case(CaseState.WITHDRAWN)
    a_case(existing=case, subject=a_subject(id=case.subject))
    first, withdrawn, again = map(published, case.collect_events())
    assert withdrawn.DESCRIPTOR.name == "RegistrationWithdrawn"
    assert (
        first
        == again
        == public.TitleRegistered(
            case=str(case.id),
            subject=str(case.subject),
            model=public.citizen,
            area=LONG_HE,
            season=2025,
            registered_on="2025-09-01",
        )
    )


def test_a_recognition_says_what_it_takes_away_and_what_it_adds() -> None:
    first = a_title(date(2024, 12, 20), date(2025, 12, 31), group=Group.FARMER)
    holding = recognised(recognised(title=first), a_title(date(2025, 12, 20), None))
    new, renewed = map(published, holding.collect_events())
    assert not new.HasField("before")
    assert new.after.group == "farmer"
    assert (new.renewal, renewed.renewal) == (False, True)
    assert renewed.before == public.Holding(
        area=LONG_HE, season=2024, group="farmer",
        valid_from="2025-12-20", valid_until="2025-12-31",
    )  # fmt: skip
    assert renewed.after.valid_from == renewed.effective_on == "2025-12-20"
    assert not renewed.after.HasField("valid_until")


def test_a_level_is_published_where_the_title_has_one() -> None:
    holding = imported(title=a_title(level=Level.LEVEL_2, group=Group.PROVINCE), model=Model.UNIT)
    message = published(holding.collect_events()[0])
    assert (message.after.level, message.after.group) == ("level_2", "province")
    assert message.model == public.unit


def test_a_title_revoked_on_its_first_day_has_nothing_after_it() -> None:
    holding = recognised()
    holding.revoke(sealed(holding.subject), "45", holding.titles[0].valid_from, SIGNER)
    message = published(holding.collect_events()[-1])
    assert message.HasField("before")
    assert not message.HasField("after")


def test_a_decision_is_published_by_the_hash_of_its_list() -> None:
    decision = a_decision([listed(case=UUID(int=n)) for n in range(1, MOST_CASES + 1)])
    message = published(decision.collect_events()[0])
    assert message.ByteSize() < 1000
    assert (message.cases, message.list_hash) == (MOST_CASES, decision.list_hash)
    assert (message.office, message.number) == (OFFICE, "12/QĐ-UBND")


def test_a_case_left_out_names_its_decision_and_what_it_became() -> None:
    decision = a_decision()
    (case,) = decision.cases
    decision.left_out(case, CaseState.REJECTED)
    message = published(decision.collect_events()[-1])
    assert message == public.CaseLeftOut(
        decision=str(decision.id), case=str(case), state="rejected"
    )


def test_places_are_published_in_their_exact_form() -> None:
    commune = a_commune()
    village = Village.open(PROVINCE, commune, "Bản Lằn", A_DAY)
    opened, numbered = map(published, commune.collect_events())
    assert (opened.area, opened.kind, opened.parent) == (LONG_HE, "commune", "14")
    assert numbered == Withheld()
    (message,) = map(published, village.collect_events())
    assert (message.village, message.commune) == ("03763-001@2025-09-01", LONG_HE)


def test_a_stranger_in_the_log_is_refused() -> None:
    (event,) = a_subject().collect_events()
    stored = recorded(event)
    stranger = type(stored)(
        **{name: getattr(stored, name) for name in stored.__struct_fields__}
        | {"type": "registry.SubjectImagined"}
    )
    with pytest.raises(UnknownEvent, match="SubjectImagined"):
        publish(stranger)
