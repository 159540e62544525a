"""The characters of a page, their boxes, and which of them a reader does not see."""

from __future__ import annotations

import ctypes
import math
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pypdfium2 import raw

from prescan.formats.pdf.pieces import HYPHEN, Piece, Run
from prescan.formats.pdf.shapes import TEXT, address
from prescan.formats.text import has_visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.formats.pdf.grid import Box, Grid
    from prescan.formats.pdf.pieces import Line
    from prescan.formats.pdf.shapes import PdfBox, Shape

_WIDE_GAP: Final = 1.5
"""A gap wider than this many line heights separates two columns."""
_SIDEWAYS: Final = 0.7
"""Sine of an angle; text that leans less counts as upright."""
_SPACES: Final = re.compile(" +")
_BETWEEN: Final = re.compile(" +|(?<=[^ ])(?=[^ ])")
_LINE: Final = re.compile(f"[^\n{HYPHEN}]+{HYPHEN}?")


class HiddenRun(NamedTuple):
    """A run of characters that cannot be seen: start, end, finding type, and the place in a reviewer's words."""

    start: int
    end: int
    hidden: str
    note: str


class Text:
    """The characters of a page and their boxes."""

    def __init__(self, page: Any, text_page: Any) -> None:  # noqa: ANN401 (pypdfium2 has no types)
        """`page`, `text_page`: an open pdfium page and its text page."""
        self._page = text_page
        self._edges = raw.FS_RECTF()
        self._sides = [ctypes.c_double() for _ in range(4)]
        self.text = _characters(text_page)
        self._is_rotated = page.get_rotation() != 0
        self._rotation = math.radians(page.get_rotation())
        self.place, self.width, self.height = placement(page)
        self.hidden_runs: list[HiddenRun] = []
        """In order, not overlapping."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as displayed, in points."""
        return self.width, self.height

    @property
    def area(self) -> float:
        """The area of the page in square points."""
        return self.width * self.height

    def object_at(self, index: int) -> int | None:
        """Return PDFium's key of the text object that draws a character; None for spaces that PDFium adds."""
        handle = raw.FPDFText_GetTextObject(self._page, index)
        return address(handle) if handle else None

    def set_missing_boxes(self, shapes: list[Shape]) -> None:
        """Give text objects without bounds the boxes of their characters' lines.

        PDFium takes bounds from the strokes, which it does not know if a font is neither in the file nor installed.
        """
        narrow = {shape.key: shape for shape in shapes if shape.kind == TEXT and _is_narrow(shape.box)}
        for index, character in enumerate(self.text if narrow else ""):
            if character.isspace() or (shape := narrow.get(self.object_at(index) or 0)) is None:
                continue
            raw.FPDFText_GetLooseCharBox(self._page, index, self._edges)
            left, bottom, right, top = self._edges.left, self._edges.bottom, self._edges.right, self._edges.top
            held = shape.box if not _is_narrow(shape.box) else (left, bottom, right, top)
            shape.box = min(left, held[0]), min(bottom, held[1]), max(right, held[2]), max(top, held[3])

    def glyph(self, index: int) -> Box:
        """Return the box of a character's strokes, or of its line height where the font gives none."""
        edges = self._sides
        raw.FPDFText_GetCharBox(self._page, index, *map(ctypes.byref, edges))
        left, right, bottom, top = (edge.value for edge in edges)
        if right - left < 0.1 or top - bottom < 0.1:
            return self.box(index, index)
        return self.place((left, bottom, right, top))

    def box(self, first: int, last: int) -> Box:
        """Return the box of a run of characters on one line."""
        edges = self._edges
        raw.FPDFText_GetLooseCharBox(self._page, first, edges)
        left, bottom, right, top = edges.left, edges.bottom, edges.right, edges.top
        if last != first:
            raw.FPDFText_GetLooseCharBox(self._page, last, edges)
            left, right = min(left, edges.left), max(right, edges.right)
            bottom, top = min(bottom, edges.bottom), max(top, edges.top)
        return self.place((left, bottom, right, top))

    def raw_box(self, index: int) -> PdfBox:
        """Return the box of a character's line height in PDF coordinates: left, bottom, right, top."""
        edges = self._edges
        raw.FPDFText_GetLooseCharBox(self._page, index, edges)
        return edges.left, edges.bottom, edges.right, edges.top

    def lines(self) -> tuple[list[Line], Line]:
        """Return the lines of the page, each divided at its wide gaps, and the pieces outside the page."""
        lines: list[Line] = []
        outside: Line = []
        for written in _LINE.finditer(self.text):
            line: Line = []
            for piece in self._pieces(written[0].rstrip("\r"), written.start()):
                left, top, right, bottom = piece.box
                if right <= 0 or left >= self.width or bottom <= 0 or top >= self.height:
                    outside.append(piece)
                    continue
                if line and abs(piece.middle - line[-1].middle) > piece.height / 2:
                    lines.append(line)
                    line = []
                line.append(piece)
            if line:
                lines.append(line)
        return lines, outside

    def _pieces(self, line: str, at: int) -> Iterator[Piece]:
        """Divide a line where the next character is far away; PDFium also joins lines of rotated pages."""
        held = line.strip(" ")
        if not has_visible(held):
            return
        start = line.index(held)
        end = start + len(held)
        for gap in (_BETWEEN if self._is_rotated else _SPACES).finditer(line, start, end):
            if self._is_apart(at + gap.start() - 1, at + gap.end()):
                yield self._piece(line, at, start, gap.start())
                start = gap.end()
        yield self._piece(line, at, start, end)

    def _is_apart(self, last: int, first: int) -> bool:
        """Return whether a character is far from the one before it, or on another line."""
        before, after = self.box(last, last), self.box(first, first)
        if not _far(before, after):
            return False
        # Text that is sideways on the displayed page continues upwards or downwards.
        return not self._is_sideways(last) or _far(*sorted((_is_rotated(before), _is_rotated(after))))

    def _is_sideways(self, index: int) -> bool:
        """Return whether a character is at a right angle to the displayed page."""
        angle = raw.FPDFText_GetCharAngle(self._page, index)
        return angle >= 0 and abs(math.sin(angle - self._rotation)) > _SIDEWAYS

    def _piece(self, line: str, at: int, start: int, end: int) -> Piece:
        return Piece(line[start:end], self.box(at + start, at + end - 1), at + start)

    def split(self, piece: Piece, grid: Grid) -> list[Piece]:
        """Divide a piece at the borders of cells of a ruled table: at spaces, else between any characters."""
        if self._in_one_cell(piece, grid):
            return [piece]
        parts = [piece]
        for places in (_SPACES, _BETWEEN):
            parts = [cut for part in parts for cut in self._cut(part, grid, places)]
        return parts

    def _cut(self, piece: Piece, grid: Grid, places: re.Pattern[str]) -> Iterator[Piece]:
        start = 0
        if not self._in_one_cell(piece, grid):
            for gap in places.finditer(piece.text):
                before = self.box(piece.start + gap.start() - 1, piece.start + gap.start() - 1)
                after = self.box(piece.start + gap.end(), piece.start + gap.end())
                cell = grid.cell((before[0] + before[2]) / 2, piece.middle)
                if cell != grid.cell((after[0] + after[2]) / 2, piece.middle):
                    yield self._piece(piece.text, piece.start, start, gap.start())
                    start = gap.end()
        yield self._piece(piece.text, piece.start, start, len(piece.text)) if start else piece

    @staticmethod
    def _in_one_cell(piece: Piece, grid: Grid) -> bool:
        left, top, right, bottom = piece.box
        middle = (top + bottom) / 2
        return grid.cell(left + 1, middle) == grid.cell(right - 1, middle)

    def runs(self, piece: Piece) -> Iterator[Run]:
        """Divide a piece into visible and hidden runs."""
        at, end = piece.start, piece.start + len(piece.text)
        for hidden_run in self.hidden_runs:
            if hidden_run.end <= at or hidden_run.start >= end:
                continue
            if hidden_run.start > at:
                yield self._run(piece, at, hidden_run.start)
            yield self._run(piece, max(at, hidden_run.start), min(end, hidden_run.end), hidden_run)
            at = min(end, hidden_run.end)
        if at == piece.start:
            yield Run(piece.text, piece.box)
        elif at < end:
            yield self._run(piece, at, end)

    def _run(self, piece: Piece, start: int, end: int, hidden_run: HiddenRun | None = None) -> Run:
        text = piece.text[start - piece.start : end - piece.start]
        hidden, note = (hidden_run.hidden, hidden_run.note) if hidden_run else (None, "")
        return Run(text, self.box(start, end - 1), hidden, note)


def _far(before: Box, after: Box) -> bool:
    """Return whether a box is far right of another one, or not on its line."""
    height = max(before[3] - before[1], 1.0)
    return after[0] - before[2] > _WIDE_GAP * height or abs(after[1] + after[3] - before[1] - before[3]) > height


def _is_rotated(box: Box) -> Box:
    """Return a box with x and y swapped."""
    return box[1], box[0], box[3], box[2]


def _is_narrow(box: PdfBox) -> bool:
    return box[2] - box[0] < 0.5 or box[3] - box[1] < 0.5


def _characters(text_page: Any) -> str:  # noqa: ANN401
    """Return the text of the page with exactly one character for each of PDFium's, so that indices agree."""
    total = text_page.count_chars()
    text = str(text_page.get_text_range()) if total > 0 else ""
    if len(text) == total:
        return text
    codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(total))
    return "".join(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)


def placement(page: Any) -> tuple[Callable[[PdfBox], Box], float, float]:  # noqa: ANN401
    """Return a function that converts a PdfBox into a Box, and the displayed width and height of the page."""
    shown = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, shown)
    left, bottom, right, top = shown.left, shown.bottom, shown.right, shown.top
    turned = page.get_rotation()

    def upright(box: PdfBox) -> Box:
        return box[0] - left, top - box[3], box[2] - left, top - box[1]

    def quarter(box: PdfBox) -> Box:
        return box[1] - bottom, box[0] - left, box[3] - bottom, box[2] - left

    def half(box: PdfBox) -> Box:
        return right - box[2], box[1] - bottom, right - box[0], box[3] - bottom

    def three_quarters(box: PdfBox) -> Box:
        return top - box[3], right - box[2], top - box[1], right - box[0]

    place = {90: quarter, 180: half, 270: three_quarters}.get(turned, upright)
    width, height = right - left, top - bottom
    return (place, height, width) if turned in {90, 270} else (place, width, height)
