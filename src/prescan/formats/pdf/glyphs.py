"""Where the characters of a span of `Document.text` stand on the pages of a PDF.

A block says on which page and in which box it was read; inside that box its characters are matched with PDFium's.
This is for marks, which show what they can find; `aim.py` finds what an edit means and must miss nothing.
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

#: Boxes of blocks are rounded to tenths of a point.
_ROUNDED: Final = 0.2
_ENOUGH: Final = 0.5
"""A block of which fewer characters are found in its box is not on the page."""
_SAME_LINE: Final = 0.5
"""Characters of one line overlap in height by this part at least."""


class Glyphs(NamedTuple):
    """The characters of a span on one page."""

    page: int
    """From 1."""
    indices: tuple[int, ...]
    """PDFium's numbers of the characters on their page, white space left out."""
    boxes: tuple[PdfBox, ...]
    """One for each line, in the page's own coordinates: left, bottom, right, top."""
    exact: bool
    """Every character of the span was found; False: at least one was not."""


def locate(document: Any, blocks: Sequence[Block], spans: Iterable[tuple[int, int]]) -> list[list[Glyphs]]:  # noqa: ANN401
    """Return, for each span of the text of `blocks`, where it stands; nothing for a place that is on no page.

    `document` is an open pdfium document, `blocks` are all that was read from it.
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
            continue  # a page that cannot be opened again shows nothing
    try:
        return [list(_found(pieces, blocks, known)) for pieces in wanted]
    finally:
        for page in known.values():
            page.close()


def _pieces(
    blocks: Sequence[Block], starts: Sequence[int], start: int, end: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield page, block, and the span inside the block, for every block on a page that a span touches."""
    index = max(0, bisect.bisect_right(starts, start) - 1)
    for number in range(index, len(blocks)):
        if starts[number] >= end:
            return
        place = blocks[number].location
        low, high = max(start - starts[number], 0), min(end - starts[number], len(blocks[number].text))
        if low < high and place.page and place.bbox and not place.member:
            yield place.page, number, low, high


def _found(
    pieces: Sequence[tuple[int, int, int, int]], blocks: Sequence[Block], known: dict[int, _Page]
) -> Iterator[Glyphs]:
    for number in dict.fromkeys(page for page, *_ in pieces):
        page = known.get(number)
        if page is None:
            continue
        indices: list[int] = []
        exact = True
        for at, index, low, high in pieces:
            if at == number:
                places = page.matched(index, blocks[index])
                held = [places.get(offset) for offset in range(low, high) if not blocks[index].text[offset].isspace()]
                indices += [place for place in held if place is not None]
                exact = exact and None not in held
        if indices:
            yield Glyphs(number, tuple(indices), tuple(page.lines(indices)), exact)


class _Page:
    """An open page whose characters can be asked for by place."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 (pypdfium2 has no types)
        self._page = page
        self._text_page = page.get_textpage()
        self._text = Text(page, self._text_page)
        shown = [index for index, character in enumerate(self._text.text) if not character.isspace()]
        self._glyphs = [(index, self._text.box(index, index)) for index in shown]
        self._edges = raw.FS_RECTF()
        self._matched: dict[int, dict[int, int]] = {}

    def close(self) -> None:
        """Give the page back."""
        self._text_page.close()
        self._page.close()

    def matched(self, number: int, block: Block) -> dict[int, int]:
        """Return, by offset in a block, PDFium's number of the character."""
        if number not in self._matched:
            self._matched[number] = dict(self._match(block))
        return self._matched[number]

    def _match(self, block: Block) -> Iterator[tuple[int, int]]:
        inside = [index for index, box in self._glyphs if _holds(block.location.bbox, box)]
        drawn = "".join(self._text.text[index] for index in inside).replace(HYPHEN, "-")
        offsets = [offset for offset, character in enumerate(block.text) if not character.isspace()]
        said = "".join(block.text[offset] for offset in offsets)
        at = drawn.find(said)
        if at >= 0:
            yield from zip(offsets, inside[at : at + len(said)], strict=True)
            return
        shared = difflib.SequenceMatcher(None, drawn, said, autojunk=False).get_matching_blocks()
        if sum(size for *_, size in shared) < _ENOUGH * len(said):
            return  # an earlier state of the file, or a remark: it is not drawn here
        for first, second, size in shared:
            yield from zip(offsets[second : second + size], inside[first : first + size], strict=True)

    def lines(self, indices: Iterable[int]) -> Iterator[PdfBox]:
        """Yield the boxes of characters, those beside each other on a line as one."""
        held: PdfBox | None = None
        for index in indices:
            raw.FPDFText_GetLooseCharBox(self._text_page, index, self._edges)
            box = (self._edges.left, self._edges.bottom, self._edges.right, self._edges.top)
            if held and _beside(held, box):
                held = min(held[0], box[0]), min(held[1], box[1]), max(held[2], box[2]), max(held[3], box[3])
                continue
            if held:
                yield held
            held = box
        if held:
            yield held


def _holds(outer: Box | None, box: Box) -> bool:
    """Tell whether the middle of a character lies in a block's box."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer is not None and (
        outer[0] - _ROUNDED <= x <= outer[2] + _ROUNDED and outer[1] - _ROUNDED <= y <= outer[3] + _ROUNDED
    )


def _beside(held: PdfBox, box: PdfBox) -> bool:
    """Tell whether a character goes on where others ended, on their line."""
    shared = min(held[3], box[3]) - max(held[1], box[1])
    height = min(held[3] - held[1], box[3] - box[1])
    near = box[0] - held[2] < max(held[3] - held[1], 1.0) and held[0] - box[2] < max(held[3] - held[1], 1.0)
    return near and shared >= _SAME_LINE * height
