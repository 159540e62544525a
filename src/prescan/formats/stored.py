"""The text stored in a file, without what was recognised in its pictures.

Code that reads the file again to change it sees only the stored text; offsets of a scan result are converted here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from prescan.types import Document, Span

if TYPE_CHECKING:
    from prescan.types import Finding


class StoredText:
    """A document without the text recognised in pictures."""

    def __init__(self, document: Document) -> None:
        """Take a document as it was scanned."""
        self._whole = document
        kept = [block for block in document.blocks if not _is_recognised(block.certainty, block.hidden)]
        self.nothing_recognised = len(kept) == len(document.blocks)
        """Whether both documents are the same."""
        self.document = document
        if self.nothing_recognised:
            return
        self.document = Document.of(document.name, document.media_type or "", document.sha256, kept)
        self._shifts: list[int | None] = []
        at = 0
        for block, start in zip(document.blocks, document.starts, strict=True):
            recognised = _is_recognised(block.certainty, block.hidden)
            self._shifts.append(None if recognised else start - at)
            at += 0 if recognised else len(block.text) + len(block.sep)

    def span(self, start: int, end: int) -> Span | None:
        """Convert a span of the scanned text to one of the stored text; None if any of it was recognised."""
        if self.nothing_recognised:
            return Span(start, end)
        first, last = self._whole.block_index(start), self._whole.block_index(max(start, end - 1))
        shift = self._shifts[first]
        if shift is None or any(other != shift for other in self._shifts[first : last + 1]):
            return None
        return Span(start - shift, end - shift)

    def finding(self, finding: Finding) -> Finding | None:
        """Return a finding with offsets into the stored text; None if it is in a picture."""
        if finding.type == "layer_mismatch":
            return None
        if finding.start is None or finding.end is None:
            return finding
        span = self.span(finding.start, finding.end)
        return None if span is None else replace(finding, start=span.start, end=span.end)


def _is_recognised(certainty: float | None, hidden: str | None) -> bool:
    return certainty is not None or hidden == "layer_mismatch"
