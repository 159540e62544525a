"""Paragraphs, rows, cells and tables of WordprocessingML that are not shown because of where or how they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import TINY, Concealment, child
from prescan.formats.docx.looks import is_low
from prescan.formats.docx.marks import deleted, inserted
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_OUTSIDE: Final = Concealment("hidden", "hidden_text", "页面之外的文字")
_LOW_ROW: Final = Concealment("hidden", "hidden_text", "行高过小的表格行中的文字")
#: Twentieths of a point: lines and rows this low show nothing, what stands this far beside its margin is off the page.
_LOW: Final = 40
_BESIDE: Final = -4_000
_WIDEST: Final = 18_000
_INDENTS: Final = ("left", "start", "firstLine")
_ORIGINS: Final = ("x", "y", "tblpX", "tblpY")


def of_paragraph(paragraph: etree._Element) -> Concealment | None:
    """Return the mark of a paragraph whose lines are too low to be seen, or that stands beside the page."""
    properties = child(paragraph, "pPr")
    for setting in () if properties is None else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "spacing" and is_low(setting):
            return TINY
        if (name == "framePr" and _is_beside(setting)) or (name == "ind" and _is_indented_away(setting)):
            return _OUTSIDE
    return None


def of_table(table: etree._Element) -> Concealment | None:
    """Return the mark of a table that stands beside the page."""
    properties = child(table, "tblPr")
    for setting in () if properties is None else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "tblpPr" and _is_beside(setting):
            return _OUTSIDE
        if name == "tblInd" and attribute(setting, "type") in {"", "dxa"}:
            grid = child(table, "tblGrid")
            columns = [] if grid is None else list(grid)
            width = sum(_twips(attribute(column, "w")) for column in columns)
            start = _twips(attribute(setting, "w"))
            if start + width < _BESIDE or start > _WIDEST:
                return _OUTSIDE
    return None


def style_of_table(table: etree._Element) -> str:
    """Return the id of a table's style, or ""."""
    properties = child(table, "tblPr")
    style = None if properties is None else child(properties, "tblStyle")
    return "" if style is None else attribute(style, "val")


def of_row(row: etree._Element, mark: Concealment | None) -> Concealment | None:
    """Return the mark of a table row that was deleted or inserted as a whole, or is too low to be seen.

    `mark` is that of what holds it. A row's own mark of being hidden says nothing of its cells.
    """
    properties = child(row, "trPr")
    for setting in () if properties is None or mark else properties:
        name = LOCAL_NAME[setting.tag]
        if name == "del":
            return deleted(setting)
        if name == "ins":
            return inserted(setting)
        if name == "trHeight" and attribute(setting, "hRule") == "exact" and _twips(attribute(setting, "val")) <= _LOW:
            return _LOW_ROW
    return mark


def of_cell(cell: etree._Element, mark: Concealment | None) -> Concealment | None:
    """Return the mark of a cell that was deleted or inserted; `mark` is that of its row."""
    properties = child(cell, "tcPr")
    for setting in () if properties is None or mark else properties:
        name = LOCAL_NAME[setting.tag]
        if name in {"cellDel", "cellIns"}:
            return deleted(setting) if name == "cellDel" else inserted(setting)
    return mark


def unseen_paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs that the page does not show because of where or how they stand."""
    for holder in descendants(root, "tbl", "tr", "p"):
        name = LOCAL_NAME[holder.tag]
        if name == "p":
            if of_paragraph(holder):
                yield holder
        elif (of_table(holder) if name == "tbl" else of_row(holder, None)) in {_OUTSIDE, _LOW_ROW}:
            yield from descendants(holder, "p")


def _is_beside(placed: etree._Element) -> bool:
    return min(_twips(attribute(placed, axis)) for axis in _ORIGINS) < _BESIDE


def _is_indented_away(indent: etree._Element) -> bool:
    shifts = [_twips(attribute(indent, side)) for side in _INDENTS]
    return min(shifts) < _BESIDE or max(shifts) > _WIDEST


def _twips(value: str) -> int:
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else 0
