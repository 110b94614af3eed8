"""Whoever looks for something new looks soon while there is some, and less often at night."""

from itertools import accumulate

from chassis.log.pace import SELDOM, SOON, Pace


def test_for_a_second_after_something_came_the_next_look_is_soon():
    pace = Pace()
    pauses = [pace.pause() for _ in range(200)]
    soon = pauses.index(SELDOM)
    assert set(pauses[:soon]) == {SOON}
    assert set(pauses[soon:]) == {SELDOM}
    assert 1 <= list(accumulate(pauses))[soon - 1] <= 1 + SOON


def test_something_new_makes_the_next_look_soon_again():
    pace = Pace()
    while pace.pause() == SOON:
        pass
    pace.found()
    assert pace.pause() == SOON
