"""Finds tables: their cells, the headers of their columns, and whether they list people one by one.

Cells come from blocks with a cell name (documents), from lines with tabs or bars, or from lines with columns separated
by spaces or commas below a line of headers (plain text, pages).
"""

from __future__ import annotations

import bisect
import itertools
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import regex

from prescan.text.grid import BARS, CELL, Cell, grid_place
from prescan.text.headers import PERSON_HEADER, PERSON_WORD, ROSTER_ROWS, header_rows, is_name_like, is_value
from prescan.text.spaced import LINE_PARTS, spaced_tables
from prescan.types import CELL_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.types import Document

_MARKDOWN_RULE = regex.compile(r"[\s|:+\-─┼├┤┌┐└┘┬┴═╪╬]+")
#: All vertical bars are read as "|"; one character each, so offsets do not change.
_TO_BAR: Final = str.maketrans(dict.fromkeys(BARS, "|"))
_BREAK = re.compile(rf"[{BARS}{CELL_BREAK}]")
_FORM_LABEL = regex.compile(
    r"性\s*别|民\s*族|出生|年\s*龄|[住地]\s*址|电\s*话|手\s*机|证\s*件|身份证|学\s*历|单\s*位|籍\s*贯|职[务业]|联系|户籍|[账帐卡]号"
    r"|编\s*号|日\s*期|时\s*间|原\s*因|意\s*见|内\s*容|事\s*由|备\s*注|关\s*系"
)
_LABEL_AT_MOST: Final = 30
#: A longer text at the head of a table may be its title, with 单位：元 beside it.
_SHORT_LABEL_AT_MOST: Final = 8
#: Locations of blocks in reading order of their table; a comment or a deletion may name a cell of an earlier row.
_GRID_PARTS: Final = frozenset({"table", "hidden", "inserted", "form"})


_start: Final = operator.attrgetter("start")


class _Row:
    """The cells of one row, with a fast search for the filled cell at or before a column."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells
        self.filled = [cell for cell in cells if cell.text and not cell.text.isspace()]
        columns = [cell.column for cell in cells]
        self._ordered = columns == sorted(set(columns))
        self._filled_columns = [cell.column for cell in self.filled]

    def up_to(self, column: int) -> tuple[Cell | None, bool]:
        """Return the last filled cell up to and including `column`, and whether it is in that column."""
        if not self._ordered:
            left = [cell for cell in self.cells if cell.column <= column]
            filled = next((cell for cell in reversed(left) if cell.text.strip()), None)
            return filled, bool(left) and left[-1].column == column and bool(left[-1].text.strip())
        place = bisect.bisect_right(self._filled_columns, column)
        last = self.filled[place - 1] if place else None
        return last, last is not None and last.column == column


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells in reading order."""

    name: str
    cells: tuple[Cell, ...] = field(repr=False)
    header_rows: int = 0
    header_top: int = 0
    """The first row of headers. Lines above it (村名：…  制单日期：…) do not describe columns."""
    _rows: dict[int, _Row] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cached rows, for each value of a table looks at its row."""
    cache: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cached properties of the whole table, by name."""

    @property
    def start(self) -> int:
        """Where the first cell begins."""
        return self.cells[0].start

    @property
    def end(self) -> int:
        """Where the last cell ends."""
        return self.cells[-1].end

    def cell_at(self, offset: int) -> Cell | None:
        """Return the cell that contains `offset`, or None between cells."""
        index = bisect.bisect_right(self.cells, offset, key=_start) - 1
        if index >= 0 and self.cells[index].start <= offset <= self.cells[index].end:
            return self.cells[index]
        return None

    def cells_in(self, start: int, end: int) -> tuple[Cell, ...]:
        """Return the cells that overlap a span."""
        first = max(0, bisect.bisect_right(self.cells, start, key=_start) - 1)
        return self.cells[first : bisect.bisect_left(self.cells, end, lo=first, key=_start)]

    def header_of(self, cell: Cell) -> str:
        """Return the header texts above a cell, top first; a spanning header also heads empty columns to its right."""
        texts = []
        for number in range(self.header_top, min(self.header_rows, cell.row)):
            row = self._row(number)
            filled, exact = row.up_to(cell.column)
            if filled and (exact or number < self.header_rows - 1) and len(row.filled) != 1:
                texts.append(filled.text)
        return " ".join(texts)

    def is_header(self, offset: int) -> bool:
        """Return whether the label of a column stands at an offset: a short cell in a row of headers, beside others."""
        cell = self.cell_at(offset)
        if cell is None or not self.header_top <= cell.row < self.header_rows:
            return False
        return len(cell.text) <= _SHORT_LABEL_AT_MOST and len(self._row(cell.row).filled) > 1

    def label_of(self, cell: Cell) -> str:
        """Return the text of the nearest filled cell to the left if it looks like a label (as in forms), else ""."""
        left = self._row(cell.row).up_to(cell.column - 1)[0]
        label = left.text if left else ""
        return "" if len(label) > _LABEL_AT_MOST or is_value(label) else label

    def row_of(self, cell: Cell) -> tuple[int, int]:
        """Return the start and end of the row of a cell."""
        row = self._row(cell.row).cells
        return row[0].start, row[-1].end

    @property
    def lists_people(self) -> bool:
        """A column has the header 姓名 or the like, and at least two rows below have text in it that is no label.

        In the form of one person (姓名 | … | 性别 | …) the text below 姓名 is the next label. Under 人员, 户长, 业主
        and the like most of the cells have to look like names.
        """
        cached = self.cache.get("lists people")
        if cached is None:
            cached = self.cache["lists people"] = self._lists_people()
        return cached

    def _lists_people(self) -> bool:
        top = list(self.top(self.header_rows))
        name_columns = {cell.column for cell in top if PERSON_HEADER.search(cell.text)}
        below = [cell for cell in self.cells if cell.row >= self.header_rows and not cell.text.isspace()]
        people = {
            cell.row
            for cell in below
            if cell.column in name_columns and cell.text and not _FORM_LABEL.search(cell.text)
        }
        if len(people) >= ROSTER_ROWS:
            return True
        for column in {cell.column for cell in top if PERSON_WORD.fullmatch("".join(cell.text.split()))}:
            cells = [cell.text for cell in below if cell.column == column and cell.text]
            if sum(map(is_name_like, cells)) > max(1, len(cells) // 2):
                return True
        return False

    def top(self, rows: int) -> Iterator[Cell]:
        """Yield the cells of the first rows."""
        return itertools.takewhile(lambda cell: cell.row < rows, self.cells)

    def _row(self, row: int) -> _Row:
        cached = self._rows.get(row)
        if cached is None:
            low = bisect.bisect_left(self.cells, (row,))
            cached = self._rows[row] = _Row(self.cells[low : bisect.bisect_left(self.cells, (row + 1,), low)])
        return cached


def find_tables(document: Document) -> tuple[Table, ...]:
    """Return the tables of a document in reading order."""
    found = [*_block_tables(document), *_plain_tables(document), *spaced_tables(document)]
    groups = sorted(found, key=lambda group: group[1][0].start)
    return tuple(
        Table(name, tuple(cells), *header_rows(cells)) for name, cells in groups if any(c.text.strip() for c in cells)
    )


def _block_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the tables of blocks with cell names, without blocks of a row above the last."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    current: tuple[str, str] | None = None
    cells: list[Cell] = []
    last_row = 0
    for block, start in zip(document.blocks, document.starts, strict=True):
        location = block.location
        place = grid_place(location.cell) if location.cell and location.part in _GRID_PARTS else None
        if place:
            table, row, column = place
            key = (location.member or "", table)
            if key != current:  # hundreds of cells in sequence belong to one table
                current, cells = key, groups.setdefault(key, [])
                last_row = cells[-1].row if cells else 0
            if row >= last_row:
                last_row, text = row, block.text
                cells.append(CELL((row, column, start, start + len(text), text)))
    for (member, table), cells in groups.items():
        yield f"{member}/{table}", cells


def _plain_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the tables of lines with tabs or bars."""
    if not _BREAK.search(document.text):
        return
    cells: list[Cell] = []
    row = width = 0
    for block, start in zip(document.blocks, document.starts, strict=True):
        location, line = block.location, block.text
        if location.cell or location.part not in LINE_PARTS:
            continue
        if not _BREAK.search(line):
            if cells:
                yield f"{cells[0].start}", cells
                cells, row = [], 0
            continue
        line = line.translate(_TO_BAR)
        bar = "|" if line.count("|") > 1 or (cells and "|" in line) else CELL_BREAK
        if bar not in line and "|" not in line:
            if cells:
                yield f"{cells[0].start}", cells
            cells, row = [], 0
        elif not _MARKDOWN_RULE.fullmatch(line):
            line_cells = list(_split(block.text, start, bar if bar in line else "|", row))
            width = width if cells else len(line_cells)
            cells.extend(_joined_to_row(cells[-1:], line_cells, width))
            row = cells[-1].row + 1
    if cells:
        yield f"{cells[0].start}", cells


def _joined_to_row(last: Sequence[Cell], cells: list[Cell], width: int) -> list[Cell]:
    """Return the cells of a line; they are moved into the row above if that was broken inside a number.

    `last` has the last cell of that row, or is empty. Both lines together must be as wide as the table, `width`.
    """
    above = last[0] if last else None
    if above is None or not 0 < above.column < width - 1 or above.column + len(cells) != width or len(cells) < 2:  # noqa: PLR2004
        return cells
    if not (above.text[-1:].isdigit() and cells[0].text[:1].isalnum()):
        return cells
    return [cell._replace(row=above.row, column=above.column + cell.column) for cell in cells]


def _split(line: str, start: int, separator: str, row: int) -> Iterator[Cell]:
    at = start
    pieces = _pieces(line, separator)
    outer = separator == "|" and len(pieces) > 2 and not pieces[0].strip()  # noqa: PLR2004  "| a | b |"
    for column, piece in enumerate(pieces):
        if not (outer and column in {0, len(pieces) - 1} and not piece.strip()):
            yield Cell(row, column - outer, at, at + len(piece), piece)
        at += len(piece) + 1


def _pieces(line: str, separator: str) -> list[str]:
    """Return the pieces of a line between its separators; "|" stands for every form of vertical bar.

    >>> _pieces("姓名｜电话", "|"), _pieces("a|b;c", ";")
    (['姓名', '电话'], ['a|b', 'c'])
    """
    if separator != "|":
        return line.split(separator)
    pieces, at = [], 0
    for piece in line.translate(_TO_BAR).split(separator):
        pieces.append(line[at : at + len(piece)])
        at += len(piece) + 1
    return pieces


def column_letters(index: int) -> str:
    """Return the letters of the column at `index` (from 0).

    >>> column_letters(0), column_letters(26)
    ('A', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


__all__ = ["Cell", "Table", "column_letters", "find_tables"]
