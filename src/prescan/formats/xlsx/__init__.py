"""Workbooks (xlsx, xlsm, xltx): every sheet and every part of the package, in the order of the contract.

`cells` reads the cells of a sheet, `sheet_extras` what else a sheet holds, `caches` what no sheet shows. This module
finds the sheets and yields all in order: visible sheets and their extras, hidden sheets, caches, properties, embedded
files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats.concealment import Concealment, as_hidden, child
from prescan.formats.office_parts import Parts
from prescan.formats.package import ON, attribute, descendants
from prescan.formats.properties import property_blocks
from prescan.formats.xlsx.book import CELLS_AT_MOST, Book, Budget, rich_text
from prescan.formats.xlsx.caches import caches, revisions, unused_strings
from prescan.formats.xlsx.cells import Cells
from prescan.formats.xlsx.colours import theme_colours
from prescan.formats.xlsx.covers import covered_ranges
from prescan.formats.xlsx.grid import parse_range
from prescan.formats.xlsx.sheet_extras import LATER, by_part, sheet_extras
from prescan.formats.xlsx.stream import Elements
from prescan.formats.xlsx.styles import concealment_in_runs, conditional_concealments, styles
from prescan.types import Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.xlsx.grid import Range
    from prescan.types import Limits, Unread

_DEFAULT_MAIN: Final = "xl/workbook.xml"
_SHEET_PART: Final = re.compile(r"xl/(?:worksheets|chartsheets|macrosheets|dialogsheets)/[^/]+\.xml", re.IGNORECASE)
_STATES: Final = {"hidden": "已隐藏的工作表", "veryHidden": "深度隐藏的工作表"}
_UNLISTED: Final = "工作簿未列出的工作表"
#: Digits that make the name of a sheet worth a block, and those that may be a value, which a place must not show.
_SUBSTANTIAL_NAME: Final = re.compile(r"\d{6}")
_VALUE_IN_NAME: Final = re.compile(r"\d{9}|[A-Z]\d{8}")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the workbook. Raises ReadError if nothing in it can be read."""
    workbook = Workbook(data, limits)
    yield from workbook.parts.complete(workbook.items())


class _Sheet(NamedTuple):
    part: str
    name: str
    """Its name in the workbook."""
    display_name: str
    """Its name in places and notes: a substitute if the name may hold a value."""
    hidden_as: str
    """How it is hidden, in a reviewer's words; "" if it is visible."""


class Workbook:
    """One workbook that is being read."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Find the parts. Raises ReadError."""
        self.parts = Parts(data, limits)
        self._main = self.parts.main(_DEFAULT_MAIN)
        self._root = self.parts.tree(self._main)
        self._sheets = list(self._find_sheets())
        style_trees = [self.parts.tree(part) for part in self.parts.related(self._main, "styles")]
        theme = theme_colours(next((self.parts.tree(part) for part in self.parts.related(self._main, "theme")), None))
        string_concealments: dict[int, Concealment] = {}
        self._book = Book(
            strings=self._shared_strings(string_concealments),
            string_concealments=string_concealments,
            styles=styles(style_trees[0] if style_trees else None, theme),
            conditional_concealments=conditional_concealments(style_trees[0] if style_trees else None, theme),
            since_1904=self._counts_from_1904(),
            budget=Budget(len(data), limits),
        )

    def items(self) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract, up to the limit."""
        try:
            yield from self._blocks_of([sheet for sheet in self._sheets if not sheet.hidden_as])
            yield from self._blocks_of([sheet for sheet in self._sheets if sheet.hidden_as])
            yield from caches(self.parts, self._main, self._root, self._book)
        except ReadError as error:
            self.parts.note_unread("", error)
            return
        if self._book.strings_missing:
            detail = "部分单元格的文字在文件中缺失，请用原软件打开并另存后重扫"
            self.parts.note_unread("", ReadError("corrupted", detail))
        if not self.parts.unread:
            yield from unused_strings(self._book)
        yield from self.parts.stored()
        yield from self._properties()
        yield from self.parts.embedded()

    # Finding sheets

    def _find_sheets(self) -> Iterator[_Sheet]:
        """Yield the sheets in the order of the workbook, then those it does not list; each part once."""
        targets = self.parts.targets(self._main)
        seen: set[str] = set()
        listed = () if self._root is None else descendants(self._root, "sheet")
        for position, sheet in enumerate(listed, 1):
            reference, name = attribute(sheet, "id"), attribute(sheet, "name")
            part = targets.get(reference, "")
            if not reference:
                continue  # a macro module that old programs list among the sheets; macros are reported elsewhere
            if part not in self.parts.package:
                self.parts.note_unread(part, ReadError("corrupted", "文件缺少一个工作表，请用原软件打开并另存后重扫"))
            elif part not in seen:
                seen.add(part)
                display_name = f"第{position}个工作表" if _VALUE_IN_NAME.search(name) else name
                yield _Sheet(part, name, display_name, _STATES.get(attribute(sheet, "state"), ""))
        for position, part in enumerate(self.parts.package.names, 1):
            if part not in seen and _SHEET_PART.fullmatch(part):
                yield _Sheet(part, "", f"工作表{position}", _UNLISTED if self._root is not None else "")

    def _shared_strings(self, string_concealments: dict[int, Concealment]) -> list[str]:
        """Return the strings that cells refer to, and fill `string_concealments`."""
        strings: list[str] = []
        for part in self.parts.related(self._main, "sharedStrings"):
            elements = Elements(self.parts.content(part), "si")
            for element in elements:
                if len(strings) >= CELLS_AT_MOST:
                    self.parts.note_unread(part, ReadError("archive_limit"))
                    break
                if concealment := concealment_in_runs(element):
                    string_concealments[len(strings)] = concealment
                strings.append(rich_text(element))
            if elements.failure:
                self.parts.note_unread(part, elements.failure)
        return strings

    def _counts_from_1904(self) -> bool:
        properties = None if self._root is None else child(self._root, "workbookPr")
        return properties is not None and attribute(properties, "date1904") in ON

    # Reading sheets

    def _blocks_of(self, sheets: list[_Sheet]) -> Iterator[Block | Unread]:
        """Yield the cells of the sheets one after the other, then their extras, part by part."""
        extras: list[Block] = []
        for sheet in sheets:
            sheet_concealment = None
            if sheet.hidden_as:
                sheet_concealment = Concealment("hidden", "hidden_sheet", f"{sheet.hidden_as}“{sheet.display_name}”")
            yield from self._sheet(sheet, sheet_concealment, extras)
        later = by_part(extras)
        if any(not sheet.hidden_as for sheet in sheets):
            later["deleted"] += revisions(self.parts, self._main)
        for part in LATER:
            yield from later[part]

    def _sheet(
        self, sheet: _Sheet, sheet_concealment: Concealment | None, extras: list[Block]
    ) -> Iterator[Block | Unread]:
        """Yield the cells of a sheet, and add what else it holds to `extras`."""
        name = sheet.name if _SUBSTANTIAL_NAME.search(sheet.name) else ""
        if sheet_concealment:
            yield Block(
                name, Location(sheet_concealment.part), hidden=sheet_concealment.hidden, note=sheet_concealment.note
            )
        elif name:
            yield Block(name, Location("table"))
        content = self.parts.content(sheet.part)
        if not content:
            return
        cells = Cells(
            content,
            sheet.display_name,
            self._book,
            self._tables(sheet.part),
            covered_ranges(self.parts, sheet.part, content),
        )
        yield from cells.blocks(sheet_concealment)
        yield from cells.unread()
        if cells.failure:
            self.parts.note_unread(sheet.part, cells.failure)
        others = [*cells.formulas, *sheet_extras(self.parts, sheet.part, cells.root, sheet.display_name, self._book)]
        if sheet_concealment:
            others = [as_hidden(block, "hidden_sheet", sheet_concealment.note) for block in others]
        extras += others

    def _tables(self, part: str) -> list[Range]:
        """Return the tables of a sheet, whose style may give white text a coloured background."""
        trees = (self.parts.tree(table) for table in self.parts.related(part, "table"))
        places = (parse_range(attribute(tree, "ref")) for tree in trees if tree is not None)
        return [place for place in places if place is not None]

    # Beside the sheets

    def _properties(self) -> Iterator[Block]:
        """Yield the document properties, and where and by whom the workbook was saved."""
        yield from self.parts.properties()
        for element in () if self._root is None else descendants(self._root, "absPath", "fileSharing"):
            yield from property_blocks("保存位置", attribute(element, "url"))
            yield from property_blocks("保留者", attribute(element, "userName"))
        for part in self.parts.related(self._main, "pivotCacheDefinition"):
            root = self.parts.tree(part)
            yield from property_blocks("数据透视表刷新者", None if root is None else attribute(root, "refreshedBy"))
