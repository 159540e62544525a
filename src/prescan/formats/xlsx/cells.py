"""The cells of a sheet, row by row in one pass over the part, each with its place and with what hides it.

Rows and cells carry their places by themselves; the dimension a sheet claims is never believed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.concealment import WHITE, Concealment
from prescan.formats.drawingml import parse_int, unescape
from prescan.formats.office_parts import concealed_block
from prescan.formats.package import LOCAL_NAME, ON
from prescan.formats.xlsx.book import rich
from prescan.formats.xlsx.columns import hidden_columns
from prescan.formats.xlsx.conditions import always
from prescan.formats.xlsx.grid import LAST_COLUMN, LAST_ROW, Sweep, at_most, column_number, ranges_ahead
from prescan.formats.xlsx.stream import Elements
from prescan.formats.xlsx.styles import PLAIN, veil_of_runs
from prescan.formats.xlsx.values import moment, number
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
_WIDEST_GAP: Final = 64
"""Empty cells are told so that columns can be told apart; a gap wider than this is no table."""
_LONGEST_INDEX: Final = 9
_ROWS_TOGETHER: Final = 1_000
"""Hidden rows that are told as one place wait for their last one; not for more than this."""
#: Rows so low, in points, that nothing of them is seen.
_LOWEST: Final = 1.5
_DIGITS: Final = "0123456789"
_LITERAL: Final = re.compile(r'"((?:[^"]|"")*)"')
_TELLING_LITERAL: Final = re.compile(r"[0-9]{6}|[\u3400-\u9fff]")
COVERED: Final = Concealment("hidden", "fake_redaction", "图形盖住的单元格")
_MERGED: Final = Concealment("hidden", "hidden_text", "合并单元格盖住的内容")
_FORMULA: Final = Concealment("hidden", "hidden_text", "公式中的文字")


class _Cell(NamedTuple):
    column: int
    place: str | None
    text: str
    mark: Concealment | None


class Cells:
    """The cells of one sheet. Iterate first; `root`, `formulas` and `unread` tell the rest afterwards."""

    def __init__(
        self, content: bytes, name: str, book: Book, painted: Sequence[Range], covers: Sequence[Range] = ()
    ) -> None:
        """`name`: as shown in places; `painted`: the tables of the sheet, where white text can be read.

        `covers`: what shapes and pictures lie over.
        """
        self.formulas: list[Block] = []
        self._elements = Elements(content, "row")
        self._name = name
        self._book = book
        self._painted = painted
        merged, filtered = ranges_ahead(content)
        self._merged = Sweep(merged)
        self._filtered = filtered
        self._covers = Sweep(covers)
        self._conditions = always(content, book.conditional)
        self._watched = bool(covers or self._conditions)
        self._columns: dict[str, int] = {}
        self._hidden_columns: dict[int, Concealment] | None = None
        self._row_number = 0
        self._lost: list[str] = []
        self._misplaced = 0

    @property
    def root(self) -> etree._Element | None:
        """What stands around the cells."""
        return self._elements.root

    @property
    def failure(self) -> ReadError | None:
        """Why the part could not be read to its end."""
        return self._elements.failure

    def blocks(self, whole: Concealment | None) -> Iterator[Block]:
        """Yield the cells row by row; `whole` is the mark of a hidden sheet. Raises ReadError("archive_limit")."""
        together: list[list[_Cell]] = []
        kind, first = "", 0
        for row in self._elements:
            cells = self._row(row)
            if not cells:
                continue
            hides = "" if whole else self._hides(row)
            follows = hides == kind and self._row_number == first + len(together) and len(together) < _ROWS_TOGETHER
            if together and not follows:
                yield from self._hidden_rows(together, kind, first)
                together = []
            if hides:
                kind, first = hides, first if together else self._row_number
                together.append(cells)
            else:
                yield from self._told(self._row_number, cells, whole)
        yield from self._hidden_rows(together, kind, first)

    def unread(self) -> Iterator[Unread]:
        """Yield what the cells cannot tell any more, once for the sheet."""
        if self._lost:
            others = f" 等 {len(self._lost)} 格" if len(self._lost) > 1 else " 格"
            detail = f"表 {self._name} 的 {self._lost[0]}{others}{DIGITS_LOST}，末几位已丢失，请核对原始数据"
            yield Unread("", "corrupted", detail)
        if self._misplaced:
            detail = f"表 {self._name} 有 {self._misplaced} 格的位置超出表格范围，请用原软件打开并另存后重扫"
            yield Unread("", "corrupted", detail)

    # Rows

    def _hidden_rows(self, rows: list[list[_Cell]], kind: str, first: int) -> Iterator[Block]:
        """Yield hidden rows that follow each other as one place."""
        last = first + len(rows) - 1
        place = f"第 {first} 行" if first == last else f"第 {first}–{last} 行"
        for row, cells in enumerate(rows, first):
            yield from self._told(row, cells, Concealment("hidden", "hidden_row_column", f"{kind}的{place}"))

    def _told(self, row: int, cells: list[_Cell], whole: Concealment | None) -> list[Block]:
        """Return the cells of a row from the first to the last that is filled, and the empty ones between."""
        book, prefix = self._book, f"{self._name}!"
        book.budget.spend(len(cells), sum([len(cell.text) for cell in cells]))
        blocks: list[Block] = []
        column, last = cells[0].column, cells[-1]
        for cell in cells:
            if column < cell.column <= column + _WIDEST_GAP:
                book.budget.spend(cell.column - column, 0)
                for missing in range(column, cell.column):
                    empty = _Cell(missing, f"{column_letters(missing - 1)}{row}", "", None)
                    blocks.append(_block(empty, prefix, whole, CELL_BREAK))
            sep = PARAGRAPH_BREAK if cell is last else CELL_BREAK
            blocks.append(_block(cell, prefix, whole or cell.mark, sep))
            column = cell.column + 1
        return blocks

    def _hides(self, row: etree._Element) -> str:
        """Say how a row is hidden, or ""."""
        if row.get("hidden") in ON or at_most(row.get("ht"), _LOWEST):
            number = self._row_number
            filtered = any(area.top < number <= area.bottom for area in self._filtered)
            return "筛选隐藏" if filtered else "已隐藏"
        return ""

    def _row(self, row: etree._Element) -> list[_Cell]:
        """Return the cells of a row without the empty ones at its ends; none if nothing stands in it."""
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
                hides = style.veil or merged or self._hidden_columns or self._watched
                cells.append(_Cell(column, place, text, self._mark(column, style, merged, element) if hides else None))
                filled = len(cells)
            elif cells and place:
                cells.append(_Cell(column, place, "", None))
        del cells[filled:]
        return cells

    def _locate(self, reference: str | None, column: int) -> tuple[int, str | None]:
        """Return the column of a cell and its name; a cell without one follows the last, one outside has no name."""
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

    def _mark(self, column: int, style: Style, merged: list[Range], element: etree._Element) -> Concealment | None:
        """Return what hides a cell in a visible row."""
        if self._hidden_columns and column in self._hidden_columns:
            return self._hidden_columns[column]
        row = self._row_number
        spared = style.veils_numbers_only if element.get("t", "n") != "n" else style.veils_words_only
        if style.veil and not spared:
            shaded = style.veil is WHITE and any(area.holds(row, column) for area in self._painted)
            if not shaded:
                return style.veil
        for area, mark in self._conditions:
            if area.holds(row, column) and not (mark is WHITE and style.painted):
                return mark
        if any(area.holds(row, column) and (row, column) != (area.top, area.left) for area in merged):
            return _MERGED
        return COVERED if any(area.holds(row, column) for area in self._covers.at(row)) else None

    # Values

    def _text(self, cell: etree._Element, place: str | None) -> tuple[str, Style]:
        """Return what a cell shows, and its style."""
        raw: str | None = None
        inline, veil = "", None
        for element in cell:
            name = LOCAL_NAME[element.tag]
            if name == "v":
                raw = element.text
            elif name == "is":
                inline, veil = rich(element), veil_of_runs(element)
            elif name == "f" and element.text and '"' in element.text:
                self._formula(element.text, place)
        style = self._book.styles.get(cell.get("s") or "", PLAIN)
        kind = cell.get("t", "n")
        if raw is None or inline:
            return inline, _veiled(style, veil)
        if kind == "s":
            text = self._shared(raw)
            return text, _veiled(style, self._book.veils.get(int(raw))) if self._book.veils and text else style
        if kind == "n":
            return self._number(raw, style, place), style
        if kind == "b":
            return ("TRUE" if raw.strip() in ON else "FALSE"), style
        return unescape(raw), style

    def _shared(self, raw: str) -> str:
        book = self._book
        digits = raw.strip()
        index = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_INDEX else None
        if index is not None and index < len(book.strings):
            book.used[index] = 1
            return book.strings[index]
        book.strings_missing = True
        return ""

    def _number(self, raw: str, style: Style, place: str | None) -> str:
        if style.moment:
            day = moment(raw, style.moment, since_1904=self._book.since_1904)
            if day is not None:
                return day
        text, lost = number(raw)
        if lost:
            self._lost.append(place or "")
        return text.zfill(style.zeros) if style.zeros and text.isdigit() else text

    def _formula(self, formula: str, place: str | None) -> None:
        """Keep a formula in which someone wrote words or a long number."""
        if any(_TELLING_LITERAL.search(literal[1]) for literal in _LITERAL.finditer(formula)):
            self._book.budget.spend(1, len(formula))
            self.formulas.append(concealed_block(formula, _FORMULA, cell=place and f"{self._name}!{place}"))


def _veiled(style: Style, veil: Concealment | None) -> Style:
    """Return the style of a cell in which some of the text is hidden; on a coloured ground white can be read."""
    return style._replace(veil=veil) if veil and not style.veil and not style.painted else style


def _block(cell: _Cell, prefix: str, mark: Concealment | None, sep: str) -> Block:
    name = prefix + cell.place if cell.place else None
    if mark is None:
        return Block(cell.text, Location("table", None, None, name), sep)
    return Block(cell.text, Location(mark.part, None, None, name), sep, mark.hidden, mark.note)
