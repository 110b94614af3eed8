"""The catalogue of statistics."""

import unicodedata

import pytest
from khuyenhoc.funds.v1 import events_pb2 as funds
from khuyenhoc.registry.v1 import events_pb2 as registry
from khuyenhoc.training.v1 import events_pb2 as training
from reporting.catalogue.training import COURSE_KINDS
from reporting.labels import LABELS
from reporting.measures import (
    MEASURES,
    NUMBERS,
    VALUES,
    Kind,
    dimensions_of,
    every_dimension,
)


def test_the_kinds_of_course_are_those_training_publishes() -> None:
    assert ("COURSE_KIND_UNSPECIFIED", *COURSE_KINDS) == tuple(training.CourseKind.keys())
    assert set(LABELS["course_kinds"]) == set(COURSE_KINDS)


@pytest.mark.parametrize(
    ("dimension", "enum"),
    [
        ("fund_kind", funds.FundKind),
        ("channel", funds.Channel),
        ("recipient_kind", funds.RecipientKind),
        ("model", registry.LearningModel),
    ],
)
def test_the_codes_of_other_services_are_those_they_publish(dimension, enum) -> None:
    assert VALUES[dimension] == tuple(enum.keys()[1:])
    assert set(LABELS[f"{dimension}s"]) == set(VALUES[dimension])


def test_a_season_is_a_year_and_every_other_dimension_a_list_with_labels() -> None:
    lists = {"kind": "course_kinds"}
    for dimension in every_dimension() - {"season"}:
        assert set(LABELS[lists.get(dimension, f"{dimension}s")]) == set(VALUES[dimension])


def test_only_dimensions_of_measures_have_lists_of_values() -> None:
    assert VALUES.keys() <= every_dimension()


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.id)
def test_every_measure_speaks_vietnamese_and_english(measure) -> None:
    for words in (measure.name, measure.unit, measure.definition):
        assert words.vi != words.en
        assert all(text == unicodedata.normalize("NFC", text) for text in (words.vi, words.en))
        assert not words.en.endswith(" ")


def test_a_distinct_measure_says_of_which_flow_it_knows_the_names() -> None:
    for measure in MEASURES.values():
        assert (measure.kind is Kind.DISTINCT) == (measure.of is not None)
        if measure.of is not None:
            flow = MEASURES[measure.of]
            assert flow.kind is Kind.FLOW
            assert flow.dimensions == measure.dimensions


def test_measures_asked_together_share_their_dimensions() -> None:
    courses, money = MEASURES["courses_completed"], MEASURES["funds_mobilised"]
    assert dimensions_of([courses, MEASURES["participations"]]) == ("kind",)
    assert dimensions_of([money, MEASURES["funds_spent"]]) == ("fund_kind",)
    assert dimensions_of([courses, money]) == ()


def test_every_measure_that_is_stored_has_a_number_of_its_own() -> None:
    stored = {one.id for one in MEASURES.values() if one.kind is not Kind.RATIO}
    assert NUMBERS.keys() == stored
    assert len(set(NUMBERS.values())) == len(stored)
