"""Places in an OFD: numbers, matrices and boxes. Millimetres in the file (GB/T 33190 7.1), points in results."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from prescan.formats.boxes import union
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from lxml import etree

    from prescan.formats.pdf.grid import Box

Matrix = tuple[float, float, float, float, float, float]

POINTS: Final = 72 / 25.4
IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
STEP: Final = re.compile(r"([MSLQBAC])([^MSLQBAC]*)", re.IGNORECASE)
_STRAIGHT: Final = 0.5
_THICK: Final = 4.0
_STEPS_AT_MOST: Final = 200_000


def area_of(element: etree._Element | None) -> tuple[float, float] | None:
    """Return width and height in points of the PhysicalBox below `element`, None if there is none."""
    for item in () if element is None else element.iter():
        if LOCAL_NAME[item.tag] == "PhysicalBox" and item.text:
            numbers = [float(number) for number in NUMBER.findall(str(item.text))]
            if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0:
                return numbers[2] * POINTS, numbers[3] * POINTS
    return None


def matrix_scale(matrix: Matrix) -> float:
    """Return by how much a matrix scales heights."""
    return math.hypot(matrix[2], matrix[3])


def placed(item: etree._Element, outer: Matrix) -> Matrix:
    """Return the matrix of an object's own space: its CTM, then the corner of its Boundary, then that of its parent."""
    numbers = [float(number) for number in NUMBER.findall(attribute(item, "CTM"))]
    own: Matrix = tuple(numbers) if len(numbers) == 6 else IDENTITY  # type: ignore[assignment]  # six it is
    corner = [float(number) for number in NUMBER.findall(attribute(item, "Boundary"))]
    x, y = (corner[0], corner[1]) if len(corner) == 4 else (0.0, 0.0)
    return combined(combined(own, (1.0, 0.0, 0.0, 1.0, x, y)), outer)


def box_of(item: etree._Element, outer: Matrix) -> Box:
    """Return the box of an object's Boundary in points."""
    corner = [float(number) for number in NUMBER.findall(attribute(item, "Boundary"))]
    x, y, width, height = corner if len(corner) == 4 else (0.0, 0.0, 0.0, 0.0)
    return mapped_box((x, y, x + width, y + height), outer)


def combined(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies `first` and then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def mapped_box(box: Box, matrix: Matrix) -> Box:
    """Return the bounds in points of a box in an object's own space."""
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x * POINTS for x, _ in corners], [y * POINTS for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def edge(one: tuple[float, float], other: tuple[float, float], matrix: Matrix) -> Box:
    """Return the box of a straight line in points."""
    return mapped_box(
        (min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])), matrix
    )


def number(text: str, default: float) -> float:
    """Return the first number in a text, `default` if there is none."""
    found = NUMBER.search(text)
    return float(found[0]) if found else default


def within(value: float, most: int) -> int:
    """Return a number clipped to 0…`most`."""
    return int(max(0.0, min(float(most), value)))


def deltas(text: str) -> list[float]:
    """Return the steps in a DeltaX or DeltaY: numbers, and `g n d` for n times d (GB/T 33190 11.3)."""
    steps: list[float] = []
    words = text.split()
    at = 0
    while at < len(words) and len(steps) < _STEPS_AT_MOST:
        if words[at].lower() == "g" and at + 2 < len(words):
            count = within(number(words[at + 1], 0), _STEPS_AT_MOST)
            steps += [number(words[at + 2], 0.0)] * max(0, min(count, _STEPS_AT_MOST - len(steps)))
            at += 3
        else:
            steps.append(number(words[at], 0.0))
            at += 1
    return steps


def is_rectangle(edges: list[Box]) -> bool:
    """Return whether edges are all vertical or horizontal and enclose an area."""
    if len(edges) not in {3, 4, 5}:
        return False
    straight = all(right - left < _STRAIGHT or bottom - top < _STRAIGHT for left, top, right, bottom in edges)
    left, top, right, bottom = union(edges)
    return straight and right - left > _THICK and bottom - top > _THICK
