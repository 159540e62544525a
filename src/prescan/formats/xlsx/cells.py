"""The cells of a sheet, row by row in one pass over the part, each with its place and its concealment.

Places come from the rows and cells themselves; the dimension that a sheet states is never trusted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import WHITE, Concealment, concealed_block
from prescan.formats.drawingml import parse_int, unescape
from prescan.formats.package import LOCAL_NAME, ON
from prescan.formats.xlsx.book import rich_text
from prescan.formats.xlsx.columns import hidden_columns
from prescan.formats.xlsx.conditions import always_concealed
from prescan.formats.xlsx.grid import LAST_COLUMN, LAST_ROW, RangeSweep, at_most, column_number, merged_and_filtered
from prescan.formats.xlsx.stream import Elements
from prescan.formats.xlsx.styles import PLAIN, concealment_in_runs
from prescan.formats.xlsx.values import format_date, format_number
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from prescan.errors import ReadError
    from prescan.formats.xlsx.book import Book
    from prescan.formats.xlsx.grid import Range
    from prescan.formats.xlsx.styles import Style

DIGITS_LOST: Final = "的长数字被存成浮点数"
_MAX_GAP: Final = 64
"""Empty cells are yielded so that columns line up; a gap wider than this is not part of a table."""
_MAX_INDEX_DIGITS: Final = 9
_MAX_HIDDEN_ROWS: Final = 1_000
"""Consecutive hidden rows are reported as one place, up to this many."""
#: In rows up to this height, in points, nothing is seen.
_MIN_HEIGHT: Final = 1.5
_DIGITS: Final = "0123456789"
_LITERAL: Final = re.compile(r'"((?:[^"]|"")*)"')
_SUBSTANTIAL_LITERAL: Final = re.compile(r"[0-9]{6}|[\u3400-\u9fff]")
COVERED: Final = Concealment("hidden", "fake_redaction", "图形盖住的单元格")
MERGED: Final = Concealment("hidden", "hidden_text", "合并单元格盖住的内容")
_FORMULA: Final = Concealment("hidden", "hidden_text", "公式中的文字")


class _Cell(NamedTuple):
    column: int
    place: str | None
    text: str
    concealment: Concealment | None


class Cells:
    """The cells of one sheet. Exhaust `blocks` first; `root`, `formulas`, `failure` and `unread` are complete then."""

    def __init__(
        self, content: bytes, name: str, book: Book, tables: Sequence[Range], covers: Sequence[Range] = ()
    ) -> None:
        """`name`: as shown in places; `tables`: ranges with table styles, on which white text may be seen.

        `covers`: ranges covered by shapes and pictures.
        """
        self.formulas: list[Block] = []
        self._elements = Elements(content, "row")
        self._name = name
        self._book = book
        self._tables = tables
        merged, filtered = merged_and_filtered(content)
        self._merged = RangeSweep(merged)
        self._filtered = filtered
        self._covers = RangeSweep(covers)
        self._conditions = always_concealed(content, book.conditional_concealments)
        self._checks_each_cell = bool(covers or self._conditions)
        self._columns: dict[str, int] = {}
        self._hidden_columns: dict[int, Concealment] | None = None
        self._row_number = 0
        self._lost: list[str] = []
        self._misplaced = 0

    @property
    def root(self) -> etree._Element | None:
        """The root of the part, without the rows already read."""
        return self._elements.root

    @property
    def failure(self) -> ReadError | None:
        """Why the part could not be read to its end, None if it was."""
        return self._elements.failure

    def blocks(self, sheet_concealment: Concealment | None) -> Iterator[Block]:
        """Yield the cells row by row. `sheet_concealment`: of a hidden sheet. Raises ReadError("archive_limit")."""
        hidden_rows: list[list[_Cell]] = []
        kind, first = "", 0
        for row in self._elements:
            cells = self._row(row)
            if not cells:
                continue
            row_kind = "" if sheet_concealment else self._hidden_kind(row)
            follows = (
                row_kind == kind
                and self._row_number == first + len(hidden_rows)
                and len(hidden_rows) < _MAX_HIDDEN_ROWS
            )
            if hidden_rows and not follows:
                yield from self._hidden_rows(hidden_rows, kind, first)
                hidden_rows = []
            if row_kind:
                kind, first = row_kind, first if hidden_rows else self._row_number
                hidden_rows.append(cells)
            else:
                yield from self._row_blocks(self._row_number, cells, sheet_concealment)
        yield from self._hidden_rows(hidden_rows, kind, first)

    def unread(self) -> Iterator[Unread]:
        """Yield what was lost in the cells of the sheet, one Unread for each kind of loss."""
        if self._lost:
            others = f" 等 {len(self._lost)} 格" if len(self._lost) > 1 else " 格"
            detail = f"表 {self._name} 的 {self._lost[0]}{others}{DIGITS_LOST}，末几位已丢失，请核对原始数据"
            yield Unread("", "corrupted", detail)
        if self._misplaced:
            detail = f"表 {self._name} 有 {self._misplaced} 格的位置超出表格范围，请用原软件打开并另存后重扫"
            yield Unread("", "corrupted", detail)

    # Rows

    def _hidden_rows(self, rows: list[list[_Cell]], kind: str, first: int) -> Iterator[Block]:
        """Yield consecutive hidden rows, which start at row `first`, as one place."""
        last = first + len(rows) - 1
        place = f"第 {first} 行" if first == last else f"第 {first}–{last} 行"
        for row, cells in enumerate(rows, first):
            yield from self._row_blocks(row, cells, Concealment("hidden", "hidden_row_column", f"{kind}的{place}"))

    def _row_blocks(self, row: int, cells: list[_Cell], sheet_concealment: Concealment | None) -> list[Block]:
        """Return the blocks of a row from the first to the last filled cell, with the empty ones between them."""
        book, prefix = self._book, f"{self._name}!"
        book.budget.spend(len(cells), sum([len(cell.text) for cell in cells]))
        blocks: list[Block] = []
        column, last = cells[0].column, cells[-1]
        for cell in cells:
            if column < cell.column <= column + _MAX_GAP:
                book.budget.spend(cell.column - column, 0)
                for missing in range(column, cell.column):
                    empty = _Cell(missing, f"{column_letters(missing - 1)}{row}", "", None)
                    blocks.append(_block(empty, prefix, sheet_concealment, CELL_BREAK))
            sep = PARAGRAPH_BREAK if cell is last else CELL_BREAK
            blocks.append(_block(cell, prefix, sheet_concealment or cell.concealment, sep))
            column = cell.column + 1
        return blocks

    def _hidden_kind(self, row: etree._Element) -> str:
        """Return how a row is hidden, in a reviewer's words; "" if it is not."""
        if row.get("hidden") in ON or at_most(row.get("ht"), _MIN_HEIGHT):
            format_number = self._row_number
            filtered = any(area.top < format_number <= area.bottom for area in self._filtered)
            return "筛选隐藏" if filtered else "已隐藏"
        return ""

    def _row(self, row: etree._Element) -> list[_Cell]:
        """Return the cells of a row without empty ones at its ends; [] if the row is empty."""
        self._row_number = parse_int(row.get("r") or "") or self._row_number + 1
        if self._hidden_columns is None:
            self._hidden_columns = hidden_columns(self._elements.root)
        merged = self._merged.at(self._row_number)
        row_name = str(self._row_number)
        column, filled = 0, 0
        cells: list[_Cell] = []
        for element in row:
            place = element.get("r")
            known = self._columns.get(place[: -len(row_name)]) if place and place.endswith(row_name) else None
            if known:
                column = known
            else:
                column, place = self._locate(place, column)
            text, style = self._text(element, place)
            if text and not text.isspace():
                may_be_concealed = style.concealment or merged or self._hidden_columns or self._checks_each_cell
                cells.append(
                    _Cell(
                        column,
                        place,
                        text,
                        self._concealment(column, style, merged, element) if may_be_concealed else None,
                    )
                )
                filled = len(cells)
            elif cells and place:
                cells.append(_Cell(column, place, "", None))
        del cells[filled:]
        return cells

    def _locate(self, reference: str | None, column: int) -> tuple[int, str | None]:
        """Return the column and the name of a cell, None if misplaced; one without a reference follows the last."""
        if reference is None:
            column += 1
            inside = column <= LAST_COLUMN and self._row_number <= LAST_ROW
            reference = f"{column_letters(column - 1)}{self._row_number}" if inside else ""
        letters = reference.rstrip(_DIGITS)
        row, known = reference[len(letters) :], column_number(letters)
        if known and 0 < len(row) <= 7 and 0 < int(row) <= LAST_ROW:
            self._columns[letters] = known
            return known, reference
        self._misplaced += 1
        return column + 1, None

    def _concealment(
        self, column: int, style: Style, merged: list[Range], element: etree._Element
    ) -> Concealment | None:
        """Return why a cell in a visible row cannot be seen, None if it can."""
        if self._hidden_columns and column in self._hidden_columns:
            return self._hidden_columns[column]
        row = self._row_number
        spared = style.conceals_numbers_only if element.get("t", "n") != "n" else style.conceals_words_only
        if style.concealment and not spared:
            shaded = style.concealment is WHITE and any(area.contains(row, column) for area in self._tables)
            if not shaded:
                return style.concealment
        for area, concealment in self._conditions:
            if area.contains(row, column) and not (concealment is WHITE and style.coloured):
                return concealment
        if any(area.contains(row, column) and (row, column) != (area.top, area.left) for area in merged):
            return MERGED
        return COVERED if any(area.contains(row, column) for area in self._covers.at(row)) else None

    # Values

    def _text(self, cell: etree._Element, place: str | None) -> tuple[str, Style]:
        """Return the text that a cell shows, and its style."""
        raw: str | None = None
        inline, concealment = "", None
        for element in cell:
            name = LOCAL_NAME[element.tag]
            if name == "v":
                raw = element.text
            elif name == "is":
                inline, concealment = rich_text(element), concealment_in_runs(element)
            elif name == "f" and element.text and '"' in element.text:
                self._formula(element.text, place)
        style = self._book.styles.get(cell.get("s") or "", PLAIN)
        kind = cell.get("t", "n")
        if raw is None or inline:
            return inline, _with_concealment(style, concealment)
        if kind == "s":
            text = self._shared(raw)
            return text, _with_concealment(
                style, self._book.string_concealments.get(int(raw))
            ) if self._book.string_concealments and text else style
        if kind == "n":
            return self._number(raw, style, place), style
        if kind == "b":
            return ("TRUE" if raw.strip() in ON else "FALSE"), style
        return unescape(raw), style

    def _shared(self, raw: str) -> str:
        book = self._book
        digits = raw.strip()
        index = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_INDEX_DIGITS else None
        if index is not None and index < len(book.strings):
            book.used[index] = 1
            return book.strings[index]
        book.strings_missing = True
        return ""

    def _number(self, raw: str, style: Style, place: str | None) -> str:
        if style.moment:
            day = format_date(raw, style.moment, since_1904=self._book.since_1904)
            if day is not None:
                return day
        text, lost = format_number(raw)
        if lost:
            self._lost.append(place or "")
        return text.zfill(style.zeros) if style.zeros and text.isdigit() else text

    def _formula(self, formula: str, place: str | None) -> None:
        """Keep a formula with a literal that holds Chinese or a long number."""
        if any(_SUBSTANTIAL_LITERAL.search(literal[1]) for literal in _LITERAL.finditer(formula)):
            self._book.budget.spend(1, len(formula))
            self.formulas.append(concealed_block(formula, _FORMULA, cell=place and f"{self._name}!{place}"))


def _with_concealment(style: Style, concealment: Concealment | None) -> Style:
    """Return a style with the concealment of a run in the cell, unless the cell has one or a coloured fill."""
    return (
        style._replace(concealment=concealment)
        if concealment and not style.concealment and not style.coloured
        else style
    )


def _block(cell: _Cell, prefix: str, concealment: Concealment | None, sep: str) -> Block:
    name = prefix + cell.place if cell.place else None
    if concealment is None:
        return Block(cell.text, Location("table", None, None, name), sep)
    return Block(cell.text, Location(concealment.part, None, None, name), sep, concealment.hidden, concealment.note)
