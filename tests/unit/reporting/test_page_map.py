"""The picture: 75 outlines that fit together, light enough for a phone."""

import re
from collections import Counter
from datetime import date

import pytest
from chassis.area import Areas
from reporting.page.map import draw, load

PICTURE = load("14")
assert PICTURE is not None


def points(path):
    """The corners of each ring of a path, absolute."""
    for ring in re.findall(r"M([\d -]+)l([\d -]+)z", path):
        x, y = map(int, ring[0].split())
        corners = [(x, y)]
        steps = iter(map(int, re.findall(r"-?\d+", ring[1])))
        for dx, dy in zip(steps, steps, strict=True):
            x, y = x + dx, y + dy
            corners.append((x, y))
        yield corners


def loops(edges):
    """How many closed lines the edges make; every corner must join exactly two of them."""
    joined = {}
    for one, other in edges:
        joined.setdefault(one, []).append(other)
        joined.setdefault(other, []).append(one)
    assert all(len(others) == 2 for others in joined.values())
    found = 0
    while joined:
        found, reached = found + 1, [next(iter(joined))]
        while reached:
            reached += joined.pop(reached.pop(), [])
    return found


def inside(point, corners):
    x, y = point[0] + 0.01, point[1] + 0.01
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    crossed = [
        (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in pairs
    ]
    return sum(crossed) % 2 == 1


def test_every_commune_of_todays_map_is_drawn_and_nothing_else():
    codes = {unit.area.code for unit in Areas.of_province("14").in_force(PICTURE.drawn_for)}
    assert PICTURE.drawn_for == date(2025, 7, 1)
    assert set(PICTURE.shapes) == codes


def test_neighbours_keep_one_common_border():
    edges = Counter(
        frozenset(edge)
        for shape in PICTURE.shapes.values()
        for ring in points(shape.path)
        for edge in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    assert max(edges.values()) == 2
    outline = [edge for edge, count in edges.items() if count == 1]
    assert loops(outline) == 1, "a gap between two communes would be a second outline"


def test_a_number_printed_on_a_commune_stands_inside_it():
    for shape in PICTURE.shapes.values():
        assert any(inside(shape.label, ring) for ring in points(shape.path)), shape.code


def test_the_whole_picture_weighs_less_than_twenty_kilobytes():
    assert sum(len(shape.path) for shape in PICTURE.shapes.values()) < 20_000


def test_a_province_without_boundaries_has_no_picture(tmp_path):
    assert load("01", tmp_path) is None


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_islands_and_single_pieces_are_drawn_alike(kind):
    ring = [[103.0, 21.0], [103.1, 21.0], [103.1, 21.1], [103.0, 21.1], [103.0, 21.0]]
    shape = {"type": kind, "coordinates": [ring] if kind == "Polygon" else [[ring]]}
    picture = draw({"features": [{"id": "00001", "geometry": shape}]}, date(2025, 7, 1))
    [corners] = points(picture.shapes["00001"].path)
    assert set(corners) == {(0, 0), (1000, 0), (1000, picture.height), (0, picture.height)}
