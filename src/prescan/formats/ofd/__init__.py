"""OFD, the national page format (GB/T 33190-2016): pages with their templates, then what lies beside them.

Beside the pages lie annotations, pages no list names, properties, custom data, signatures, attachments.
"""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from prescan.errors import WITH_OCR, ReadError
from prescan.formats import read_member
from prescan.formats.budget import SharedLimits
from prescan.formats.media import is_drawn, may_hold_text
from prescan.formats.ofd.drawing import Drawn, Pen
from prescan.formats.ofd.page import PageText
from prescan.formats.ofd.place import area_of
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.pdf import layout
from prescan.formats.pdf.edges import Edges
from prescan.formats.pdf.grid import grids_of
from prescan.formats.pdf.pieces import Counter
from prescan.formats.properties import metadata
from prescan.types import Block, Location, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.types import Limits

_USUAL_AREA: Final = (595.0, 842.0)
_MAIN: Final = "OFD.xml"
_SEALED: Final = ("Encryptions.xml", "Encryption.xml")
_FEW: Final = 20
_MANY_PATHS: Final = 50
"""So many drawn shapes without any text are text drawn as shapes."""
#: What of DocInfo tells something, with its label. Creator and CreatorVersion name programs.
_LABELS: Final = {"Title": "标题", "Author": "作者", "Subject": "主题", "Abstract": "摘要", "Keyword": "关键词"}
_FALSE: Final = "false"
_PLAIN: Final = re.compile(r"[\d\s.,:;TZ+\-/]*")
_BETWEEN_TAGS: Final = re.compile(rb">([^<>]+)<")
_RESOURCES_AT_MOST: Final = 100_000


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the file says. Raises ReadError: encrypted, corrupted, archive_limit, no_text_layer, empty."""
    parts = Parts(data, limits)
    if any(posixpath.basename(name) in _SEALED for name in parts.package.names):
        raise ReadError("encrypted")
    root = parts.tree(_MAIN)
    if root is None:
        raise ReadError("corrupted", "文件缺少 OFD.xml 或其已损坏，请用原软件打开并另存后重扫")
    reader = _Reader(parts, root, limits)
    yield from parts.told(reader.items(), lambda: reader.media)


@dataclass(frozen=True, slots=True)
class _Page:
    id: str
    part: str


class _Reader:
    """One file on its way through the parts."""

    def __init__(self, parts: Parts, root: etree._Element, limits: Limits) -> None:
        self.parts = parts
        self._root = root
        self._limits = limits
        self._count = Counter()
        self._units: dict[str, etree._Element] = {}
        self._files: dict[str, str] = {}
        self.media: dict[str, int] = {}
        """The page of each picture file that stands on one."""
        self._pictures: list[int] = []
        self._number = 0
        self._read: set[str] = set()
        self._beside: list[Block] = []

    def items(self) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract."""
        later: list[Iterator[Block | Unread]] = []
        for body in _children(self._root, "DocBody"):
            main = self._target("", _text(body, "DocRoot"))
            document = self.parts.tree(main) if main else None
            if document is None:
                self.parts.miss(main, ReadError("corrupted", "正文部件缺失或已损坏，未读，请用原软件打开并另存后重扫"))
                continue
            self._gather(document, main)
            yield from self._pages(document, main)
            later += [self._annotations(document, main), self._information(body), self._tags(document, main)]
            later += [self._signatures(body), self._attachments(document, main)]
        yield from self._beside
        yield from self._unlisted()
        for items in later:
            yield from items
        if self._pictures:
            pages = "、".join(map(str, self._pictures))
            detail = f"第 {pages} 页没有文字层（扫描件或图片），请人工阅看，{WITH_OCR}"
            yield Unread.of("", "no_text_layer", detail)

    # Pages

    def _pages(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        templates = {
            attribute(item, "ID"): self._target(main, attribute(item, "BaseLoc"))
            for item in document.iter()
            if LOCAL_NAME[item.tag] == "TemplatePage"
        }
        area = next((found for item in _children(document, "CommonData") if (found := area_of(item))), _USUAL_AREA)
        edges = Edges()
        for page in self._listed(document, main):
            self._number += 1
            if self._number > self._limits.pages:
                yield Unread.of("", "too_large", f"第 {self._number} 页起未读，请拆分后重扫")
                break
            content = self.parts.tree(page.part)
            if content is None:
                continue
            blocks, height = self._drawn(content, templates, area)
            yield from edges.take(blocks, height)
        yield from edges.rest()
        yield from edges.kept()

    def _listed(self, document: etree._Element, main: str) -> Iterator[_Page]:
        for pages in _children(document, "Pages"):
            for item in _children(pages, "Page"):
                part = self._target(main, attribute(item, "BaseLoc"))
                if part:
                    self._read.add(part.lower())
                    yield _Page(attribute(item, "ID"), part)

    def _drawn(
        self, content: etree._Element, templates: dict[str, str], usual: tuple[float, float]
    ) -> tuple[list[Block], float]:
        """Return the blocks of a page, its templates drawn with it, and its height."""
        own = next((found for item in _children(content, "Area") if (found := area_of(item))), usual)
        drawn = Drawn(*own)
        pen = Pen(drawn, self._units.get)
        used = [(attribute(item, "ZOrder"), attribute(item, "TemplateID")) for item in _children(content, "Template")]
        for order, name in used:
            if order != "Foreground":
                self._template(pen, templates.get(name, ""))
        pen.draw(content)
        for order, name in used:
            if order == "Foreground":
                self._template(pen, templates.get(name, ""))
        if drawn.full:
            detail = f"第 {self._number} 页的图形和文字过多，其后部分未读，请用原软件打开并另存后重扫"
            self.parts.unread.append(Unread("", "too_large", detail))
        text = PageText(drawn, self._number)
        note = f"第 {self._number} 页页面之外的文字"
        place = Location("hidden", self._number)
        self._beside += [Block(piece.text, place, hidden="hidden_text", note=note) for piece in text.outside]
        shown = sum(len(piece.text.strip()) for line in text.lines for piece in line)
        picture = any(_is_large(box, own) for box in drawn.pictures)
        self.media |= {part: self._number for name in drawn.shown if (part := self._files.get(name))}
        scans: list[Block] = []
        if shown < _FEW and (picture or (not shown and drawn.paths > _MANY_PATHS)):
            scans += self._scans(drawn)
            if not scans:
                self._pictures.append(self._number)
        grids = grids_of(drawn.rules)
        return [*scans, *layout.blocks(text.lines, grids, self._number, self._count, text)], own[1]

    def _scans(self, drawn: Drawn) -> Iterator[Picture]:
        """Yield the pictures a page consists of, for their text to be recognised."""
        limits = SharedLimits.of(self._limits)
        for name, box in zip(drawn.shown, drawn.pictures, strict=True):
            part = self._files.get(name, "")
            content = self.parts.content(part) if limits.wants_pictures and is_drawn(part) else b""
            if content and may_hold_text(box):
                limits.is_new_picture(content)
                held = content if limits.one_more_picture("page") else b""
                place = Location(page=self._number, bbox=box)
                yield Picture("", place, image=held, size=(box[2] - box[0], box[3] - box[1]))

    def _template(self, pen: Pen, part: str) -> None:
        self._read.add(part.lower())
        root = self.parts.tree(part) if part else None
        if root is not None:
            pen.draw(root)

    def _gather(self, document: etree._Element, main: str) -> None:
        """Collect the vector units that composite objects show."""
        for item in document.iter():
            if LOCAL_NAME[item.tag] not in {"PublicRes", "DocumentRes"} or not item.text:
                continue
            part = self._target(main, str(item.text))
            root = self.parts.tree(part) if part else None
            if root is None:
                continue
            for unit in root.iter():
                if LOCAL_NAME[unit.tag] == "MultiMedia" and len(self._files) < _RESOURCES_AT_MOST:
                    path = posixpath.join(attribute(root, "BaseLoc"), _text(unit, "MediaFile").strip())
                    self._files[attribute(unit, "ID")] = self._target(part, path)
                if LOCAL_NAME[unit.tag] == "CompositeGraphicUnit" and len(self._units) < _RESOURCES_AT_MOST:
                    self._units[attribute(unit, "ID")] = unit

    # Beside the pages

    def _annotations(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        numbers = {page.id: number for number, page in enumerate(self._listed(document, main), 1)}
        for listing, root in self._referred(document, main, "Annotations"):
            for entry in _children(root, "Page"):
                part = self._target(listing, _text(entry, "FileLoc"))
                notes = self.parts.tree(part) if part else None
                for note in () if notes is None else _children(notes, "Annot"):
                    yield from self._annotation(note, numbers.get(attribute(entry, "PageID")))

    def _annotation(self, note: etree._Element, page: int | None) -> Iterator[Block]:
        drawn = Drawn(*_USUAL_AREA)
        Pen(drawn, self._units.get).draw(note)
        words = ["".join(glyph.char for glyph in segment) for segment in drawn.segments]
        words += [str(item.text) for item in note.iter() if LOCAL_NAME[item.tag] == "Remark" and item.text]
        words += [str(item.text) for item in note.iter() if LOCAL_NAME[item.tag] == "Parameter" and item.text]
        creator = attribute(note, "Creator").strip()
        who = f"{creator[0]}* " if creator else ""
        unseen = "（不可见）" if attribute(note, "Visible").lower() == _FALSE else ""
        for text in dict.fromkeys(word.strip() for word in words if word.strip()):
            label = f"第 {page} 页的{who}注释{unseen}" if page else f"{who}注释{unseen}"
            yield Block(text, Location("annotation", page), hidden="annotation", note=label)

    def _unlisted(self) -> Iterator[Block | Unread]:
        """Yield the pages that lie in the package without being listed: left over from an earlier version."""
        for name in self.parts.package.names:
            lower = name.lower()
            if lower in self._read or not lower.endswith(".xml") or "/pages/" not in f"/{lower}":
                continue
            root = self.parts.tree(name)
            if root is None or LOCAL_NAME[root.tag] != "Page":
                continue
            drawn = Drawn(*_USUAL_AREA)
            Pen(drawn, self._units.get).draw(root)
            for line in PageText(drawn, 0).lines:
                text = " ".join(piece.text for piece in line)
                yield Block(text, Location("hidden"), hidden="hidden_text", note="未列出的页面（较早版本的残留）")

    def _information(self, body: etree._Element) -> Iterator[Block | Unread]:
        for info in _children(body, "DocInfo"):
            for item in info.iter():
                name = LOCAL_NAME[item.tag]
                if name in _LABELS:
                    yield from metadata(_LABELS[name], item.text)
                elif name == "CustomData":
                    yield from metadata(attribute(item, "Name") or "自定义数据", item.text)

    def _tags(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        """Yield what custom tags hold beside references to the page."""
        for listing, root in self._referred(document, main, "CustomTags"):
            for location in root.iter():
                if LOCAL_NAME[location.tag] != "FileLoc" or not location.text:
                    continue
                part = self._target(listing, str(location.text))
                content = self.parts.content(part) if part else b""
                for found in _BETWEEN_TAGS.finditer(content):  # many programs write no sound XML here
                    text = html.unescape(found[1].decode("utf-8", "replace"))
                    if not _PLAIN.fullmatch(text):
                        yield from metadata("自定义标引", text)

    def _signatures(self, body: etree._Element) -> Iterator[Block | Unread]:
        for listing, root in self._referred(body, "", "Signatures"):
            for item in _children(root, "Signature"):
                part = self._target(listing, attribute(item, "BaseLoc"))
                signature = self.parts.tree(part) if part else None
                for provider in () if signature is None else signature.iter():
                    if LOCAL_NAME[provider.tag] == "Provider":
                        yield from metadata(
                            "电子签章", attribute(provider, "Company") or attribute(provider, "ProviderName")
                        )

    def _attachments(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        for listing, root in self._referred(document, main, "Attachments"):
            for item in _children(root, "Attachment"):
                part = self._target(listing, _text(item, "FileLoc"))
                kind = attribute(item, "Format").lower().lstrip(".")
                name = attribute(item, "Name") or posixpath.basename(part)
                name = name if "." in name or not kind else f"{name}.{kind}"
                unseen = "（不显示）" if attribute(item, "Visible").lower() == _FALSE else ""
                place = Location("attachment", member=name)
                yield Block("", place, hidden="attachment", note=f"附件{unseen}")
                content = self.parts.content(part) if part else b""
                for block in read_member(name, content, self._limits) if content else ():
                    yield block if isinstance(block, Unread) else _attached(block)

    def _referred(self, element: etree._Element, base: str, name: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield the parts that children called `name` refer to, with their trees."""
        for item in _children(element, name):
            part = self._target(base, str(item.text or ""))
            root = self.parts.tree(part) if part else None
            if root is not None:
                yield part, root

    def _target(self, base: str, path: str) -> str:
        """Return the part that `path` names, seen from the part `base`; "" if it names none."""
        path = path.strip().replace("\\", "/")
        if not path:
            return ""
        folder = "" if path.startswith("/") else posixpath.dirname(base)
        wanted = posixpath.normpath(posixpath.join("/", folder, path.lstrip("/"))).lstrip("/")
        if wanted in self.parts.package:
            return wanted
        from_root = posixpath.normpath(posixpath.join("/", path)).lstrip("/")
        return from_root if from_root in self.parts.package else ""


def _attached(block: Block) -> Block:
    if block.location.part not in {"body", "table"}:
        return block
    return replace(block, location=replace(block.location, part="attachment"))


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (item for item in element if LOCAL_NAME[item.tag] == name)


def _text(element: etree._Element, name: str) -> str:
    return next((str(item.text or "") for item in _children(element, name)), "")


def _is_large(box: tuple[float, float, float, float], area: tuple[float, float]) -> bool:
    return (box[2] - box[0]) * (box[3] - box[1]) > 0.3 * area[0] * area[1]
