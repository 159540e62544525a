"""What the text of a page is cut into: pieces of lines, and runs of what is seen or not seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.grid import Box, Grid

HYPHEN: Final = "\ufffe"
"""What PDFium puts where a hyphen parts a word at the end of a line."""


class Piece(NamedTuple):
    """A run of text on one line, without a wide gap in it."""

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
        """Half way down its line."""
        return (self.box[1] + self.box[3]) / 2


Line = list[Piece]


class Run(NamedTuple):
    """A part of a piece that is seen, or is not seen for one reason."""

    text: str
    box: Box
    hidden: str | None = None
    """The finding type if it is not seen."""
    note: str = ""
    certainty: float | None = None
    """Of text recognised in a picture."""


class Cutter(Protocol):
    """What knows where each character stands."""

    def split(self, piece: Piece, grid: Grid) -> list[Piece]:
        """Cut a piece where it passes from one cell to the next."""

    def runs(self, piece: Piece) -> Iterator[Run]:
        """Cut a piece where what is seen and what is not seen meet."""


@dataclass
class Counter:
    """What is counted over the whole document."""

    paragraph: int = 0
    table: int = 0
    row: int = 0
    """Rows of the last table, which may go on on the next page."""
    columns: list[float] = field(default_factory=list)
    """Column borders of the last table if it was the last thing on its page."""
