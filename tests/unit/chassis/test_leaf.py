"""An entry always fits the 16 bits that a proof's format has for its length."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from chassis.log.leaf import MAX_ENTRY_BYTES, MAX_TYPE_BYTES, EntryTooLarge, entry
from chassis.log.record import Recorded


def an_event(type_: str, payload: bytes = b"{}") -> Recorded:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    return Recorded(1, UUID(int=1), 1, type_, at, UUID(int=2), payload, b"{}")


def test_the_longest_name_that_fits_fills_an_entry() -> None:
    assert MAX_ENTRY_BYTES == 65_535
    assert len(entry(an_event("x" * MAX_TYPE_BYTES))) == 65_535


@pytest.mark.parametrize("name", ["x" * (MAX_TYPE_BYTES + 1), "ự" * (MAX_TYPE_BYTES // 3 + 1)])
def test_a_longer_name_is_refused_not_cut(name: str) -> None:
    with pytest.raises(EntryTooLarge):
        entry(an_event(name))


def test_a_payload_of_any_size_takes_the_same_room() -> None:
    assert len(entry(an_event("t"))) == len(entry(an_event("t", b'"%s"' % (b"x" * 200_000))))
