"""Tables: cells with their places, header texts of columns, and which tables list people one by one.

Cells come from blocks with a cell place (documents), from lines with tabs or bars, or from lines in columns of spaces
or commas under a line of headers (plain text, pages).
"""

from __future__ import annotations

import bisect
import itertools
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import regex

from prescan.text.grid import CELL, Cell, grid_place
from prescan.text.headers import PERSON_HEADER, ROSTER_ROWS, header_rows, is_value
from prescan.text.spaced import LINE_PARTS, spaced_tables
from prescan.types import CELL_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.types import Document

_MARKDOWN_RULE = regex.compile(r"[\s|:+\-─┼├┤┌┐└┘┬┴═╪╬]+")
#: Other upright bars that part cells; as wide as "|", so places stay.
_BARS: Final = str.maketrans("｜│┃￨", "||||")
_BREAK = re.compile(rf"[|｜│┃￨{CELL_BREAK}]")
_FORM_LABEL = regex.compile(
    r"性\s*别|民\s*族|出生|年\s*龄|[住地]\s*址|电\s*话|手\s*机|证\s*件|身份证|学\s*历|单\s*位|籍\s*贯|职[务业]|联系|户籍|[账帐卡]号"
    r"|编\s*号|日\s*期|时\s*间|原\s*因|意\s*见|内\s*容|事\s*由|备\s*注|关\s*系"
)
_LABEL_AT_MOST: Final = 30
#: Parts in which a cell stands in its row; a comment or a deletion names its cell from elsewhere.
_GRID_PARTS: Final = frozenset({"table", "hidden", "inserted", "form"})


_start: Final = operator.attrgetter("start")


class _Row:
    """The cells of one row, and quick answers about what stands left of a column."""

    def __init__(self, cells: tuple[Cell, ...]) -> None:
        self.cells = cells
        self.filled = [cell for cell in cells if cell.text and not cell.text.isspace()]
        columns = [cell.column for cell in cells]
        self._ordered = columns == sorted(set(columns))
        self._filled_columns = [cell.column for cell in self.filled]

    def up_to(self, column: int) -> tuple[Cell | None, bool]:
        """Return the last filled cell up to `column`, and whether it is the cell of that very column."""
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
    """The first row of headers; what stands above it (村名：…  制单日期：…) says nothing of the columns."""
    _rows: dict[int, _Row] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The rows that were asked for; every value of a table asks for its own."""
    told: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Answers to what is asked of the whole table again and again, by the question."""

    @property
    def start(self) -> int:
        """Where the first cell begins."""
        return self.cells[0].start

    @property
    def end(self) -> int:
        """Where the last cell ends."""
        return self.cells[-1].end

    def cell_at(self, offset: int) -> Cell | None:
        """Return the cell that holds `offset`, or None between cells."""
        index = bisect.bisect_right(self.cells, offset, key=_start) - 1
        if index >= 0 and self.cells[index].start <= offset <= self.cells[index].end:
            return self.cells[index]
        return None

    def cells_in(self, start: int, end: int) -> tuple[Cell, ...]:
        """Return the cells a span touches."""
        first = max(0, bisect.bisect_right(self.cells, start, key=_start) - 1)
        return self.cells[first : bisect.bisect_left(self.cells, end, lo=first, key=_start)]

    def header_of(self, cell: Cell) -> str:
        """Return the header texts above a cell, top first; a spanned header serves the empty columns to its right."""
        texts = []
        for number in range(self.header_top, min(self.header_rows, cell.row)):
            row = self._row(number)
            filled, exact = row.up_to(cell.column)
            if filled and (exact or number < self.header_rows - 1) and len(row.filled) != 1:
                texts.append(filled.text)
        return " ".join(texts)

    def label_of(self, cell: Cell) -> str:
        """Return the text of the nearest filled cell to the left if it looks like a label (key-value forms)."""
        left = self._row(cell.row).up_to(cell.column - 1)[0]
        label = left.text if left else ""
        return "" if len(label) > _LABEL_AT_MOST or is_value(label) else label

    def row_of(self, cell: Cell) -> tuple[int, int]:
        """Return where the row of a cell begins and ends."""
        row = self._row(cell.row).cells
        return row[0].start, row[-1].end

    @property
    def lists_people(self) -> bool:
        """A column is headed by 姓名 or its like and at least two rows below hold something that is no label.

        In one person's form (姓名 | … | 性别 | …) what stands below 姓名 is the next label.
        """
        said = self.told.get("lists people")
        if said is None:
            said = self.told["lists people"] = self._lists_people()
        return said

    def _lists_people(self) -> bool:
        named = {cell.column for cell in self.top(self.header_rows) if PERSON_HEADER.search(cell.text)}
        if not named:
            return False
        below = [cell for cell in self.cells if cell.row >= self.header_rows and cell.column in named]
        people = {cell.row for cell in below if cell.text.strip() and not _FORM_LABEL.search(cell.text)}
        return len(people) >= ROSTER_ROWS

    def top(self, rows: int) -> Iterator[Cell]:
        """Yield the cells of the first rows."""
        return itertools.takewhile(lambda cell: cell.row < rows, self.cells)

    def _row(self, row: int) -> _Row:
        held = self._rows.get(row)
        if held is None:
            low = bisect.bisect_left(self.cells, (row,))
            held = self._rows[row] = _Row(self.cells[low : bisect.bisect_left(self.cells, (row + 1,), low)])
        return held


def find_tables(document: Document) -> tuple[Table, ...]:
    """Return the tables of a document in reading order: grids of cells, and lines of text with tabs or bars."""
    found = [*_block_tables(document), *_plain_tables(document), *spaced_tables(document)]
    groups = sorted(found, key=lambda group: group[1][0].start)
    return tuple(
        Table(name, tuple(cells), *header_rows(cells)) for name, cells in groups if any(c.text.strip() for c in cells)
    )


def _block_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the grids; what tells of a cell after the table's end is not in them."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    known: tuple[str, str] | None = None
    cells: list[Cell] = []
    last = 0
    for block, start in zip(document.blocks, document.starts, strict=True):
        location = block.location
        place = grid_place(location.cell) if location.cell and location.part in _GRID_PARTS else None
        if place:
            table, row, column = place
            key = (location.member or "", table)
            if key != known:  # hundreds of cells in a row are of one table
                known, cells = key, groups.setdefault(key, [])
                last = cells[-1].row if cells else 0
            if row >= last:
                last, text = row, block.text
                cells.append(CELL((row, column, start, start + len(text), text)))
    for (member, table), cells in groups.items():
        yield f"{member}/{table}", cells


def _plain_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
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
        line = line.translate(_BARS)
        bar = "|" if line.count("|") > 1 or (cells and "|" in line) else CELL_BREAK
        if bar not in line and "|" not in line:
            if cells:
                yield f"{cells[0].start}", cells
            cells, row = [], 0
        elif not _MARKDOWN_RULE.fullmatch(line):
            found = list(_split(block.text, start, bar if bar in line else "|", row))
            width = width if cells else len(found)
            cells.extend(_as_rest(cells[-1:], found, width))
            row = cells[-1].row + 1
    if cells:
        yield f"{cells[0].start}", cells


def _as_rest(last: Sequence[Cell], found: list[Cell], width: int) -> list[Cell]:
    """Return the cells of a line, as the rest of the row above where a number was broken over the line end.

    `last` holds the last cell of that row, if there is one; together both lines are as wide as the table, `width`.
    """
    above = last[0] if last else None
    if above is None or not 0 < above.column < width - 1 or above.column + len(found) != width or len(found) < 2:  # noqa: PLR2004
        return found
    if not (above.text[-1:].isdigit() and found[0].text[:1].isalnum()):
        return found
    return [cell._replace(row=above.row, column=above.column + cell.column) for cell in found]


def _split(line: str, start: int, bar: str, row: int) -> Iterator[Cell]:
    at = start
    pieces = _pieces(line, bar)
    outer = bar == "|" and len(pieces) > 2 and not pieces[0].strip()  # noqa: PLR2004  "| a | b |"
    for column, piece in enumerate(pieces):
        if not (outer and column in {0, len(pieces) - 1} and not piece.strip()):
            yield Cell(row, column - outer, at, at + len(piece), piece)
        at += len(piece) + 1


def _pieces(line: str, bar: str) -> list[str]:
    """Return what stands between the bars of a line, whatever their shape; places stay as they are.

    >>> _pieces("姓名｜电话", "|"), _pieces("a|b;c", ";")
    (['姓名', '电话'], ['a|b', 'c'])
    """
    if bar != "|":
        return line.split(bar)
    pieces, at = [], 0
    for piece in line.translate(_BARS).split(bar):
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
