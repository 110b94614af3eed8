"""Places: the lines of the table and the patches of the picture, from rows by commune."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from chassis.area import Area, AreaKind, Areas, Unit

from reporting.answer import Row
from reporting.page.addresses import Address
from reporting.page.figures import Figures
from reporting.page.formats import sort_key
from reporting.page.map import Picture
from reporting.page.model import Cell, MapView, Numbers, Patch, PlaceLine
from reporting.page.question import Question
from reporting.page.sections import Column, Section
from reporting.page.steps import divide, ranks

NAME = "name"


def numbers(section: Section, rows: Iterable[Row]) -> Numbers:
    """The figures of one place or kind: what no row speaks of was not reported.

    Where the leading column counts nothing, nothing was, and 0 would be a claim; where it counts
    something, nothing said of the others is 0.
    """
    found = tuple(rows)
    cells = {column.key: cell(column, found) for column in section.columns}
    if section.leading:
        leading = cells[section.leading]
        if not (leading.value or leading.suppressed):
            return Numbers(dict.fromkeys(cells, Cell()))
        cells = {key: Cell(0) if each == Cell() else each for key, each in cells.items()}
    unknown = [row.unknown for row in found if isinstance(row.unknown, int)]
    return Numbers(cells, unknown[0] if unknown else None)


def cell(column: Column, rows: Iterable[Row]) -> Cell:
    """What rows say in a column together."""
    held = [row for row in rows if column.holds(row)]
    if not held:
        return Cell()
    if any(row.suppressed for row in held):
        return Cell(None, suppressed=True)
    return Cell(sum(row.value for row in held))


def place_lines(
    question: Question, rows: Sequence[Row], areas: Areas, address: Address
) -> tuple[PlaceLine, ...]:
    """A line for every unit of the map asked for, those without a report included."""
    units = communes(areas, question.query.map_date)
    by_area = _by_area(rows)
    found = {str(u.area): numbers(question.section, by_area.get(str(u.area), ())) for u in units}
    ranked = ranks(_known(found, question.column.key))
    return tuple(
        PlaceLine(
            unit=unit,
            href=address.to(area=str(unit.area)),
            order=order,
            numbers=found[str(unit.area)],
            rank=ranked.get(str(unit.area)),
            chosen=unit.area == question.query.areas[0],
        )
        for order, unit in enumerate(units)
    )


def village_lines(
    question: Question, rows: Sequence[Row], areas: Areas, address: Address
) -> tuple[PlaceLine, ...]:
    """A line for every village that lies in the commune asked for on its map, by name."""
    asked, day, by_area = question.query.areas[0], question.query.map_date, _by_area(rows)
    units = (u for u in areas.in_force(day) if u.kind is AreaKind.VILLAGE and u.parent)
    here = [u for u in units if u.parent and areas.on_map(u.parent, day) == asked]
    return tuple(
        PlaceLine(
            unit=unit,
            href=address.to(area=str(unit.area)),
            order=order,
            numbers=numbers(question.section, by_area.get(str(unit.area), ())),
            rank=None,
            chosen=False,
        )
        for order, unit in enumerate(sorted(here, key=lambda u: (sort_key(u.name), u.area)))
    )


def in_order(lines: Sequence[PlaceLine], wanted: str) -> tuple[PlaceLine, ...]:
    """By name, or by a measure with the highest first and places without a report last."""
    if wanted == NAME:
        return tuple(lines)

    def key(line: PlaceLine) -> tuple[bool, float]:
        value = line.numbers.cells[wanted].value
        return value is None, -(value or 0)

    return tuple(sorted(lines, key=key))


def of_area(rows: Sequence[Row], area: Area) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.area == str(area))


def map_view(
    question: Question, figures: Figures, areas: Areas, picture: Picture | None, address: Address
) -> MapView | None:
    """The picture of the map asked for, or of the one that can be drawn in its place."""
    if picture is None:
        return None
    rows = (figures.pictured or figures.places).rows
    found = {area: numbers(question.section, of) for area, of in _by_area(rows).items()}
    values = _known(found, question.column.key)
    day = question.picture_day or question.query.map_date
    drawn = {str(unit.area) for unit in communes(areas, day)}
    steps, legend = divide({area: value for area, value in values.items() if area in drawn})
    ranked = ranks({area: value for area, value in values.items() if area in drawn})
    asked = areas.unit(question.query.areas[0])
    village = asked.kind is AreaKind.VILLAGE and asked.parent
    chosen = areas.on_map(village or asked.area, picture.drawn_for)

    def patch(unit: Unit) -> Patch:
        area, shape = str(unit.area), picture.shapes[unit.area.code]
        cell = found[area].cells[question.column.key] if area in found else Cell()
        day = question.picture_day
        href = address.to(area=area, map_date=day.isoformat() if day else address.get("map_date"))
        return Patch(
            unit, shape.path, shape.label, href, cell,
            steps.get(area), ranked.get(area), unit.area == chosen,
        )  # fmt: skip

    units = communes(areas, picture.drawn_for)
    patches = tuple(patch(unit) for unit in units if unit.area.code in picture.shapes)
    return MapView(picture.height, patches, legend, len(ranked), question.picture_day)


def can_be_drawn(areas: Areas, picture: Picture | None, day: date) -> bool:
    """Whether the picture shows the very units of a day: a code alone does not say so."""
    if picture is None:
        return False
    drawn = {unit.area for unit in communes(areas, picture.drawn_for)}
    return {unit.area for unit in communes(areas, day)} == drawn


def _by_area(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.area, []).append(row)
    return found


def _known(found: Mapping[str, Numbers], key: str) -> dict[str, float]:
    values = ((area, of.cells[key].value) for area, of in found.items())
    return {area: value for area, value in values if value is not None}


@lru_cache(maxsize=64)
def communes(areas: Areas, day: date) -> tuple[Unit, ...]:
    """The communes, wards and townships of a day's map in the order of the alphabet."""
    units = (unit for unit in areas.in_force(day) if unit.kind is not AreaKind.VILLAGE)
    return tuple(
        sorted(units, key=lambda u: (sort_key(u.name), sort_key(u.district or ""), u.area))
    )
