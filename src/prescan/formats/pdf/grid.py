"""Ruled tables on a page: builds grids from the drawn lines, which tell the cell of any point."""

from __future__ import annotations

import ctypes
import functools
import itertools
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from pypdfium2 import raw

from prescan.formats.pdf.shapes import PATH, combined, matrix_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prescan.formats.pdf.shapes import Shape

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the top left of the page."""

_THIN: Final = 3.0
"""In points; a thinner shape is a line, and line ends closer than this touch."""
_SHORT: Final = 6.0
#: Beyond these limits a page is a drawing, not worth searching for tables.
_MOST_SEGMENTS: Final = 2_000
_MOST_CROSSINGS: Final = 250_000


class Rule(NamedTuple):
    """A straight line: its position on one axis, and its start and end on the other."""

    at: float
    start: float
    end: float


@dataclass
class Grid:
    """The borders of columns and rows of a table, and which pieces of them are drawn."""

    xs: list[float]
    ys: list[float]
    verticals: list[Rule]
    horizontals: list[Rule]

    @property
    def area(self) -> float:
        """The extent of the table."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[-1] - self.ys[0])

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.ys) - 1

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point lies in the table."""
        return self.xs[0] - _THIN <= x <= self.xs[-1] + _THIN and self.ys[0] - _THIN <= y <= self.ys[-1] + _THIN

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of a point; for a merged cell those of its top left."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return self._owners[row][column]

    @functools.cached_property
    def _owners(self) -> list[list[tuple[int, int]]]:
        """The cell of each grid position: positions without a line between them are merged."""
        uprights = [[rule for rule in self.verticals if abs(rule.at - x) <= _THIN] for x in self.xs]
        levels = [[rule for rule in self.horizontals if abs(rule.at - y) <= _THIN] for y in self.ys]
        owners: list[list[tuple[int, int]]] = []
        for row, (top, bottom) in enumerate(itertools.pairwise(self.ys)):
            owners.append([])
            for column, (left, right) in enumerate(itertools.pairwise(self.xs)):
                if column and not _passes(uprights[column], (top + bottom) / 2):
                    owner = owners[row][column - 1]
                elif row and not _passes(levels[row], (left + right) / 2):
                    owner = owners[row - 1][column]
                else:
                    owner = row, column
                owners[row].append(owner)
        return owners

    def cells(self) -> list[tuple[int, int]]:
        """Return row and column of every cell in reading order, merged cells once."""
        return sorted({owner for row in self._owners for owner in row})

    def box(self, row: int, column: int) -> Box:
        """Return the box of one grid position."""
        return self.xs[column], self.ys[row], self.xs[column + 1], self.ys[row + 1]


def find_grids(shapes: list[Shape], place: Callable[[Box], Box]) -> list[Grid]:
    """Return the ruled tables among the shapes of a page, smallest first; `place` converts a PdfBox into a Box."""
    return grids_of(map(place, _lines(shapes)))


def grids_of(lines: Iterable[Box]) -> list[Grid]:
    """Return the ruled tables among the boxes of straight lines, smallest first."""
    verticals: list[Rule] = []
    horizontals: list[Rule] = []
    for left, top, right, bottom in lines:
        if right - left <= _THIN and bottom - top >= _SHORT:
            verticals.append(Rule((left + right) / 2, top, bottom))
        elif bottom - top <= _THIN and right - left >= _SHORT:
            horizontals.append(Rule((top + bottom) / 2, left, right))
    verticals, horizontals = _merged(verticals), _merged(horizontals)
    if len(verticals) < 2 or len(horizontals) < 2 or len(verticals) * len(horizontals) > _MOST_CROSSINGS:
        return []
    grids = (_grid(*group) for group in _connected(verticals, horizontals))
    return sorted((grid for grid in grids if grid), key=lambda grid: grid.area)


def _lines(shapes: list[Shape]) -> Iterator[Box]:
    """Yield the boxes of straight lines and of the edges of rectangles, in pdf coordinates."""
    for shape in shapes:
        if shape.kind != PATH:
            continue
        left, bottom, right, top = box = shape.box
        if right - left <= _THIN or top - bottom <= _THIN:
            yield box
        else:
            yield from _edges(shape)


def _edges(shape: Shape) -> Iterator[Box]:
    """Yield the upright and level edges of a path."""
    a, b, c, d, e, f = combined(matrix_of(shape.handle), shape.matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(shape.handle), _MOST_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(shape.handle, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _span(last, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield _span(point, start)
        last = point


def _span(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _merged(rules: list[Rule]) -> list[Rule]:
    """Join lines that continue each other: many programs draw the border of each cell separately."""
    levels: list[list[Rule]] = []
    for rule in sorted(rules):
        if levels and rule.at - levels[-1][0].at <= _THIN:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    merged: list[Rule] = []
    for level in levels:
        at = level[0].at
        open_rule = None
        for rule in sorted(level, key=lambda rule: rule.start):
            if open_rule and rule.start <= open_rule.end + _THIN:
                open_rule = Rule(at, open_rule.start, max(open_rule.end, rule.end))
            else:
                merged += [open_rule] if open_rule else []
                open_rule = Rule(at, rule.start, rule.end)
        merged += [open_rule] if open_rule else []
    return merged


def _connected(verticals: list[Rule], horizontals: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield groups of lines that touch each other."""
    left = set(range(len(horizontals)))
    unseen = set(range(len(verticals)))
    while unseen:
        group_v, group_h = [unseen.pop()], []
        for upright in group_v:
            rule = verticals[upright]
            touched = [level for level in left if _touch(rule, horizontals[level])]
            left.difference_update(touched)
            group_h += touched
            for level in touched:
                reached = [other for other in unseen if _touch(verticals[other], horizontals[level])]
                unseen.difference_update(reached)
                group_v += reached
        yield [verticals[index] for index in group_v], [horizontals[index] for index in group_h]


def _touch(upright: Rule, level: Rule) -> bool:
    across = level.start - _THIN <= upright.at <= level.end + _THIN
    return across and upright.start - _THIN <= level.at <= upright.end + _THIN


def _grid(verticals: list[Rule], horizontals: list[Rule]) -> Grid | None:
    """Return the grid of a group of lines; None if it is only a frame."""
    if not horizontals:
        return None
    ends_x = [rule.start for rule in horizontals] + [rule.end for rule in horizontals]
    ends_y = [rule.start for rule in verticals] + [rule.end for rule in verticals]
    xs = _positions([rule.at for rule in verticals] + [min(ends_x), max(ends_x)])
    ys = _positions([rule.at for rule in horizontals] + [min(ends_y), max(ends_y)])
    return Grid(xs, ys, verticals, horizontals) if len(xs) > 2 and len(ys) > 1 else None


def _positions(values: Iterable[float]) -> list[float]:
    """Return the distinct values in ascending order."""
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > _THIN:
            positions.append(value)
    return positions


def _passes(rules: list[Rule], where: float) -> bool:
    """Return whether one of the lines passes `where`."""
    return any(rule.start - _THIN <= where <= rule.end + _THIN for rule in rules)
