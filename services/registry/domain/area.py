"""AreaUnit: a commune, ward or township that comes into force, is succeeded and closes."""

from collections.abc import Iterator
from datetime import date
from unicodedata import normalize
from uuid import UUID

from chassis.area import Area, AreaKind, Areas, Unit
from chassis.domain import Aggregate, event, natural_id
from chassis.errors import Invalid, WrongState

from registry.domain.refusals import VillageExists, refuse

MOST_VILLAGES = 999  # a village's number has three digits
EARLIER_FROM = 501
"""Where numbers begin in a commune of an earlier map whose code names another one today: a bare
code such as ``03742-005`` then names one village, even while villages of both communes live on."""


def area_id(province: str, area: str) -> UUID:
    """The stream of an area, by its exact form ``03763@2025-07-01``."""
    return natural_id(province, "area", area)


class AreaUnit(Aggregate):
    """A place of the map. What happens to it is an event, the reform of 2025 too."""

    class AreaOpened(Aggregate.Created):
        TOPIC = "registry.AreaOpened"
        area: str
        name: str
        kind: AreaKind
        district: str | None
        opened_on: date
        parent: str
        numbers_from: int

    class VillageNumbered(Aggregate.Event):
        """The commune's own note, so that no two villages get one number or one name."""

        TOPIC = "registry.VillageNumbered"
        number: int
        name: str

    class AreaSucceeded(Aggregate.Event):
        TOPIC = "registry.AreaSucceeded"
        area: str
        successor: str
        succeeded_on: date

    class AreaClosed(Aggregate.Event):
        TOPIC = "registry.AreaClosed"
        area: str
        closed_on: date

    @classmethod
    def open(
        cls,
        province: str,
        area: Area,
        name: str,
        kind: AreaKind,
        *,
        parent: Area,
        district: str | None = None,
        numbers_from: int = 1,
    ) -> "AreaUnit":
        """A place in force from `area.began` on; its villages are numbered from `numbers_from`."""
        return cls(
            id=area_id(province, str(area)),
            area=str(area),
            name=name,
            kind=kind,
            district=district,
            opened_on=area.began,
            parent=str(parent),
            numbers_from=numbers_from,
        )

    @event(AreaOpened)
    def __init__(
        self,
        area: str,
        name: str,
        kind: AreaKind,
        district: str | None,
        opened_on: date,
        parent: str,
        numbers_from: int,
    ) -> None:
        self.area = area
        self.name = name
        self.kind = kind
        self.district = district
        self.opened_on = opened_on
        self.parent = parent
        self.next_number = numbers_from
        self.villages: dict[str, int] = {}
        self.successors: list[str] = []
        self.closed_on: date | None = None

    def succeed(self, successor: Area, succeeded_on: date) -> None:
        """That place took over land of this one; a place divided has several successors."""
        self._require_open()
        if str(successor) == self.area or str(successor) in self.successors:
            raise WrongState(
                f"{successor} cannot succeed {self.area} (again)",
                f"{successor} không thể kế tục {self.area} (lần nữa)",
            )
        self._succeeded(self.area, str(successor), succeeded_on)

    def close(self, closed_on: date) -> None:
        """`closed_on` is the first day on which it is no longer in force."""
        self._require_open()
        if closed_on <= self.opened_on:
            raise refuse(
                Invalid,
                "/closed_on",
                f"{self.area} cannot close on {closed_on}: it began on {self.opened_on}",
                f"{self.area} không thể chấm dứt ngày {closed_on}: có từ ngày {self.opened_on}",
                closed_on.isoformat(),
            )
        self._closed(self.area, closed_on)

    def number_village(self, name: str, opened_on: date) -> Area:
        """Mint the identity of a new village in this commune: ``03742-005@<opened_on>``.

        Raises:
            VillageExists: the commune has a village of that name.
            WrongState: it was not in force that day, or has no numbers left.
        """
        self._require_in_force(opened_on)
        if _folded(name) in self.villages:
            number = self.villages[_folded(name)]
            raise VillageExists(
                f"{self.area} has a village of the name {name!r} already: number {number:03}",
                f"{self.area} đã có bản tên {name!r}: số {number:03}",
            )
        if self.next_number > MOST_VILLAGES:
            raise WrongState(
                f"{self.area} has no village numbers left", f"{self.area} đã hết số cho bản mới"
            )
        number = self.next_number
        self._numbered(number, name)
        code, _, _ = self.area.partition("@")
        return Area(f"{code}-{number:03}", opened_on)

    def _require_open(self) -> None:
        if self.closed_on is not None:
            raise WrongState(
                f"{self.area} closed on {self.closed_on}",
                f"{self.area} đã chấm dứt ngày {self.closed_on}",
            )

    def _require_in_force(self, on: date) -> None:
        if on < self.opened_on or (self.closed_on is not None and on >= self.closed_on):
            raise WrongState(
                f"{self.area} was not in force on {on}",
                f"{self.area} không có hiệu lực vào ngày {on}",
            )

    @event(VillageNumbered)
    def _numbered(self, number: int, name: str) -> None:
        self.next_number = number + 1
        self.villages[_folded(name)] = number

    @event(AreaSucceeded)
    def _succeeded(self, area: str, successor: str, succeeded_on: date) -> None:
        self.successors.append(successor)

    @event(AreaClosed)
    def _closed(self, area: str, closed_on: date) -> None:
        self.closed_on = closed_on


def _folded(name: str) -> str:
    """Names of one commune are told apart by marks (Bản Lán, Bản Lằn), not by case or spaces."""
    return " ".join(normalize("NFC", name).casefold().split())


def first_areas(areas: Areas) -> Iterator[AreaUnit]:
    """The maps of the data files as events: what is succeeded to opens before it succeeds.

    Yields each place once, with all its events pending: opened, and, where it ended,
    succeeded and closed.
    """
    units = sorted(areas.units(), key=lambda unit: (unit.ended is not None, unit.area))
    standing = {unit.area.code for unit in units if unit.ended is None}
    for unit in units:
        shared = unit.ended is not None and unit.area.code in standing
        yield _as_events(areas, unit, EARLIER_FROM if shared else 1)


def _as_events(areas: Areas, unit: Unit, numbers_from: int) -> AreaUnit:
    made = AreaUnit.open(
        areas.province.code,
        unit.area,
        unit.name,
        unit.kind,
        parent=unit.parent or areas.province,
        district=unit.district,
        numbers_from=numbers_from,
    )
    if unit.ended is not None:
        for successor in areas.successors(unit.area):
            made.succeed(successor, unit.ended)
        made.close(unit.ended)
    return made
