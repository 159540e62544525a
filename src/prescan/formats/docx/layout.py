"""Paragraphs, rows, cells and tables of WordprocessingML that cannot be seen because of their position or height."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import TINY, Concealment, child
from prescan.formats.docx.concealments import deleted, inserted
from prescan.formats.docx.formatting import is_low
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_OUTSIDE: Final = Concealment("hidden", "hidden_text", "页面之外的文字")
_LOW_ROW: Final = Concealment("hidden", "hidden_text", "行高过小的表格行中的文字")
#: In twips: in lines and rows up to this height nothing is seen; positions beyond these are off the page.
_LOW_TWIPS: Final = 40
_OFF_PAGE_LEFT: Final = -4_000
_OFF_PAGE_RIGHT: Final = 18_000
_INDENTS: Final = ("left", "start", "firstLine")
_ORIGINS: Final = ("x", "y", "tblpX", "tblpY")


def paragraph_concealment(paragraph: etree._Element) -> Concealment | None:
    """Return why a paragraph cannot be seen: its lines are too low or it is off the page; None if it can."""
    properties = child(paragraph, "pPr")
    for setting in () if properties is None else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "spacing" and is_low(setting):
            return TINY
        if (name == "framePr" and _is_off_page(setting)) or (name == "ind" and _is_indented_away(setting)):
            return _OUTSIDE
    return None


def table_concealment(table: etree._Element) -> Concealment | None:
    """Return the concealment of a table that is off the page, else None."""
    properties = child(table, "tblPr")
    for setting in () if properties is None else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "tblpPr" and _is_off_page(setting):
            return _OUTSIDE
        if name == "tblInd" and attribute(setting, "type") in {"", "dxa"}:
            grid = child(table, "tblGrid")
            columns = [] if grid is None else list(grid)
            width = sum(_twips(attribute(column, "w")) for column in columns)
            start = _twips(attribute(setting, "w"))
            if start + width < _OFF_PAGE_LEFT or start > _OFF_PAGE_RIGHT:
                return _OUTSIDE
    return None


def table_style(table: etree._Element) -> str:
    """Return the id of a table's style, or ""."""
    properties = child(table, "tblPr")
    style = None if properties is None else child(properties, "tblStyle")
    return "" if style is None else attribute(style, "val")


def row_concealment(row: etree._Element, outer: Concealment | None) -> Concealment | None:
    """Return why a table row is concealed: deleted or inserted as a whole, or too low; `outer` is that of its table.

    A `hidden` property of a row does not hide its cells, so it is not looked at.
    """
    properties = child(row, "trPr")
    for setting in () if properties is None or outer else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "del":
            return deleted(setting)
        if name == "ins":
            return inserted(setting)
        if (
            name == "trHeight"
            and attribute(setting, "hRule") == "exact"
            and _twips(attribute(setting, "val")) <= _LOW_TWIPS
        ):
            return _LOW_ROW
    return outer


def cell_concealment(cell: etree._Element, outer: Concealment | None) -> Concealment | None:
    """Return why a cell is concealed: deleted or inserted; `outer` is the concealment of its row."""
    properties = child(cell, "tcPr")
    for setting in () if properties is None or outer else properties:
        name = LOCAL_NAME[setting.tag]
        if name in {"cellDel", "cellIns"}:
            return deleted(setting) if name == "cellDel" else inserted(setting)
    return outer


def unseen_paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs that cannot be seen because of their position or height."""
    for holder in descendants(root, "tbl", "tr", "p"):
        name = LOCAL_NAME[holder.tag]
        if name == "p":
            if paragraph_concealment(holder):
                yield holder
        elif (table_concealment(holder) if name == "tbl" else row_concealment(holder, None)) in {_OUTSIDE, _LOW_ROW}:
            yield from descendants(holder, "p")


def _is_off_page(placed: etree._Element) -> bool:
    return min(_twips(attribute(placed, axis)) for axis in _ORIGINS) < _OFF_PAGE_LEFT


def _is_indented_away(indent: etree._Element) -> bool:
    shifts = [_twips(attribute(indent, side)) for side in _INDENTS]
    return min(shifts) < _OFF_PAGE_LEFT or max(shifts) > _OFF_PAGE_RIGHT


def _twips(value: str) -> int:
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else 0
