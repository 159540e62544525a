"""Workbooks (xlsx, xlsm, xltx): every sheet and every part of the package, in the order of the contract.

`sheet_cells` reads the cells of a sheet, `sheet_around` what stands beside them, `sheet_caches` what no sheet shows;
this file says which sheets there are and in which order all this comes: visible sheets, what lies beside their cells,
hidden sheets, caches, properties, embedded files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.concealment import Concealment, child
from prescan.formats.office_parts import Parts, as_hidden
from prescan.formats.package import ON, attribute, descendants
from prescan.formats.properties import property_blocks
from prescan.formats.xlsx.around import LATER, around, sorted_out
from prescan.formats.xlsx.book import CELLS_AT_MOST, Book, Budget, rich
from prescan.formats.xlsx.caches import caches, left_over, revisions
from prescan.formats.xlsx.cells import Cells
from prescan.formats.xlsx.colours import theme_of
from prescan.formats.xlsx.covers import covers
from prescan.formats.xlsx.grid import cell_range
from prescan.formats.xlsx.stream import Elements
from prescan.formats.xlsx.styles import conditional, styles, veil_of_runs
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.xlsx.grid import Range
    from prescan.types import Limits, Unread

_USUAL_MAIN: Final = "xl/workbook.xml"
_SHEET_PART: Final = re.compile(r"xl/(?:worksheets|chartsheets|macrosheets|dialogsheets)/[^/]+\.xml", re.IGNORECASE)
_STATES: Final = {"hidden": "已隐藏的工作表", "veryHidden": "深度隐藏的工作表"}
_UNLISTED: Final = "工作簿未列出的工作表"
#: Digits that make the name of a sheet worth telling, and those that may be a value that no place may show.
_TELLING_NAME: Final = re.compile(r"\d{6}")
_VALUE_IN_NAME: Final = re.compile(r"\d{9}|[A-Z]\d{8}")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the workbook says. Raises ReadError if nothing in it can be read."""
    workbook = _Workbook(data, limits)
    yield from workbook.parts.complete(workbook.items())


class _Sheet(NamedTuple):
    part: str
    name: str
    """As the workbook names it."""
    shown: str
    """The name in places and notes: one that may hold a value is not shown."""
    hides: str
    """How it is hidden in a reviewer's words, or ""."""


class _Workbook:
    """One workbook on its way through the parts."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.parts = Parts(data, limits)
        self._main = self.parts.main(_USUAL_MAIN)
        self._root = self.parts.tree(self._main)
        self._sheets = list(self._find_sheets())
        style_trees = [self.parts.tree(part) for part in self.parts.related(self._main, "styles")]
        theme = theme_of(next((self.parts.tree(part) for part in self.parts.related(self._main, "theme")), None))
        veils: dict[int, Concealment] = {}
        self._book = Book(
            strings=self._shared_strings(veils),
            veils=veils,
            styles=styles(style_trees[0] if style_trees else None, theme),
            conditional=conditional(style_trees[0] if style_trees else None, theme),
            since_1904=self._counts_from_1904(),
            budget=Budget(len(data), limits),
        )

    def items(self) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract, up to the limit."""
        try:
            yield from self._told([sheet for sheet in self._sheets if not sheet.hides])
            yield from self._told([sheet for sheet in self._sheets if sheet.hides])
            yield from caches(self.parts, self._main, self._root, self._book)
        except ReadError as error:
            self.parts.note_unread("", error)
            return
        if self._book.strings_missing:
            detail = "部分单元格的文字在文件中缺失，请用原软件打开并另存后重扫"
            self.parts.note_unread("", ReadError("corrupted", detail))
        if not self.parts.unread:
            yield from left_over(self._book)
        yield from self.parts.stored()
        yield from self._properties()
        yield from self.parts.embedded()

    # Finding sheets

    def _find_sheets(self) -> Iterator[_Sheet]:
        """Yield the sheets in the order of the workbook, then those it holds without listing them; each part once."""
        targets = self.parts.targets(self._main)
        seen: set[str] = set()
        listed = () if self._root is None else descendants(self._root, "sheet")
        for position, sheet in enumerate(listed, 1):
            reference, name = attribute(sheet, "id"), attribute(sheet, "name")
            part = targets.get(reference, "")
            if not reference:
                continue  # a module of macros that old programs list among the sheets; the macros are told as such
            if part not in self.parts.package:
                self.parts.note_unread(part, ReadError("corrupted", "文件缺少一个工作表，请用原软件打开并另存后重扫"))
            elif part not in seen:
                seen.add(part)
                shown = f"第{position}个工作表" if _VALUE_IN_NAME.search(name) else name
                yield _Sheet(part, name, shown, _STATES.get(attribute(sheet, "state"), ""))
        for position, part in enumerate(self.parts.package.names, 1):
            if part not in seen and _SHEET_PART.fullmatch(part):
                yield _Sheet(part, "", f"工作表{position}", _UNLISTED if self._root is not None else "")

    def _shared_strings(self, veils: dict[int, Concealment]) -> list[str]:
        """Return the strings that cells point at, and put into `veils` what hides a part of them."""
        strings: list[str] = []
        for part in self.parts.related(self._main, "sharedStrings"):
            elements = Elements(self.parts.content(part), "si")
            for element in elements:
                if len(strings) >= CELLS_AT_MOST:
                    self.parts.note_unread(part, ReadError("archive_limit"))
                    break
                if veil := veil_of_runs(element):
                    veils[len(strings)] = veil
                strings.append(rich(element))
            if elements.failure:
                self.parts.note_unread(part, elements.failure)
        return strings

    def _counts_from_1904(self) -> bool:
        properties = None if self._root is None else child(self._root, "workbookPr")
        return properties is not None and attribute(properties, "date1904") in ON

    # Reading sheets

    def _told(self, sheets: list[_Sheet]) -> Iterator[Block | Unread]:
        """Yield the cells of the sheets one after the other, then what lies beside them, kind by kind."""
        beside: list[Block] = []
        for sheet in sheets:
            whole = None
            if sheet.hides:
                whole = Concealment("hidden", "hidden_sheet", f"{sheet.hides}“{sheet.shown}”")
            yield from self._sheet(sheet, whole, beside)
        later = sorted_out(beside)
        if any(not sheet.hides for sheet in sheets):
            later["deleted"] += revisions(self.parts, self._main)
        for part in LATER:
            yield from later[part]

    def _sheet(self, sheet: _Sheet, whole: Concealment | None, beside: list[Block]) -> Iterator[Block | Unread]:
        """Yield the cells of a sheet and put aside what lies beside them."""
        name = sheet.name if _TELLING_NAME.search(sheet.name) else ""
        if whole:
            yield Block(name, Location(whole.part), hidden=whole.hidden, note=whole.note)
        elif name:
            yield Block(name, Location("table"))
        content = self.parts.content(sheet.part)
        if not content:
            return
        cells = Cells(
            content, sheet.shown, self._book, self._tables(sheet.part), covers(self.parts, sheet.part, content)
        )
        yield from cells.blocks(whole)
        yield from cells.unread()
        if cells.failure:
            self.parts.note_unread(sheet.part, cells.failure)
        others = [*cells.formulas, *around(self.parts, sheet.part, cells.root, sheet.shown, self._book)]
        if whole:
            others = [as_hidden(block, "hidden_sheet", whole.note) for block in others]
        beside += others

    def _tables(self, part: str) -> list[Range]:
        """Return the tables of a sheet: their style may paint the ground behind white text."""
        trees = (self.parts.tree(table) for table in self.parts.related(part, "table"))
        places = (cell_range(attribute(tree, "ref")) for tree in trees if tree is not None)
        return [place for place in places if place is not None]

    # Beside the sheets

    def _properties(self) -> Iterator[Block]:
        """Yield the document's properties and what else the workbook tells of people and places."""
        yield from self.parts.properties()
        for element in () if self._root is None else descendants(self._root, "absPath", "fileSharing"):
            yield from property_blocks("保存位置", attribute(element, "url"))
            yield from property_blocks("保留者", attribute(element, "userName"))
        for part in self.parts.related(self._main, "pivotCacheDefinition"):
            root = self.parts.tree(part)
            yield from property_blocks("数据透视表刷新者", None if root is None else attribute(root, "refreshedBy"))
