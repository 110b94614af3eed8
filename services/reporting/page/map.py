"""Boundaries as SVG paths: projected, simplified once along shared borders, kept for every page."""

import itertools
import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

WIDTH = 1000
TOLERANCE = 1.3
BOUNDARIES = Path(__file__).parent / "boundaries"

Point = tuple[int, int]
Ring = list[Point]
Neighbours = Mapping[Point, set[Point]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One unit: an SVG path and the point at which a number is legible inside it."""

    code: str
    path: str
    label: Point


@dataclass(frozen=True, slots=True)
class Picture:
    """The boundaries of one map of the province.

    ``drawn_for`` is the first day for which they hold; lengths are in units of the view box, which
    is ``WIDTH`` wide.
    """

    drawn_for: date
    height: int
    shapes: Mapping[str, Shape]


def load(province: str, folder: Path = BOUNDARIES) -> Picture | None:
    """The picture of a province, or None where its boundaries are not in the data."""
    file = folder / province / "communes.geojson"
    if not file.exists():
        return None
    facts = tomllib.loads((folder / province / "picture.toml").read_text("utf-8"))
    return draw(json.loads(file.read_text("utf-8")), facts["in_force_from"])


def draw(collection: Mapping[str, Any], drawn_for: date) -> Picture:
    """Turn a GeoJSON collection of polygons (RFC 7946, WGS 84) into paths."""
    outlines = {str(f["id"]): list(_outlines(f["geometry"])) for f in collection["features"]}
    project, height = _projection([p for rings in outlines.values() for r in rings for p in r])
    drawn = {code: [_on_grid(r, project) for r in rings] for code, rings in outlines.items()}
    neighbours = _neighbours(ring for rings in drawn.values() for ring in rings)
    shapes = {code: _shape(code, rings, neighbours) for code, rings in drawn.items()}
    return Picture(drawn_for, height, shapes)


def _outlines(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    many = geometry["type"] == "MultiPolygon"
    for polygon in geometry["coordinates"] if many else [geometry["coordinates"]]:
        yield from polygon


def _projection(points: Sequence[Sequence[float]]) -> tuple[Any, int]:
    """Equirectangular about the middle parallel: a province is small enough for it."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def project(point: Sequence[float]) -> Point:
        return round((point[0] - west) * squeeze * scale), round((north - point[1]) * scale)

    return project, round((north - south) * scale)


def _on_grid(ring: Sequence[Sequence[float]], project: Any) -> Ring:
    """A closed ring of whole units without repetitions; the closing point is left out."""
    points: Ring = []
    for point in map(project, ring):
        if not points or points[-1] != point:
            points.append(point)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _neighbours(rings: Iterable[Ring]) -> dict[Point, set[Point]]:
    found: dict[Point, set[Point]] = {}
    for ring in rings:
        for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
            found.setdefault(here, set()).add(there)
            found.setdefault(there, set()).add(here)
    return found


def _shape(code: str, rings: Sequence[Ring], neighbours: Neighbours) -> Shape:
    simple = [_simplified_ring(ring, neighbours) for ring in rings]
    return Shape(code, "".join(map(_path, simple)), _label(max(simple, key=_size)))


def _simplified_ring(ring: Ring, neighbours: Neighbours) -> Ring:
    """Simplify between junctions only, so that two units keep one common border."""
    junctions = [i for i, point in enumerate(ring) if len(neighbours[point]) > 2]  # noqa: PLR2004
    start = junctions[0] if junctions else ring.index(min(ring))
    turned = ring[start:] + ring[:start] + [ring[start]]
    cuts = [i for i, point in enumerate(turned) if len(neighbours[point]) > 2]  # noqa: PLR2004
    cuts = sorted({0, len(turned) - 1, *cuts})
    kept: Ring = []
    for first, last in itertools.pairwise(cuts):
        kept.extend(_simplified_border(turned[first : last + 1])[:-1])
    return kept if len(kept) > 2 else ring  # noqa: PLR2004


def _simplified_border(border: Ring) -> Ring:
    """Both neighbours walk a border in opposite directions and must keep the same points."""
    if border[::-1] < border:
        return _douglas_peucker(border[::-1])[::-1]
    return _douglas_peucker(border)


def _douglas_peucker(line: Ring) -> Ring:
    if len(line) < 3:  # noqa: PLR2004
        return line
    distances = [_distance(point, line[0], line[-1]) for point in line[1:-1]]
    furthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[furthest] <= TOLERANCE and line[0] != line[-1]:
        return [line[0], line[-1]]
    cut = furthest + 1
    return _douglas_peucker(line[: cut + 1])[:-1] + _douglas_peucker(line[cut:])


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    if not length:
        return math.dist(point, start)
    return abs(dx * (point[1] - start[1]) - dy * (point[0] - start[0])) / length


def _path(ring: Ring) -> str:
    (x, y), rest = ring[0], ring[1:]
    steps = []
    for px, py in rest:
        steps.append(f"{px - x} {py - y}")
        x, y = px, py
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def _size(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def _label(ring: Ring) -> Point:
    """The middle of the widest chord near the middle: inside even where the centroid is not."""
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    levels = [top + (bottom - top) * share / 10 + 0.5 for share in (4, 4.5, 5, 5.5, 6)]
    chords = [
        (right - left, (left + right) / 2, y) for y in levels for left, right in _chords(ring, y)
    ]
    _, x, y = max(chords, default=(0.0, float(ring[0][0]), float(ring[0][1])))
    return round(x), round(y)


def _chords(ring: Ring, y: float) -> Iterator[tuple[float, float]]:
    crossings = sorted(
        ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (ay > y) != (by > y)
    )
    return zip(crossings[::2], crossings[1::2], strict=False)
