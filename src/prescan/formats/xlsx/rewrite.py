"""Redacted copies of workbooks: cells masked, formulas turned into their values, everything that is not seen left out.

Visible sheets with their drawings, styles and strings are copied; hidden sheets, names, tables' definitions, pivot
tables, caches, links, comments and properties are left behind.
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
from prescan.formats.xlsx import _Workbook
from prescan.formats.xlsx.cells import COVERED
from prescan.formats.xlsx.conditions import always
from prescan.formats.xlsx.grid import column_number
from prescan.formats.xlsx.values import number
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
_OF_BOOK: Final = frozenset({"workbookPr", "bookViews", "sheets", "definedNames", "calcPr"})
_OF_SHEET: Final = frozenset(
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData mergeCells conditionalFormatting printOptions "
    "pageMargins pageSetup headerFooter rowBreaks colBreaks drawing picture".split()
)
_TELLING_KEYS: Final = frozenset({"codeName", "activeTab", "firstSheet", "xWindow", "yWindow", "uid", "filterPrivacy"})
_PRINTED: Final = ("_xlnm.Print_Area", "_xlnm.Print_Titles")
#: Notes of cells that are not seen; other hidden texts at the place of a cell stand beside it.
_UNSEEN_CELLS: Final = frozenset(
    {
        WHITE.note,
        TINY.note,
        BLACK_ON_BLACK.note,
        SAME_AS_BACKGROUND.note,
        COVERED.note,
        "合并单元格盖住的内容",
        "数字格式设为不显示的内容",
        "单元格内有白色文字",
        "单元格内有极小文字",
    }
)
_DIGITS: Final = "0123456789"
#: Hidden content that may stay when it is asked for.
KEEPS: Final = frozenset({"hidden_row_column", "hidden_sheet"})
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
    """Return the workbook with the edits made and all that is not seen removed. Raises ReadError."""
    request = RewriteRequest.from_wire(arguments, KEEPS)
    workbook = _Workbook(data, limits)
    blocks = tuple(item for item in workbook.items() if isinstance(item, Block))
    wanted = _Wanted(blocks, request.edits, request.keep)
    package = Package(data, limits)
    copying = _Copying(package, workbook, wanted, hidden_sheets="hidden_sheet" in request.keep)
    made = copying.copy.write(workbook._main, _MAIN_TYPE)  # noqa: SLF001
    counts = copying.taken + Counter(map(_named, copying.copy.left_out))
    shown = copying.copy.pictures
    listed = [f"图片 {shown} 张未作文字识别，请人工查看其中是否有不得公开的内容"] if shown else []
    if copying.copy.blanked:
        listed.append(f"矢量图等 {copying.copy.blanked} 张无法清理，已换成空白，请核对版面")
    return Rewritten(made, count_phrases(counts, _UNITS), (), tuple(listed)).to_wire()


class _Wanted:
    """What the edits and the hidden places mean for cells, and for texts beside them."""

    def __init__(self, blocks: tuple[Block, ...], edits: tuple[Edit, ...], keep: frozenset[str]) -> None:
        self.cells: dict[str, dict[str, str]] = defaultdict(dict)
        """Sheet as shown → cell → its new text."""
        self.unseen: dict[str, set[str]] = defaultdict(set)
        self.texts: dict[str, str] = {}
        """Old text → new text of what stands in no cell."""
        for block, start in zip(blocks, Document.of("", "", None, blocks).starts, strict=True):
            sheet, _, cell = (block.location.cell or "").rpartition("!")
            if block.hidden and block.hidden not in keep:
                if block.hidden == "hidden_row_column" or block.note in _UNSEEN_CELLS:
                    self.unseen[sheet].add(cell)
                continue
            end = start + len(block.text)
            touched = touching(edits, start, end)
            if touched and sheet and block.location.part in {"table", "hidden"}:
                self.cells[sheet][cell] = apply_edits(block.text, start, touched)
            elif touched:
                self.texts[block.text] = apply_edits(block.text, start, touched)


class _Copying:
    """One workbook on its way into its copy."""

    def __init__(self, package: Package, workbook: _Workbook, wanted: _Wanted, *, hidden_sheets: bool) -> None:
        self.taken: Counter[str] = Counter()
        self._wanted = wanted
        sheets = workbook._sheets  # noqa: SLF001
        self._hiding = workbook._book.conditional  # noqa: SLF001
        self._names = {sheet.part: sheet for sheet in sheets if hidden_sheets or not sheet.hides}
        if not any(sheet.name for sheet in self._names.values()):
            raise ReadError("unsupported", "工作簿没有可见的工作表，无法生成脱敏副本")
        self.taken["隐藏工作表"] = len(sheets) - len(self._names)
        self._strings: dict[int, int] = {}
        """Index of a shared string → its index in the copy."""
        implied = frozenset({"styles", "theme", "sharedStrings"})
        self.copy = PackageCopy(package, _KINDS, self._clean, implied)
        for part, sheet in self._names.items():
            if sheet.name:
                self._sheet(self.copy.tree(part), sheet.shown)
        self._book(self.copy.tree(workbook._main), workbook.parts.targets(workbook._main))  # noqa: SLF001

    def _clean(self, _name: str, kind: str, root: etree._Element) -> None:
        """Clean a part that is no sheet; sheets were cleaned before, for the strings they use."""
        remove_foreign(root)
        if kind in _DRAWN_KINDS:
            self.taken["隐藏图形和文字"] += edit_drawing(root, self._wanted.texts)
        elif kind == "sharedStrings":
            self._shared(root)
        elif kind in {"styles", "theme"}:
            remove_elements(root, ("extLst",))

    def _book(self, root: etree._Element, targets: dict[str, str]) -> None:
        """Leave in the workbook its visible sheets and how they are printed."""
        _keep_only(root, _OF_BOOK)
        listed = list(descendants(root, "sheet"))
        kept = [sheet for sheet in listed if targets.get(attribute(sheet, "id")) in self._names]
        for sheet in listed:
            if sheet not in kept:
                remove(sheet)
        names = [attribute(sheet, "name") for sheet in kept]
        for position, sheet in enumerate(kept, 1):
            new = self._wanted.texts.get(attribute(sheet, "name"))
            if new is not None:
                sheet.set("name", f"{new.replace('*', 'x')[:28]}_{position}")
        renamed = [attribute(sheet, "name") for sheet in kept] != names
        for name in list(descendants(root, "definedName")):
            order = parse_int(attribute(name, "localSheetId")) if attribute(name, "localSheetId") else -1
            held = listed[order] if 0 <= order < len(listed) else None
            if renamed or held not in kept or held is None or attribute(name, "name") not in _PRINTED:
                remove(name)
            else:
                name.set("localSheetId", str(kept.index(held)))
                remove_attributes(name, "comment", "description", "help", "statusBar")
        names_list = child(root, "definedNames")
        if names_list is not None and not len(names_list):
            remove(names_list)

    def _sheet(self, root: etree._Element, shown: str) -> None:
        """Leave in a sheet what is seen of it."""
        _keep_only(root, _OF_SHEET)
        remove_elements(root, ("extLst", "autoFilter"))
        new, unseen = self._wanted.cells.get(shown, {}), self._wanted.unseen.get(shown, set())
        row_number = 0
        for row in descendants(root, "row"):
            row_number = parse_int(attribute(row, "r")) or row_number + 1
            column = 0
            for cell in row:
                reference = attribute(cell, "r")
                column = column_number(reference.rstrip(_DIGITS)) if reference else column + 1
                place = reference or f"{column_letters(column - 1)}{row_number}"
                self._cell(cell, new.get(place), gone=place in unseen)
        for condition in list(descendants(root, "conditionalFormatting")):
            texts = [*map(str, condition.itertext()), *(attribute(rule, "text") for rule in condition)]
            hides = always(etree.tostring(condition), self._hiding)  # with the cells it hides
            if hides or any("!" in text or is_substantial(text) for text in texts):
                remove(condition)
        for head in list(
            descendants(root, "oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter")
        ):
            self._header(head)

    def _cell(self, cell: etree._Element, new: str | None, *, gone: bool) -> None:
        """Turn a formula into its value; mask or empty a cell; note the shared string it uses."""
        formula = child(cell, "f")
        if formula is not None:
            cell.remove(formula)
            self.taken["公式"] += 1
        remove_attributes(cell, "cm", "vm", "ph")
        value = child(cell, "v")
        if gone:
            _empty(cell)
            self.taken["隐藏的单元格"] += 1
        elif new is not None:
            _say(cell, new)
        elif value is not None and cell.get("t", "n") == "n" and number(value.text or "")[1]:
            _say(cell, "*" * len(number(value.text or "")[0]))
            self.taken["末几位已丢失的长数字"] += 1
        elif cell.get("t") == "s" and value is not None:
            index = parse_int((value.text or "").strip())
            value.text = str(self._strings.setdefault(index, len(self._strings)))
        elif cell.get("t") == "str":
            _say(cell, "" if value is None else value.text or "")

    def _header(self, head: etree._Element) -> None:
        """Mask a header; one whose text its codes cut into pieces goes."""
        text = head.text or ""
        for old, new in self._wanted.texts.items():
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
            remove_attributes(element, *_TELLING_KEYS)


def _empty(cell: etree._Element) -> None:
    for element in list(cell):
        cell.remove(element)
    remove_attributes(cell, "t")


def _say(cell: etree._Element, text: str) -> None:
    """Put a text into a cell."""
    _empty(cell)
    namespace = str(cell.tag).partition("}")[0]
    cell.set("t", "inlineStr")
    inline = etree.SubElement(cell, f"{namespace}}}is")
    said = etree.SubElement(inline, f"{namespace}}}t")
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _named(part: str) -> str:
    """Return what a part that was left out is, in a reviewer's words; "" for what is counted elsewhere."""
    return next((what for pattern, what in _LEFT_OUT if pattern.search(part)), "其他部件")
