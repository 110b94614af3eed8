"""Where acts take place: the maps of the data files, and what the log adds to them: villages, and
the places of a later reform.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import asyncpg
import structlog
from chassis.area import Area, AreaKind, Areas
from chassis.bus.maps import Change, apply
from chassis.edge.auth import Principal
from chassis.errors import Busy, UnknownArea
from chassis.log.lending import LOST
from chassis.log.store import Log, recorded

from registry.codec import CODEC
from registry.domain.area import AreaUnit
from registry.domain.village import Village

_POLL_S = 0.05
_CHANGES: Mapping[str, Callable[[Any], Change]] = {
    AreaUnit.AreaOpened.TOPIC: lambda it: Change("opened", it.area, it.kind, it.name, it.parent),
    AreaUnit.AreaSucceeded.TOPIC: lambda it: Change("succeeded", it.area, other=it.successor),
    AreaUnit.AreaClosed.TOPIC: lambda it: Change("closed", it.area, ended_on=it.closed_on),
    Village.VillageOpened.TOPIC: lambda it: Change(
        "opened", it.village, AreaKind.VILLAGE, it.name, it.commune
    ),
}
# Written out as in the index of these events: a parameter would let every poll walk the log.
TOLD = f"""
SELECT position, stream, version, type, recorded_at, command, payload::text, meta::text
FROM event WHERE type IN ({", ".join(f"'{each}'" for each in _CHANGES)}) AND position > $1
ORDER BY position
"""
_logger = structlog.get_logger("registry.places")


class Places:
    """The areas of this process. Every process learns of every change within milliseconds."""

    def __init__(self, log: Log, areas: Areas) -> None:
        self.areas = areas.copy()
        self._log = log
        self._known_to = 0
        self._reach: dict[tuple[Area, date], Sequence[str]] = {}

    async def follow(self) -> None:
        """Learn of what changes until cancelled."""
        while True:
            try:
                await self.catch_up()
            except (Busy, *LOST, asyncpg.PostgresError) as error:
                _logger.warning("places wait", error=type(error).__name__)
            await asyncio.sleep(_POLL_S)

    async def catch_up(self) -> None:
        """Learn of every place that opened or ended by now, by whatever process."""
        for row in await self._log.fetch(TOLD, self._known_to):
            event = CODEC.decode(recorded(row))
            apply(self.areas, _CHANGES[event.TOPIC](event))
            self._reach.clear()
            self._known_to = max(self._known_to, row[0])

    async def ready_for(self, texts: Iterable[str], principal: Principal, today: date) -> None:
        """Learn of villages at once when one is named, or granted, that is not known here."""
        granted = (grant.area for grant in principal.grants)
        if any("-" in text and not self._knows(text, today) for text in (*texts, *granted)):
            await self.catch_up()

    def reach(self, area: Area, today: date) -> Sequence[str]:
        """The exact forms of all that a grant over an area covers; remembered until maps change.

        A village lies in the commune that stands there today.
        """
        known = self._reach.get((area, today))
        if known is None:
            known = [str(each) for each in self.areas.reach(area, today)]
            self._reach[area, today] = known
        return known

    def reach_of_grant(self, text: str, today: date) -> Sequence[str]:
        """As `reach`; nothing for an area that is on no map of today."""
        try:
            return self.reach(self.areas.resolve(text, today), today)
        except UnknownArea:
            return ()

    async def exact(self, text: str) -> Area:
        """The area that an event names, if need be after looking for a new village."""
        area = parsed(self.areas, text)
        try:
            self.areas.unit(area)
        except UnknownArea:
            await self.catch_up()
        return area

    def _knows(self, text: str, today: date) -> bool:
        if "-" not in text.partition("@")[0]:
            return True
        try:
            self.areas.resolve(text, today)
        except UnknownArea:
            return False
        return True


def placed(areas: Areas, text: str, on: date, today: date) -> Area:
    """The area meant by `text` (a bare code is of today's map), in force on an act's day.

    Raises:
        UnknownArea: it was not in force then; the sentence names that day's candidates.
    """
    if "@" in text or on == today:
        return areas.resolve(text, on)
    try:
        text = str(areas.resolve(text, today))
    except UnknownArea:
        then = areas.unit(areas.resolve(text, on))
        raise UnknownArea(
            f"{text!r} is not on today's map; in force on {on}: {then}, written in full",
            f"{text!r} không có trên bản đồ hôm nay; ngày {on} có: {then}, xin ghi đủ cả ngày",
        ) from None
    return areas.resolve(text, on)


def carried(areas: Areas, text: str, on: date) -> Area:
    """An exact area given on one day, as of a later act's day; as it was where that is unsaid.

    An act before that day keeps the area too: a map is followed forward, never back.
    """
    given = parsed(areas, text)
    try:
        return areas.carry(given, on)
    except UnknownArea:
        return given


def parsed(areas: Areas, text: str) -> Area:
    """The area of its exact form, as events hold it."""
    code, at, began = text.partition("@")
    return Area(code, date.fromisoformat(began)) if at else areas.province
