"""What a headcount promises."""

from datetime import date

import pytest
from builders import A_DAY, a_headcount
from chassis.errors import Invalid


def test_a_headcount_is_one_event() -> None:
    (reported,) = a_headcount(participants=77).collect_events()
    assert (reported.TOPIC, reported.participants) == ("training.HeadcountReported", 77)


@pytest.mark.parametrize("participants", [0, 1, 1_000_000])
def test_a_course_that_drew_nobody_or_a_million_can_be_reported(participants: int) -> None:
    assert a_headcount(participants=participants).participants == participants


@pytest.mark.parametrize("participants", [-1, 1_000_001, 10**30])
def test_an_impossible_number_is_refused_by_name(participants: int) -> None:
    with pytest.raises(Invalid, match=f"{participants} participants") as refused:
        a_headcount(participants=participants)
    assert refused.value.faults[0].pointer == "/participants"


def test_a_headcount_does_not_end_before_it_was_held() -> None:
    with pytest.raises(Invalid, match="ended_on 2025-08-31 is before 2025-09-01"):
        a_headcount(held_on=A_DAY, ended_on=date(2025, 8, 31))
