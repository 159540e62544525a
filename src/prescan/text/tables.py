"""Tables: cells with their places, header texts of columns, and which tables list people one by one.

Cells come from blocks with a cell place (documents), from lines with tabs or bars, or from lines in columns of spaces
or commas under a line of headers (plain text, pages).
"""

from __future__ import annotations

import bisect
import functools
import itertools
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.text.grid import grid_place
from prescan.text.headers import HEADER_TOKEN, PERSON_HEADER, ROSTER_ROWS, VALUE, header_rows
from prescan.types import CELL_BREAK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
#: Parts whose lines may be rows of a table written as text.
_LINE_PARTS: Final = frozenset({"body", "hidden", "inserted"})
#: A line of headers over columns of spaces or commas holds one of these and few other words.
_SPACED_HEADER = regex.compile(
    r"姓[ \u3000]{0,4}名|户[ \u3000]{0,4}主|申请人|序号"
    r"|(?:驾驶人|司机|车主|持证[人者]|职工|学生|考生|患者|缴存人|住户|业主)(?=[ \u3000]{2})"
)
#: How those begin, and what is a header only in front of a gap.
_HEADER_SIGNS: Final = ("姓", "户", "申请人", "序号")
_BEFORE_GAP: Final = tuple("驾驶人 司机 车主 持证人 持证者 职工 学生 考生 患者 缴存人 住户 业主".split())
_GAPS: Final = ("  ", " \u3000", "\u3000 ", "\u3000\u3000")
_HEADER_WORD = regex.compile(
    r"号|证|名|主|人|微信|QQ|邮箱|[住地]址|电话|手机|性\s*别|民\s*族|年\s*龄|出生|生日|备\s*注|账户|金额|单位|村|组|折|卡|MAC|IMEI|车牌|结论|事由"
    r"|岗位|笔试|面试|成绩|总分|排名|名次|院校|学历|专业|职务|工种|班级|年级|类别|等级|关系|病种|结果"
)
_HEADER_TOKENS_AT_LEAST, _HEADER_AT_MOST, _ROW_AT_MOST = 3, 120, 400
_LINE_BREAKS: Final = "\n\r\u2029"
#: How columns are parted, the surest first: gaps of two or more, commas, single spaces (a name may hold one).
_COLUMNS: Final = tuple(
    map(
        regex.compile,
        (
            r"[^\s\t](?:(?![ \u3000\xa0]{2})[^\t])*?(?=[ \u3000\xa0]{2}|\s*$)",
            r"[^,]+",
            r"(?:姓[ \u3000]{1,2}名|性[ \u3000]{1,2}别|民[ \u3000]{1,2}族|备[ \u3000]{1,2}注)(?!\S)|\S+",
        ),
    )
)
_FIGURES = regex.compile(r"\d{2}|[一二]\p{Han}{3}年")
_SPLIT_NAME = regex.compile(r"(?<!\S)\p{Han}[ \u3000]{1,2}\p{Han}(?!\S)|\S+")


class Cell(NamedTuple):
    """A cell: its grid place (from 0) and its span in Document.text."""

    row: int
    column: int
    start: int
    end: int
    text: str


#: Cell(…) of a tuple, in half the time: a page has hundreds.
_CELL: Final[Callable[[tuple[int, int, int, int, str]], Cell]] = functools.partial(tuple.__new__, Cell)
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
        return "" if len(label) > _LABEL_AT_MOST or VALUE.search(label) else label

    def row_of(self, cell: Cell) -> tuple[int, int]:
        """Return where the row of a cell begins and ends."""
        row = self._row(cell.row).cells
        return row[0].start, row[-1].end

    @property
    def lists_people(self) -> bool:
        """A column is headed by 姓名 or its like and at least two rows below hold something that is no label.

        In one person's form (姓名 | … | 性别 | …) what stands below 姓名 is the next label.
        """
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
    found = [*_block_tables(document), *_plain_tables(document), *_spaced_tables(document)]
    groups = sorted(found, key=lambda group: group[1][0].start)
    return tuple(
        Table(name, tuple(cells), *header_rows(cells)) for name, cells in groups if any(c.text.strip() for c in cells)
    )


def _block_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    groups: dict[tuple[str, str], list[Cell]] = {}
    for block, start in zip(document.blocks, document.starts, strict=True):
        location = block.location
        place = grid_place(location.cell) if location.cell and location.part in _GRID_PARTS else None
        if place:
            table, row, column = place
            key = (location.member or "", table)
            cells = groups[key] if key in groups else groups.setdefault(key, [])
            if not cells or row >= cells[-1].row:  # what tells of a cell after the table's end is not in the grid
                cells.append(_CELL((row, column, start, start + len(block.text), block.text)))
    for (member, table), cells in groups.items():
        yield f"{member}/{table}", cells


def _plain_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    if not _BREAK.search(document.text):
        return
    cells: list[Cell] = []
    row = 0
    for block, start in zip(document.blocks, document.starts, strict=True):
        if block.location.cell or block.location.part not in _LINE_PARTS:
            continue
        line = block.text
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
            cells.extend(_split(block.text, start, bar if bar in line else "|", row))
            row += 1
    if cells:
        yield f"{cells[0].start}", cells


def _spaced_tables(document: Document) -> Iterator[tuple[str, list[Cell]]]:
    """Yield tables whose columns are parted by spaces or commas: a line of headers and lines of as many pieces."""
    text, done = document.text, -1
    for at in _header_places(text):
        block = document.block_at(at)
        if at < done or block.location.cell or block.location.part not in _LINE_PARTS:
            continue
        start, end = _line_at(text, at)
        if start < done or end - start > _HEADER_AT_MOST:
            continue
        for column in _COLUMNS:
            heads = list(column.finditer(text, start, end))
            if not _is_header([head[0] for head in heads]):
                continue
            cells = [Cell(0, place, *head.span(), head[0]) for place, head in enumerate(heads)]
            cells += _rows_below(text, end, column, len(heads))
            if any(_FIGURES.search(cell.text) for cell in cells):
                done = cells[-1].end
                yield f"{start}", cells
                break


def _header_places(text: str) -> list[int]:
    """Return where words stand that may head a column of spaces."""
    gaps = any(map(text.__contains__, _GAPS))
    found = []
    for sign in (*_HEADER_SIGNS, *_BEFORE_GAP) if gaps else _HEADER_SIGNS:
        at = text.find(sign)
        while at >= 0:
            if _SPACED_HEADER.match(text, at):
                found.append(at)
            at = text.find(sign, at + 1)
    return sorted(found)


def _line_at(text: str, offset: int) -> tuple[int, int]:
    """Return where the line that holds `offset` begins and ends."""
    start = max(text.rfind(mark, 0, offset) for mark in _LINE_BREAKS) + 1
    ends = [at for mark in _LINE_BREAKS if (at := text.find(mark, offset)) >= 0]
    return start, min(ends, default=len(text))


def _is_header(tokens: Sequence[str]) -> bool:
    """Tell whether pieces of a line are headers of columns: short words, most of them words of a list of people."""
    short = len(tokens) >= _HEADER_TOKENS_AT_LEAST and all(map(HEADER_TOKEN.fullmatch, tokens))
    return short and sum(_HEADER_WORD.search(token) is not None for token in tokens) * 2 > len(tokens)


def _rows_below(text: str, at: int, column: regex.Pattern[str], size: int) -> Iterator[Cell]:
    """Yield the cells of the lines below a header, up to the first line of another number of pieces."""
    row = 0
    while at < len(text):
        at += 2 if text.startswith("\r\n", at) else 1
        start, end = _line_at(text, at)
        if end - start > _ROW_AT_MOST or "\t" in text[start:end] or "|" in text[start:end]:
            return
        pieces = list(column.finditer(text, start, end))
        if len(pieces) == size + 1:
            pieces = list(_SPLIT_NAME.finditer(text, start, end))
        if not size - 1 <= len(pieces) <= size:
            return
        row += 1
        yield from (Cell(row, place, *piece.span(), piece[0]) for place, piece in enumerate(pieces))
        at = end


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
