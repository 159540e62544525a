"""A table of a sheet or text as HTML, with column letters and row numbers; hidden rows and columns are hatched.

A long table is split into pieces with equal column widths, so that a browser lays out only visible ones.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.text.grid import column_index
from prescan.text.tables import column_letters
from prescan.web.shown import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Block

_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NEW_LINE: Final = "\n"
_ROWS_AT_MOST: Final = 20_000
#: Rows per piece.
_PIECE: Final = 100
#: In pixels: half a Chinese character, padding of a cell, narrowest and widest column.
_HALF: Final = 8.3
_AROUND: Final = 28
_NARROWEST: Final = 46
_WIDEST: Final = 330
_CHINESE: Final = "\u2e80"
_CHARS_MEASURED: Final = 200


class Grid:
    """Collects the cells of one table, in the order of the document."""

    def __init__(self, caption: str) -> None:
        """`caption` is the name of the sheet."""
        self._caption = clean(caption)
        self._rows: dict[int, dict[int, list[str]]] = {}
        self._hidden: dict[tuple[int, int], str] = {}
        self._widths: dict[int, int] = {}

    def add(self, cell: str | None, text: str, fragment: str, note: str | None) -> None:
        """Add a block: its cell ("Sheet1!C5"), text, HTML, and, if it is hidden, the note about it."""
        column, row = _place(cell)
        self._rows.setdefault(row, {}).setdefault(column, []).append(fragment)
        self._widths[column] = max(self._widths.get(column, 0), _width(text))
        if note is not None:
            self._hidden[row, column] = note

    def pieces(self) -> Iterator[str]:
        """Yield the table as HTML, a long one in pieces."""
        numbers = sorted(self._rows)
        visible = {(row, column) for row, cells in self._rows.items() for column in cells} - self._hidden.keys()
        self._bare_rows = {row for row, _ in self._hidden} - {row for row, _ in visible}
        self._bare_columns = {column for _, column in self._hidden} - {column for _, column in visible}
        for first in range(0, min(len(numbers), _ROWS_AT_MOST), _PIECE):
            yield self._drawn(numbers[first : first + _PIECE], first=not first, whole=len(numbers) <= _PIECE)
        if len(numbers) > _ROWS_AT_MOST:
            yield f'<p class="cut">表格很长，只显示前 {_ROWS_AT_MOST} 行；疑点列表仍是完整的。</p>'

    def _drawn(self, numbers: list[int], *, first: bool, whole: bool) -> str:
        """Return some rows as a table. `first`: with header. `whole`: the browser chooses the widths, else fixed."""
        columns = sorted(self._widths)
        sizes = [min(_WIDEST, max(_NARROWEST, int(self._widths[column] * _HALF) + _AROUND)) for column in columns]
        fixed = "" if whole else f' class="fixed" width="{sum(sizes) + _NARROWEST}"'
        cols = "" if whole else "".join(f'<col width="{size}">' for size in (_NARROWEST, *sizes))
        letters = "".join(
            _head("col", column_letters(column - 1), hidden=column in self._bare_columns) for column in columns
        )
        head = f"<thead><tr><td></td>{letters}</tr></thead>" if first else ""
        caption = f"<caption>{self._caption}</caption>" if first else ""
        body = "".join(self._row(number, columns) for number in numbers)
        return f'<div class="table"><table{fixed}>{caption}{cols}{head}<tbody>{body}</tbody></table></div>'

    def _row(self, number: int, columns: list[int]) -> str:
        cells = []
        for column in columns:
            note = self._hidden.get((number, column))
            how = "" if note is None else f' class="hid" title="{clean(note)}"'
            cells.append(f"<td{how}>{_NEW_LINE.join(self._rows[number].get(column, []))}</td>")
        return f"<tr>{_head('row', str(number), hidden=number in self._bare_rows)}{''.join(cells)}</tr>"


def is_cell(cell: str | None) -> bool:
    """Return whether a location's cell names a table cell."""
    return _CELL.fullmatch((cell or "").rpartition("!")[2]) is not None


def is_hidden_cell(block: Block) -> bool:
    """Return whether a block is a cell in a hidden row or column of a visible sheet."""
    return block.hidden == "hidden_row_column" and block.location.part == "hidden"


def _head(scope: str, name: str, *, hidden: bool) -> str:
    if hidden:
        return f'<th scope="{scope}" class="hid">{name}<span class="hidden-word">隐藏</span></th>'
    return f'<th scope="{scope}">{name}</th>'


def _place(cell: str | None) -> tuple[int, int]:
    """Return column and row (from 1) of a cell's name; (0, 0) if it is none."""
    found = _CELL.fullmatch((cell or "").rpartition("!")[2])
    if found is None:
        return 0, 0
    return column_index(found[1]) + 1, int(found[2])


def _width(text: str) -> int:
    """Return the width of the longest line of a cell in characters; a Chinese character counts as two."""
    lines = text[:_CHARS_MEASURED].split("\n")
    return max(sum(1 if char < _CHINESE else 2 for char in line) for line in lines)
