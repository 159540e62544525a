"""OFD, the national page format (GB/T 33190-2016): pages with their templates, then what lies beside them.

Beside the pages lie annotations, pages no list names, properties, custom data, signatures, attachments.
"""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.errors import WITH_OCR
from prescan.formats import read_member
from prescan.formats.budget import SharedLimits
from prescan.formats.media import box_may_hold_text, is_raster_picture
from prescan.formats.ofd.drawing import PageContent, Pen
from prescan.formats.ofd.page import PageText
from prescan.formats.ofd.source import FALSE, USUAL_AREA, Source, blank_page, children, default_page_size, text_of
from prescan.formats.package import LOCAL_NAME, attribute
from prescan.formats.pdf import layout
from prescan.formats.pdf.grid import grids_of
from prescan.formats.pdf.pieces import Counter
from prescan.formats.pdf.running_lines import RunningLines
from prescan.formats.properties import property_blocks
from prescan.types import Block, Location, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.types import Limits

_FEW: Final = 20
_MANY_PATHS: Final = 50
"""So many shapes without any text are text converted to shapes."""
#: Entries of DocInfo to report, with their labels. Creator and CreatorVersion name programs.
_LABELS: Final = {"Title": "标题", "Author": "作者", "Subject": "主题", "Abstract": "摘要", "Keyword": "关键词"}
_PLAIN: Final = re.compile(r"[\d\s.,:;TZ+\-/]*")
_BETWEEN_TAGS: Final = re.compile(rb">([^<>]+)<")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the file. Raises ReadError: encrypted, corrupted, archive_limit, no_text_layer, empty."""
    reader = _Reader(Source(data, limits), limits)
    yield from reader.source.parts.complete(reader.items(), lambda: reader.media)


class _Reader:
    """One file that is being read."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self._limits = limits
        self._count = Counter()
        self.media: dict[str, int] = {}
        """The page of each picture file on a page."""
        self._pictures: list[int] = []
        self._number = 0
        self._later: list[Block] = []

    def items(self) -> Iterator[Block | Unread]:
        """Yield everything in the order of the contract."""
        later: list[Iterator[Block | Unread]] = []
        for body, document, main in self.source.documents():
            yield from self._pages(document, main)
            later += [self._annotations(document, main), self._information(body), self._tags(document, main)]
            later += [self._signatures(body), self._attachments(document, main)]
        yield from self._later
        yield from self._unlisted()
        for items in later:
            yield from items
        if self._pictures:
            pages = "、".join(map(str, self._pictures))
            detail = f"第 {pages} 页没有文字层（扫描件或图片），请人工阅看，{WITH_OCR}"
            yield Unread.of("", "no_text_layer", detail)

    # Pages

    def _pages(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        templates, usual = self.source.templates(document, main), default_page_size(document)
        notes: dict[int, list[etree._Element]] = {}
        for drawn, on in self.source.annotations(document, main):
            if on and attribute(drawn, "Visible").lower() != FALSE:
                notes.setdefault(on, []).append(drawn)
        edges = RunningLines()
        for order, page in enumerate(self.source.listed(document, main), 1):
            self._number += 1
            if self._number > self._limits.pages:
                yield Unread.of("", "too_large", f"第 {self._number} 页起未读，请拆分后重扫")
                break
            content = self.source.parts.tree(page.part)
            if content is None:
                continue
            blocks, height = self._page_blocks(content, templates, usual, notes.get(order, []))
            yield from edges.add_page(blocks, height)
        yield from edges.remaining()
        yield from edges.headers_and_footers()

    def _page_blocks(
        self,
        content: etree._Element,
        templates: dict[str, str],
        usual: tuple[float, float],
        notes: list[etree._Element],
    ) -> tuple[list[Block], float]:
        """Return the blocks of a page with its templates and annotations, and its height in points."""
        drawn = blank_page(content, usual)
        pen = Pen(drawn, self.source.units.get, is_opaque=self.source.is_solid)
        self.source.draw(pen, content, templates)
        for annotation in notes:
            over = Pen(PageContent(*USUAL_AREA), self.source.units.get)
            over.draw(annotation)
            pen.cover(over)
        own = drawn.width, drawn.height
        if drawn.is_truncated:
            detail = f"第 {self._number} 页的图形和文字过多，其后部分未读，请用原软件打开并另存后重扫"
            self.source.parts.unread.append(Unread("", "too_large", detail))
        text = PageText(drawn, self._number)
        note = f"第 {self._number} 页页面之外的文字"
        place = Location("hidden", self._number)
        self._later += [Block(piece.text, place, hidden="hidden_text", note=note) for piece in text.outside]
        shown = sum(len(piece.text.strip()) for line in text.lines for piece in line)
        picture = any(_is_large(box, own) for box in drawn.pictures)
        self.media |= {part: self._number for name in drawn.picture_resources if (part := self.source.files.get(name))}
        scans: list[Block] = []
        if shown < _FEW and (picture or (not shown and drawn.paths > _MANY_PATHS)):
            scans += self._scans(drawn)
            if not scans:
                self._pictures.append(self._number)
        grids = grids_of(drawn.rules)
        return [*scans, *layout.blocks(text.lines, grids, self._number, self._count, text)], own[1]

    def _scans(self, drawn: PageContent) -> Iterator[Picture]:
        """Yield the pictures that a page consists of, for recognition."""
        limits = SharedLimits.of(self._limits)
        for name, box in zip(drawn.picture_resources, drawn.pictures, strict=True):
            part = self.source.files.get(name, "")
            content = self.source.parts.content(part) if limits.wants_pictures and is_raster_picture(part) else b""
            if content and box_may_hold_text(box):
                limits.is_new_picture(content)
                held = content if limits.take_picture("page") else b""
                place = Location(page=self._number, bbox=box)
                yield Picture("", place, image=held, size=(box[2] - box[0], box[3] - box[1]))

    # Beside the pages

    def _annotations(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        for annotation, page in self.source.annotations(document, main):
            yield from self._annotation(annotation, page)

    def _annotation(self, annotation: etree._Element, page: int | None) -> Iterator[Block]:
        drawn = PageContent(*USUAL_AREA)
        Pen(drawn, self.source.units.get).draw(annotation)
        words = ["".join(glyph.char for glyph in segment) for segment in drawn.segments]
        words += [str(item.text) for item in annotation.iter() if LOCAL_NAME[item.tag] == "Remark" and item.text]
        words += [str(item.text) for item in annotation.iter() if LOCAL_NAME[item.tag] == "Parameter" and item.text]
        creator = attribute(annotation, "Creator").strip()
        who = f"{creator[0]}* " if creator else ""
        unseen = "（不可见）" if attribute(annotation, "Visible").lower() == FALSE else ""
        for text in dict.fromkeys(word.strip() for word in words if word.strip()):
            label = f"第 {page} 页的{who}注释{unseen}" if page else f"{who}注释{unseen}"
            yield Block(text, Location("annotation", page), hidden="annotation", note=label)

    def _unlisted(self) -> Iterator[Block | Unread]:
        """Yield the pages in the package that are not listed: left over from an earlier version."""
        for name in self.source.parts.package.names:
            lower = name.lower()
            if lower in self.source.read or not lower.endswith(".xml") or "/pages/" not in f"/{lower}":
                continue
            root = self.source.parts.tree(name)
            if root is None or LOCAL_NAME[root.tag] != "Page":
                continue
            drawn = PageContent(*USUAL_AREA)
            Pen(drawn, self.source.units.get).draw(root)
            for line in PageText(drawn, 0).lines:
                text = " ".join(piece.text for piece in line)
                yield Block(text, Location("hidden"), hidden="hidden_text", note="未列出的页面（较早版本的残留）")

    def _information(self, body: etree._Element) -> Iterator[Block | Unread]:
        for info in children(body, "DocInfo"):
            for item in info.iter():
                name = LOCAL_NAME[item.tag]
                if name in _LABELS:
                    yield from property_blocks(_LABELS[name], item.text)
                elif name == "CustomData":
                    yield from property_blocks(attribute(item, "Name") or "自定义数据", item.text)

    def _tags(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        """Yield the values in custom tags, except references to the page."""
        for listing, root in self.source.referred(document, main, "CustomTags"):
            for location in root.iter():
                if LOCAL_NAME[location.tag] != "FileLoc" or not location.text:
                    continue
                part = self.source.target(listing, str(location.text))
                content = self.source.parts.content(part) if part else b""
                for found in _BETWEEN_TAGS.finditer(content):  # many programs write invalid XML here
                    text = html.unescape(found[1].decode("utf-8", "replace"))
                    if not _PLAIN.fullmatch(text):
                        yield from property_blocks("自定义标引", text)

    def _signatures(self, body: etree._Element) -> Iterator[Block | Unread]:
        for listing, root in self.source.referred(body, "", "Signatures"):
            for item in children(root, "Signature"):
                part = self.source.target(listing, attribute(item, "BaseLoc"))
                signature = self.source.parts.tree(part) if part else None
                for provider in () if signature is None else signature.iter():
                    if LOCAL_NAME[provider.tag] == "Provider":
                        yield from property_blocks(
                            "电子签章", attribute(provider, "Company") or attribute(provider, "ProviderName")
                        )

    def _attachments(self, document: etree._Element, main: str) -> Iterator[Block | Unread]:
        for listing, root in self.source.referred(document, main, "Attachments"):
            for item in children(root, "Attachment"):
                part = self.source.target(listing, text_of(item, "FileLoc"))
                kind = attribute(item, "Format").lower().lstrip(".")
                name = attribute(item, "Name") or posixpath.basename(part)
                name = name if "." in name or not kind else f"{name}.{kind}"
                unseen = "（不显示）" if attribute(item, "Visible").lower() == FALSE else ""
                place = Location("attachment", member=name)
                yield Block("", place, hidden="attachment", note=f"附件{unseen}")
                content = self.source.parts.content(part) if part else b""
                for block in read_member(name, content, self._limits) if content else ():
                    yield block if isinstance(block, Unread) else _attached(block)


def _attached(block: Block) -> Block:
    if block.location.part not in {"body", "table"}:
        return block
    return replace(block, location=replace(block.location, part="attachment"))


def _is_large(box: tuple[float, float, float, float], default_page_size: tuple[float, float]) -> bool:
    return (box[2] - box[0]) * (box[3] - box[1]) > 0.3 * default_page_size[0] * default_page_size[1]
