"""Earlier revisions of a PDF: programs may append a change and leave the former content in the file."""

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
#: Above this product of lengths, lines are compared only with whole lines.
_MOST_COMPARED: Final = 1_000_000_000


def revision_ends(data: bytes) -> list[int]:
    """Return the offsets where earlier revisions end, the latest first.

    An end counts only if the cross-reference table it names is there; in a file embedded in this one, or at the head of
    a linearised file, it is not.
    """
    begin = max(data.find(b"%PDF-", 0, 1024), 0)
    ends = []
    for found in list(_END.finditer(data))[:-1]:
        index = begin + int(found[1])
        if index and _INDEX.match(data, index, found.start()):
            ends.append(found.end())
    return ends[: -_MOST - 1 : -1]


class TextIndex:
    """The texts that a document reports, to find what it does not report."""

    def __init__(self) -> None:
        """Start empty."""
        self._lines: dict[str, None] = {}
        self._whole: str | None = None

    def add(self, text: str) -> bool:
        """Add a line; return whether it was new."""
        line = without_spaces(text)
        if line in self._lines:
            return False
        self._lines[line] = None
        self._whole = None
        return True

    def contains(self, text: str) -> bool:
        """Return whether a line is one of the reported ones or part of them, ignoring white space."""
        line = without_spaces(text)
        if line in self._lines or not line:
            return True
        if self._whole is None:
            self._whole = "".join(self._lines)
        return len(self._lines) * len(self._whole) <= _MOST_COMPARED and line in self._whole


def earlier_blocks(data: bytes, ends: list[int], most_pages: int, reported: TextIndex) -> Iterator[Block]:
    """Yield the lines of earlier revisions that the document does not report now."""
    for end in ends:
        try:
            document = pdfium.PdfDocument(data[:end])
        except pdfium.PdfiumError:
            continue
        try:
            lines = Pages(document, most_pages).blocks(lambda _page, _number: None)
            removed = [block for block in lines if not reported.contains(block.text)]
        finally:
            document.close()
        for block in removed:
            if reported.add(block.text):
                place = Location("hidden", block.location.page, None, block.location.cell, block.location.bbox)
                yield Block(block.text, place, block.sep, "hidden_text", "以前保存的版本中的文字")


def without_spaces(text: str) -> str:
    """Return a text without white space."""
    return _SPACES.sub("", text)
