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


def parts(at: datetime, recorded_at: datetime) -> list[str]:
    """Where a fact recorded at an instant is counted, when what was known at ``at`` is asked."""
    known, day = Known(at, all_of_it=False), civil_day(recorded_at)
    found = []
    if day < known.month:
        found.append("months")
    if known.month <= day < known.whole_days_before:
        found.append("days")
    if known.inside_from is not None and known.inside_from <= recorded_at <= at:
        found.append("instants")
    return found


@settings(deadline=None)
@given(INSTANTS, INSTANTS)
def test_what_was_recorded_by_then_counts_once_and_nothing_later_does(at, recorded_at) -> None:
    assert len(parts(at, recorded_at)) == (1 if recorded_at <= at else 0)


@settings(deadline=None)
@given(INSTANTS, st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=1)))
def test_so_it_is_close_to_the_moment_asked_about(at, apart) -> None:
    assert len(parts(at, at + apart)) == (1 if apart <= timedelta(0) else 0)


@settings(deadline=None)
@given(st.dates(min_value=date(2000, 1, 2), max_value=date(2100, 1, 1)))
def test_a_day_known_to_its_end_needs_no_single_increment(day) -> None:
    assert Known(end_of_day(day), all_of_it=False).inside_from is None
