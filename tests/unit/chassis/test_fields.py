"""Fields: what people send is typed strictly, and what is wrong is named with its value."""

import json
import unicodedata
from contextlib import suppress
from datetime import date
from typing import Annotated
from uuid import UUID

import pytest
from chassis.edge.commands import Command
from chassis.edge.decode import Form, checked_key
from chassis.edge.fields import ActDay, Amount, Count, Day, Name, Part, PersonalName
from chassis.errors import Invalid, KeyRequired, Malformed, Refusal
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta


class Donor(Part):
    name: PersonalName | None = None
    anonymous: bool = False


class Report(Command):
    """Every kind of field there is."""

    id: UUID | None = None
    participants: Count
    title: Name | None = None
    held_on: ActDay | None = None
    starts_on: Day | None = None
    amount: Amount | None = None
    author: PersonalName | None = None
    donor: Donor | None = None
    learners: Annotated[list[UUID], Meta(max_length=3)] = []  # noqa: RUF012  # msgspec copies it
    tags: list[str] = []  # noqa: RUF012


FORM = Form(Report)


def body(**fields) -> bytes:
    return json.dumps({"participants": 1} | fields, ensure_ascii=False).encode()


def refused(raw: bytes) -> Refusal:
    with pytest.raises(Refusal) as raised:
        FORM.one(raw)
    return raised.value


@pytest.mark.parametrize(
    ("fields", "pointer", "value"),
    [
        ({"participants": -1}, "/participants", -1),
        ({"participants": 1.5}, "/participants", 1.5),
        ({"participants": 10**30}, "/participants", 10**30),
        ({"participants": 1_000_001}, "/participants", 1_000_001),
        ({"participants": "34"}, "/participants", "34"),
        ({"participants": True}, "/participants", True),
        ({"participants": None}, "/participants", None),
        ({"held_on": "2025-02-30"}, "/held_on", "2025-02-30"),
        ({"held_on": "2025-2-3"}, "/held_on", "2025-2-3"),
        ({"held_on": "03/02/2025"}, "/held_on", "03/02/2025"),
        ({"held_on": "2025-02-03T00:00:00Z"}, "/held_on", "2025-02-03T00:00:00Z"),
        ({"held_on": 20250203}, "/held_on", 20250203),
        ({"amount": 0}, "/amount", 0),
        ({"amount": 9 * 10**15 + 1}, "/amount", 9 * 10**15 + 1),
        ({"amount": 100.5}, "/amount", 100.5),
        ({"id": "not an id"}, "/id", "not an id"),
        ({"title": ""}, "/title", ""),
        ({"title": "x" * 201}, "/title", "x" * 201),
        ({"title": "a\x00b"}, "/title", "a\x00b"),
        ({"title": "   "}, "/title", "   "),
        ({"learners": ["x"]}, "/learners/0", "x"),
        ({"tags": ["good", "b\x07d"]}, "/tags", ["good", "b\x07d"]),
    ],
)
def test_a_wrong_field_is_refused_by_its_place_and_value(fields, pointer, value):
    refusal = refused(body(**fields))
    assert isinstance(refusal, Invalid)
    assert (refusal.faults[0].pointer, refusal.faults[0].value) == (pointer, value)


def test_a_missing_field_is_named():
    refusal = refused(b"{}")
    assert (refusal.faults[0].pointer, refusal.faults[0].code) == ("/participants", "missing")


def test_an_unknown_field_is_refused_by_name():
    refusal = refused(body(**{"a/b~c": 1}))
    assert (refusal.faults[0].pointer, refusal.faults[0].code) == ("/a~1b~0c", "unknown-field")


def test_an_unknown_field_with_a_very_long_name_is_not_repeated_whole():
    assert len(str(refused(body(**{"x" * 50_000: 1})).said)) < 600


@pytest.mark.parametrize(
    "raw",
    [
        b'{"participants": 1, "participants": 2}',
        b'{"participants": 1, "donor": {"anonymous": true, "anonymous": false}}',
        b'{"title": "\\u006b", "participants": 1, "t\\u0069tle": "other"}',
    ],
)
def test_a_field_given_twice_is_refused(raw):
    refusal = refused(raw)
    assert (refusal.code, refusal.faults[0].code) == ("invalid", "duplicate-field")


@given(
    st.lists(
        st.sampled_from(
            [
                '"title":"a"',
                '"title":"a:b"',
                '"t\\u0069tle":"a\\u003ab"',
                '"id":null',
                '"tags":[]',
                '"tags":["x:y","z"]',
                '"donor":{"anonymous":true}',
                '"donor":{"name":"Quý","anonymous":false}',
            ]
        ),
        max_size=4,
    )
)
def test_no_field_given_twice_is_ever_missed(fields):
    names = [next(iter(json.loads(f"{{{field}}}"))) for field in fields]
    raw = ("{" + ",".join(['"participants":1', *fields]) + "}").encode()
    if len(set(names)) == len(names):
        assert FORM.one(raw).participants == 1
    else:
        assert refused(raw).faults[0].code == "duplicate-field"


def test_colons_in_a_text_are_not_taken_for_fields():
    assert FORM.one(body(title='Lớp: "hai": ba')).title == 'Lớp: "hai": ba'


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"participants=1",
        b"{'participants': 1}",
        b'{"participants": NaN}',
        b'{"participants": 1} {}',
        b'{"participants": 1, "title": "\xff"}',
        '{"participants": 1, "title": "Lớp"}'.encode("utf-16"),
        b"\xef\xbb\xbf" + body(),
        b'{"participants": 1, "title": "\\ud800"}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"x":' * 100_000,
        b'{"participants":1,"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"participants": -1, "title": ',
    ],
)
def test_what_is_not_json_in_utf_8_or_is_nested_too_deeply_is_malformed(raw):
    assert isinstance(refused(raw), Malformed)


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"x"', b"null"])
def test_a_body_that_is_no_object_is_invalid(raw):
    assert isinstance(refused(raw), Invalid)


@pytest.mark.parametrize("author", [5, "", "x" * 201, "Lò Văn\x00A", ["Lò Văn A"]])
def test_the_value_of_a_personal_field_is_never_repeated(author):
    refusal = refused(body(author=author))
    assert refusal.faults[0].pointer == "/author"
    assert refusal.faults[0].value is None
    assert "Lò Văn" not in str((refusal.said, refusal.faults))


def test_a_personal_field_inside_another_is_not_repeated_either():
    refusal = refused(body(donor={"name": 12345}))
    assert (refusal.faults[0].pointer, refusal.faults[0].value) == ("/donor/name", None)


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Cn", "Co"]), max_size=60))
def test_texts_are_kept_in_nfc(text):
    try:
        kept = FORM.one(body(title=text)).title
    except Invalid:
        assert not text.strip()
    else:
        assert kept == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "written", ["Tiếng Thái", "Tie\u0302\u0301ng Tha\u0301i", "Ti\u1ebfng Tha\u0301i"]
)
def test_texts_mean_the_same_however_their_marks_were_typed(written):
    escaped = json.dumps({"participants": 1, "title": written}).encode()
    assert FORM.one(body(title=written)).title == FORM.one(escaped).title == "Tiếng Thái"


def test_the_same_command_has_the_same_bytes_however_it_was_written():
    _, one = FORM.read(b'{"participants":34,"title":"L\xe1\xbb\x9bp"}')
    _, two = FORM.read(b'{ "title" : "L\\u01a1\\u0301p",\n "id": null, "participants": 34 }')
    *_, row = FORM.row(b'{"key":"k","if_version":3,"title":"L\xe1\xbb\x9bp","participants":34}')
    assert one == two == row
    assert one != FORM.read(body(title="Lớp"))[1]


def test_an_act_never_lies_in_the_future_but_a_plan_may():
    today = date(2025, 10, 15)
    FORM.check_days(FORM.one(body(held_on="2025-10-15", starts_on="2030-01-01")), today)
    with pytest.raises(Invalid, match="2025-10-15") as raised:
        FORM.check_days(FORM.one(body(held_on="2025-10-16")), today)
    assert raised.value.faults[0].pointer == "/held_on"
    assert raised.value.faults[0].value == date(2025, 10, 16)


def test_a_row_is_the_command_with_its_key():
    key, version, command, _ = FORM.row(b'{"key":"a1","if_version":2,"participants":5}')
    assert (key, version, command.participants) == ("a1", 2, 5)
    assert isinstance(command, Report)


@pytest.mark.parametrize(
    "row",
    [
        b'{"participants":5}',
        b'{"key":null,"participants":5}',
        b'{"key":"","participants":5}',
        b'{"key":7,"participants":5}',
        b'{"key":"%s","participants":5}' % (b"k" * 65),
        '{"key":"khóa","participants":5}'.encode(),
        b'{"key":"a\\nb","participants":5}',
        b'{"participants":-5}',
    ],
)
def test_a_row_needs_a_key_before_anything_else(row):
    with pytest.raises(KeyRequired) as raised:
        FORM.row(row)
    assert raised.value.faults[0].pointer == "/key"


@pytest.mark.parametrize("key", ["k", "k" * 64, "2025/14 #3", "~"])
def test_a_key_has_1_to_64_ascii_characters(key):
    assert checked_key(key, "Idempotency-Key") == key


@pytest.mark.parametrize("if_version", [0, -1, "2", 1.5])
def test_the_version_a_row_expects_is_a_version(if_version):
    with pytest.raises(Invalid) as raised:
        FORM.row(json.dumps({"key": "k", "participants": 5, "if_version": if_version}).encode())
    assert raised.value.faults[0].pointer == "/if_version"


def test_a_command_may_not_have_a_field_called_key():
    class Keyed(Command):
        key: str

    with pytest.raises(TypeError, match="key"):
        Form(Keyed)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_get_anything_but_a_command_or_a_refusal(raw):
    for read in (FORM.one, FORM.row):
        with suppress(Malformed, Invalid, KeyRequired):
            read(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
fields = st.sampled_from([*Report.__struct_fields__, "key", "if_version", "other"])


@given(st.dictionaries(fields, json_values, max_size=5))
def test_no_json_whatever_gets_anything_but_a_command_or_a_refusal(sent):
    for read in (FORM.one, FORM.row):
        with suppress(Malformed, Invalid, KeyRequired):
            read(json.dumps(sent).encode())
