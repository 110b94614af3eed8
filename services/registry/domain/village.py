"""Village: minted by the registry, and itself whatever becomes of its commune."""

from datetime import date

from chassis.area import Area, AreaKind, Unit
from chassis.domain import Aggregate, event, natural_id

from registry.domain.area import AreaUnit


class Village(Aggregate):
    """A bản, thôn, tiểu khu or tổ dân phố. Which commune it lies in today follows from the
    succession of the one it was opened in; nothing of its own changes with a reform.
    """

    class VillageOpened(Aggregate.Created):
        TOPIC = "registry.VillageOpened"
        village: str
        name: str
        commune: str
        opened_on: date

    @classmethod
    def open(cls, province: str, commune: AreaUnit, name: str, opened_on: date) -> "Village":
        """A village under the commune's next number. Both are saved in one append.

        Raises:
            VillageExists, WrongState: see `AreaUnit.number_village`.
        """
        village = str(commune.number_village(name, opened_on))
        return cls(
            id=natural_id(province, "village", village),
            village=village,
            name=name,
            commune=commune.area,
            opened_on=opened_on,
        )

    @event(VillageOpened)
    def __init__(self, village: str, name: str, commune: str, opened_on: date) -> None:
        self.village = village
        self.name = name
        self.commune = commune
        self.opened_on = opened_on

    def unit(self) -> Unit:
        """What the maps need to know of it."""
        return as_unit(self.village, self.name, self.commune)


def as_unit(village: str, name: str, commune: str) -> Unit:
    """A village as a place of the map, its parent the commune it was opened in (both exact)."""
    return Unit(_exact(village), name, AreaKind.VILLAGE, parent=_exact(commune))


def _exact(text: str) -> Area:
    code, _, began = text.partition("@")
    return Area(code, date.fromisoformat(began))
