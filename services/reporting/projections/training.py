"""Pure: what the events of training add."""

from datetime import date
from functools import lru_cache
from uuid import UUID

from khuyenhoc.training.v1 import events_pb2 as training

from reporting.projections.known import names_of, projects
from reporting.projections.reading import KEPT, Places, day, name_of
from reporting.projections.rows import Increment, Member, Rows, Series, Unprojectable

WITHOUT_STATISTIC = names_of(
    training.CoursePlanned,
    training.EnrolmentOpened,
    training.LearnerEnrolled,
    training.SessionHeld,
    training.AttendanceRecorded,
    training.CourseCancelled,
)


@projects(training.CourseCompleted)
def course_completed(completed: training.CourseCompleted, places: Places) -> Rows:
    on, area = day(completed.completed_on), completed.area
    counted = _completion(completed.kind, area, on, completed.participants, places)
    if not completed.learners:
        return Rows(counted)
    people = _series(completed.kind, area)[2]
    named = [Member(people, on, _person(one)) for one in dict.fromkeys(completed.learners)]
    known = Increment(people, on, min(len(named), completed.participants))
    return Rows((*counted, known), tuple(named))


@projects(training.HeadcountReported)
def headcount_reported(reported: training.HeadcountReported, places: Places) -> Rows:
    on = day(reported.ended_on)
    return Rows(_completion(reported.kind, reported.area, on, reported.participants, places))


def _completion(
    kind: int, area: str, on: date, participants: int, places: Places
) -> tuple[Increment, Increment]:
    places.check(area, on)
    if participants < 0:
        raise Unprojectable(f"{participants} participants")
    courses, participations, _ = _series(kind, area)
    return Increment(courses, on, 1), Increment(participations, on, participants)


@lru_cache(KEPT)
def _series(kind: int, area: str) -> tuple[Series, Series, Series]:
    dimensions = (("kind", name_of(training.CourseKind, kind, "kind of course")),)
    return (
        Series("courses_completed", area, dimensions),
        Series("participations", area, dimensions),
        Series("distinct_learners", area, dimensions),
    )


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unprojectable("a learner is not named by a UUID") from None
