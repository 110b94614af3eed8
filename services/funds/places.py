"""Which area an act counts in: that of its own day, followed along the succession."""

from datetime import date

from chassis.area import Area, Areas
from chassis.edge.session import Session
from chassis.errors import UnknownArea


def placed(text: str, on: date, session: Session) -> Area:
    """The area meant by `text` (a bare code is of today's map), in force on an act's day.

    Raises:
        UnknownArea: it was not in force then; the sentence names that day's candidates.
    """
    areas = session.areas
    if "@" in text or on == session.today:
        return areas.resolve(text, on)
    try:
        text = str(areas.resolve(text, session.today))
    except UnknownArea:
        then = areas.unit(areas.resolve(text, on))
        raise UnknownArea(
            f"{text!r} is not on today's map; in force on {on}: {then}, written in full",
            f"{text!r} không có trên bản đồ hôm nay; ngày {on} có: {then}, cần ghi đủ mã và ngày",
        ) from None
    return areas.resolve(text, on)


def carried(area: str, since: date, on: date, areas: Areas) -> str:
    """An area given on one day as it is on a later act's day; as given where none can be said.

    An act before that day keeps the area too: a map is followed forward, never back.
    """
    given = areas.resolve(area, since)
    try:
        return str(areas.carry(given, max(on, since)))
    except UnknownArea:
        return area
