"""From answers to what the page shows: what is 0, what is unknown, and what must be said."""

from datetime import UTC, date, datetime

import pytest
from chassis.area import Areas
from msgspec import UNSET
from reporting.answer import Origin, Row, SourcePosition, Statistics
from reporting.page import sentences
from reporting.page.addresses import Address
from reporting.page.asking import question
from reporting.page.figures import Figures, Overview, ask
from reporting.page.map import load
from reporting.page.view import report
from reporting.page.voice import Voice
from reporting.sources import Source

AREAS = Areas.of_province("14")
PICTURE = load("14")
NOW = datetime(2025, 10, 15, 5, tzinfo=UTC)
LONG_HE = "03763@2025-07-01"
TO_HIEU = "03646@2025-07-01"


def a_question(signed_in=True, **chosen):
    given = {"measure": "participations", **chosen}
    return question(Address.of(given), NOW, AREAS, PICTURE, signed_in=signed_in)


def a_row(measure, area, value, **fields):
    unknown = fields.pop("unknown", 0 if measure == "distinct_learners" else UNSET)
    return Row(
        measure=measure, area=area, period="p", by={}, value=value, unknown=unknown, **fields
    )


def figures_of(area, courses, people, learners=0, **fields):
    return (
        a_row("courses_completed", area, courses, **fields),
        a_row("participations", area, people, **fields),
        a_row("distinct_learners", area, learners, unknown=people - learners, **fields),
    )


def an_answer(asked, rows=(), parked=0, origin=UNSET):
    at = SourcePosition(
        position=40, recorded_at="2025-10-15T03:00:00.000000Z", parked=parked, origin=origin
    )
    return Statistics(
        province="14", asked=asked.query.asked(), rows=tuple(rows), positions={"14.training": at},
        catalogue="1",
    )  # fmt: skip


def a_source(**fields):
    plain = {"position": 40, "recorded_at": None, "published": 40, "lag_events": 0, "lag_s": 0.0,
             "parked_events": 0}  # fmt: skip
    return Source(log="14.training", **{**plain, **fields})


def a_view(
    asked=None, totals=(), places=(), months=(), before=(), sources=(), pictured=None, given=None
):
    asked = asked or a_question()
    answers = {
        name: an_answer(asked, rows)
        for name, rows in (("totals", totals), ("places", places), ("months", months),
                           ("months_before", before), ("breakdown", ()))
    }  # fmt: skip
    nothing = an_answer(asked)
    overview = {"titles": nothing, "rates": nothing, "funds": nothing, "training": nothing}
    given = {"overview": Overview(**overview), **(given or {})}
    figures = Figures(**answers | given, pictured=pictured, sources=sources)
    return report(asked, figures, AREAS, PICTURE, Address.of({}))


def line_of(view, area):
    return next(line for line in view.lines if str(line.unit.area) == area)


def by_month(**values):
    return [
        Row(measure="participations", area="14", period=m, by={"month": m}, value=v)
        for m, v in ((f"{key[1:5]}-{key[5:]}", value) for key, value in values.items())
    ]


def test_a_place_without_a_row_has_no_report_and_a_class_nobody_came_to_counts_zero():
    view = a_view(places=figures_of(TO_HIEU, 1, 0))
    assert not line_of(view, LONG_HE).numbers.reported
    assert line_of(view, TO_HIEU).numbers.cells["participations"].value == 0
    assert view.reported == 1


def test_zero_courses_are_no_report_because_nobody_reports_having_held_none():
    assert not a_view(totals=figures_of("14", 0, 0)).numbers.reported
    assert a_view(totals=figures_of("14", 1, 0)).numbers.reported


def test_a_suppressed_figure_is_neither_shown_nor_coloured_nor_ranked():
    view = a_view(places=figures_of(LONG_HE, 2, 3, suppressed=True))
    line = line_of(view, LONG_HE)
    assert line.numbers.reported
    assert line.rank is None
    assert sentences.figure(
        line.numbers.cells["participations"], "participations", Voice("vi")
    ) == ("không công bố")
    patch = next(p for p in view.picture.patches if str(p.unit.area) == LONG_HE)
    assert patch.step is None
    assert view.suppressed


def test_places_without_a_report_come_last_and_equal_ones_by_the_alphabet():
    view = a_view(places=[*figures_of(TO_HIEU, 1, 5), *figures_of(LONG_HE, 1, 5)])
    assert [line.unit.name for line in view.lines[:3]] == ["Long Hẹ", "Tô Hiệu", "Bắc Yên"]
    assert [line.rank for line in view.lines[:3]] == [1, 1, None]


def test_what_cannot_be_placed_stands_at_the_province_and_is_named():
    row = figures_of("14", 3, 90, unallocated=2)
    view = a_view(places=row)
    assert view.elsewhere.cells["courses_completed"].value == 3
    assert view.unallocated == 2


def test_a_chosen_old_commune_is_outlined_where_its_land_lies_today():
    view = a_view(a_question(area="03724@1900-01-01"))
    [patch] = [patch for patch in view.picture.patches if patch.chosen]
    assert str(patch.unit.area) == "03724@2025-07-01"


def test_on_an_old_map_the_picture_shows_another_answer_and_says_of_which_day():
    asked = a_question(map_date="2025-06-30")
    view = a_view(asked, pictured=an_answer(asked, figures_of(LONG_HE, 1, 7)))
    assert view.picture.drawn_for == date(2025, 7, 1)
    assert len(view.lines) == 200
    assert view.picture.reported == 1
    assert view.reported == 0


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ({}, []),
        ({"lag_events": 3, "lag_s": 1.2}, []),
        ({"lag_events": 3, "lag_s": 42.0}, ["late"]),
        ({"lag_s": 8.0}, []),
        ({"lag_s": 90.0}, ["silent"]),
        ({"parked_events": 2, "lag_events": 3, "lag_s": 42.0}, ["parked", "late"]),
        ({"alarms": ("x",), "parked_events": 1}, ["alarm", "parked"]),
    ],
)
def test_a_reader_is_told_of_a_source_that_is_late_parked_or_halted(source, kinds):
    view = a_view(sources=(a_source(**source),))
    assert [notice.kind for notice in view.notices] == kinds


def test_a_known_time_in_a_history_that_was_lost_is_marked():
    asked = a_question()
    lost = Origin(at=30, known_after=None, accepted_at="2025-10-15T04:00:00.000000Z")
    marked = a_view(asked, given={"totals": an_answer(asked, origin=lost)})
    assert [(notice.kind, notice.position) for notice in marked.notices] == [("withdrawn", 30)]


def test_twelve_months_are_compared_with_a_percentage_and_its_base():
    said = a_view(months=by_month(_202510=30, _202509=100), before=by_month(_202409=100))
    assert str(sentences.compared(said, Voice("vi"))) == (
        "Mười hai tháng đến 15/10/2025: 130 lượt người, nhiều hơn cùng kỳ năm trước 30"
        " (30,0\u00a0% của 100)."
    )


def test_without_a_report_the_year_before_there_is_no_percentage():
    said = a_view(months=by_month(_202510=30))
    assert "chưa có báo cáo" in sentences.compared(said, Voice("vi"))
    assert "%" not in sentences.compared(said, Voice("vi"))


def test_learners_are_never_added_over_months():
    asked = a_question(measure="distinct_learners")
    rows = [
        Row(measure="distinct_learners", area="14", period="", by={"month": "2025-09"}, value=4),
        Row(measure="distinct_learners", area="14", period="", by={"month": "2025-10"}, value=4),
    ]
    view = a_view(asked, months=rows, before=rows)
    assert view.trend.now is None
    assert sentences.compared(view, Voice("vi")) is None


@pytest.mark.parametrize(
    ("as_of", "before"),
    [
        ("2025-10-15", (date(2023, 11, 1), date(2024, 10, 15))),
        ("2024-02-29", (date(2022, 3, 1), date(2023, 2, 28))),
        ("2025-02-28", (date(2023, 3, 1), date(2024, 2, 29))),
        ("2024-02-28", (date(2022, 3, 1), date(2023, 2, 28))),
        ("2025-12-31", (date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_an_unfinished_month_meets_the_same_days_and_a_whole_month_the_whole(as_of, before):
    period = a_question(as_of=as_of).months_before
    assert (period.first, period.last) == before


async def test_every_figure_of_a_page_is_known_at_one_time():
    asked = a_question()
    later = datetime(2025, 10, 15, 6, tzinfo=UTC)
    seen = []

    class Reporting:
        async def statistics(self, query):
            seen.append((query.known_at, query.known_now))
            given = an_answer(asked)
            given.asked["known_at"] = "2025-10-15T06:00:00.000000Z"
            return given

        async def sources(self):
            return ()

    await ask(Reporting(), asked, AREAS.province)
    assert seen[0] == (NOW, True)
    assert set(seen[1:]) == {(later, False)}
    assert len(seen) == 9


def test_a_text_in_an_answer_is_never_markup():
    said = Voice("vi").say("rank", rank="<b>1</b>", count=2)
    assert "&lt;b&gt;1" in said
