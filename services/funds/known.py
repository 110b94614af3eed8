"""Known time: `known_at` is a day, meant to its end, or an instant."""

from datetime import UTC, date, datetime

from chassis.clock import end_of_day
from chassis.errors import Invalid

_DAY = len("2025-10-15")


def known_instant(text: str) -> datetime:
    """The instant up to which something was recorded, in UTC.

    Raises:
        Invalid: it is neither a day nor an RFC 3339 instant with its zone.
    """
    try:
        if len(text) == _DAY:
            return end_of_day(date.fromisoformat(text))
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Invalid.at(
            "?known_at",
            "known_at is a day, such as 2025-10-15, or an instant with its zone",
            "known_at là một ngày, như 2025-10-15, hoặc một thời điểm có múi giờ",
            text,
        )
    return instant.astimezone(UTC)
