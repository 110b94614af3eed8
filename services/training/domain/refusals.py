"""Why training says no: every sentence it has, in English and in Vietnamese, from the values."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.errors import Fault, Invalid, Said, WrongState

from training.domain.kind import State

MOST_PARTICIPANTS = 1_000_000
NAMED_AT_MOST = 20

OPENED = Said("opened for enrolment", "mở ghi danh")
ENROLLED_IN = Said("enrolled in", "ghi danh")
MET = Said("met", "ghi buổi học")
ATTENDED = Said("attended", "điểm danh")
COMPLETED = Said("completed", "hoàn thành")
CANCELLED = Said("cancelled", "hủy")
"""What may be done with a course, as ``cannot be ...`` and ``không thể ...``."""

_STANDS = {
    State.PLANNED: "mới dự kiến",
    State.OPEN: "đang mở ghi danh",
    State.COMPLETED: "đã hoàn thành",
    State.CANCELLED: "đã hủy",
}


class NotNow(WrongState):
    """The course is in a state in which this is not done."""

    def __init__(self, course: UUID, state: State, act: Said) -> None:
        super().__init__(
            f"course {course} is {state}: it cannot be {act.en}",
            f"lớp {course} {_STANDS[state]}: không thể {act.vi}",
        )


class CourseFull(WrongState):
    """Every seat is taken."""

    def __init__(self, course: UUID, seats: int) -> None:
        super().__init__(
            f"course {course} is full: all {seats} seats are taken",
            f"lớp {course} đã đủ sĩ số: cả {seats} chỗ đều có người",
        )


class NamesTooMany(WrongState):
    """One course names so many learners at most, however many seats it has."""

    def __init__(self, course: UUID, most: int) -> None:
        super().__init__(
            f"course {course} names {most} learners, the most it can",
            f"lớp {course} đã ghi danh {most} người, là mức nhiều nhất của một lớp",
        )


class AlreadyEnrolled(WrongState):
    """This learner has a seat in this course."""

    def __init__(self, course: UUID, learner: UUID) -> None:
        super().__init__(
            f"learner {learner} is enrolled in course {course} already",
            f"học viên {learner} đã được ghi danh vào lớp {course}",
        )


class NotEnrolled(WrongState):
    """Somebody is said to have attended who has no seat in the course."""

    def __init__(self, course: UUID, strangers: Sequence[tuple[int, UUID]]) -> None:
        shown = strangers[:NAMED_AT_MOST]
        named = ", ".join(str(learner) for _, learner in shown)
        more = len(strangers) - NAMED_AT_MOST
        en, vi = (f" and {more} more", f" và {more} người nữa") if more > 0 else ("", "")
        place = ("not enrolled in the course", "chưa ghi danh vào lớp")
        super().__init__(
            f"not enrolled in course {course}: {named}{en}",
            f"chưa ghi danh vào lớp {course}: {named}{vi}",
            faults=[Fault(f"/learners/{at}", "wrong-state", *place, str(who)) for at, who in shown],
        )


class SessionRecorded(WrongState):
    """The course knows this session."""

    def __init__(self, course: UUID, session: UUID) -> None:
        super().__init__(
            f"session {session} of course {course} is recorded already",
            f"buổi học {session} của lớp {course} đã được ghi rồi",
        )


class AttendanceRecorded(WrongState):
    """Nobody on the list is new."""

    def __init__(self, session: UUID, listed: int) -> None:
        super().__init__(
            f"attendance of these {listed} in session {session} is recorded already",
            f"{listed} người này đã được điểm danh ở buổi học {session}",
        )


class CountedByName(WrongState):
    """The enrolled learners are the participants; no number is given beside them."""

    def __init__(self, course: UUID, enrolled: int, given: int) -> None:
        super().__init__(
            f"course {course} has {enrolled} enrolled learners: they are its participants, "
            f"the number {given} cannot be given beside them",
            f"lớp {course} có {enrolled} người ghi danh: đó chính là người tham gia, "
            f"không ghi thêm con số {given}",
        )


def nobody_enrolled(course: UUID) -> Invalid:
    return Invalid.at(
        "/participants",
        f"course {course} has nobody enrolled: give the number of participants",
        f"lớp {course} chưa ghi danh ai: cần ghi số lượt người tham gia",
    )


def seats(given: int, most: int) -> Invalid:
    return Invalid.at(
        "/capacity",
        f"{given} seats: 1 to {most} are possible",
        f"{given} chỗ: số chỗ của một lớp từ 1 đến {most}",
        given,
    )


def not_of_the_course(session: UUID, course: UUID) -> Invalid:
    return Invalid.at(
        "/session",
        f"session {session} is not a session of course {course}",
        f"buổi học {session} không thuộc lớp {course}",
        str(session),
    )


def in_order(first: date, last: date, field: str) -> None:
    """Refuse a last day before the first one."""
    if last < first:
        raise Invalid.at(
            f"/{field}",
            f"{field} {last} is before {first}",
            f"{field} {last} ở trước ngày {first}",
            last.isoformat(),
        )


def countable(participants: int) -> None:
    """Refuse a number of participants that no course has (0 to 1,000,000)."""
    if not 0 <= participants <= MOST_PARTICIPANTS:
        raise Invalid.at(
            "/participants",
            f"{participants} participants: 0 to {MOST_PARTICIPANTS} are possible",
            f"{participants} lượt người: chỉ ghi được từ 0 đến {MOST_PARTICIPANTS}",
            participants,
        )
