"""Earlier states of a PDF: programs may append a change and leave what was there before in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pypdfium2 as pdfium

from prescan.formats.pdf.pages import Pages
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 3
_END: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF")
_INDEX: Final = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")
_SPACES: Final = re.compile(r"\s+")
#: Above this product of lengths, lines are only compared with whole lines.
_MOST_COMPARED: Final = 1_000_000_000


def revision_ends(data: bytes) -> list[int]:
    """Return where earlier states end, the latest first.

    An end counts if the index it names is there: in a file inside this one, or at the head of one made to be shown
    while it loads, it is not.
    """
    begin = max(data.find(b"%PDF-", 0, 1024), 0)
    ends = []
    for found in list(_END.finditer(data))[:-1]:
        index = begin + int(found[1])
        if index and _INDEX.match(data, index, found.start()):
            ends.append(found.end())
    return ends[: -_MOST - 1 : -1]


class Said:
    """What a document says, to tell what it does not say."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lines: dict[str, None] = {}
        self._whole: str | None = None

    def add(self, text: str) -> bool:
        """Take in a line; tell whether it was new."""
        line = squeezed(text)
        if line in self._lines:
            return False
        self._lines[line] = None
        self._whole = None
        return True

    def has(self, text: str) -> bool:
        """Tell whether a line, or a longer one it is part of, was said; white space aside."""
        line = squeezed(text)
        if line in self._lines or not line:
            return True
        if self._whole is None:
            self._whole = "".join(self._lines)
        return len(self._lines) * len(self._whole) <= _MOST_COMPARED and line in self._whole


def earlier_blocks(data: bytes, ends: list[int], most_pages: int, said: Said) -> Iterator[Block]:
    """Yield the lines of earlier states that the document does not say now."""
    for end in ends:
        try:
            document = pdfium.PdfDocument(data[:end])
        except pdfium.PdfiumError:
            continue
        try:
            lines = Pages(document, most_pages).blocks(lambda _page, _number: None)
            gone = [block for block in lines if not said.has(block.text)]
        finally:
            document.close()
        for block in gone:
            if said.add(block.text):
                place = Location("hidden", block.location.page, None, block.location.cell, block.location.bbox)
                yield Block(block.text, place, block.sep, "hidden_text", "以前保存的版本中的文字")


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return _SPACES.sub("", text)
