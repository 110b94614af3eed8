"""Known time: a prefix of what was recorded."""

from datetime import UTC, date, datetime, timedelta

from chassis.clock import civil_day, end_of_day
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting.known import Known

INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 2),  # noqa: DTZ001  # the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
APART = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40))


def parts(at: datetime, recorded_at: datetime, first: datetime, last: datetime) -> list[str]:
    """Where a fact is counted that was recorded at an instant, in a batch of those bounds, when
    what was known at ``at`` is asked.
    """
    known, month = Known(at, all_of_it=False), civil_day(recorded_at).replace(day=1)
    found = []
    if month < known.month:
        found.append("months")
    if month == known.month and last <= at:
        found.append("batches")
    if month == known.month and first <= at < last and recorded_at <= at:
        found.append("one by one")
    return found


@settings(deadline=None)
@given(INSTANTS, INSTANTS, APART, APART)
def test_what_was_recorded_by_then_counts_once_and_nothing_later_does(
    at, recorded_at, before, after
) -> None:
    found = parts(at, recorded_at, recorded_at - before, recorded_at + after)
    assert len(found) == (1 if recorded_at <= at else 0)


@settings(deadline=None)
@given(INSTANTS, st.timedeltas(timedelta(days=-1), timedelta(days=1)), APART, APART)
def test_so_it_is_close_to_the_moment_asked_about(at, apart, before, after) -> None:
    found = parts(at, at + apart, at + apart - before, at + apart + after)
    assert len(found) == (1 if apart <= timedelta(0) else 0)


@settings(deadline=None)
@given(st.dates(min_value=date(2000, 1, 2), max_value=date(2100, 1, 1)))
def test_a_month_known_to_its_end_needs_no_single_batch(day) -> None:
    month = Known(end_of_day(day), all_of_it=False).month
    last = (day + timedelta(days=1)).day == 1
    assert month == (day + timedelta(days=1) if last else day.replace(day=1))
