"""Reads a Word document as `docx.read` does, and records from which XML element each piece of text came.

It hooks into the reading pass itself, so that offsets of `Document.text` and elements cannot disagree. Marked and
redacted copies are made from the trees that are kept here.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.docx import WordDocument
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

#: Elements whose own text is read; others stand for a fixed text (`w:tab`) or one made of several elements.
_TEXTS: Final = frozenset({"t", "delText"})


class Segment(NamedTuple):
    """A stretch of `Document.text` and the element it comes from."""

    start: int
    end: int
    element: etree._Element

    @property
    def is_text(self) -> bool:
        """Whether the characters are the element's own text."""
        return LOCAL_NAME[self.element.tag] in _TEXTS


_Pieces = dict[int, tuple[Block, list[str]]]
"""`id` of a block → the block, so that it stays alive, and the pieces of its text."""


class _Piece(str):
    """A text that knows the element it came from."""

    __slots__ = ("element",)
    element: etree._Element | None


class _Walker(Walker):
    """A walker that records the element of each text."""

    pieces_by_block: _Pieces
    _current: etree._Element | None = None

    def _plain_text(self, paragraph: etree._Element) -> str | None:  # noqa: ARG002
        """Return None: every text must go through `_add_text` to be recorded."""
        return None

    def _add_elements(self, elements: Iterable[etree._Element], line: Line, concealment: Concealment | None) -> None:
        outer = self._current
        for element in elements:
            self._current = element
            super()._add_elements((element,), line, concealment)
        self._current = outer

    def _add_text(self, text: str, line: Line, concealment: Concealment | None) -> None:
        piece = _Piece(text)
        piece.element = self._current
        super()._add_text(piece, line, concealment)

    def _finish(self, line: Line, sep: str) -> list[Block]:
        copied = [piece and Piece(piece.concealment, piece.page, list(piece.texts)) for piece in line.pieces]
        kept, deleted = Line(line.part, line.cell, copied).without_deletions()
        already_deleted = len(self.later["deleted"])
        made = super()._finish(line, sep)
        if len(made) != len(kept):  # an empty cell is one block, however many pieces it has
            kept = [Piece(None, None, [text for piece in kept for text in piece.texts])]
        for block, piece in (
            *zip(made, kept, strict=False),
            *zip(self.later["deleted"][already_deleted:], deleted, strict=True),
        ):
            self.pieces_by_block[id(block)] = block, piece.texts
        return made


class _KeptParts(Parts):
    """Parts that keep every tree by name; embedded files, which come last, are not read."""

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


class TracedDocument(WordDocument):
    """A document that is read again in order to change it; its `trees` may be changed."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Read a document that was scanned. Raises ReadError."""
        self.trees: dict[str, etree._Element] = {}
        """The trees of the parts that hold text, by name."""
        self._pieces_by_block: _Pieces = {}
        self._first_blocks: dict[tuple[tuple[str, str | None], ...], list[Block]] = {}
        self._repeated: list[tuple[Block, Block]] = []
        super().__init__(data, limits)
        self.package = self._parts.package
        self.main = self._main
        """The name of the part that holds the body."""
        self.styles = self._styles
        self.traced_blocks = tuple(block for block in self.blocks() if isinstance(block, Block))
        """Without embedded files."""

    def _open(self, data: bytes, limits: Limits) -> Parts:
        return _KeptParts(data, limits, self.trees)

    def located_blocks(self) -> Iterator[tuple[int, Block, list[Segment]]]:
        """Yield each block with its offset in `Document.text` and the segments of its text, in order.

        Texts of attributes and properties have no segments. Headers that repeat an earlier one follow last, with the
        offset of the earlier one.
        """
        starts = Document.of("", "", None, self.traced_blocks).starts
        offsets = {id(block): start for block, start in zip(self.traced_blocks, starts, strict=True)}
        for block, start in zip(self.traced_blocks, starts, strict=True):
            yield start, block, self._segments(block, start)
        for first, repeat in self._repeated:
            if id(first) in offsets:
                yield offsets[id(first)], repeat, self._segments(repeat, offsets[id(first)])

    def _segments(self, block: Block, at: int) -> list[Segment]:
        found = []
        for piece in self._pieces_by_block.get(id(block), (block, []))[1]:
            if isinstance(piece, _Piece) and piece and piece.element is not None:
                found.append(Segment(at, at + len(piece), piece.element))
            at += len(piece)
        return found

    def _walker(self, part: str, *, paged: bool = False) -> Walker:
        walker = _Walker(part, self._tables, self._styles, paged=paged)
        walker.pieces_by_block = self._pieces_by_block
        return walker

    def _header_or_notes(
        self, name: str, root: etree._Element, part: str, pieces_by_block: set[tuple[tuple[str, str | None], ...]]
    ) -> Iterator[Block]:
        walker = self._walker(part)
        blocks = list(walker.blocks(root))
        everything = [*blocks, *itertools.chain.from_iterable(walker.later.values())]
        content_key = tuple((block.text, block.hidden) for block in everything)
        if content_key in pieces_by_block:
            self._repeated += zip(self._first_blocks.get(content_key, ()), everything, strict=False)
            return
        pieces_by_block.add(content_key)
        self._first_blocks[content_key] = everything
        yield from blocks
        self._keep(name, walker)
