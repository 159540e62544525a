"""Redacted copies of workbooks: cells are masked, formulas replaced by their values, everything unseen is left out.

Visible sheets with their drawings, styles and strings are copied; hidden sheets, names, table definitions, pivot
tables, caches, links, comments and properties are not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from prescan.errors import ReadError
from prescan.formats.colour import BLACK_ON_BLACK, SAME_AS_BACKGROUND
from prescan.formats.concealment import TINY, WHITE, child, is_substantial
from prescan.formats.drawingml import parse_int
from prescan.formats.drawn_write import edit_drawing
from prescan.formats.edits import RewriteRequest, Rewritten, apply_edits, count_phrases, touching
from prescan.formats.office_copy import PackageCopy
from prescan.formats.office_trees import remove, remove_attributes, remove_elements, remove_foreign
from prescan.formats.package import LOCAL_NAME, Package, attribute, descendants
from prescan.formats.xlsx import Workbook
from prescan.formats.xlsx.cells import COVERED, MERGED
from prescan.formats.xlsx.conditions import always_concealed
from prescan.formats.xlsx.grid import column_number
from prescan.formats.xlsx.styles import BLANK, IN_CELLS
from prescan.formats.xlsx.values import format_number
from prescan.text.tables import column_letters
from prescan.types import Block, Document

if TYPE_CHECKING:
    from prescan.formats.edits import Edit
    from prescan.types import Limits

_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DRAWING: Final = "application/vnd.openxmlformats-officedocument."
_MAIN_TYPE: Final = f"{_SHEET}sheet.main+xml"
_KINDS: Final = {
    "worksheet": f"{_SHEET}worksheet+xml",
    "chartsheet": f"{_SHEET}chartsheet+xml",
    "sharedStrings": f"{_SHEET}sharedStrings+xml",
    "styles": f"{_SHEET}styles+xml",
    "theme": f"{_DRAWING}theme+xml",
    "drawing": f"{_DRAWING}drawing+xml",
    "chart": f"{_DRAWING}drawingml.chart+xml",
    "chartUserShapes": f"{_DRAWING}drawingml.chartshapes+xml",
    "diagramData": f"{_DRAWING}drawingml.diagramData+xml",
    "diagramLayout": f"{_DRAWING}drawingml.diagramLayout+xml",
    "diagramQuickStyle": f"{_DRAWING}drawingml.diagramStyle+xml",
    "diagramColors": f"{_DRAWING}drawingml.diagramColors+xml",
    "diagramDrawing": "application/vnd.ms-office.drawingml.diagramDrawing+xml",
    "image": "",
}
_DRAWN_KINDS: Final = frozenset({"drawing", "chart", "chartUserShapes", "diagramData", "diagramDrawing"})
_KEPT_IN_BOOK: Final = frozenset({"workbookPr", "bookViews", "sheets", "definedNames", "calcPr"})
_KEPT_IN_SHEET: Final = frozenset(
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData mergeCells conditionalFormatting printOptions "
    "pageMargins pageSetup headerFooter rowBreaks colBreaks drawing picture".split()
)
_REMOVED_ATTRIBUTES: Final = frozenset(
    {"codeName", "activeTab", "firstSheet", "xWindow", "yWindow", "uid", "filterPrivacy"}
)
_PRINTED: Final = ("_xlnm.Print_Area", "_xlnm.Print_Titles")
#: Notes of concealed cells; hidden texts with other notes are not the content of the cell they refer to.
_CONCEALED_CELL_NOTES: Final = frozenset(
    {
        WHITE.note,
        TINY.note,
        BLACK_ON_BLACK.note,
        SAME_AS_BACKGROUND.note,
        COVERED.note,
        MERGED.note,
        BLANK.note,
        *(concealment.note for concealment in IN_CELLS.values()),
    }
)
_DIGITS: Final = "0123456789"
#: Types of hidden content that can be kept on request.
CAN_KEEP: Final = frozenset({"hidden_row_column", "hidden_sheet"})
_UNITS: Final = {"隐藏工作表": "个", "隐藏的单元格": "格", "公式": "个", "批注": "处", "数据透视表": "项"}
_LEFT_OUT: Final = (
    (re.compile(r"/comments\d*\.xml$|/threadedComment", re.IGNORECASE), "含批注的表"),
    (re.compile(r"/pivot", re.IGNORECASE), "数据透视表"),
    (re.compile(r"/externalLink", re.IGNORECASE), "外部链接"),
    (re.compile(r"^docProps/|^customXml/|thumbnail", re.IGNORECASE), "文件属性和自定义数据"),
    (re.compile(r"/embeddings/|\.(?:docx?|xlsx?|pptx?|pdf|ole)$", re.IGNORECASE), "嵌入文件"),
    (re.compile(r"vba|macro", re.IGNORECASE), "宏"),
    (re.compile(r"/worksheets/|/persons?/|calcChain|vmlDrawing|printerSettings|/tables/", re.IGNORECASE), ""),
)


def rewrite(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return the workbook with the edits applied and everything that is not seen removed. Raises ReadError."""
    request = RewriteRequest.from_wire(arguments, CAN_KEEP)
    workbook = Workbook(data, limits)
    blocks = tuple(item for item in workbook.items() if isinstance(item, Block))
    changes = _Changes(blocks, request.edits, request.keep)
    package = Package(data, limits)
    copier = _Copier(package, workbook, changes, hidden_sheets="hidden_sheet" in request.keep)
    copied = copier.copy.write(workbook._main, _MAIN_TYPE)  # noqa: SLF001
    counts = copier.removed + Counter(map(_describe, copier.copy.left_out))
    picture_count = copier.copy.pictures
    listed = [f"图片 {picture_count} 张未作文字识别，请人工查看其中是否有不得公开的内容"] if picture_count else []
    if copier.copy.blanked:
        listed.append(f"矢量图等 {copier.copy.blanked} 张无法清理，已换成空白，请核对版面")
    return Rewritten(copied, count_phrases(counts, _UNITS), (), tuple(listed)).to_wire()


class _Changes:
    """The changes to make in cells and other texts, derived from the edits and the hidden blocks."""

    def __init__(self, blocks: tuple[Block, ...], edits: tuple[Edit, ...], keep: frozenset[str]) -> None:
        self.cells: dict[str, dict[str, str]] = defaultdict(dict)
        """Name of a sheet as shown → cell → its new text."""
        self.hidden_cells: dict[str, set[str]] = defaultdict(set)
        """Name of a sheet as shown → the cells to empty."""
        self.texts: dict[str, str] = {}
        """Old text → new text, of texts that are not in a cell."""
        for block, start in zip(blocks, Document.of("", "", None, blocks).starts, strict=True):
            sheet, _, cell = (block.location.cell or "").rpartition("!")
            if block.hidden and block.hidden not in keep:
                if block.hidden == "hidden_row_column" or block.note in _CONCEALED_CELL_NOTES:
                    self.hidden_cells[sheet].add(cell)
                continue
            end = start + len(block.text)
            touching_edits = touching(edits, start, end)
            if touching_edits and sheet and block.location.part in {"table", "hidden"}:
                self.cells[sheet][cell] = apply_edits(block.text, start, touching_edits)
            elif touching_edits:
                self.texts[block.text] = apply_edits(block.text, start, touching_edits)


class _Copier:
    """Makes the copy of one workbook."""

    def __init__(self, package: Package, workbook: Workbook, changes: _Changes, *, hidden_sheets: bool) -> None:
        self.removed: Counter[str] = Counter()
        self._changes = changes
        sheets = workbook._sheets  # noqa: SLF001
        self._hiding = workbook._book.conditional_concealments  # noqa: SLF001
        self._names = {sheet.part: sheet for sheet in sheets if hidden_sheets or not sheet.hidden_as}
        if not any(sheet.name for sheet in self._names.values()):
            raise ReadError("unsupported", "工作簿没有可见的工作表，无法生成脱敏副本")
        self.removed["隐藏工作表"] = len(sheets) - len(self._names)
        self._strings: dict[int, int] = {}
        """Index of a shared string → its index in the copy."""
        implied = frozenset({"styles", "theme", "sharedStrings"})
        self.copy = PackageCopy(package, _KINDS, self._clean, implied)
        for part, sheet in self._names.items():
            if sheet.name:
                self._sheet(self.copy.tree(part), sheet.display_name)
        self._book(self.copy.tree(workbook._main), workbook.parts.targets(workbook._main))  # noqa: SLF001

    def _clean(self, _name: str, kind: str, root: etree._Element) -> None:
        """Clean a part that is not a sheet; sheets were cleaned before, to know the strings they use."""
        remove_foreign(root)
        if kind in _DRAWN_KINDS:
            self.removed["隐藏图形和文字"] += edit_drawing(root, self._changes.texts)
        elif kind == "sharedStrings":
            self._shared(root)
        elif kind in {"styles", "theme"}:
            remove_elements(root, ("extLst",))

    def _book(self, root: etree._Element, targets: dict[str, str]) -> None:
        """Keep in the workbook part only the copied sheets and their print settings."""
        _keep_only(root, _KEPT_IN_BOOK)
        listed = list(descendants(root, "sheet"))
        kept = [sheet for sheet in listed if targets.get(attribute(sheet, "id")) in self._names]
        for sheet in listed:
            if sheet not in kept:
                remove(sheet)
        names = [attribute(sheet, "name") for sheet in kept]
        for position, sheet in enumerate(kept, 1):
            new = self._changes.texts.get(attribute(sheet, "name"))
            if new is not None:
                sheet.set("name", f"{new.replace('*', 'x')[:28]}_{position}")
        renamed = [attribute(sheet, "name") for sheet in kept] != names
        for name in list(descendants(root, "definedName")):
            order = parse_int(attribute(name, "localSheetId")) if attribute(name, "localSheetId") else -1
            own_sheet = listed[order] if 0 <= order < len(listed) else None
            if renamed or own_sheet not in kept or own_sheet is None or attribute(name, "name") not in _PRINTED:
                remove(name)
            else:
                name.set("localSheetId", str(kept.index(own_sheet)))
                remove_attributes(name, "comment", "description", "help", "statusBar")
        names_list = child(root, "definedNames")
        if names_list is not None and not len(names_list):
            remove(names_list)

    def _sheet(self, root: etree._Element, display_name: str) -> None:
        """Keep in a sheet only what is seen of it."""
        _keep_only(root, _KEPT_IN_SHEET)
        remove_elements(root, ("extLst", "autoFilter"))
        new = self._changes.cells.get(display_name, {})
        hidden_cells = self._changes.hidden_cells.get(display_name, set())
        row_number = 0
        for row in descendants(root, "row"):
            row_number = parse_int(attribute(row, "r")) or row_number + 1
            column = 0
            for cell in row:
                reference = attribute(cell, "r")
                column = column_number(reference.rstrip(_DIGITS)) if reference else column + 1
                place = reference or f"{column_letters(column - 1)}{row_number}"
                self._cell(cell, new.get(place), is_hidden=place in hidden_cells)
        for condition in list(descendants(root, "conditionalFormatting")):
            texts = [*map(str, condition.itertext()), *(attribute(rule, "text") for rule in condition)]
            hidden_as = always_concealed(etree.tostring(condition), self._hiding)  # its cells are emptied
            if hidden_as or any("!" in text or is_substantial(text) for text in texts):
                remove(condition)
        for head in list(
            descendants(root, "oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter")
        ):
            self._header(head)

    def _cell(self, cell: etree._Element, new: str | None, *, is_hidden: bool) -> None:
        """Replace a formula by its value; mask or empty the cell; note the shared string it uses."""
        formula = child(cell, "f")
        if formula is not None:
            cell.remove(formula)
            self.removed["公式"] += 1
        remove_attributes(cell, "cm", "vm", "ph")
        value = child(cell, "v")
        if is_hidden:
            _empty(cell)
            self.removed["隐藏的单元格"] += 1
        elif new is not None:
            _set_text(cell, new)
        elif value is not None and cell.get("t", "n") == "n" and format_number(value.text or "")[1]:
            _set_text(cell, "*" * len(format_number(value.text or "")[0]))
            self.removed["末几位已丢失的长数字"] += 1
        elif cell.get("t") == "s" and value is not None:
            index = parse_int((value.text or "").strip())
            value.text = str(self._strings.setdefault(index, len(self._strings)))
        elif cell.get("t") == "str":
            _set_text(cell, "" if value is None else value.text or "")

    def _header(self, head: etree._Element) -> None:
        """Mask a header; one whose text its codes cut into pieces goes."""
        text = head.text or ""
        for old, new in self._changes.texts.items():
            if old in text:
                head.text = text = text.replace(old, new)
            elif _squeezed(old) in _squeezed(re.sub(r'&(?:"[^"]*"|.)', "", text)):
                head.text = text = ""

    def _shared(self, root: etree._Element) -> None:
        """Keep the strings that stand in cells, in the order of the copy."""
        held = [element for element in root if LOCAL_NAME[element.tag] == "si"]
        remove_elements(root, ("rPh", "phoneticPr", "extLst"))
        for element in list(root):
            root.remove(element)
        for index in self._strings:
            root.append(held[index] if 0 <= index < len(held) else etree.SubElement(root, str(held[0].tag)))
        remove_attributes(root, "count", "uniqueCount")


def _keep_only(root: etree._Element, names: frozenset[str]) -> None:
    for element in list(root):
        if LOCAL_NAME[element.tag] not in names:
            root.remove(element)
    for element in root.iter(etree.Element):
        if LOCAL_NAME[element.tag] not in {"c", "row", "v"}:
            remove_attributes(element, *_REMOVED_ATTRIBUTES)


def _empty(cell: etree._Element) -> None:
    for element in list(cell):
        cell.remove(element)
    remove_attributes(cell, "t")


def _set_text(cell: etree._Element, text: str) -> None:
    """Set the text of a cell."""
    _empty(cell)
    namespace = str(cell.tag).partition("}")[0]
    cell.set("t", "inlineStr")
    inline = etree.SubElement(cell, f"{namespace}}}is")
    said = etree.SubElement(inline, f"{namespace}}}t")
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _describe(part: str) -> str:
    """Return what a part that was left out is, in a reviewer's words; "" if it is counted elsewhere."""
    return next((what for pattern, what in _LEFT_OUT if pattern.search(part)), "其他部件")
