"""Where each character of a Word document's text comes from: the element of the package that holds it.

The reading pass itself is watched, so that offsets of `Document.text` and elements cannot disagree.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.docx import _Document
from prescan.formats.docx.line import Line, Piece
from prescan.formats.docx.walker import Walker
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME
from prescan.types import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml import etree

    from prescan.formats.marks import Mark
    from prescan.types import Limits

#: Elements whose text is what is read; others stand for a fixed text (`w:tab`) or hold none.
TEXTS: Final = frozenset({"t", "delText", "instrText"})


class Segment(NamedTuple):
    """A stretch of `Document.text` and the element it comes from: text elements hold exactly these characters."""

    start: int
    end: int
    element: etree._Element

    @property
    def is_text(self) -> bool:
        """Whether the characters are the element's own text and not what the element stands for."""
        return LOCAL_NAME[self.element.tag] in TEXTS


class Traced:
    """A read document that still knows its elements; `roots` may be changed and written back."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Read the document. Raises ReadError."""
        reading = _TracedDocument(data, limits)
        self.package = reading.parts.package
        self.roots: dict[str, etree._Element] = reading.parts.roots
        """The trees of the parts that hold text, by name."""
        self.blocks: list[Block] = []
        self.segments: list[Segment] = []
        """In the order of the text; what comes from attributes, properties and embedded files has none."""
        at = 0
        for item in reading.blocks():
            if isinstance(item, Block):
                self.blocks.append(item)
                self._place(item, at, reading.told.get(id(item), ()))
                at += len(item.text) + len(item.sep)
        self.main: str = reading.main
        """The name of the part that holds the body."""

    def _place(self, block: Block, at: int, texts: Iterable[str]) -> None:
        pieces = list(texts)
        if "".join(pieces) != block.text:
            return
        for piece in pieces:
            if isinstance(piece, _Told) and piece and piece.element is not None:
                self.segments.append(Segment(at, at + len(piece), piece.element))
            at += len(piece)

    def covering(self, start: int, end: int) -> Sequence[Segment]:
        """Return the segments that overlap a span, in order."""
        first = bisect.bisect_right(self.segments, start, key=lambda segment: segment.end)
        last = bisect.bisect_left(self.segments, end, key=lambda segment: segment.start)
        return self.segments[first:last]


class _Told(str):
    """A text that knows the element that told it."""

    __slots__ = ("element",)
    element: etree._Element | None


class _TracedWalker(Walker):
    """A walker that remembers which element told each text."""

    told: dict[int, list[str]]

    def _plain(self, paragraph: etree._Element) -> str | None:  # noqa: ARG002  every text is to know its element
        """Return None: every paragraph goes the long way."""
        return None

    def _inside(self, elements: Iterable[etree._Element], line: Line, mark: Mark | None) -> None:
        outer = self._current
        for element in elements:
            self._current = element
            super()._inside((element,), line, mark)
        self._current = outer

    def _say(self, text: str, line: Line, mark: Mark | None) -> None:
        told = _Told(text)
        told.element = self._current
        super()._say(told, line, mark)

    def _finish(self, line: Line, sep: str) -> list[Block]:
        copied = [piece and Piece(piece.mark, piece.page, list(piece.texts)) for piece in line.pieces]
        kept, deleted = Line(line.part, line.cell, copied).read()
        before = len(self.later["deleted"])
        made = super()._finish(line, sep)
        if len(made) != len(kept):  # an empty cell is one block, whatever it is made of
            kept = [Piece(None, None, [text for piece in kept for text in piece.texts])]
        for block, piece in zip(made, kept, strict=False):
            self.told[id(block)] = piece.texts
        for block, piece in zip(self.later["deleted"][before:], deleted, strict=True):
            self.told[id(block)] = piece.texts
        self._alive += made
        return made

    _current: etree._Element | None = None
    _alive: list[Block]


class _TracedParts(Parts):
    """The parts of a package, the trees among them kept."""

    def __init__(self, parts: Parts) -> None:
        """Take over the parts of a document that has been opened."""
        self.__dict__.update(parts.__dict__)
        self.roots: dict[str, etree._Element] = {}

    def parsed(self, name: str, content: bytes) -> etree._Element | None:
        root = super().parsed(name, content)
        if root is not None:
            self.roots[name] = root
        return root


class _TracedDocument(_Document):
    """A document on its way through the parts that keeps their trees."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.told: dict[int, list[str]] = {}
        """The pieces of a block's text by the block's identity; the blocks are kept alive so that it stays theirs."""
        self._alive: list[Block] = []
        super().__init__(data, limits)
        self._parts = self.parts = _TracedParts(self._parts)
        self.main = self._main

    def _walker(self, part: str, *, paged: bool = False) -> Walker:
        walker = _TracedWalker(part, self._tables, self._hidden_styles, paged=paged)
        walker.told, walker._alive = self.told, self._alive  # noqa: SLF001  its own class
        return walker


def parent_named(element: etree._Element, *names: str) -> etree._Element | None:
    """Return the nearest ancestor called one of `names`, or None."""
    return next((found for found in element.iterancestors() if LOCAL_NAME[found.tag] in names), None)
