"""From recognised lines to blocks: columns, tables and paragraphs, by the layout code shared with pdf."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.boxes import union
from prescan.formats.pdf import layout
from prescan.formats.pdf.grid import grids_of
from prescan.formats.pdf.pieces import Piece, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ocr.lines import RecognisedLine, Sheet
    from prescan.formats.pdf.grid import Box, Grid
    from prescan.formats.pdf.pieces import Counter, Line
    from prescan.types import Block, Location

_SAME_LINE: Final = 0.5
_GUTTER: Final = 8.0
"""Minimum gap between two columns of text, in points."""
_COLUMN_ROWS: Final = 4
_FILLED: Final = 0.7
"""Lines fill at least this share of a column of text; those in cells of a table do not."""
_NARROW: Final = 0.5
_UPRIGHT: Final = 2.0


class _Part(NamedTuple):
    """A piece of a line: its text, and its box in the upright picture and in the picture itself."""

    text: str
    box: Box
    shown: Box
    score: float


class _Cutter:
    """Divides recognised lines (see `pdf.pieces.Cutter`); characters are assumed to share a line by their widths."""

    def __init__(self) -> None:
        self._parts: list[_Part] = []

    def piece(self, part: _Part) -> Piece:
        """Return a piece that can be divided again."""
        self._parts.append(part)
        return Piece(part.text, part.box, len(self._parts) - 1)

    def split(self, piece: Piece, grid: Grid) -> list[Piece]:
        """Divide a piece at the borders of cells of a ruled table."""
        part = self._parts[piece.start]
        edges = _edges(part.text)
        left, width, middle = part.box[0], part.box[2] - part.box[0], piece.middle
        cells = [grid.cell(left + width * (start + end) / 2, middle) for start, end in itertools.pairwise(edges)]
        cuts = [0, *(at for at in range(1, len(cells)) if cells[at] != cells[at - 1]), len(cells)]
        bounds = itertools.pairwise(cuts)
        return [self.piece(_cut(part, edges, start, end)) for start, end in bounds if part.text[start:end].strip()]

    def runs(self, piece: Piece) -> Iterator[Run]:
        """Yield the one run of a piece: all recognised text is visible."""
        part = self._parts[piece.start]
        yield Run(part.text, part.shown, certainty=round(part.score, 3))


def blocks_of(sheet: Sheet, place: Location, count: Counter, *, whole: bool) -> Iterator[Block]:
    """Yield the blocks of a picture in reading order; unless it is a `whole` page, all are of the part image."""
    cutter = _Cutter()
    parts = [_part(line, sheet) for line in sheet.lines]
    grids = grids_of(sheet.rules)
    pieces = [cutter.piece(part) for part in parts]
    lines = _in_order(pieces, grids)
    left, top = place.bbox[:2] if place.bbox else (0.0, 0.0)
    for block in layout.blocks(lines, grids, place.page or 0, count, cutter):
        at = block.location
        box = None
        if at.bbox and place.page:
            box = at.bbox[0] + left, at.bbox[1] + top, at.bbox[2] + left, at.bbox[3] + top
        held = replace(at, page=place.page, member=place.member) if whole else place
        certainty = 1.0 if block.certainty is None else block.certainty
        yield replace(block, location=replace(held, bbox=box), certainty=certainty)


def _part(line: RecognisedLine, sheet: Sheet) -> _Part:
    """Return a line with its box after the picture is turned upright."""
    if not sheet.angle:
        return _Part(line.text, line.box, line.box, line.score)
    turn = math.radians(sheet.angle)
    cos, sin = math.cos(turn), math.sin(turn)
    x0, y0 = sheet.size[0] / 2, sheet.size[1] / 2
    turned = [((x - x0) * cos + (y - y0) * sin + x0, (y - y0) * cos - (x - x0) * sin + y0) for x, y in line.corners]
    box = union([(x, y, x, y) for x, y in turned])
    return _Part(line.text, box, line.box, line.score)


def _edges(text: str) -> list[float]:
    """Return the edges of characters along a line, 0 to 1; half-width ones are half as wide."""
    widths = [0.55 if character.isascii() else 1.0 for character in text]
    total = sum(widths) or 1.0
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width / total)
    return edges


def _cut(part: _Part, edges: list[float], start: int, end: int) -> _Part:
    def along(box: Box) -> Box:
        width = box[2] - box[0]
        return box[0] + width * edges[start], box[1], box[0] + width * edges[end], box[3]

    return _Part(part.text[start:end].strip(), along(part.box), along(part.shown), part.score)


def _in_order(pieces: list[Piece], grids: list[Grid]) -> list[Line]:
    """Return lines of pieces in reading order: from the top, column after column."""
    rows = _rows(pieces)
    free = [
        [
            piece
            for piece in row
            if not any(grid.contains((piece.box[0] + piece.box[2]) / 2, piece.middle) for grid in grids)
        ]
        for row in rows
    ]
    ordered: list[Line] = []
    at = 0
    while at < len(rows):
        found = _columns(rows, free, at)
        if found is None:
            ordered.append(rows[at])
            at += 1
            continue
        end, gutter = found
        held = [piece for row in rows[at:end] for piece in row]
        ordered += _in_order([piece for piece in held if piece.box[2] <= gutter], [])
        ordered += _in_order([piece for piece in held if piece.box[2] > gutter], [])
        at = end
    return ordered


def _columns(rows: list[Line], free: list[Line], at: int) -> tuple[int, float] | None:
    """Return where columns of text that begin with row `at` end, and the position of the gap between two of them."""
    if len(free[at]) != len(rows[at]):
        return None
    for left, right in itertools.pairwise(rows[at]):
        low, high = left.box[2], right.box[0]
        end, both = at, 0
        while end < len(rows) and len(free[end]) == len(rows[end]):
            inner = [piece for piece in rows[end] if piece.box[2] > low + 1 and piece.box[0] < high - 1]
            crossing = [piece for piece in inner if piece.box[0] < low and piece.box[2] > high]
            reach_low = max(
                [low, *(p.box[2] for p in rows[end] if p.box[0] < low and p.box[2] <= (low + high) / 2 + 20)]
            )
            reach_high = min([high, *(p.box[0] for p in rows[end] if p.box[0] >= (low + high) / 2 - 20)])
            if crossing or reach_high - reach_low < _GUTTER:
                break
            low, high = reach_low, reach_high
            middle = (low + high) / 2
            sides = {piece.box[2] <= middle for piece in rows[end]}
            both += len(sides) > 1
            end += 1
        middle = (low + high) / 2
        if both >= _COLUMN_ROWS and _are_text(rows[at:end], middle):
            return end, middle
    return None


def _are_text(rows: list[Line], gutter: float) -> bool:
    """Return whether columns hold text rather than a table: most of their lines fill them."""
    for side in (True, False):
        held = [piece for row in rows for piece in row if (piece.box[2] <= gutter) == side]
        if len(held) < _COLUMN_ROWS:
            return False
        width = max(piece.box[2] for piece in held) - min(piece.box[0] for piece in held)
        lines = _rows(held)
        reached = [line[-1].box[2] - line[0].box[0] for line in lines]
        em = statistics.median(piece.height for piece in held)
        if statistics.median(reached) < _FILLED * width or width < 8 * em:
            return False
    return True


def _rows(pieces: list[Piece]) -> list[Line]:
    """Return pieces line by line from the top, each line from the left."""
    rows: list[tuple[float, float, Line]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        row = next((row for row in reversed(rows[-4:]) if _on_line(row, piece)), None)
        if row is None:
            rows.append((piece.middle, piece.height, [piece]))
        else:
            row[2].append(piece)
    rows.sort(key=lambda row: row[0])
    return [sorted(line, key=lambda piece: piece.box[0]) for _, _, line in rows]


def _on_line(row: tuple[float, float, Line], piece: Piece) -> bool:
    middle, height, line = row
    apart = all(min(piece.box[2], one.box[2]) - max(piece.box[0], one.box[0]) < piece.height for one in line)
    return apart and abs(middle - piece.middle) < _SAME_LINE * min(height, piece.height)
