"""Known time as people write it."""

from datetime import UTC, datetime

import pytest
from chassis.errors import Invalid
from funds.known import known_instant


def test_a_day_is_meant_to_its_end_in_viet_nam() -> None:
    assert known_instant("2025-10-15") == datetime(2025, 10, 15, 16, 59, 59, 999999, tzinfo=UTC)


def test_an_instant_is_meant_as_it_is() -> None:
    assert known_instant("2025-10-15T09:00:00+07:00") == datetime(2025, 10, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("text", ["hôm qua", "2025-02-30", "2025-10-15T09:00:00", "", "2025-10"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid, match="known_at is a day") as refused:
        known_instant(text)
    assert refused.value.faults[0].pointer == "?known_at"
