"""OpenDocument (odt, ods, odp and their templates; ISO/IEC 26300): text, tables, slides, and left-over data.

`reader` reads the text; this file says which parts there are, in which order they come, and what else a file holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import WITH_OCR, ReadError
from prescan.formats import read_member
from prescan.formats.budget import SharedLimits
from prescan.formats.concealment import Concealment, concealed_block
from prescan.formats.media import is_raster_picture
from prescan.formats.odf.reader import ORDER, Reader
from prescan.formats.odf.styles import Styles
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.properties import property_blocks
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.types import Limits

_CONTENT: Final = "content.xml"
_STYLES: Final = "styles.xml"
_HEADERS: Final = {
    **dict.fromkeys(("header", "header-left", "header-first"), "header"),
    **dict.fromkeys(("footer", "footer-left", "footer-first"), "footer"),
}
_MARGINS: Final = {"header-decl": "header", "footer-decl": "footer", "date-time-decl": "footer"}
#: Custom properties that programs write.
_PROGRAM: Final = frozenset(
    {
        *("AppVersion", "PresentationFormat", "DocSecurity", "HyperlinksChanged", "LinksUpToDate", "ScaleCrop"),
        *("ShareDoc", "Slides", "Notes", "HiddenSlides", "MMClips", "KSOProductBuildVer", "ICV"),
    }
)
_LABELS: Final = {
    "title": "标题",
    "subject": "主题",
    "description": "备注",
    "keyword": "关键词",
    "initial-creator": "作者",
    "creator": "最后修改者",
    "printed-by": "打印者",
    "user-defined": "自定义属性",
}
_UNSHOWN: Final = Concealment("hidden", "hidden_text", "未显示的页眉或页脚")
_TELLING_NAME: Final = re.compile(r"\d{6}")
_VERSION: Final = re.compile(r"Versions/[^/]+")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the document. Raises ReadError: encrypted, corrupted, archive_limit, empty."""
    parts = Parts(data, limits)
    manifest = parts.content("META-INF/manifest.xml") if "META-INF/manifest.xml" in parts.package else b""
    if b"encryption-data" in manifest:
        raise ReadError("encrypted")
    root = parts.tree(_CONTENT)
    if root is None:
        raise ReadError("corrupted")
    styles = parts.tree(_STYLES) if _STYLES in parts.package else None
    document = _Document(parts, limits, [tree for tree in (styles, root) if tree is not None])
    yield from parts.complete(document.items(root, styles), document.pages_of_pictures, document.picture_pages)


class _Document:
    """One document that is being read."""

    def __init__(self, parts: Parts, limits: Limits, trees: list[etree._Element]) -> None:
        self._parts = parts
        self._limits = limits
        self._reader = Reader(parts, Styles(trees))

    @property
    def picture_pages(self) -> list[int]:
        """The slides with nothing but pictures; complete when `items` is exhausted."""
        return self._reader.picture_pages

    def pages_of_pictures(self) -> dict[str, int]:
        """Return the page of each picture on a slide, by part name."""
        return self._reader.page_of_picture

    def items(self, root: etree._Element, styles: etree._Element | None) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract."""
        reader = self._reader
        for body in (item for item in root if LOCAL_NAME[item.tag] == "body"):
            yield from _named_sheets(body)
            yield from reader.body(body, Location("body"))
        self._headers_and_footers(root, styles)
        for part in ORDER:
            yield from _once(reader.later[part])
        yield from self._properties()
        yield from self._embedded()
        wanted = SharedLimits.of(self._limits).wants_pictures
        recognised = (
            {page for part, page in reader.page_of_picture.items() if is_raster_picture(part)} if wanted else set()
        )
        if unread := [page for page in reader.picture_pages if page not in recognised]:
            pages = "、".join(map(str, unread))
            yield Unread.of("", "no_text_layer", f"第 {pages} 页只有图片，没有文字，请人工阅看，{WITH_OCR}")

    def _headers_and_footers(self, root: etree._Element, styles: etree._Element | None) -> None:
        """Collect headers and footers, and what masters show on slides."""
        later = self._reader.later
        for item in () if styles is None else styles.iter():
            name = LOCAL_NAME[item.tag]
            if part := _HEADERS.get(name):
                blocks = list(self._reader.body(item, Location(part)))
                is_hidden = attribute(item, "display") == "false"
                self._reader.later[_UNSHOWN.part if is_hidden else part] += [
                    concealed_block(block.text, _UNSHOWN) if is_hidden else block for block in blocks
                ]
            elif name == "master-page":
                master_shapes = [
                    shape for shape in item if not _HEADERS.get(LOCAL_NAME[shape.tag]) and not _is_prompt(shape)
                ]
                for shape in master_shapes:
                    later["header"] += self._reader.body(shape, Location("header"))
        for item in root.iter():
            if part := _MARGINS.get(LOCAL_NAME[item.tag]):
                text = "".join(str(text) for text in item.itertext())
                later[part] += [Block(text, Location(part))] if text.strip() else []

    def _properties(self) -> Iterator[Block]:
        root = self._parts.tree("meta.xml") if "meta.xml" in self._parts.package else None
        for item in () if root is None else root.iter():
            label = _LABELS.get(LOCAL_NAME[item.tag])
            if label and attribute(item, "name") not in _PROGRAM:
                yield from property_blocks(attribute(item, "name") or label, item.text)

    def _embedded(self) -> Iterator[Block | Unread]:
        """Yield embedded documents (folders with a content.xml), files, and earlier versions."""
        for name in self._parts.package.names:
            folder = name.rpartition("/")[0]
            if name.endswith(f"/{_CONTENT}") and folder:
                yield Block("", Location("attachment"), hidden="embedded_file", note="内嵌文档")
                root = self._parts.tree(name)
                for item in () if root is None else root.iter():
                    text = "".join(str(text) for text in item.itertext())
                    if LOCAL_NAME[item.tag] in {"p", "h", "annotation"} and text.strip():
                        yield Block(text, Location("attachment", member=folder))
            elif _VERSION.fullmatch(name) or (
                name.startswith(("Object ", "ObjectReplacements/", "embeddings/")) and "/" not in name
            ):
                what = "保存的较早版本" if _VERSION.fullmatch(name) else "内嵌文件"
                yield Block("", Location("attachment"), hidden="embedded_file", note=what)
                yield from read_member(name, self._parts.content(name), self._limits)


def _named_sheets(body: etree._Element) -> Iterator[Block]:
    """Yield the names of sheets that may hold a value."""
    for sheets in body:
        for table in sheets if LOCAL_NAME[sheets.tag] == "spreadsheet" else ():
            if LOCAL_NAME[table.tag] == "table" and _TELLING_NAME.search(attribute(table, "name")):
                yield Block(attribute(table, "name"), Location("table"))


def _is_prompt(shape: etree._Element) -> bool:
    """Return whether a shape of a master is only a prompt."""
    return bool(attribute(shape, "class")) or LOCAL_NAME[shape.tag] == "notes"


def _once(blocks: list[Block]) -> Iterator[Block]:
    """Yield headers and footers once, as each page style repeats them."""
    told: set[tuple[str, str]] = set()
    for block in blocks:
        key = (block.location.part, block.text)
        if block.location.part not in {"header", "footer"} or key not in told:
            told.add(key)
            yield block
