"""Every "no" of training is a sentence in Vietnamese and in English, with the values in both."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
import speech
from builders import A_DAY, LONG_HE, a_course, a_headcount
from chassis.errors import Refusal
from training.domain import course as courses
from training.domain.course import Course
from training.domain.refusals import not_of_the_course

EARLIER = date(2025, 8, 31)


def _full() -> None:
    a_course(capacity=1, learners=1).enrol(uuid4(), A_DAY, LONG_HE)


def _closed() -> Course:
    course = a_course(learners=1)
    course.complete(A_DAY, None, LONG_HE)
    return course


def _attended_twice() -> None:
    course = a_course(learners=1)
    session = course.hold(uuid4(), A_DAY, None, LONG_HE)
    session.record(list(course.learners), course.learners)
    session.record(list(course.learners), course.learners)


def _strangers(number: int) -> None:
    course = a_course(learners=1)
    session = course.hold(uuid4(), A_DAY, None, LONG_HE)
    session.record([uuid4() for _ in range(number)], course.roll())


def _met_twice() -> None:
    course, session = a_course(learners=1), uuid4()
    course.hold(session, A_DAY, None, LONG_HE)
    course.hold(session, A_DAY, None, LONG_HE)


def _enrolled_twice() -> None:
    course, learner = a_course(opened=True), uuid4()
    course.enrol(learner, A_DAY, LONG_HE)
    course.enrol(learner, A_DAY, LONG_HE)


def _other_session() -> None:
    raise not_of_the_course(uuid4(), uuid4())


REFUSED: list[tuple[Callable[[], object], str]] = [
    (_full, "đã đủ sĩ số: cả 1 chỗ đều có người"),
    (_enrolled_twice, "đã được ghi danh vào lớp"),
    (_met_twice, "đã được ghi rồi"),
    (_attended_twice, "1 người này đã được điểm danh ở buổi học"),
    (lambda: _strangers(1), "chưa ghi danh vào lớp"),
    (lambda: _strangers(30), "và 10 người nữa"),
    (_other_session, "không thuộc lớp"),
    (lambda: a_course().enrol(uuid4(), A_DAY, LONG_HE), "mới dự kiến: không thể ghi danh"),
    (lambda: a_course(opened=True).open(A_DAY, LONG_HE), "đang mở ghi danh: không thể mở ghi danh"),
    (lambda: _closed().complete(A_DAY, None, LONG_HE), "đã hoàn thành: không thể hoàn thành"),
    (lambda: _closed().cancel("Mưa", A_DAY, LONG_HE), "đã hoàn thành: không thể hủy"),
    (lambda: _closed().roll(), "đã hoàn thành: không thể điểm danh"),
    (lambda: _closed().hold(uuid4(), A_DAY, None, LONG_HE), "không thể ghi buổi học"),
    (lambda: a_course(learners=2).complete(A_DAY, 5, LONG_HE), "có 2 người ghi danh"),
    (lambda: a_course().complete(A_DAY, None, LONG_HE), "chưa ghi danh ai"),
    (lambda: a_course().complete(A_DAY, -1, LONG_HE), "-1 lượt người"),
    (lambda: a_course(ends_on=EARLIER), "ends_on 2025-08-31 ở trước ngày 2025-09-01"),
    (lambda: a_course(capacity=0), "0 chỗ: số chỗ của một lớp từ 1 đến 100000"),
    (lambda: a_headcount(participants=10**7), "10000000 lượt người"),
]


@pytest.mark.parametrize(("act", "vi"), REFUSED)
def test_each_no_is_said_in_both_languages(act: Callable[[], object], vi: str) -> None:
    with pytest.raises(Refusal) as refused:
        act()
    assert vi in refused.value.said.vi
    speech.check_all(refused.value)


def test_a_course_that_names_all_it_can_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courses, "MOST_LEARNERS", 1)
    with pytest.raises(Refusal) as refused:
        a_course(learners=1).enrol(uuid4(), A_DAY, LONG_HE)
    assert "đã ghi danh 1 người, là mức nhiều nhất của một lớp" in refused.value.said.vi
    speech.check_all(refused.value)
