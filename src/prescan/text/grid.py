"""Cells of a grid, what is drawn between them, and their places as written: "Sheet1!C5", "表1!A2"."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Callable

#: Characters drawn as a vertical bar between cells.
BARS: Final = "|｜│┃￨丨‖∥║¦▏▕┆┊"
_CELL_NAME = regex.compile(r"(?P<table>.+)!(?P<column>[A-Z]+)(?P<row>\d+)")


class Cell(NamedTuple):
    """A cell: its row and column (from 0), its span in Document.text, its text."""

    row: int
    column: int
    start: int
    end: int
    text: str


#: Makes a Cell of a tuple, in half the time of Cell(…): a page has hundreds.
CELL: Final[Callable[[tuple[int, int, int, int, str]], Cell]] = functools.partial(tuple.__new__, Cell)


@functools.lru_cache(maxsize=1 << 12)
def grid_place(cell: str) -> tuple[str, int, int] | None:
    """Return the table, row and column (from 0) of a cell's name, or None. Cached, for names recur.

    >>> grid_place("表1!C5"), grid_place("C5")
    (('表1', 4, 2), None)
    """
    match = _CELL_NAME.fullmatch(cell)
    return (match["table"], int(match["row"]) - 1, column_index(match["column"])) if match else None


def column_index(letters: str) -> int:
    """Return the index (from 0) of a spreadsheet column.

    >>> column_index("A"), column_index("Z"), column_index("AA")
    (0, 25, 26)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
