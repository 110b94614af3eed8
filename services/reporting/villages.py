"""Pure: the commune for which a village's facts count."""

import re
from datetime import date

from chassis.area import Area, Areas
from chassis.errors import UnknownArea

_VILLAGE = re.compile(r"(\d{5})-\d{3}@(\d{4}-\d{2}-\d{2})", re.ASCII)


def commune_of(text: str, areas: Areas) -> Area | None:
    """The commune in which the village ``03742-005@2025-07-02`` was opened; ``None``: no village.

    A village bears its commune's code and its own first day, so no list of villages is needed.
    What became of the commune later became of its facts.
    """
    if (named := _VILLAGE.fullmatch(text)) is None:
        return None
    try:
        return areas.resolve(named[1], date.fromisoformat(named[2]))
    except (ValueError, UnknownArea):
        return None
