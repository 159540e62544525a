"""Paragraphs and table cells of WordprocessingML in the making, and where a cell stands in its grid."""

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

_LONGEST_COUNT: Final = 5
"""Digits of a column count that are believed; Word's own limit is 63 columns."""


class Piece(NamedTuple):
    """Text of one mark inside a paragraph or cell, and the page it begins on."""

    mark: Concealment | None
    page: int | None
    texts: list[str]


@dataclass(slots=True)
class Line:
    """A paragraph or a table cell in the making; None stands between the paragraphs of a cell."""

    part: str
    cell: str | None = None
    pieces: list[Piece | None] = field(default_factory=list)

    def add(self, text: str, mark: Concealment | None, page: int | None) -> None:
        """Append text; pieces that follow each other with equal marks are one."""
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.mark == mark:
            last.texts.append(text)
        else:
            self.pieces.append(Piece(mark, page, [text]))

    def read(self) -> tuple[list[Piece], list[Piece]]:
        """Return what reads on from piece to piece, and the deletions between them."""
        kept: list[Piece] = []
        deleted: list[Piece] = []
        if len(self.pieces) == 1 and (only := self.pieces[0]) is not None and only.mark is None:
            return [only], deleted
        wraps = False
        for piece in self.pieces:
            if piece is None:
                wraps = True
            elif piece.mark is not None and piece.mark.part == "deleted":
                deleted.append(piece)
            else:
                if wraps and kept:
                    kept[-1].texts.append("\n")
                if kept and kept[-1].mark == piece.mark:
                    kept[-1].texts.extend(piece.texts)
                else:
                    kept.append(piece)
                wraps = False
        return kept, deleted

    def block(self, piece: Piece, paragraph: int | None, sep: str) -> Block:
        """Make the block of a piece; a mark's part is told before the part of the line."""
        mark, text = piece.mark, "".join(piece.texts)
        if mark is None:
            return new_block(text, PLACE(self.part, piece.page, paragraph, self.cell), sep)
        place = PLACE(mark.part, piece.page, paragraph, self.cell)
        return new_block(text, place, sep, mark.hidden, mark.note)


def grid_columns(element: etree._Element, properties: str, setting: str, default: int) -> int:
    """Return a count of grid columns from the properties of a row or cell; nonsense counts as the default."""
    held = child(element, properties)
    found = None if held is None else child(held, setting)
    value = "" if found is None else attribute(found, "val")
    believed = value.isascii() and value.isdigit() and len(value) <= _LONGEST_COUNT
    return int(value) if believed else default
