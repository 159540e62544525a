"""Finds the characters of spans of `Document.text` on the pages of a PDF.

A block names its page and box; inside that box its characters are matched with those that PDFium reports.
This serves remarks, which mark what can be found; `targeting.py` serves edits and must miss nothing.
"""

from __future__ import annotations

import bisect
import difflib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from prescan.formats.pdf.pieces import HYPHEN
from prescan.formats.pdf.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import PdfBox
    from prescan.types import Block

#: Boxes of blocks are rounded to tenths of a point, so they may be off by this much.
_TOLERANCE: Final = 0.2
_MIN_FOUND_SHARE: Final = 0.5
"""If a smaller share of its characters is found in its box, the block is not on the page."""
_SAME_LINE: Final = 0.5
"""Characters of one line overlap in height by at least this share."""


class SpanGlyphs(NamedTuple):
    """The characters of a span on one page."""

    page: int
    """From 1."""
    indices: tuple[int, ...]
    """PDFium's indices of the characters on their page, without white space."""
    boxes: tuple[PdfBox, ...]
    """One for each line, in PDF coordinates: left, bottom, right, top."""
    is_exact: bool
    """Whether every character of the span was found."""


def locate(document: Any, blocks: Sequence[Block], spans: Iterable[tuple[int, int]]) -> list[list[SpanGlyphs]]:  # noqa: ANN401
    """Return the glyphs of each span of the text of `blocks`, by page; [] for a span that is on no page.

    `document`: open in pdfium; `blocks`: all blocks that were read from it.
    """
    starts: list[int] = []
    at = 0
    for block in blocks:
        starts.append(at)
        at += len(block.text) + len(block.sep)
    wanted = [list(_pieces(blocks, starts, start, end)) for start, end in spans]
    pages = sorted({page for pieces in wanted for page, *_ in pieces})
    known: dict[int, _Page] = {}
    for number in pages:
        try:
            known[number] = _Page(document[number - 1])
        except (pdfium.PdfiumError, IndexError):
            continue  # nothing is found on a page that cannot be opened again
    try:
        return [list(_glyphs_of(pieces, blocks, known)) for pieces in wanted]
    finally:
        for page in known.values():
            page.close()


def _pieces(
    blocks: Sequence[Block], starts: Sequence[int], start: int, end: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield (page, index of block, start, end inside the block) for every block on a page that a span touches."""
    index = max(0, bisect.bisect_right(starts, start) - 1)
    for number in range(index, len(blocks)):
        if starts[number] >= end:
            return
        place = blocks[number].location
        low, high = max(start - starts[number], 0), min(end - starts[number], len(blocks[number].text))
        if low < high and place.page and place.bbox and not place.member:
            yield place.page, number, low, high


def _glyphs_of(
    pieces: Sequence[tuple[int, int, int, int]], blocks: Sequence[Block], known: dict[int, _Page]
) -> Iterator[SpanGlyphs]:
    for number in dict.fromkeys(page for page, *_ in pieces):
        page = known.get(number)
        if page is None:
            continue
        indices: list[int] = []
        is_exact = True
        for at, index, low, high in pieces:
            if at == number:
                places = page.matched(index, blocks[index])
                current = [
                    places.get(offset) for offset in range(low, high) if not blocks[index].text[offset].isspace()
                ]
                indices += [place for place in current if place is not None]
                is_exact = is_exact and None not in current
        if indices:
            yield SpanGlyphs(number, tuple(indices), tuple(page.lines(indices)), is_exact)


class _Page:
    """An open page whose characters can be looked up by block."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 (pypdfium2 has no types)
        self._page = page
        self._text_page = page.get_textpage()
        self._text = Text(page, self._text_page)
        shown = [index for index, character in enumerate(self._text.text) if not character.isspace()]
        self._glyphs = [(index, self._text.box(index, index)) for index in shown]
        self._edges = raw.FS_RECTF()
        self._matched: dict[int, dict[int, int]] = {}

    def close(self) -> None:
        """Close the page."""
        self._text_page.close()
        self._page.close()

    def matched(self, number: int, block: Block) -> dict[int, int]:
        """Return offset in the block → PDFium's index of the character."""
        if number not in self._matched:
            self._matched[number] = dict(self._match(block))
        return self._matched[number]

    def _match(self, block: Block) -> Iterator[tuple[int, int]]:
        inside = [index for index, box in self._glyphs if _contains_centre(block.location.bbox, box)]
        page_letters = "".join(self._text.text[index] for index in inside).replace(HYPHEN, "-")
        offsets = [offset for offset, character in enumerate(block.text) if not character.isspace()]
        block_letters = "".join(block.text[offset] for offset in offsets)
        at = page_letters.find(block_letters)
        if at >= 0:
            yield from zip(offsets, inside[at : at + len(block_letters)], strict=True)
            return
        shared = difflib.SequenceMatcher(None, page_letters, block_letters, autojunk=False).get_matching_blocks()
        if sum(size for *_, size in shared) < _MIN_FOUND_SHARE * len(block_letters):
            return  # an earlier revision or an annotation: it is not drawn here
        for first, second, size in shared:
            yield from zip(offsets[second : second + size], inside[first : first + size], strict=True)

    def lines(self, indices: Iterable[int]) -> Iterator[PdfBox]:
        """Yield the boxes of characters, one for adjacent characters of a line."""
        current: PdfBox | None = None
        for index in indices:
            raw.FPDFText_GetLooseCharBox(self._text_page, index, self._edges)
            box = (self._edges.left, self._edges.bottom, self._edges.right, self._edges.top)
            if current and _continues(current, box):
                current = (
                    min(current[0], box[0]),
                    min(current[1], box[1]),
                    max(current[2], box[2]),
                    max(current[3], box[3]),
                )
                continue
            if current:
                yield current
            current = box
        if current:
            yield current


def _contains_centre(outer: Box | None, box: Box) -> bool:
    """Return whether the centre of a character is in the box of a block."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer is not None and (
        outer[0] - _TOLERANCE <= x <= outer[2] + _TOLERANCE and outer[1] - _TOLERANCE <= y <= outer[3] + _TOLERANCE
    )


def _continues(current: PdfBox, box: PdfBox) -> bool:
    """Return whether a character continues a line of others."""
    shared = min(current[3], box[3]) - max(current[1], box[1])
    height = min(current[3] - current[1], box[3] - box[1])
    near = box[0] - current[2] < max(current[3] - current[1], 1.0) and current[0] - box[2] < max(
        current[3] - current[1], 1.0
    )
    return near and shared >= _SAME_LINE * height
