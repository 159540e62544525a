"""Tables and sheets of OpenDocument: cells with their places; hidden rows, columns and sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.xlsx.values import format_number as number_in_full
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.odf.styles import Styles, TextFormat
    from prescan.formats.office_parts import Parts

_OFF: Final = frozenset({"collapse", "filter"})
_REPEATED_AT_MOST: Final = 1_000
_CELLS_AT_MOST: Final = 2_000_000
_LAST_COLUMN: Final = 16_384
_CACHED: Final = "外部链接缓存的数据"
_COVERED: Final = Concealment("hidden", "hidden_text", "合并单元格盖住的内容")


class Tables:
    """Reads tables; the subclass reads the text in their cells."""

    _parts: Parts
    _styles: Styles
    _page: int | None

    def __init__(self) -> None:
        """Start with no table read."""
        self._table = self._cells = 0

    def _blocks(
        self, element: etree._Element | list[etree._Element], place: Location, depth: int, text_format: TextFormat
    ) -> Iterator[Block]:
        raise NotImplementedError

    def _hide(self, blocks: Iterable[Block], note: str, kind: str = "hidden_text") -> None:
        raise NotImplementedError

    def _table_blocks(
        self, table: etree._Element, place: Location, depth: int, text_format: TextFormat
    ) -> Iterator[Block]:
        self._table += 1
        name = attribute(table, "name") if _is_sheet(table) else ""
        name = name or f"表{self._table}"
        blocks = list(self._rows(table, name, place, depth, text_format))
        if any(LOCAL_NAME[held.tag] == "table-source" for held in table):
            self._hide(blocks, _CACHED)
        elif self._styles.is_off("table", attribute(table, "style-name")):
            self._hide(blocks or [Block("", place)], f"隐藏的工作表 {name}", "hidden_sheet")
        else:
            yield from blocks

    def _rows(
        self, table: etree._Element, name: str, place: Location, depth: int, text_format: TextFormat
    ) -> Iterator[Block]:
        hidden = _hidden_columns(table)
        number = 0
        for item in table.iter():
            if LOCAL_NAME[item.tag] == "shapes" and item.getparent() is table:
                yield from self._blocks(item, replace(place, cell=None), depth + 1, text_format)
            if LOCAL_NAME[item.tag] != "table-row" or _table_of(item) is not table:
                continue
            number += 1
            is_hidden = attribute(item, "visibility") in _OFF or _in_closed_group(item, table)
            yield from self._row(item, (name, number), hidden, (place, depth, text_format), is_hidden=is_hidden)
            number += _count(item, "number-rows-repeated") - 1

    def _row(
        self,
        row: etree._Element,
        at: tuple[str, int],
        hidden: set[int],
        context: tuple[Location, int, TextFormat],
        *,
        is_hidden: bool,
    ) -> Iterator[Block]:
        name, number = at
        place, depth, text_format = context
        cells: list[Block] = []
        column = 0
        for item in row:
            if LOCAL_NAME[item.tag] not in {"table-cell", "covered-table-cell"}:
                continue
            self._cells += 1
            if self._cells > _CELLS_AT_MOST:
                return
            cell = f"{name}!{column_letters(column)}{number}"
            part = "table" if place.part == "body" else place.part
            inside = self._styles.text_format(text_format, "table-cell", attribute(item, "style-name"))
            blocks = list(self._blocks(item, Location(part, self._page, cell=cell), depth + 1, inside))
            text = SOFT_WRAP.join(block.text for block in blocks if block.location.cell == cell)
            text = self._full_number(item, text, cell)
            if is_hidden or column in hidden:
                what = f"第 {number} 行" if is_hidden else f" {column_letters(column)} 列"
                if text.strip():
                    held = Block(text, Location("hidden", cell=cell))
                    self._hide([held], f"已隐藏的{what}", "hidden_row_column")
            elif LOCAL_NAME[item.tag] == "covered-table-cell" and text.strip():
                self._hide([Block(text, Location("hidden", cell=cell))], _COVERED.note)
                cells.append(Block("", Location(part, self._page, cell=cell), CELL_BREAK))
            else:
                cells.append(Block(text, Location(part, self._page, cell=cell), CELL_BREAK))
            cells += [block for block in blocks if block.location.cell != cell]
            column += _count(item, "number-columns-repeated", _LAST_COLUMN)
        while cells and not cells[-1].text:
            cells.pop()
        if cells:
            yield from cells[:-1]
            yield replace(cells[-1], sep=PARAGRAPH_BREAK)

    def _full_number(self, cell: etree._Element, shown: str, place: str) -> str:
        """Return a number with all its digits; note one whose last digits are lost."""
        if attribute(cell, "value-type") != "float" or "E+" not in shown.upper():
            return shown
        text, lost = number_in_full(attribute(cell, "value"))
        if lost:
            detail = f"{place} 格的长数字被存成浮点数，末几位已丢失，请核对原始数据"
            self._parts.unread.append(Unread("", "corrupted", detail))
        return text


def _hidden_columns(table: etree._Element) -> set[int]:
    hidden: set[int] = set()
    at = 0
    for item in table.iter():
        if LOCAL_NAME[item.tag] == "table-column" and at < _LAST_COLUMN:
            count = _count(item, "number-columns-repeated", _LAST_COLUMN)
            if attribute(item, "visibility") in _OFF or _in_closed_group(item, table):
                hidden.update(range(at, at + count))
            at += count
    return hidden


def _in_closed_group(item: etree._Element, table: etree._Element) -> bool:
    """Return whether a row or column is in a collapsed group."""
    above = item.getparent()
    while above is not None and above is not table:
        if LOCAL_NAME[above.tag].endswith("-group") and attribute(above, "display") == "false":
            return True
        above = above.getparent()
    return False


def _is_sheet(table: etree._Element) -> bool:
    parent = table.getparent()
    return parent is not None and LOCAL_NAME[parent.tag] == "spreadsheet"


def _table_of(row: etree._Element) -> etree._Element | None:
    """Return the table that contains a row."""
    above = row.getparent()
    while above is not None and LOCAL_NAME[above.tag] != "table":
        above = above.getparent()
    return above


def _count(item: etree._Element, name: str, most: int = _REPEATED_AT_MOST) -> int:
    """Return how often an element is repeated, at most `most` times."""
    given = attribute(item, name)
    return min(most, int(given)) if given.isdecimal() and len(given) < 10 else 1
