"""The catalogue of statistics."""

import unicodedata

import pytest
from khuyenhoc.training.v1 import events_pb2 as training
from reporting.labels import LABELS
from reporting.measures import COURSE_KINDS, MEASURES, Kind, dimensions_of


def test_the_kinds_of_course_are_those_training_publishes() -> None:
    assert ("COURSE_KIND_UNSPECIFIED", *COURSE_KINDS) == tuple(training.CourseKind.keys())
    assert set(LABELS["course_kinds"]) == set(COURSE_KINDS)


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
    assert dimensions_of(list(MEASURES.values())) == ("kind",)
