"""What a page shows, as values: the template reads these and computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chassis.area import Unit

from reporting.page.chart import Chart
from reporting.page.question import Question
from reporting.page.sections import Column
from reporting.page.steps import Step


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: ``value`` None is "no report yet", which is not 0."""

    value: float | None = None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures of one place or one kind, by column.

    ``unknown`` counts participants known only by number.
    """

    cells: Mapping[str, Cell]
    unknown: int | None = None

    @property
    def reported(self) -> bool:
        return any(cell.value is not None or cell.suppressed for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place of the table. ``order`` is its place in the Vietnamese alphabet."""

    unit: Unit
    href: str
    order: int
    numbers: Numbers
    rank: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Patch:
    """One unit of the picture; ``step`` None is a place without a report."""

    unit: Unit
    path: str
    label: tuple[int, int]
    href: str
    cell: Cell
    step: int | None
    rank: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """The picture. ``drawn_for`` is set where it shows another map than the one asked for."""

    height: int
    patches: tuple[Patch, ...]
    legend: tuple[Step, ...]
    reported: int
    drawn_for: date | None

    @property
    def missing(self) -> int:
        return sum(patch.step is None for patch in self.patches)

    def highest(self, count: int = 5) -> tuple[Patch, ...]:
        """The places with the highest values, best first; ties never make it longer."""
        ranked = [patch for patch in self.patches if patch.rank and patch.cell.value]
        return tuple(sorted(ranked, key=lambda patch: patch.rank or 0)[:count])


@dataclass(frozen=True, slots=True)
class KindLine:
    value: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Rate:
    """Holders for every hundred of a base, and how many that base is."""

    base_kind: str
    value: float
    base: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One published figure. ``current`` is held against ``before``: a stock of today against the
    same day of last year, what happened this year against the same days of last year.
    """

    column: Column
    value: float | None
    current: float | None
    before: float | None
    href: str
    chosen: bool
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page begins with. ``apart`` are titles of administrative communities; ``kinds`` are
    courses and participations of the kinds that are published, None where they may not be shown.
    """

    titles: tuple[Standing, ...]
    funds: tuple[Standing, ...]
    training: tuple[Standing, ...]
    apart: int
    kinds: tuple[tuple[str, int, int], ...] | None

    @property
    def without_base(self) -> tuple[Standing, ...]:
        return tuple(each for each in self.titles if not each.rates)


@dataclass(frozen=True, slots=True)
class Trend:
    """Twelve months beside the twelve before; totals are sums of what the bars show.

    They are None for a measure that does not add over months.
    """

    column: Column
    chart: Chart
    now: int | None
    before: int | None
    last: date
    partial: bool


@dataclass(frozen=True, slots=True)
class Position:
    log: str
    position: int
    recorded_at: datetime | None
    parked: int


@dataclass(frozen=True, slots=True)
class Line:
    """What every figure says of itself: as of, known at, map of, positions, parked."""

    as_of: date
    known_at: datetime
    map_date: date
    positions: tuple[Position, ...]

    @property
    def parked(self) -> int:
        return sum(position.parked for position in self.positions)

    @property
    def silent(self) -> tuple[Position, ...]:
        """Logs from which nothing has arrived yet."""
        return tuple(each for each in self.positions if each.recorded_at is None)


@dataclass(frozen=True, slots=True)
class Notice:
    """A state of a source to know before the figures: an alarm, a loss, lateness."""

    kind: str
    log: str
    position: int = 0
    count: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report shows."""

    question: Question
    place: Unit
    whole: bool
    overview: Overview
    numbers: Numbers
    rank: int | None
    reported: int
    notices: tuple[Notice, ...]
    picture: MapView | None
    lines: tuple[PlaceLine, ...]
    total: Numbers | None
    elsewhere: Numbers
    unallocated: int
    kinds: tuple[KindLine, ...] | None
    kind_columns: tuple[Column, ...]
    trend: Trend
    line: Line
    picture_line: Line
    places_line: Line
    kinds_line: Line | None
    months_line: Line
    sorted_by: str
    villages: tuple[PlaceLine, ...]
    in_no_village: Numbers

    @property
    def suppressed(self) -> bool:
        return any(cell.suppressed for line in self.lines for cell in line.numbers.cells.values())

    @property
    def districts(self) -> bool:
        """Whether the map asked for had districts; without them a name says enough."""
        return all(line.unit.district for line in self.lines)

    @property
    def gaps(self) -> bool:
        """Whether a place that reported lacks one of the figures beside others."""
        return any(
            line.numbers.reported and any(c == Cell() for c in line.numbers.cells.values())
            for line in self.lines
        )

    @property
    def empty(self) -> bool:
        """Whether nothing has been reported of anything."""
        of = self.overview
        return all(each.value is None for each in (*of.titles, *of.funds, *of.training))
