"""Pieces of lines, and the visible and hidden runs in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.grid import Box, Grid

HYPHEN: Final = "\ufffe"
"""PDFium's character for a hyphen that divides a word at the end of a line."""


class Piece(NamedTuple):
    """A stretch of text on one line without a wide gap."""

    text: str
    box: Box
    start: int
    """The index of its first character on the page."""

    @property
    def height(self) -> float:
        """The height of its line."""
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        """The vertical centre of its line."""
        return (self.box[1] + self.box[3]) / 2


Line = list[Piece]


class Run(NamedTuple):
    """A part of a piece that is visible, or hidden for one reason."""

    text: str
    box: Box
    hidden: str | None = None
    """The finding type if it is hidden."""
    note: str = ""
    certainty: float | None = None
    """Of recognised text: how sure the recogniser was."""


class Cutter(Protocol):
    """Divides pieces; it knows the place of each character."""

    def split(self, piece: Piece, grid: Grid) -> list[Piece]:
        """Divide a piece at the borders of cells."""

    def runs(self, piece: Piece) -> Iterator[Run]:
        """Divide a piece into visible and hidden runs."""


@dataclass
class Counter:
    """Counts over the whole document."""

    paragraph: int = 0
    table: int = 0
    row: int = 0
    """Rows of the last table, which may continue on the next page."""
    columns: list[float] = field(default_factory=list)
    """Column borders of the last table if it ended its page."""
