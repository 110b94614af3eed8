"""What each published event adds to the figures."""

from datetime import date

import msgspec
import pytest
from khuyenhoc.funds.v1 import events_pb2 as funds
from khuyenhoc.log.v1 import log_pb2
from khuyenhoc.registry.v1 import events_pb2 as registry
from khuyenhoc.training.v1 import events_pb2 as training
from reporting.measures import MEASURES
from reporting.projections import Rows, Unprojectable, known_types, projector
from reports import AREAS, Fact, enclosed, person

project = projector(AREAS)


def added(rows: Rows) -> dict[str, int]:
    return {one.series.measure: one.delta for one in rows.increments}


def test_a_headcount_is_one_completed_course_with_its_participants() -> None:
    rows = project(Fact(participants=77, kind="TECH_TRANSFER").envelope())
    assert added(rows) == {"courses_completed": 1, "participations": 77}
    assert {one.series.dimensions for one in rows.increments} == {(("kind", "TECH_TRANSFER"),)}
    assert rows.members == ()


def test_a_headcount_counts_on_the_day_it_ended() -> None:
    reported = training.HeadcountReported(
        headcount="h",
        kind=training.LITERACY,
        area="03763@1900-01-01",
        held_on="2025-06-28",
        ended_on="2025-07-03",
        participants=12,
    )
    rows = project(enclosed(reported))
    assert {one.valid_on for one in rows.increments} == {date(2025, 7, 3)}


def test_a_completed_course_names_its_learners_once_each() -> None:
    ann, binh = person(1), person(2)
    rows = project(Fact(participants=3, learners=(ann, binh, ann)).envelope())
    assert [one.member for one in rows.members] == [ann, binh]
    assert added(rows) == {"courses_completed": 1, "participations": 3, "distinct_learners": 2}


def test_more_names_than_participants_are_not_more_than_the_participants() -> None:
    rows = project(Fact(participants=1, learners=(person(1), person(2))).envelope())
    assert added(rows)["distinct_learners"] == 1


def test_a_class_nobody_came_to_is_still_a_class() -> None:
    assert added(project(Fact(participants=0).envelope())) == {
        "courses_completed": 1,
        "participations": 0,
    }


def test_a_fact_of_the_whole_province_belongs_to_the_province() -> None:
    rows = project(Fact(area="14", kind="SEMINAR").envelope())
    assert {one.series.area for one in rows.increments} == {"14"}


@pytest.mark.parametrize(
    "message",
    [
        log_pb2.Withheld(),
        training.CoursePlanned(area="03763@2025-07-01"),
        training.EnrolmentOpened(),
        training.LearnerEnrolled(),
        training.SessionHeld(),
        training.AttendanceRecorded(),
        training.CourseCancelled(),
    ],
    ids=lambda message: message.DESCRIPTOR.name,
)
def test_what_changes_no_figure_adds_nothing(message) -> None:
    assert project(enclosed(message)) == Rows()


@pytest.mark.parametrize(
    "service", [training, funds, registry], ids=["training", "funds", "registry"]
)
def test_every_event_a_service_publishes_has_been_decided_about(service) -> None:
    parts_of_events = {"khuyenhoc.registry.v1.Holding"}
    published = {message.full_name for message in service.DESCRIPTOR.message_types_by_name.values()}
    assert published - parts_of_events <= known_types()


def test_an_event_nobody_has_decided_about_is_never_skipped_in_silence() -> None:
    strange = enclosed(log_pb2.PositionReply())
    with pytest.raises(Unprojectable, match=r"khuyenhoc.log.v1.PositionReply"):
        project(strange)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"area": "03763"}, "not an area"),
        ({"area": "9999@2025-07-01"}, "not an area"),
        ({"area": "03763@2025-07-32"}, "not an area"),
        ({"area": ""}, "not an area"),
        ({"area": "03763@2025-07-01", "on": date(2025, 6, 30)}, "had not begun"),
        ({"participants": -1}, "-1 participants"),
        ({"kind": "COURSE_KIND_UNSPECIFIED"}, "not a kind of course"),
    ],
)
def test_what_cannot_be_true_is_set_aside(wrong, said) -> None:
    with pytest.raises(Unprojectable, match=said):
        project(Fact(**wrong).envelope())


def test_a_day_that_does_not_exist_is_set_aside() -> None:
    completed = training.CourseCompleted(kind="LITERACY", area="14", completed_on="2025-02-30")
    with pytest.raises(Unprojectable, match="2025-02-30"):
        project(enclosed(completed))


def test_a_learner_without_a_pseudonym_is_set_aside_and_not_repeated() -> None:
    completed = training.CourseCompleted(
        kind="LITERACY", area="14", completed_on="2025-02-03", participants=1, learners=["Lò Văn A"]
    )
    with pytest.raises(Unprojectable) as refused:
        project(enclosed(completed))
    assert "Lò" not in str(refused.value)


def test_a_kind_of_a_later_release_is_set_aside() -> None:
    later = training.CourseCompleted(area="14", completed_on="2025-02-03")
    later.MergeFromString(b"\x10\x63")
    with pytest.raises(Unprojectable, match="99 is not a kind"):
        project(enclosed(later))


def test_bytes_that_are_not_the_event_they_claim_to_be_are_set_aside() -> None:
    garbled = msgspec.structs.replace(Fact().envelope(), data=b"\xff\xff\xff")
    with pytest.raises(Unprojectable, match="is not a khuyenhoc"):
        project(garbled)


def test_every_increment_is_of_a_measure_in_the_catalogue_with_all_its_dimensions() -> None:
    for fact in (Fact(), Fact(participants=1, learners=(person(1),))):
        for one in project(fact.envelope()).increments:
            measure = MEASURES[one.series.measure]
            assert tuple(name for name, _ in one.series.dimensions) == measure.dimensions
            assert fact.message().DESCRIPTOR.full_name in measure.source
