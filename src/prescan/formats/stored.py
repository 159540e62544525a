"""What a file holds as text, apart from what was recognised in its pictures.

Who reads a file again to write in it counts without the recognised text: here offsets of a result become theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from prescan.types import Document, Span

if TYPE_CHECKING:
    from prescan.types import Finding


class Stored:
    """A document without what was recognised in pictures."""

    def __init__(self, document: Document) -> None:
        """Take a document as it was scanned."""
        self._whole = document
        kept = [block for block in document.blocks if not _is_seen(block.certainty, block.hidden)]
        self.all = len(kept) == len(document.blocks)
        """Nothing was recognised."""
        self.document = document
        if self.all:
            return
        self.document = Document.of(document.name, document.media_type or "", document.sha256, kept)
        self._shifts: list[int | None] = []
        at = 0
        for block, start in zip(document.blocks, document.starts, strict=True):
            seen = _is_seen(block.certainty, block.hidden)
            self._shifts.append(None if seen else start - at)
            at += 0 if seen else len(block.text) + len(block.sep)

    def span(self, start: int, end: int) -> Span | None:
        """Return a span of the whole text in the text without what was recognised; None if any of it was."""
        if self.all:
            return Span(start, end)
        first, last = self._whole.block_index(start), self._whole.block_index(max(start, end - 1))
        shift = self._shifts[first]
        if shift is None or any(held != shift for held in self._shifts[first : last + 1]):
            return None
        return Span(start - shift, end - shift)

    def finding(self, finding: Finding) -> Finding | None:
        """Return a finding with its offsets in the text without what was recognised; None if it stands in a picture."""
        if finding.type == "layer_mismatch":
            return None
        if finding.start is None or finding.end is None:
            return finding
        span = self.span(finding.start, finding.end)
        return None if span is None else replace(finding, start=span.start, end=span.end)


def _is_seen(certainty: float | None, hidden: str | None) -> bool:
    return certainty is not None or hidden == "layer_mismatch"
