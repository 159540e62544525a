"""Excel 97–2003 workbooks (xls, et): cells with sheet and name, what is hidden, notes. xlrd reads the records."""

from __future__ import annotations

import datetime
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import xlrd
from xlrd.compdoc import CompDocError
from xlrd.formula import FormulaError

from prescan.errors import ReadError
from prescan.formats.concealment import attributed
from prescan.formats.media import pictures_of
from prescan.formats.old import records
from prescan.formats.old.graph import is_graph, read_graph
from prescan.formats.old.inside import embedded_content, stored_pictures
from prescan.formats.old.leftover import open_compound, with_residue
from prescan.formats.old.summary import summary
from prescan.formats.old.xls_formats import CellFormats
from prescan.formats.ole import MAGIC, CompoundFile
from prescan.formats.xlsx.sheet_extras import LATER
from prescan.formats.xlsx.values import format_number
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.concealment import Concealment
    from prescan.types import Limits

_STREAM: Final = "Workbook"
_BROKEN: Final = "工作簿已损坏或不完整，请用原软件打开并另存为 xlsx 后重扫"
_VISIBILITY: Final = {1: "隐藏的工作表", 2: "深度隐藏的工作表"}
_CELLS_AT_MOST: Final = 2_000_000
_SAY_NOTHING: Final = bytes([xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR])
#: Errors that xlrd raises on damaged records.
_DAMAGED: Final = (
    *(xlrd.XLRDError, CompDocError, FormulaError, struct.error, IndexError, KeyError, ValueError, AssertionError),
    *(TypeError, AttributeError, UnicodeDecodeError, NotImplementedError, OverflowError, RecursionError),
)


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the workbook. Raises ReadError: encrypted, corrupted, empty."""
    if chart := _chart(data):
        yield from read_graph(chart)
        return
    book = _open(data)
    holder = open_compound(data)
    yield from with_residue(holder, _items(book, holder, limits))
    if holder is None and data.startswith(MAGIC):
        raise ReadError("corrupted", _BROKEN)


def _items(book: Any, holder: CompoundFile | None, limits: Limits) -> Iterator[Block | Unread]:  # noqa: ANN401
    later: list[Block] = []
    lost = _Lost()
    said = False
    looks = CellFormats(book)
    for sheet in book.sheets():
        for block in _sheet(book, sheet, later, lost, looks):
            said = said or isinstance(block, Unread) or bool(block.text.strip())
            yield block
    if holder:
        noted = {block.text for block in later}
        later += (block for block in _beside(holder) if block.text not in noted)
    yield from sorted(later, key=lambda block: LATER.index(block.location.part))
    yield from lost.unread()
    for name in book.name_obj_list:
        if name.hidden and not name.builtin and name.name:
            yield Block(str(name.name), Location("hidden"), hidden="hidden_text", note="隐藏的名称")
    if holder:
        yield from summary(holder)
        yield from embedded_content(holder, limits)
        drawn = list(pictures_of(stored_pictures(holder), limits, without_text=not said and not later))
        yield from drawn
        said = said or bool(drawn)
    if not said and not later:
        yield Unread.of("", "empty")


def _beside(holder: CompoundFile) -> Iterator[Block]:
    """Yield headers, footers and text boxes."""
    for name in (_STREAM, "Book"):
        if name in holder.names:
            yield from records.skipped_texts(holder.bytes_of(name))
            return


def _chart(data: bytes) -> bytes | None:
    """Return the stream of an embedded chart, None for a workbook."""
    try:
        holder = CompoundFile(data)
        stream = holder.bytes_of(_STREAM)
    except (ReadError, KeyError):
        return None  # xlrd also reads workbooks outside compound files, and reports damage
    return stream if is_graph(stream) else None


def _open(data: bytes) -> Any:  # noqa: ANN401  xlrd has no types
    silent = _Nowhere()
    try:
        return xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=silent)
    except _DAMAGED as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise ReadError("encrypted") from error
    try:  # files with broken cell formats can be read without them
        return xlrd.open_workbook(file_contents=data, ragged_rows=True, logfile=silent)
    except _DAMAGED as error:
        raise ReadError("corrupted", _BROKEN) from error


class _Nowhere:
    """A log that discards everything: it would contain values."""

    def write(self, text: str) -> int:
        """Discard text."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""


class _Lost:
    """Cells whose long numbers were rounded to floats."""

    def __init__(self) -> None:
        self.cells: list[str] = []

    def unread(self) -> Iterator[Unread]:
        """Yield an Unread that names them."""
        if self.cells:
            others = f" 等 {len(self.cells)} 格" if len(self.cells) > 1 else " 格"
            detail = f"{self.cells[0]}{others}的长数字被存成浮点数，末几位已丢失，请核对原始数据"
            yield Unread("", "corrupted", detail)


def _sheet(book: Any, sheet: Any, later: list[Block], lost: _Lost, looks: CellFormats) -> Iterator[Block | Unread]:  # noqa: ANN401
    off = _VISIBILITY.get(sheet.visibility)
    unseen = f"{off} {sheet.name}" if off else ""
    kind = "hidden_sheet" if off else "hidden_row_column"
    rows_off = {
        row: f"已隐藏的第 {row + 1} 行" for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0
    }
    columns_off = {
        column: f"已隐藏的 {column_letters(column)} 列"
        for column, info in sheet.colinfo_map.items()
        if info.hidden or info.width == 0
    }
    if off and not sheet.nrows:
        later.append(Block("", Location("hidden"), hidden="hidden_sheet", note=unseen))
    left = _CELLS_AT_MOST
    for row in range(sheet.nrows):
        cells: list[Block] = []
        width = len(bytes(sheet.row_types(row)).rstrip(_SAY_NOTHING))
        left -= width
        if left < 0:
            yield Unread("", "too_large", f"工作表的单元格过多，第 {row + 1} 行起未读，请拆分后重扫")
            break
        for column in range(width):
            place = f"{sheet.name}!{column_letters(column)}{row + 1}"
            cell = sheet.cell(row, column)
            text = _text(book, cell, place, lost)
            note = unseen or rows_off.get(row) or columns_off.get(column, "")
            if text and note:
                later.append(Block(text, Location("hidden", cell=place), hidden=kind, note=note))
            elif not note:
                mark = looks.concealment(sheet, row, column, cell.ctype) if text else None
                cells.append(_cell(text, place, mark))
        while cells and not cells[-1].text:
            cells.pop()
        if cells:
            yield from cells[:-1]
            yield replace(cells[-1], sep=PARAGRAPH_BREAK)
    for (row, column), note in sorted(getattr(sheet, "cell_note_map", {}).items()):
        place = f"{sheet.name}!{column_letters(column)}{row + 1}"
        who = attributed(str(note.author), "", "的批注") if str(note.author or "").strip() else "批注"
        later.append(Block(str(note.text or ""), Location("comment", cell=place), hidden="comment", note=who))


def _cell(text: str, place: str, mark: Concealment | None) -> Block:
    if mark:
        return Block(text, Location(mark.part, cell=place), CELL_BREAK, mark.hidden, mark.note)
    return Block(text, Location("table", cell=place), CELL_BREAK)


def _text(book: Any, cell: Any, place: str, lost: _Lost) -> str:  # noqa: ANN401
    """Return the text that a cell shows."""
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        text, rounded = format_number(repr(cell.value))
        if rounded:
            lost.cells.append(place)
        return text
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            found: datetime.datetime = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return str(cell.value)
        return found.date().isoformat() if found.time() == datetime.time() else found.isoformat(" ", "minutes")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return "" if cell.ctype in _SAY_NOTHING else str(cell.value)
