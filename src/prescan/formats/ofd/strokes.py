"""Path objects of an OFD page as masks: antialiased lines and areas (GB/T 33190 9.3)."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

from prescan.formats.ofd.place import NUMBER, STEP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ofd.place import Matrix

Point = tuple[float, float]
Region = tuple[int, int, int, int]

_CHARACTERS_AT_MOST: Final = 400_000
_FIGURES_AT_MOST: Final = 5_000
_PIECES: Final = 12
"""Number of straight segments per curve."""
_TAKES: Final = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_FAR: Final = 50_000.0
_WIDEST: Final = 5_000.0
_ROUNDED: Final = 60
_SMOOTH: Final = 3
_SMOOTH_AT_MOST: Final = 1_500_000
"""In pixels; a larger figure is drawn without antialiasing."""


def figures(data: str, matrix: Matrix) -> list[list[Point]]:
    """Return the figures of an AbbreviatedData as points on the picture, transformed by `matrix`."""
    found: list[list[Point]] = []
    current: list[Point] = []
    for step in STEP.finditer(data[:_CHARACTERS_AT_MOST]):
        kind = step[1].upper()
        numbers = [float(number) for number in NUMBER.findall(step[2])]
        takes = _TAKES[kind]
        if kind == "C":
            if current:
                current.append(current[0])
            continue
        for at in range(0, len(numbers) - takes + 1, takes):
            taken = numbers[at : at + takes]
            if kind in {"M", "S"} and at == 0:
                if len(found) >= _FIGURES_AT_MOST:
                    return [[_on(point, matrix) for point in figure] for figure in found]
                current = [(taken[0], taken[1])]
                found.append(current)
            elif current:
                current.extend(_segment_points(kind, current[-1], taken))
    return [[_on(point, matrix) for point in figure] for figure in found if len(figure) > 1]


def _on(point: Point, matrix: Matrix) -> Point:
    a, b, c, d, e, f = matrix
    x, y = a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f
    return max(-_FAR, min(_FAR, x)), max(-_FAR, min(_FAR, y))


def _segment_points(kind: str, start: Point, taken: list[float]) -> Iterator[Point]:
    """Yield the points of a line or curve behind its start."""
    end = taken[-2], taken[-1]
    if kind == "A":
        yield from _arc(start, end, taken[:5])
        return
    if kind in {"Q", "B"}:
        figures_ = [start, *zip(taken[::2], taken[1::2], strict=True)]
        for at in range(1, _PIECES):
            share, points = at / _PIECES, figures_
            while len(points) > 1:
                points = [
                    (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)
                    for one, other in itertools.pairwise(points)
                ]
            yield points[0]
    yield end


def _arc(start: Point, end: Point, taken: list[float]) -> Iterator[Point]:
    """Yield the points of an elliptic arc: radii, rotation in degrees, large-arc flag, clockwise flag."""
    wide, high, turn, long, clockwise = abs(taken[0]), abs(taken[1]), math.radians(taken[2]), taken[3], taken[4]
    half = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    if not wide or not high or not any(half):
        yield end
        return
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = (cos * half[0] + sin * half[1]) / wide, (cos * half[1] - sin * half[0]) / high
    apart = math.hypot(x, y)
    if apart > 1:  # radii too small to reach: enlarged until they do
        wide, high, x, y, apart = wide * apart, high * apart, x / apart, y / apart, 1.0
    off = math.sqrt(max(0.0, 1 / (apart * apart) - 1)) * (-1 if bool(long) == bool(clockwise) else 1)
    middle = off * y, -off * x
    first = math.atan2(y - middle[1], x - middle[0])
    sweep = math.atan2(-y - middle[1], -x - middle[0]) - first
    if clockwise and sweep < 0:
        sweep += 2 * math.pi
    elif not clockwise and sweep > 0:
        sweep -= 2 * math.pi
    across, down = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    for at in range(1, 2 * _PIECES):
        angle = first + sweep * at / (2 * _PIECES)
        u, v = (math.cos(angle) + middle[0]) * wide, (math.sin(angle) + middle[1]) * high
        yield cos * u - sin * v + across, sin * u + cos * v + down
    yield end


def region_of(points: list[Point], edge: float, size: tuple[int, int]) -> Region | None:
    """Return the region around points, enlarged by `edge`, clipped to a picture of this size; None if it is empty."""
    if not math.isfinite(edge + sum(x + y for x, y in points)):
        return None
    left, top = int(min(x for x, _ in points) - edge) - 1, int(min(y for _, y in points) - edge) - 1
    right, bottom = int(max(x for x, _ in points) + edge) + 2, int(max(y for _, y in points) + edge) + 2
    region = max(0, left), max(0, top), min(size[0], right), min(size[1], bottom)
    return region if region[0] < region[2] and region[1] < region[3] else None


def work_of(region: Region) -> int:
    """Return the number of pixels painted for a mask."""
    area = (region[2] - region[0]) * (region[3] - region[1])
    return area * (_SMOOTH**2 if area <= _SMOOTH_AT_MOST else 1)


def work_on(figures_: list[list[Point]], width: float, region: Region) -> int:
    """Return roughly how many pixels are painted for figures, filled (width 0) or as lines."""
    if width:
        length = sum(math.dist(*ends) for figure in figures_ for ends in itertools.pairwise(figure))
        return work_of(region) + int(length * (width + 1)) * _SMOOTH**2
    size = region[2], region[3]
    return work_of(region) + sum(work_of(part) for figure in figures_ if (part := region_of(figure, 0, size)))


def lines(figures_: list[list[Point]], width: float, region: Region) -> Image.Image:
    """Return the mask of a region for figures drawn as lines of a width in pixels."""
    shape, factor = _sizes(region)
    mask = Image.new("L", shape)
    pen = ImageDraw.Draw(mask)
    for figure in figures_:
        thick = max(factor, round(min(width, _WIDEST) * factor))
        pen.line(
            _moved(figure, region, factor), fill=255, width=thick, joint="curve" if factor < thick < _ROUNDED else None
        )
    return mask.reduce(factor) if factor > 1 else mask


def area(figures_: list[list[Point]], region: Region, *, even_odd: bool) -> Image.Image:
    """Return the mask of a region for filled figures, holes left out."""
    shape, factor = _sizes(region)
    winding = np.zeros((shape[1], shape[0]), dtype=np.int16)
    for figure in figures_:
        points = _moved(figure, region, factor)
        part = region_of(points, 0, shape)
        if part is None or len(points) < 3:
            continue
        mask = Image.new("1", (part[2] - part[0], part[3] - part[1]))
        ImageDraw.Draw(mask).polygon([(x - part[0], y - part[1]) for x, y in points], fill=1)
        turn = 1 if even_odd or _is_clockwise(points) else -1
        winding[part[1] : part[3], part[0] : part[2]] += np.asarray(mask).astype(np.int16) * turn
    inside = winding % 2 == 1 if even_odd else winding != 0
    made = Image.fromarray((inside * np.uint8(255)).astype(np.uint8))
    return made.reduce(factor) if factor > 1 else made


def _sizes(region: Region) -> tuple[tuple[int, int], int]:
    """Return the size of the mask to draw on, and by how much it is larger than the region."""
    width, height = region[2] - region[0], region[3] - region[1]
    factor = _SMOOTH if width * height <= _SMOOTH_AT_MOST else 1
    return (width * factor, height * factor), factor


def _moved(figure: list[Point], region: Region, factor: int) -> list[Point]:
    return [((x - region[0]) * factor, (y - region[1]) * factor) for x, y in figure]


def _is_clockwise(points: list[Point]) -> bool:
    return sum(one[0] * other[1] - other[0] * one[1] for one, other in itertools.pairwise(points)) >= 0
