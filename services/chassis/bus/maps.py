"""Pure: what the registry's published events change on the maps."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Literal, Protocol

import msgspec
import structlog
from khuyenhoc.registry.v1 import events_pb2 as registry

from chassis.area import Area, AreaKind, Areas, Unit
from chassis.errors import UnknownArea

_logger = structlog.get_logger("chassis.maps")


class Published(Protocol):
    """What of an envelope tells of a place."""

    @property
    def type(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class Change(msgspec.Struct, frozen=True):
    """``other`` is the exact parent of what opened, or the exact successor of what ended."""

    change: Literal["opened", "closed", "succeeded"]
    area: str
    kind: str = ""
    name: str = ""
    other: str = ""
    ended_on: date | None = None


def change(event: Published) -> Change | None:
    """What a published event changes on the map; ``None`` for every other event.

    Raises:
        ValueError: it names no area, no kind of place or no day.
    """
    told = _TOLD.get(event.type)
    return told(event.data) if told else None


def drawn(base: Areas, changes: Iterable[Change]) -> Areas:
    """The maps that changes, in the order of the log, make of others.

    What closes a place that was never opened waits parked where it was opened: it is left out.
    """
    areas = base.copy()
    for each in changes:
        try:
            apply(areas, each)
        except UnknownArea as error:
            _logger.warning("no_such_place", what=str(error))
    return areas


def apply(areas: Areas, it: Change) -> None:
    """Change the map. What the data files say of a place already known stays.

    Raises:
        UnknownArea: what closes was never opened.
    """
    area, other = areas.exact(it.area), areas.exact(it.other) if it.other else None
    if it.change == "closed" and it.ended_on is not None:
        areas.close(area, it.ended_on)
    elif it.change == "succeeded" and other is not None:
        areas.succeed(area, other)
    elif it.change == "opened":
        with suppress(UnknownArea):
            areas.unit(area)
            return
        areas.add(Unit(area, it.name, AreaKind(it.kind), parent=other))


def _opened(data: bytes) -> Change:
    it = registry.AreaOpened.FromString(data)
    _sound(it.area, it.parent)
    return Change("opened", it.area, AreaKind(it.kind), it.name, it.parent)


def _village(data: bytes) -> Change:
    it = registry.VillageOpened.FromString(data)
    _sound(it.village, it.commune)
    return Change("opened", it.village, AreaKind.VILLAGE, it.name, it.commune)


def _closed(data: bytes) -> Change:
    it = registry.AreaClosed.FromString(data)
    _sound(it.area)
    return Change("closed", it.area, ended_on=date.fromisoformat(it.closed_on))


def _succeeded(data: bytes) -> Change:
    it = registry.AreaSucceeded.FromString(data)
    _sound(it.area, it.successor)
    return Change("succeeded", it.area, other=it.successor)


def _sound(*areas: str) -> None:
    for area in areas:
        Area.parse(area)


_TOLD: Mapping[str, Callable[[bytes], Change]] = {
    registry.AreaOpened.DESCRIPTOR.full_name: _opened,
    registry.VillageOpened.DESCRIPTOR.full_name: _village,
    registry.AreaClosed.DESCRIPTOR.full_name: _closed,
    registry.AreaSucceeded.DESCRIPTOR.full_name: _succeeded,
}
