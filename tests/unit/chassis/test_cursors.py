"""Cursors: a list goes on exactly where it stopped, and on no other list."""

import base64
from datetime import date
from uuid import UUID

import pytest
from chassis.edge import cursors
from chassis.errors import Invalid
from hypothesis import given
from hypothesis import strategies as st

KEY = tuple[date, UUID]
days = st.dates()
ids = st.uuids()


@given(days, ids)
def test_a_cursor_comes_back_as_it_was(day, stream):
    cursor = cursors.encode((day, stream), of="courses")
    assert cursors.decode(cursor, KEY, of="courses") == (day, stream)
    assert cursor.isascii()


@given(days, ids, st.integers(0, 100), st.integers(1, 255))
def test_a_garbled_cursor_is_refused(day, stream, at, change):
    packed = bytearray(base64.urlsafe_b64decode(cursors.encode((day, stream), of="courses") + "=="))
    packed[at % len(packed)] ^= change
    garbled = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    with pytest.raises(Invalid, match="cursor"):
        cursors.decode(garbled, KEY, of="courses")


@given(st.text(max_size=80))
def test_what_was_never_a_cursor_is_refused(text):
    with pytest.raises(Invalid):
        cursors.decode(text, KEY, of="courses")


def test_a_cursor_serves_only_the_list_and_the_filters_it_was_made_for():
    cursor = cursors.encode((date(2025, 1, 1), UUID(int=1)), of="courses?area=03763")
    with pytest.raises(Invalid) as refused:
        cursors.decode(cursor, KEY, of="courses?area=03646")
    assert refused.value.faults[0].pointer == "?cursor"


def test_a_cursor_has_bounds():
    with pytest.raises(Invalid):
        cursors.decode("A" * 600, KEY, of="courses")
