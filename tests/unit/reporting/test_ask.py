"""Questions: what is understood, what is filled in, and what is refused by name."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
import speech
from chassis.errors import BadPeriod, Invalid, Refusal, UnknownArea, UnknownMeasure
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting.ask import Query, parse_query
from reports import AREAS

NOON = datetime(2025, 10, 20, 5, tzinfo=UTC)
LATE = datetime(2025, 10, 20, 18, tzinfo=UTC)  # already the 21st in Sơn La


def ask(now: datetime = NOON, **given: str) -> Query:
    return parse_query({name: [text] for name, text in given.items()}, now, AREAS)


def test_what_is_left_out_is_today_the_whole_province_and_all_that_is_known() -> None:
    asked = ask(measure="participations").asked()
    assert asked == {
        "measure": ["participations"],
        "area": ["14"],
        "period": ["..2025-10-20"],
        "as_of": "2025-10-20",
        "known_at": "2025-10-20T05:00:00.000000Z",
        "map_date": "2025-10-20",
        "by": [],
    }


def test_today_is_the_day_in_viet_nam() -> None:
    assert ask(LATE, measure="participations").as_of == date(2025, 10, 21)


def test_the_question_as_understood_asks_the_same_again() -> None:
    query = ask(
        measure="participations,courses_completed",
        area="03763,14",
        period="2024,2025-Q2",
        kind="LITERACY,SEMINAR",
        by="commune,month",
        known_at="2025-03-01",
        map_date="2025-06-30",
    )
    words = {
        name: [part] if isinstance(part, str) else part for name, part in query.asked().items()
    }
    assert parse_query(words, LATE, AREAS).asked() == query.asked()


def test_a_code_is_the_place_that_bore_it_on_the_day_of_the_map() -> None:
    measure = "participations"
    today, before = (
        ask(measure=measure, area="03724"),
        ask(measure=measure, area="03724", map_date="2025-06-30"),
    )
    assert str(today.areas[0]) == "03724@2025-07-01"
    assert str(before.areas[0]) == "03724@1900-01-01"


def test_an_exact_place_may_be_asked_for_on_any_map() -> None:
    query = ask(measure="participations", area="03724@1900-01-01")
    assert str(query.areas[0]) == "03724@1900-01-01"


def test_a_known_day_is_known_to_its_end_in_viet_nam() -> None:
    query = ask(measure="participations", known_at="2025-10-20")
    assert query.known_at == datetime(2025, 10, 20, 16, 59, 59, 999_999, tzinfo=UTC)
    assert not query.known_now


@pytest.mark.parametrize("text", ["2025-10-20T09:00:00+07:00", "2025-10-20T02:00Z"])
def test_a_known_instant_has_a_zone(text) -> None:
    query = ask(measure="participations", known_at=text)
    assert query.known_at == datetime(2025, 10, 20, 2, tzinfo=UTC)


def test_a_day_still_to_come_may_be_asked_about() -> None:
    query = ask(measure="participations", as_of="2027-01-01", known_at="2027-01-01")
    assert query.as_of == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("wrong", "refusal", "pointer", "said"),
    [
        ({}, Invalid, "?measure", "courses_completed"),
        ({"measure": ""}, Invalid, "?measure", "courses_completed"),
        ({"measure": "participation"}, UnknownMeasure, "?measure", "participations"),
        ({"measure": "titles"}, UnknownMeasure, "?measure", "'titles'"),
        ({"measure": "titles_held", "by": "month"}, Invalid, "?by", "a stock"),
        ({"measure": "titles_held", "model": "person"}, Invalid, "?model", "citizen"),
        ({"measure": "titles_held", "season": "2025-26"}, Invalid, "?season", "'2025-26'"),
        ({"area": "03725"}, UnknownArea, "?area", "in force that day: 0"),
        ({"area": "Long Hẹ xã"}, UnknownArea, "?area", "not an area"),
        ({"area": "99999@2025-07-01"}, UnknownArea, "?area", "not an area"),
        ({"area": ""}, Invalid, "?area", "name 1 to"),
        ({"area": "03763", "known_at": "1999-12-31"}, UnknownArea, "?area", "no communes"),
        ({"period": "2025-02-30"}, BadPeriod, "?period", "2025-02-30"),
        ({"period": ""}, BadPeriod, "?period", "not a period"),
        ({"as_of": "2025-02-30"}, Invalid, "?as_of", "2025-02-30"),
        ({"as_of": "yesterday"}, Invalid, "?as_of", "yesterday"),
        ({"as_of": "1899-12-31"}, Invalid, "?as_of", "1900-01-01"),
        ({"map_date": "1899-12-31"}, Invalid, "?map_date", "1900-01-01"),
        ({"map_date": "0001-01-01"}, Invalid, "?map_date", "1900-01-01"),
        ({"map_date": "2025-1-1"}, Invalid, "?map_date", "2025-1-1"),
        ({"known_at": "2025-10-20T09:00:00"}, Invalid, "?known_at", "09:00:00Z"),
        ({"known_at": "2025-10-20T09:00:00 07:00"}, Invalid, "?known_at", "09:00:00Z"),
        ({"known_at": "2025-10-20T25:00:00Z"}, Invalid, "?known_at", "09:00:00Z"),
        ({"known_at": "0001-01-01T00:00:00+07:00"}, Invalid, "?known_at", "0001-01-01"),
        ({"known_at": "9999-12-31T23:59:59-07:00"}, Invalid, "?known_at", "9999"),
        ({"known_at": "1899-01-01"}, Invalid, "?known_at", "1900-01-01"),
        ({"by": "district"}, Invalid, "?by", "commune, village, month, year, kind"),
        ({"by": "model"}, Invalid, "?by", "'model'"),
        ({"kind": "COOKING"}, Invalid, "?kind", "LITERACY"),
        ({"kind": ""}, Invalid, "?kind", "none was given"),
        ({"model": "citizen"}, Invalid, "?model", "has no dimension model"),
        ({"perod": "2025"}, Invalid, "?perod", "'perod'"),
        ({"x" * 9000: "1"}, Invalid, "?" + "x" * 40, "not a parameter"),
        ({"kind": "x" * 9000}, Invalid, "?kind", "longer than"),
    ],
)
def test_what_is_wrong_is_refused_by_name(wrong, refusal, pointer, said) -> None:
    asked = wrong if "measure" in wrong or not wrong else {"measure": "participations", **wrong}
    with pytest.raises(Refusal) as refused:
        ask(**asked)
    assert type(refused.value) is refusal
    assert said in str(refused.value)
    [fault] = refused.value.faults
    assert fault.pointer == pointer
    assert len(str(refused.value)) < 700
    speech.check_all(refused.value)


def test_a_stock_is_what_all_days_up_to_the_earlier_of_period_end_and_as_of_left_standing() -> None:
    query = ask(measure="titles_held,registrations", period="2025-Q3,2026", as_of="2025-08-31")
    stock, flow = query.measures
    ended, to_come = query.periods
    first, until = date(1900, 1, 1), date(2025, 8, 31)
    for period in (ended, to_come):
        found = query.span(stock, period)
        assert (found.label, found.first, found.last) == (period.label, first, until)
    assert query.span(flow, ended).first == date(2025, 7, 1)
    assert query.span(flow, to_come).empty


NAMES = ("measure", "area", "period", "as_of", "known_at", "map_date", "by", "kind", "x")


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_whatever_is_asked_is_understood_or_refused(given) -> None:
    with suppress(Refusal):
        assert ask(**{"measure": "participations", **given}).measures
