"""The pages of an open PDF: their blocks, and which pages could not be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.errors import WITH_OCR
from prescan.formats.page_ranges import page_ranges
from prescan.formats.pdf import layout as pdf_layout
from prescan.formats.pdf.grid import find_grids
from prescan.formats.pdf.pieces import Counter
from prescan.formats.pdf.running_lines import RunningLines
from prescan.formats.pdf.shapes import FORM, IMAGE, PATH, SHADING, TEXT, matrix_of, page_shapes
from prescan.formats.pdf.text import Text
from prescan.formats.text import has_visible
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.formats.pdf.pieces import Line
    from prescan.formats.pdf.scans import Scans
    from prescan.formats.pdf.shapes import PdfBox, Shape
    from prescan.formats.pdf.visibility import VisibilityCheck

_NO_CHARACTER: Final = re.compile("[\0-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
_FEW: Final = 20
"""A page with fewer characters and a large picture is a scan with a page number."""
_LARGE: Final = 0.25
_PICTURES: Final = frozenset({IMAGE, FORM, SHADING})
_MOST_LOOKED_AT: Final = 300
_NO_WIDTH: Final = 0.5
_EMPTY: Final = 2
"""Bytes of an empty string in PDFium: its terminating zero."""
_MANY_PATHS: Final = 50
"""So many shapes without any text are text converted to shapes."""


class Pages:
    """Reads the pages of a document and records what was wrong with them."""

    def __init__(
        self,
        document: Any,  # noqa: ANN401
        most: int,
        visibility: VisibilityCheck | None = None,
        scans: Scans | None = None,
    ) -> None:
        """`document`: open in pdfium; `visibility`: finds hidden text, without it all text counts as visible.

        `scans` draws pictures whose text is to be recognised; without it pages that are pictures are unread.
        """
        self._document = document
        self._visibility = visibility
        self._scans = scans
        self._count = Counter()
        self.total = min(len(document), most)
        self.has_text = False
        self._pictures: list[int] = []
        self._uncoded: list[int] = []
        self._dropped: list[int] = []
        self._broken: list[int] = []

    @property
    def all_broken(self) -> bool:
        """Whether no page could be read."""
        return len(self._broken) == self.total

    @property
    def has_pictures(self) -> bool:
        """Whether a picture was yielded for recognition."""
        return self._scans is not None and self._scans.found

    def blocks(self, check_page: Callable[[Any, int], None]) -> Iterator[Block]:
        """Yield the body, headers and footers, and text outside the pages; `check_page` gets each page while open."""
        edges = RunningLines()
        outside: list[Block] = []
        for number in range(1, self.total + 1):
            try:
                page = self._document[number - 1]
            except pdfium.PdfiumError:
                self._broken.append(number)
                continue
            held: list[Block] = []
            try:
                self._read_page(page, number, held, outside)
                check_page(page, number)
            except pdfium.PdfiumError:
                self._broken.append(number)
            finally:
                height = page.get_height()
                page.close()
            yield from edges.add_page(held, height)
        yield from edges.remaining()
        yield from edges.headers_and_footers()
        yield from outside

    def unread(self) -> Iterator[Unread]:
        """Yield the pages that could not be read."""
        for pages, code, problem in (
            (self._pictures, "no_text_layer", f"没有文字层（扫描件或图片），请人工阅看，{WITH_OCR}"),
            (
                self._uncoded,
                "no_text_layer",
                f"的文字取不出来（字体没有文字编码），请人工阅看，{WITH_OCR}",
            ),
            (
                self._dropped,
                "no_text_layer",
                "有旋转的文字取不出来（字体没有嵌入文件，本机也没有中文字体），请安装中文字体后重扫，或人工阅看",
            ),
            (self._broken, "corrupted", "已损坏，无法读取；请用原软件打开并另存后重扫"),
        ):
            if pages:
                yield Unread.of("", code, f"第 {page_ranges(pages)} 页{problem}")

    def _read_page(self, page: Any, number: int, blocks: list[Block], outside: list[Block]) -> None:  # noqa: ANN401
        """Collect the blocks of one page, and note how much of it is text."""
        text_page = page.get_textpage()
        try:
            text = Text(page, text_page)
            shapes = page_shapes(page)
            shown = sum(map(len, text.text.split()))
            bad = len(_NO_CHARACTER.findall(text.text))
            if shown > bad and has_visible(text.text):
                self.has_text = True
            uncoded = bad * 2 > shown > 0
            picture = shown < _FEW and _is_picture(shapes, text.area, empty=shown == 0)
            if self._scans:
                whole = uncoded or picture
                held = blocks if whole else outside
                held.extend(self._scans.pictures(page, number, shapes, text, whole=whole))
            elif uncoded:
                self._uncoded.append(number)
            elif picture:
                self._pictures.append(number)
            if _has_dropped_text(shapes, text_page):
                self._dropped.append(number)
            if shown:
                covering: set[int] = set()
                if self._visibility:
                    text.hidden_runs, covering = self._visibility.check_page(page, text, shapes, number)
                lines, beside = text.lines()
                grids = find_grids([shape for shape in shapes if shape.order not in covering], text.place)
                blocks.extend(pdf_layout.blocks(lines, grids, number, self._count, text))
                outside.extend(_outside_blocks(beside, number))
        finally:
            text_page.close()


def _has_dropped_text(shapes: list[Shape], text_page: Any) -> bool:  # noqa: ANN401
    """Return whether PDFium left out text that is sideways.

    Without the font it knows how wide the characters are but not how high, and takes what has no size for nothing.
    """
    texts = (shape for shape in shapes if shape.kind == TEXT and _is_sideways(shape) and _is_flat(shape.box))
    for shape, _ in zip(texts, range(_MOST_LOOKED_AT), strict=False):
        font = raw.FPDFTextObj_GetFont(shape.handle)
        if not raw.FPDFFont_GetIsEmbedded(font) and raw.FPDFTextObj_GetText(shape.handle, text_page, None, 0) <= _EMPTY:
            return True
    return False


def _is_flat(box: PdfBox) -> bool:
    """Return whether a box has a length but no width; spaces have neither."""
    sides = sorted((box[2] - box[0], box[3] - box[1]))
    return sides[0] < _NO_WIDTH < sides[1]


def _is_sideways(shape: Shape) -> bool:
    a, b, *_ = matrix_of(shape.handle)
    return abs(b) > abs(a)


def _outside_blocks(pieces: Line, number: int) -> Iterator[Block]:
    """Yield text outside the visible page."""
    for piece in pieces:
        yield Block(piece.text, Location("hidden", number), hidden="hidden_text", note=f"第 {number} 页页面之外的文字")


def _is_picture(shapes: list[Shape], area: float, *, empty: bool) -> bool:
    """Return whether a page with little or no text shows a picture, or text converted to shapes."""
    pictures = (shape.box for shape in shapes if shape.kind in _PICTURES)
    if any(empty or (right - left) * (top - bottom) > _LARGE * area for left, bottom, right, top in pictures):
        return True
    return empty and sum(shape.kind == PATH for shape in shapes) > _MANY_PATHS
