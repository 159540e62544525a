"""The lines of text of an OFD page: characters sorted by place, divided for the layout code shared with pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.boxes import union
from prescan.formats.ofd.drawing import Glyph
from prescan.formats.pdf.pieces import Piece, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ofd.drawing import PageContent
    from prescan.formats.pdf.grid import Box, Grid
    from prescan.formats.pdf.pieces import Line

_SAME_LINE: Final = 0.5
_WIDE_GAP: Final = 1.5
_WORD_GAP: Final = 0.25


class PageText:
    """The characters of a page in reading order; divides pieces for the layout (see `pdf.pieces.Cutter`)."""

    def __init__(self, drawn: PageContent, page: int) -> None:
        """Sort the characters of a page into lines."""
        self._page = page
        self._glyphs: list[Glyph] = []
        self.outside: list[Piece] = []
        self.lines: list[Line] = []
        for row in _rows(_without_copies(drawn.segments)):
            line: Line = []
            for segment in _joined(row):
                piece = self._piece(segment)
                if piece is None:
                    continue
                left, top, right, bottom = piece.box
                beyond = right <= 0 or left >= drawn.width or bottom <= 0 or top >= drawn.height
                (self.outside if beyond else line).append(piece)
            if line:
                self.lines.append(line)

    @property
    def characters(self) -> list[tuple[str, Box]]:
        """The characters line by line, each with its box."""
        return [(glyph.char, glyph.box) for glyph in self._glyphs]

    def _piece(self, segment: list[Glyph]) -> Piece | None:
        text = "".join(glyph.char for glyph in segment)
        if not text.strip():
            return None
        start = len(self._glyphs)
        self._glyphs += segment
        return Piece(text, union([glyph.box for glyph in segment]), start)

    def split(self, piece: Piece, grid: Grid) -> list[Piece]:
        """Divide a piece at the borders of cells of a ruled table."""
        cuts, cells = [0], []
        for at in range(len(piece.text)):
            left, top, right, bottom = self._glyphs[piece.start + at].box
            cells.append(grid.cell((left + right) / 2, (top + bottom) / 2))
            if at and cells[at] != cells[at - 1]:
                cuts.append(at)
        bounds = zip(cuts, [*cuts[1:], len(piece.text)], strict=True)
        return [self._part(piece, start, end) for start, end in bounds if piece.text[start:end].strip()]

    def runs(self, piece: Piece) -> Iterator[Run]:
        """Divide a piece into visible and hidden runs."""
        start = 0
        for at in range(1, len(piece.text) + 1):
            first = self._glyphs[piece.start + start]
            if at == len(piece.text) or self._glyphs[piece.start + at].hidden != first.hidden:
                part = self._part(piece, start, at)
                note = f"第 {self._page} 页{first.note}" if first.hidden else ""
                yield Run(part.text, part.box, first.hidden, note)
                start = at

    def _part(self, piece: Piece, start: int, end: int) -> Piece:
        boxes = [glyph.box for glyph in self._glyphs[piece.start + start : piece.start + end]]
        return Piece(piece.text[start:end], union(boxes), piece.start + start)


def _without_copies(segments: list[list[Glyph]]) -> list[list[Glyph]]:
    """Drop covered characters that are drawn again at the same place: they are visible."""
    seen = {_spot(glyph) for segment in segments for glyph in segment if glyph.hidden is None}
    return [[glyph for glyph in one if glyph.hidden is None or _spot(glyph) not in seen] for one in segments]


def _spot(glyph: Glyph) -> tuple[str, int, int]:
    return glyph.char, round(glyph.box[0]), round(glyph.box[3])


def _rows(segments: list[list[Glyph]]) -> list[list[list[Glyph]]]:
    """Return the segments line by line from the top, each line from the left."""
    boxed = sorted(((union([glyph.box for glyph in one]), one) for one in segments if one), key=lambda pair: pair[0][1])
    rows: list[tuple[float, float, list[tuple[Box, list[Glyph]]]]] = []
    for box, segment in boxed:
        middle, height = (box[1] + box[3]) / 2, box[3] - box[1]
        row = next(
            (row for row in reversed(rows[-8:]) if abs(row[0] - middle) < _SAME_LINE * min(row[1], height)), None
        )
        if row is None:
            rows.append((middle, height, [(box, segment)]))
        else:
            row[2].append((box, segment))
    rows.sort(key=lambda row: row[0])
    return [[segment for _, segment in sorted(held, key=lambda pair: pair[0][0])] for _, _, held in rows]


def _joined(row: list[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Join segments that are close together on a line; a gap of a word becomes a space."""
    held: list[Glyph] = []
    for segment in row:
        for glyph in segment:
            if held:
                before = held[-1].box
                height = max(before[3] - before[1], 1.0)
                gap = glyph.box[0] - before[2]
                if gap > _WIDE_GAP * height:
                    yield held
                    held = []
                elif gap > _WORD_GAP * height and held[-1].char != " " and glyph.char != " ":
                    held.append(Glyph(" ", (before[2], before[1], glyph.box[0], before[3]), glyph.hidden, glyph.note))
            held.append(glyph)
    if held:
        yield held
