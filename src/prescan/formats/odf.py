"""OpenDocument (odt, ods, odp and their templates; ISO/IEC 26300): text, tables, slides, and what is left over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import read_member
from prescan.formats.marks import signed
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.properties import metadata
from prescan.formats.xlsx.values import number as number_in_full
from prescan.text.tables import column_letters
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.types import Limits

_CONTENT: Final = "content.xml"
_STYLES: Final = "styles.xml"
_PARAGRAPHS: Final = frozenset({"p", "h"})
_HEADERS: Final = {
    **dict.fromkeys(("header", "header-left", "header-first"), "header"),
    **dict.fromkeys(("footer", "footer-left", "footer-first"), "footer"),
}
#: Numbers that are filled in when a page is shown.
_FIELDS: Final = frozenset({"page-number", "page-count", "sheet-name", "change"})
#: Custom properties that programs write.
_PROGRAM: Final = frozenset(
    {
        *("AppVersion", "PresentationFormat", "DocSecurity", "HyperlinksChanged", "LinksUpToDate", "ScaleCrop"),
        *("ShareDoc", "Slides", "Notes", "HiddenSlides", "MMClips", "KSOProductBuildVer", "ICV"),
    }
)
_SILENT: Final = frozenset({"forms", "sequence-decls", "variable-decls", "user-field-decls"})
_OFF: Final = frozenset({"collapse", "filter"})
_LABELS: Final = {
    "title": "标题",
    "subject": "主题",
    "description": "备注",
    "keyword": "关键词",
    "initial-creator": "作者",
    "creator": "最后修改者",
    "user-defined": "自定义属性",
}
_ORDER: Final = ("header", "footer", "note", "textbox", "comment", "inserted", "deleted", "hidden", "annotation")
_REPEATED_AT_MOST: Final = 1_000
_CELLS_AT_MOST: Final = 2_000_000
_DEEPEST: Final = 200
_OWN_FILES: Final = (".xml", ".rdf", ".png", ".jpg", ".jpeg", ".gif", ".svm", ".svg", ".wmf", ".emf", ".xlc")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the document says. Raises ReadError: encrypted, corrupted, archive_limit, empty."""
    parts = Parts(data, limits)
    manifest = parts.content("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts.package else b""
    if b"encryption-data" in manifest:
        raise ReadError("encrypted")
    root = parts.tree(_CONTENT)
    if root is None:
        raise ReadError("corrupted")
    yield from parts.told(_Reader(parts, limits).items(root))


class _Reader:
    """One document on its way through the parts."""

    def __init__(self, parts: Parts, limits: Limits) -> None:
        self._parts = parts
        self._limits = limits
        self._later: dict[str, list[Block]] = {part: [] for part in _ORDER}
        self._unseen: set[str] = set()
        self._off: set[str] = set()
        self._paragraph = self._table = self._cells = 0
        self._page: int | None = None

    def items(self, root: etree._Element) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract."""
        styles = self._parts.tree(_STYLES) if _STYLES in self._parts.package else None
        for tree in (styles, root):
            if tree is not None:
                self._learn(tree)
        for body in (item for item in root if LOCAL_NAME[item.tag] == "body"):
            yield from self._blocks(body, Location("body"), 0)
        for item in () if styles is None else styles.iter():
            part = _HEADERS.get(LOCAL_NAME[item.tag])
            if part:
                self._later[part] += self._blocks(item, Location(part), 0)
        for part in _ORDER:
            yield from _once(self._later[part])
        yield from self._properties()
        yield from self._embedded()

    def _learn(self, tree: etree._Element) -> None:
        """Note which styles hide text and which hide sheets."""
        for style in tree.iter():
            if LOCAL_NAME[style.tag] != "style":
                continue
            for given in style:
                kind, name = LOCAL_NAME[given.tag], attribute(style, "name")
                if kind == "text-properties" and attribute(given, "display") == "none":
                    self._unseen.add(name)
                if kind == "text-properties" and attribute(given, "color").lower() in {"#ffffff", "#fefefe"}:
                    self._unseen.add(name)
                if kind == "table-properties" and attribute(given, "display") == "false":
                    self._off.add(name)
                if kind == "drawing-page-properties" and attribute(given, "visibility") == "hidden":
                    self._off.add(name)

    def _blocks(  # noqa: C901  one line for each kind of element
        self, element: etree._Element, place: Location, depth: int
    ) -> Iterator[Block]:
        """Yield the blocks below `element`; what has a place of its own is kept for later."""
        if depth > _DEEPEST:
            self._parts.unread.append(Unread.of("", "too_large", "内容嵌套过深，部分未读，请另存后重扫"))
            return
        for item in element:
            name = LOCAL_NAME[item.tag]
            if name in _PARAGRAPHS:
                yield from self._text(item, place)
            elif name == "table":
                yield from self._tabled(item, place, depth)
            elif name == "tracked-changes":
                self._tracked(item)
            elif name == "page":
                yield from self._slide(item, depth)
            elif name == "notes" and LOCAL_NAME[element.tag] == "page":
                self._later["note"] += self._blocks(item, Location("note", self._page), depth + 1)
            elif name == "section" and attribute(item, "display") in {"none", "condition"}:
                self._hide(self._blocks(item, place, depth + 1), "隐藏的节")
            elif name == "annotation":
                self._annotation(item, place)
            elif name not in _SILENT:
                yield from self._blocks(item, place, depth + 1)

    def _text(self, paragraph: etree._Element, place: Location) -> Iterator[Block]:
        runs: list[tuple[str, bool]] = []
        self._runs(paragraph, runs, place, unseen=attribute(paragraph, "style-name") in self._unseen)
        text = "".join(said for said, unseen in runs if not unseen)
        if place.part == "body" and text.strip():
            self._paragraph += 1
            place = replace(place, paragraph=self._paragraph)
        held = ""
        for said, unseen in [*runs, ("", False)]:
            if unseen:
                held += said
            elif held:
                if held.strip():
                    self._hide(iter([Block(held, place)]), "隐藏或白色的文字")
                held = ""
        if text:
            yield Block(text, place)

    def _runs(self, element: etree._Element, runs: list[tuple[str, bool]], place: Location, *, unseen: bool) -> None:
        """Collect the text below `element` in order, each piece with whether it is not seen."""
        runs.append((str(element.text or ""), unseen))
        for item in element:
            name = LOCAL_NAME[item.tag]
            if name == "s":
                runs.append((" " * _count(item, "c"), unseen))
            elif name in {"tab", "line-break"}:
                runs.append(("\t" if name == "tab" else SOFT_WRAP, unseen))
            elif name in _FIELDS:
                pass
            elif name == "note":
                body = [part for part in item if LOCAL_NAME[part.tag] == "note-body"]
                self._later["note"] += [block for part in body for block in self._blocks(part, Location("note"), 1)]
            elif name == "annotation":
                self._annotation(item, place)
            elif name in {"frame", "custom-shape", "text-box"}:
                self._later["textbox"] += self._blocks(item, Location("textbox", self._page), 1)
            elif name in {"hidden-text", "hidden-paragraph"}:
                self._hide(iter([Block(attribute(item, "string-value") or _all(item), place)]), "隐藏文字")
            elif name in {"title", "desc"} and _all(item).strip():
                self._later["annotation"].append(Block(_all(item), Location("image", self._page)))
            else:
                inner = unseen or attribute(item, "style-name") in self._unseen
                self._runs(item, runs, place, unseen=inner)
            runs.append((str(item.tail or ""), unseen))

    def _tracked(self, changes: etree._Element) -> None:
        for region in changes:
            for change in region:
                kind = LOCAL_NAME[change.tag]
                who = next((_all(item) for item in change.iter() if LOCAL_NAME[item.tag] == "creator"), "")
                day = next((_all(item) for item in change.iter() if LOCAL_NAME[item.tag] == "date"), "")
                if kind == "deletion":
                    note = signed(who, day, "删除的文字")
                    for item in change:
                        if LOCAL_NAME[item.tag] in _PARAGRAPHS:
                            place = Location("deleted")
                            self._later["deleted"].append(Block(_all(item), place, hidden="tracked_change", note=note))
                elif kind == "insertion":
                    note = signed(who, day, "插入的文字（未接受的修订）")
                    self._later["inserted"].append(Block("", Location("inserted"), hidden="tracked_change", note=note))

    def _annotation(self, item: etree._Element, place: Location) -> None:
        who = next((_all(part) for part in item if LOCAL_NAME[part.tag] == "creator"), "")
        day = next((_all(part) for part in item if LOCAL_NAME[part.tag] == "date"), "")
        note = signed(who, day, "的批注") if who else "批注"
        for paragraph in item.iter():
            if LOCAL_NAME[paragraph.tag] in _PARAGRAPHS and _all(paragraph).strip():
                at = Location("comment", self._page, cell=place.cell)
                self._later["comment"].append(Block(_all(paragraph), at, hidden="comment", note=note))

    def _slide(self, page: etree._Element, depth: int) -> Iterator[Block]:
        self._page = (self._page or 0) + 1
        blocks = self._blocks(page, Location("body", self._page), depth + 1)
        if attribute(page, "style-name") in self._off:
            self._hide(blocks, f"隐藏的第 {self._page} 张幻灯片")
        else:
            yield from (replace(block, location=replace(block.location, page=self._page)) for block in blocks)

    # Tables

    def _tabled(self, table: etree._Element, place: Location, depth: int) -> Iterator[Block]:
        self._table += 1
        sheet = attribute(table, "name")
        name = sheet if place.part == "body" and depth <= 1 and sheet else f"表{self._table}"
        name = name if self._is_sheet(table) else f"表{self._table}"
        blocks = list(self._rows(table, name, place, depth))
        if attribute(table, "style-name") in self._off:
            note = f"隐藏的工作表 {name}"
            self._hide(iter(blocks or [Block("", place)]), note, "hidden_sheet")
        else:
            yield from blocks

    @staticmethod
    def _is_sheet(table: etree._Element) -> bool:
        parent = table.getparent()
        return parent is not None and LOCAL_NAME[parent.tag] == "spreadsheet"

    def _rows(self, table: etree._Element, name: str, place: Location, depth: int) -> Iterator[Block]:
        columns = [
            (
                _count(item, "number-columns-repeated"),
                attribute(item, "visibility"),
            )
            for item in table.iter()
            if LOCAL_NAME[item.tag] == "table-column"
        ]
        hidden = {at for at, seen in enumerate(seen for count, seen in columns for _ in range(count)) if seen in _OFF}
        number = 0
        for row in table.iter():
            if LOCAL_NAME[row.tag] != "table-row" or _table_of(row) is not table:
                continue
            number += 1
            off = attribute(row, "visibility") in _OFF
            yield from self._row(row, (name, number), hidden, place, depth, off=off)
            number += _count(row, "number-rows-repeated") - 1

    def _row(  # noqa: PLR0913  what a row is read with
        self, row: etree._Element, at: tuple[str, int], hidden: set[int], place: Location, depth: int, *, off: bool
    ) -> Iterator[Block]:
        name, number = at
        cells: list[Block] = []
        column = 0
        for item in row:
            if LOCAL_NAME[item.tag] not in {"table-cell", "covered-table-cell"}:
                continue
            self._cells += 1
            if self._cells > _CELLS_AT_MOST:
                return
            repeated = _count(item, "number-columns-repeated")
            cell = f"{name}!{column_letters(column)}{number}"
            part = "table" if place.part == "body" else place.part
            blocks = list(self._blocks(item, Location(part, self._page, cell=cell), depth + 1))
            text = SOFT_WRAP.join(block.text for block in blocks if block.location.cell == cell)
            text = self._exact(item, text, cell)
            nested = [block for block in blocks if block.location.cell != cell]
            if off or column in hidden:
                what = f"第 {number} 行" if off else f" {column_letters(column)} 列"
                if text.strip():
                    self._hide(
                        iter([Block(text, Location("hidden", cell=cell))]), f"已隐藏的{what}", "hidden_row_column"
                    )
            else:
                cells.append(Block(text, Location(part, self._page, cell=cell), CELL_BREAK))
            cells += nested
            column += repeated
        while cells and not cells[-1].text:
            cells.pop()
        if cells:
            yield from cells[:-1]
            yield replace(cells[-1], sep=PARAGRAPH_BREAK)

    def _exact(self, cell: etree._Element, shown: str, place: str) -> str:
        """Return a number in full; one whose last digits are lost is noted."""
        if attribute(cell, "value-type") != "float" or "E+" not in shown.upper():
            return shown
        text, lost = number_in_full(attribute(cell, "value"))
        if lost:
            detail = f"{place} 格的长数字被存成浮点数，末几位已丢失，请核对原始数据"
            self._parts.unread.append(Unread("", "corrupted", detail))
        return text

    # Beside the text

    def _hide(self, blocks: Iterator[Block], note: str, kind: str = "hidden_text") -> None:
        for block in blocks:
            place = replace(block.location, part="hidden")
            self._later["hidden"].append(replace(block, location=place, hidden=kind, note=note, sep=PARAGRAPH_BREAK))

    def _properties(self) -> Iterator[Block]:
        root = self._parts.tree("meta.xml") if "meta.xml" in self._parts.package else None
        for item in () if root is None else root.iter():
            label = _LABELS.get(LOCAL_NAME[item.tag])
            if label and attribute(item, "name") not in _PROGRAM:
                yield from metadata(attribute(item, "name") or label, item.text)

    def _embedded(self) -> Iterator[Block | Unread]:
        """Yield embedded documents (folders with a content of their own) and files."""
        for name in self._parts.package.names:
            folder = name.rpartition("/")[0]
            if name.endswith(f"/{_CONTENT}") and folder:
                yield Block("", Location("attachment"), hidden="embedded_file", note="内嵌文档")
                root = self._parts.tree(name)
                for item in () if root is None else root.iter():
                    if LOCAL_NAME[item.tag] in _PARAGRAPHS and _all(item).strip():
                        yield Block(_all(item), Location("attachment", member=folder))
            elif name.startswith(("Object ", "ObjectReplacements/", "embeddings/")) and "/" not in name:
                yield Block("", Location("attachment"), hidden="embedded_file", note="内嵌文件")
                yield from read_member(name, self._parts.content(name), self._limits)


def _count(item: etree._Element, name: str) -> int:
    """Return how often something is repeated, within reason."""
    given = attribute(item, name)
    return min(_REPEATED_AT_MOST, int(given)) if given.isdigit() else 1


def _table_of(row: etree._Element) -> etree._Element | None:
    """Return the table a row belongs to."""
    above = row.getparent()
    while above is not None and LOCAL_NAME[above.tag] != "table":
        above = above.getparent()
    return above


def _all(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _once(blocks: list[Block]) -> Iterator[Block]:
    """Yield headers and footers once: each page style repeats them."""
    told: set[tuple[str, str]] = set()
    for block in blocks:
        key = (block.location.part, block.text)
        if block.location.part not in {"header", "footer"} or key not in told:
            told.add(key)
            yield block
