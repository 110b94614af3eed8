"""Problems: one document for every "no", in the reader's language, without anybody's data."""

import inspect
import json
from datetime import date

import pytest
from chassis import errors
from chassis.edge import labels, problems, rpc
from chassis.errors import Busy, Fault, Invalid, Refusal, Unauthenticated


def shown(refusal: Refusal, language: str = "vi") -> dict:
    return json.loads(problems.encode(problems.document(refusal, language, "a" * 32)))


def refusals() -> list[type[Refusal]]:
    found = [cls for _, cls in inspect.getmembers(errors, inspect.isclass)]
    return [cls for cls in found if issubclass(cls, Refusal)]


def no(*faults: Fault) -> Invalid:
    return Invalid("no", "không", faults=faults)


def test_a_problem_has_exactly_the_promised_members():
    fault = Fault("/participants", "invalid", "below 0", "nhỏ hơn 0", -3)
    assert shown(Invalid("participants: below 0", "số người: nhỏ hơn 0", faults=[fault])) == {
        "type": "urn:khuyenhoc:problem:invalid",
        "code": "invalid",
        "title": "Dữ liệu không hợp lệ",
        "status": 422,
        "detail": "số người: nhỏ hơn 0",
        "trace_id": "a" * 32,
        "errors": [
            {
                "pointer": "/participants",
                "code": "invalid",
                "detail": "nhỏ hơn 0",
                "value": -3,
            }
        ],
    }


@pytest.mark.parametrize("refusal", refusals(), ids=lambda cls: cls.__name__)
def test_every_refusal_speaks_the_language_of_the_caller_and_has_a_status_in_each_transport(
    refusal,
):
    said = refusal.at("/title", "a sentence", "một câu")
    document, english = shown(said), shown(said, "en")
    assert document["status"] == problems.STATUS[refusal.code]
    assert rpc.CODES[refusal.code]
    assert document["title"] == labels.PROBLEMS[refusal.code].vi != english["title"]
    assert document["detail"] == document["errors"][0]["detail"] == "một câu"
    assert english["detail"] == english["errors"][0]["detail"] == "a sentence"


def test_logs_and_operators_read_a_refusal_in_english():
    assert str(Invalid("a sentence", "một câu")) == "a sentence"


def test_a_refusal_without_its_vietnamese_sentence_cannot_be_made():
    with pytest.raises(TypeError, match="vi"):
        Invalid("a sentence")


def test_the_three_tables_know_the_same_codes():
    assert set(problems.STATUS) == set(labels.PROBLEMS) == set(rpc.CODES)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("malformed", 400), ("key-required", 400), ("unauthenticated", 401), ("forbidden", 403),
        ("outside-area", 403), ("same-person", 403), ("not-found", 404), ("wrong-state", 409),
        ("already-exists", 409), ("case-exists", 409), ("number-taken", 409),
        ("insufficient-balance", 409), ("earmark-mismatch", 409), ("erased", 410), ("stale", 412),
        ("too-large", 413), ("unsupported-media", 415), ("invalid", 422), ("unknown-area", 422),
        ("unknown-measure", 422), ("bad-period", 422), ("wrong-model", 422),
        ("score-out-of-range", 422), ("key-reused", 422), ("busy", 503),
        ("position-not-reached", 503),
    ],
)  # fmt: skip
def test_codes_keep_their_status(code, status):
    assert problems.STATUS[code] == status


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10**30, 10**30),
        (1.5, 1.5),
        (float("inf"), "inf"),
        ("x" * 500, "x" * 100 + "..."),
        (date(2025, 1, 1), "2025-01-01"),
        (True, True),
        ("\ud800", "?"),
    ],
)
def test_a_wrong_value_is_repeated_within_bounds(value, expected):
    error = shown(no(Fault("/x", "invalid", "no", "không", value)))["errors"][0]
    assert error["value"] == expected


@pytest.mark.parametrize("value", [None, {"name": "Lò Văn A"}, ["Lò Văn A"]])
def test_no_value_and_whole_structures_are_not_repeated(value):
    error = shown(no(Fault("/x", "invalid", "no", "không", value)))["errors"][0]
    assert "value" not in error


def test_who_should_come_back_is_told_when():
    assert problems.headers_of(Busy("full", "đầy", retry_after=7)) == {"retry-after": "7"}


def test_who_brought_a_bad_token_is_told_so():
    def rule(code: str) -> Unauthenticated:
        fault = Fault("Authorization", code, "no", "không")
        return Unauthenticated("no", "không", faults=[fault])

    missing = rule("missing")
    assert problems.headers_of(missing) == {"www-authenticate": "Bearer"}
    assert (
        problems.headers_of(rule("expired"))["www-authenticate"] == 'Bearer error="invalid_token"'
    )


def test_our_own_faults_are_answered_without_their_details():
    refusal = problems.as_refusal(ValueError("password=hunter2"))
    assert refusal.code == "internal"
    assert "hunter2" not in problems.encode(problems.document(refusal, "vi", "")).decode()


def test_a_database_out_of_reach_is_a_reason_to_come_back():
    assert problems.as_refusal(ConnectionRefusedError()).code == "busy"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "vi"), ("", "vi"), ("vi", "vi"), ("en", "en"), ("en-GB,en;q=0.9", "en"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"), ("en;q=0.2, vi;q=0.7", "vi"), ("fr", "vi"),
        ("fr, en;q=0.5", "en"), ("EN", "en"), ("en;q=x", "vi"), ("*", "vi"), ("en;q=0", "vi"),
        (";;,,=", "vi"), ("en " * 5000, "vi"),
    ],
)  # fmt: skip
def test_the_language_is_vietnamese_unless_english_is_preferred(header, language):
    assert labels.preferred(header) == language


def test_every_role_and_every_kind_of_place_has_its_name_in_both_languages():
    for group in labels.COMMON.values():
        for label in group.values():
            assert label.vi.strip()
            assert label.en.strip()
