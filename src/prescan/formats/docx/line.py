"""Collecting the text of a paragraph or table cell of WordprocessingML, and making blocks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import child
from prescan.formats.package import attribute
from prescan.formats.quick import new_block
from prescan.types import PLACE

if TYPE_CHECKING:
    from lxml import etree

    from prescan.formats.concealment import Concealment
    from prescan.types import Block

_MAX_DIGITS: Final = 5
"""Longer column counts are ignored; Word's own limit is 63 columns."""


class Piece(NamedTuple):
    """A stretch of text with one concealment inside a paragraph or cell, and the page it begins on."""

    concealment: Concealment | None
    page: int | None
    texts: list[str]


@dataclass(slots=True)
class Line:
    """The text of a paragraph or table cell; in `pieces`, None separates the paragraphs of a cell."""

    part: str
    cell: str | None = None
    pieces: list[Piece | None] = field(default_factory=list)

    def add(self, text: str, concealment: Concealment | None, page: int | None) -> None:
        """Append text, to the last piece if that has the same concealment."""
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.concealment == concealment:
            last.texts.append(text)
        else:
            self.pieces.append(Piece(concealment, page, [text]))

    def without_deletions(self) -> tuple[list[Piece], list[Piece]]:
        """Return the pieces that remain without deletions, and the deletions."""
        kept: list[Piece] = []
        deleted: list[Piece] = []
        if len(self.pieces) == 1 and (only := self.pieces[0]) is not None and only.concealment is None:
            return [only], deleted
        wraps = False
        for piece in self.pieces:
            if piece is None:
                wraps = True
            elif piece.concealment is not None and piece.concealment.part == "deleted":
                deleted.append(piece)
            else:
                if wraps and kept:
                    kept[-1].texts.append("\n")
                if kept and kept[-1].concealment == piece.concealment:
                    kept[-1].texts.extend(piece.texts)
                else:
                    kept.append(piece)
                wraps = False
        return kept, deleted

    def block(self, piece: Piece, paragraph: int | None, sep: str) -> Block:
        """Return the block of a piece, in the part of its concealment if it has one, else in that of the line."""
        concealment, text = piece.concealment, "".join(piece.texts)
        if concealment is None:
            return new_block(text, PLACE(self.part, piece.page, paragraph, self.cell), sep)
        place = PLACE(concealment.part, piece.page, paragraph, self.cell)
        return new_block(text, place, sep, concealment.hidden, concealment.note)


def grid_columns(element: etree._Element, properties: str, setting: str, default: int) -> int:
    """Return a number of grid columns from the properties of a row or cell, `default` if missing or invalid."""
    properties_element = child(element, properties)
    found = None if properties_element is None else child(properties_element, setting)
    value = "" if found is None else attribute(found, "val")
    believed = value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS
    return int(value) if believed else default
