"""Reads a Word document as `read` does and keeps from which element of the package each piece of text came.

The reading pass itself is watched, so that offsets of `Document.text` and elements cannot disagree. Marked copies and
redacted ones are both made of the trees that are kept here.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.docx import _Document
from prescan.formats.docx.line import Line, Piece
from prescan.formats.docx.walker import Walker
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME
from prescan.types import Block, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.types import Limits, Unread

#: Elements that hold the text that is read; others stand for a fixed text (`w:tab`), or for one that is made of theirs.
_TEXTS: Final = frozenset({"t", "delText"})


class Segment(NamedTuple):
    """A stretch of `Document.text` and the element it comes from."""

    start: int
    end: int
    element: etree._Element

    @property
    def is_text(self) -> bool:
        """Whether the characters are the element's own text and not what the element stands for."""
        return LOCAL_NAME[self.element.tag] in _TEXTS


_Told = dict[int, tuple[Block, list[str]]]
"""The pieces of a block's text by the identity of the block, which is kept alive here."""


class _Piece(str):
    """A text that knows the element that told it."""

    __slots__ = ("element",)
    element: etree._Element | None


class _Walker(Walker):
    """A walker that remembers which element told each text."""

    told: _Told
    _current: etree._Element | None = None

    def _plain(self, paragraph: etree._Element) -> str | None:  # noqa: ARG002  every text is to know its element
        """Return None: every paragraph goes the long way."""
        return None

    def _inside(self, elements: Iterable[etree._Element], line: Line, mark: Concealment | None) -> None:
        outer = self._current
        for element in elements:
            self._current = element
            super()._inside((element,), line, mark)
        self._current = outer

    def _say(self, text: str, line: Line, mark: Concealment | None) -> None:
        piece = _Piece(text)
        piece.element = self._current
        super()._say(piece, line, mark)

    def _finish(self, line: Line, sep: str) -> list[Block]:
        copied = [piece and Piece(piece.mark, piece.page, list(piece.texts)) for piece in line.pieces]
        kept, deleted = Line(line.part, line.cell, copied).read()
        before = len(self.later["deleted"])
        made = super()._finish(line, sep)
        if len(made) != len(kept):  # an empty cell is one block, whatever it is made of
            kept = [Piece(None, None, [text for piece in kept for text in piece.texts])]
        for block, piece in (
            *zip(made, kept, strict=False),
            *zip(self.later["deleted"][before:], deleted, strict=True),
        ):
            self.told[id(block)] = block, piece.texts
        return made


class _KeptParts(Parts):
    """Parts whose trees are kept by their names; embedded files, which come last, are left alone."""

    def __init__(self, data: bytes, limits: Limits, trees: dict[str, etree._Element]) -> None:
        super().__init__(data, limits)
        self._trees = trees

    def parsed(self, name: str, content: bytes) -> etree._Element | None:
        """Return the tree of a part, and keep it."""
        root = super().parsed(name, content)
        if root is not None:
            self._trees[name] = root
        return root

    def embedded(self, others: Iterable[str] = ()) -> Iterator[Block | Unread]:  # noqa: ARG002  nothing is read
        """Yield nothing."""
        return iter(())


class Traced(_Document):
    """A document that is read once more, to be written again; its `trees` may be changed."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Take the bytes of a document that was scanned. Raises ReadError."""
        self.trees: dict[str, etree._Element] = {}
        """The trees of the parts that hold text, by name."""
        self._told: _Told = {}
        self._told_first: dict[tuple[tuple[str, str | None], ...], list[Block]] = {}
        self._twins: list[tuple[Block, Block]] = []
        super().__init__(data, limits)
        self.package = self._parts.package
        self.main = self._main
        """The name of the part that holds the body."""
        self.styles = self._styles
        self.blocks_told = tuple(block for block in self.blocks() if isinstance(block, Block))
        """Without embedded files."""

    def _opened(self, data: bytes, limits: Limits) -> Parts:
        return _KeptParts(data, limits, self.trees)

    def placed(self) -> Iterator[tuple[int, Block, list[Segment]]]:
        """Yield each block with its offset in `Document.text` and where its text came from, in order.

        What comes from attributes and properties has no segments. Headers that say what an earlier one said follow
        last, at its offset.
        """
        starts = Document.of("", "", None, self.blocks_told).starts
        offsets = {id(block): start for block, start in zip(self.blocks_told, starts, strict=True)}
        for block, start in zip(self.blocks_told, starts, strict=True):
            yield start, block, self._segments(block, start)
        for first, twin in self._twins:
            if id(first) in offsets:
                yield offsets[id(first)], twin, self._segments(twin, offsets[id(first)])

    def _segments(self, block: Block, at: int) -> list[Segment]:
        found = []
        for piece in self._told.get(id(block), (block, []))[1]:
            if isinstance(piece, _Piece) and piece and piece.element is not None:
                found.append(Segment(at, at + len(piece), piece.element))
            at += len(piece)
        return found

    def _walker(self, part: str, *, paged: bool = False) -> Walker:
        walker = _Walker(part, self._tables, self._styles, paged=paged)
        walker.told = self._told
        return walker

    def _flowing(
        self, name: str, root: etree._Element, part: str, told: set[tuple[tuple[str, str | None], ...]]
    ) -> Iterator[Block]:
        walker = self._walker(part)
        blocks = list(walker.blocks(root))
        everything = [*blocks, *itertools.chain.from_iterable(walker.later.values())]
        gist = tuple((block.text, block.hidden) for block in everything)
        if gist in told:
            self._twins += zip(self._told_first.get(gist, ()), everything, strict=False)
            return
        told.add(gist)
        self._told_first[gist] = everything
        yield from blocks
        self._keep(name, walker)
