"""PDF: text with page and place from PDFium, paragraphs and tables put together again, and what hides beside the pages.

PDFium is not thread-safe and can hang on hostile files: this runs in a worker process under a clock.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.errors import ReadError
from prescan.formats import pdf_extras, pdf_layout
from prescan.formats.pdf_grid import Box, Grid, find_grids
from prescan.formats.text import has_visible
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.formats.pdf_layout import Line, Piece
    from prescan.types import Limits

_WIDE_GAP: Final = 1.5
"""A gap wider than this many line heights parts two columns."""
_SPACES: Final = re.compile(" +")
_BETWEEN: Final = re.compile(" +|(?<=[^ ])(?=[^ ])")
_NO_CHARACTER: Final = re.compile("[\0-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_FEW: Final = 20
"""A page with fewer characters and a large picture is a scan with a page number."""
_LARGE: Final = 0.25
_MANY_PATHS: Final = 50
"""So many drawn shapes without any text are text drawn as shapes."""


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of each page, then notes, form values, properties and attachments, then what was not read."""
    document = _open(data)
    if document is None:
        yield from pdf_extras.fallback(data, limits)
        return
    try:
        if raw.FPDF_GetFormType(document) != raw.FORMTYPE_NONE:
            document.init_forms()
        seen = _Seen()
        yield from _document(document, limits, seen)
    finally:
        document.close()
    if len(seen.broken) == seen.total:
        yield from pdf_extras.fallback(data, limits)


def _open(data: bytes) -> Any:  # noqa: ANN401 (pypdfium2 has no types)
    """Open a document with PDFium; None if it takes the file for damaged."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise ReadError("encrypted") from error
        return None
    if not len(document):
        document.close()
        return None
    return document


@dataclass
class _Seen:
    """What is known of the pages once they were read."""

    total: int = 0
    text: bool = False
    pictures: list[int] = field(default_factory=list)
    uncoded: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)


def _document(document: Any, limits: Limits, seen: _Seen) -> Iterator[Block | Unread]:  # noqa: ANN401
    seen.total = total = min(len(document), limits.pages)
    count = pdf_layout.Counter()
    extras = pdf_extras.Extras(document)
    for number in range(1, total + 1):
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            seen.broken.append(number)
            continue
        try:
            yield from _page(page, number, count, seen)
            extras.take_page(page, number)
        except pdfium.PdfiumError:
            seen.broken.append(number)
        finally:
            page.close()
    if len(seen.broken) == total:
        return
    found = list(extras.blocks())
    if not seen.text and not any(block.location.part in {"form", "annotation"} for block in found):
        raise ReadError("no_text_layer")
    yield from found
    yield from _unread(seen)
    if len(document) > total:
        yield Unread.of("", "archive_limit", f"页数超过上限，第 {total + 1}—{len(document)} 页没有读；请拆分后重扫")


def _unread(seen: _Seen) -> Iterator[Unread]:
    """Yield what could not be read, with the pages."""
    for pages, code, problem in (
        (seen.pictures, "no_text_layer", "没有文字层（扫描件或图片），请人工阅看，或做文字识别后重扫"),
        (seen.uncoded, "no_text_layer", "的文字取不出来（字体没有文字编码），请人工阅看，或做文字识别后重扫"),
        (seen.broken, "corrupted", "已损坏，无法读取；请用原软件打开并另存后重扫"),
    ):
        if pages:
            yield Unread.of("", code, f"第 {_ranges(pages)} 页{problem}")


def _page(page: Any, number: int, count: pdf_layout.Counter, seen: _Seen) -> Iterator[Block]:  # noqa: ANN401
    """Yield the blocks of one page and note how much of it is text."""
    text_page = page.get_textpage()
    try:
        text = _Text(page, text_page)
        shown = sum(map(len, text.text.split()))
        bad = len(_NO_CHARACTER.findall(text.text))
        if shown > bad and has_visible(text.text):
            seen.text = True
        if bad * 2 > shown > 0:
            seen.uncoded.append(number)
        elif shown < _FEW and _is_picture(page, text.area, empty=shown == 0):
            seen.pictures.append(number)
        if shown:
            inside, outside = text.lines()
            yield from pdf_layout.blocks(inside, find_grids(page, text.place), number, count, text.split)
            yield from _outside_blocks(outside, number)
    finally:
        text_page.close()


def _outside_blocks(pieces: Line, number: int) -> Iterator[Block]:
    """Yield text that stands outside of the visible page."""
    for piece in pieces:
        yield Block(piece.text, Location("hidden", number), hidden="hidden_text", note=f"第 {number} 页页面之外的文字")


class _Text:
    """The characters of a page and where they are."""

    def __init__(self, page: Any, text_page: Any) -> None:  # noqa: ANN401
        self._page = text_page
        self._edges = raw.FS_RECTF()
        self.text = _characters(text_page)
        self._turned = page.get_rotation() != 0
        self.place, self.width, self.height = _placing(page)

    @property
    def area(self) -> float:
        """The size of the page in square points."""
        return self.width * self.height

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

    def lines(self) -> tuple[list[Line], Line]:
        """Return the lines of the page, each cut at its wide gaps, and the pieces outside of the page."""
        lines: list[Line] = []
        outside: Line = []
        at = 0
        for written in self.text.split("\n"):
            line: Line = []
            for piece in self._pieces(written.rstrip("\r"), at):
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
            at += len(written) + 1
        return lines, outside

    def _pieces(self, line: str, at: int) -> Iterator[Piece]:
        """Cut a line where the next character is far away; PDFium also joins lines of pages that are turned."""
        held = line.strip(" ")
        if not has_visible(held):
            return
        start = line.index(held)
        end = start + len(held)
        for gap in (_BETWEEN if self._turned else _SPACES).finditer(line, start, end):
            before = self.box(at + gap.start() - 1, at + gap.start() - 1)
            after = self.box(at + gap.end(), at + gap.end())
            height = max(before[3] - before[1], 1.0)
            if after[0] - before[2] > _WIDE_GAP * height or abs(after[1] + after[3] - before[1] - before[3]) > height:
                yield self._piece(line, at, start, gap.start())
                start = gap.end()
        yield self._piece(line, at, start, end)

    def _piece(self, line: str, at: int, start: int, end: int) -> Piece:
        return pdf_layout.Piece(line[start:end], self.box(at + start, at + end - 1), at + start)

    def split(self, piece: Piece, grid: Grid) -> list[Piece]:
        """Cut a piece where it passes from one cell of a ruled table to the next: at spaces, else at any character."""
        parts = [piece]
        for places in (_SPACES, _BETWEEN):
            parts = [cut for part in parts for cut in self._cut(part, grid, places)]
        return parts

    def _cut(self, piece: Piece, grid: Grid, places: re.Pattern[str]) -> Iterator[Piece]:
        left, _, right, _ = piece.box
        start = 0
        if grid.cell(left + 1, piece.middle) != grid.cell(right - 1, piece.middle):
            for gap in places.finditer(piece.text):
                before = self.box(piece.start + gap.start() - 1, piece.start + gap.start() - 1)
                after = self.box(piece.start + gap.end(), piece.start + gap.end())
                cell = grid.cell((before[0] + before[2]) / 2, piece.middle)
                if cell != grid.cell((after[0] + after[2]) / 2, piece.middle):
                    yield self._piece(piece.text, piece.start, start, gap.start())
                    start = gap.end()
        yield self._piece(piece.text, piece.start, start, len(piece.text)) if start else piece


def _characters(text_page: Any) -> str:  # noqa: ANN401
    """Return the page's text with one character for each of PDFium's, so that indices agree."""
    total = text_page.count_chars()
    text = str(text_page.get_text_range()) if total > 0 else ""
    if len(text) == total:
        return text
    codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(total))
    return "".join(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes)


def _placing(page: Any) -> tuple[Callable[[Box], Box], float, float]:  # noqa: ANN401
    """Return what turns a pdf box (left, bottom, right, top) into one from the top left, and the page's size."""
    left, bottom, right, top = page.get_cropbox()
    turned = page.get_rotation()

    def upright(box: Box) -> Box:
        return box[0] - left, top - box[3], box[2] - left, top - box[1]

    def quarter(box: Box) -> Box:
        return box[1] - bottom, box[0] - left, box[3] - bottom, box[2] - left

    def half(box: Box) -> Box:
        return right - box[2], box[1] - bottom, right - box[0], box[3] - bottom

    def three_quarters(box: Box) -> Box:
        return top - box[3], right - box[2], top - box[1], right - box[0]

    place = {90: quarter, 180: half, 270: three_quarters}.get(turned, upright)
    width, height = right - left, top - bottom
    return (place, height, width) if turned in {90, 270} else (place, width, height)


def _is_picture(page: Any, area: float, *, empty: bool) -> bool:  # noqa: ANN401
    """Tell whether a page with little or no text shows a picture, or text drawn as shapes."""
    paths = 0
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(raw.FPDFPage_CountObjects(page)):
        shape = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(shape)
        if kind in {raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_SHADING}:
            raw.FPDFPageObj_GetBounds(shape, *map(ctypes.byref, edges))
            left, bottom, right, top = (edge.value for edge in edges)
            if empty or (right - left) * (top - bottom) > _LARGE * area:
                return True
        paths += kind == raw.FPDF_PAGEOBJ_PATH
    return empty and paths > _MANY_PATHS


def _ranges(pages: list[int]) -> str:
    """Return page numbers as "3、5—7"."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return "、".join(str(first) if first == last else f"{first}—{last}" for first, last in spans)
