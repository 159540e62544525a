"""Reads a Word document as `read` does and keeps from which element each piece of text came."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from prescan.formats.docx import _Document
from prescan.formats.docx.inline import FIXED, HANDLERS, SKIPPED
from prescan.formats.docx.walker import Walker
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME
from prescan.types import Block, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.docx.line import Line
    from prescan.formats.marks import Mark
    from prescan.types import Limits, Unread


class Place(NamedTuple):
    """Where in a block the text of an element begins."""

    at: int
    element: etree._Element


_Origins = dict[int, tuple[Block, list[Place]]]
"""By the identity of the block, which is kept alive here."""


class _Told(str):
    """A text that knows its element."""

    __slots__ = ("element",)
    element: etree._Element


class _Walker(Walker):
    """A walker that keeps the elements."""

    origins: _Origins

    def _plain(self, paragraph: etree._Element) -> str | None:  # noqa: ARG002  every text is to know its element
        """Return None: every paragraph goes the long way."""
        return None

    def _inside(self, elements: Iterable[etree._Element], line: Line, mark: Mark | None) -> None:
        for element in elements:
            name = LOCAL_NAME[element.tag]
            if name == "t":
                if element.text:
                    told = _Told(element.text)
                    told.element = element
                    self._say(told, line, mark)
            elif name in FIXED:
                self._say(FIXED[name], line, mark)
            elif name in HANDLERS:
                getattr(self, HANDLERS[name])(element, line, mark)
            elif name not in SKIPPED:
                self._inside(element, line, mark)

    def _finish(self, line: Line, sep: str) -> list[Block]:
        """Turn a line into blocks, and look up where in them each text went."""
        texts = [
            text
            for piece in line.pieces
            if piece is not None and not (piece.mark is not None and piece.mark.part == "deleted")
            for text in piece.texts
        ]
        blocks = super()._finish(line, sep)
        rest = iter(texts)
        for block in blocks:
            places: list[Place] = []
            at = 0
            while at < len(block.text) and (text := next(rest, None)) is not None:
                at += not block.text.startswith(text, at)  # the end of a paragraph in a cell
                if isinstance(text, _Told):
                    places.append(Place(at, text.element))
                at += len(text)
            self.origins[id(block)] = block, places
        return blocks


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
    """A document that is read once more, to be rewritten."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Take the bytes of a document that was scanned."""
        self.trees: dict[str, etree._Element] = {}
        self._origins: _Origins = {}
        self._told_first: dict[tuple[tuple[str, str | None], ...], list[Block]] = {}
        self._twins: list[tuple[Block, Block]] = []
        super().__init__(data, limits)
        self.package = self._parts.package
        self.main = self._main
        self.hidden_styles = self._hidden_styles
        self.blocks_told = tuple(block for block in self.blocks() if isinstance(block, Block))

    def _opened(self, data: bytes, limits: Limits) -> Parts:
        return _KeptParts(data, limits, self.trees)

    def placed(self) -> Iterator[tuple[int, Block, list[Place]]]:
        """Yield each block with its offset in `Document.text` and the elements its text came from.

        Headers that say what an earlier one said are told of at its offset.
        """
        starts = Document.of("", "", None, self.blocks_told).starts
        offsets = {id(block): start for block, start in zip(self.blocks_told, starts, strict=True)}
        for block, start in zip(self.blocks_told, starts, strict=True):
            yield start, block, self._origins.get(id(block), (block, []))[1]
        for first, twin in self._twins:
            if id(first) in offsets:
                yield offsets[id(first)], twin, self._origins.get(id(twin), (twin, []))[1]

    def _walker(self, part: str, *, paged: bool = False) -> Walker:
        walker = _Walker(part, self._tables, self._hidden_styles, paged=paged)
        walker.origins = self._origins
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
