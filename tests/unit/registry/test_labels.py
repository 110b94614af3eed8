"""Every code the registry uses has a name in both languages."""

from unicodedata import normalize

import pytest
from registry.domain.criteria import Engine, Mark, Rule
from registry.domain.kind import CaseState, Group, Level, Model, Sex, SubjectKind
from registry.labels import LABELS

CODES = {
    "models": Model,
    "case_states": CaseState,
    "groups": Group,
    "levels": Level,
    "subject_kinds": SubjectKind,
    "sexes": Sex,
    "criteria_engines": Engine,
    "criteria_marks": Mark,
    "criteria_validity": Rule,
}


def test_no_group_of_labels_is_missing() -> None:
    assert LABELS.keys() == CODES.keys()


@pytest.mark.parametrize("group", CODES)
def test_every_code_is_named_in_both_languages(group: str) -> None:
    labels = LABELS[group]
    assert set(labels) == set(CODES[group])
    for label in labels.values():
        assert label.vi != label.en
        assert normalize("NFC", label.vi) == label.vi
        assert label.vi.strip()
        assert label.en.isascii() or "(" in label.en
