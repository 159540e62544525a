"""The parts of an OFD package and their references: documents, pages, templates, resources."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.media import is_solid
from prescan.formats.ofd.drawing import PageContent
from prescan.formats.ofd.place import area_of
from prescan.formats.office_parts import Parts
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.ofd.drawing import Pen
    from prescan.types import Limits

USUAL_AREA: Final = (595.0, 842.0)
FALSE: Final = "false"
_MAIN: Final = "OFD.xml"
_SEALED: Final = ("Encryptions.xml", "Encryption.xml")
_RESOURCES_AT_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page in the list of pages."""

    id: str
    part: str


class Source:
    """One package, with the resources of its documents."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the package. Raises ReadError: encrypted, corrupted, archive_limit."""
        self.parts = Parts(data, limits)
        if any(posixpath.basename(name) in _SEALED for name in self.parts.package.names):
            raise ReadError("encrypted")
        root = self.parts.tree(_MAIN)
        if root is None:
            raise ReadError("corrupted", "文件缺少 OFD.xml 或其已损坏，请用原软件打开并另存后重扫")
        self._root = root
        self.units: dict[str, etree._Element] = {}
        self.files: dict[str, str] = {}
        """Id of a picture, sound or film → its part."""
        self.fonts: dict[str, str] = {}
        """Id of an embedded font → its part."""
        self.params: dict[str, etree._Element] = {}
        self.read: set[str] = set()
        """The pages and templates that were read, in lower case."""

    def documents(self) -> Iterator[tuple[etree._Element, etree._Element, str]]:
        """Yield entry, tree and part of each document, after collecting its resources."""
        for body in children(self._root, "DocBody"):
            main = self.target("", text_of(body, "DocRoot"))
            document = self.parts.tree(main) if main else None
            if document is None:
                self.parts.note_unread(
                    main, ReadError("corrupted", "正文部件缺失或已损坏，未读，请用原软件打开并另存后重扫")
                )
                continue
            self._gather(document, main)
            yield body, document, main

    def listed(self, document: etree._Element, main: str) -> Iterator[Page]:
        """Yield the pages of a document in order."""
        for pages in children(document, "Pages"):
            for item in children(pages, "Page"):
                part = self.target(main, attribute(item, "BaseLoc"))
                if part:
                    self.read.add(part.lower())
                    yield Page(attribute(item, "ID"), part)

    def templates(self, document: etree._Element, main: str) -> dict[str, str]:
        """Return id → part of the template pages."""
        return {
            attribute(item, "ID"): self.target(main, attribute(item, "BaseLoc"))
            for item in document.iter()
            if LOCAL_NAME[item.tag] == "TemplatePage"
        }

    def draw(self, pen: Pen, content: etree._Element, templates: dict[str, str]) -> None:
        """Draw a page and its templates, background templates first."""
        used = [(attribute(item, "ZOrder"), attribute(item, "TemplateID")) for item in children(content, "Template")]
        for order, name in used:
            if order != "Foreground":
                self._template(pen, templates.get(name, ""))
        pen.draw(content)
        for order, name in used:
            if order == "Foreground":
                self._template(pen, templates.get(name, ""))

    def _template(self, pen: Pen, part: str) -> None:
        self.read.add(part.lower())
        root = self.parts.tree(part) if part else None
        if root is not None:
            pen.draw(root)

    def annotations(self, document: etree._Element, main: str) -> Iterator[tuple[etree._Element, int | None]]:
        """Yield the annotations of a document, each with its page number."""
        numbers = {page.id: number for number, page in enumerate(self.listed(document, main), 1)}
        for listing, root in self.referred(document, main, "Annotations"):
            for entry in children(root, "Page"):
                part = self.target(listing, text_of(entry, "FileLoc"))
                notes = self.parts.tree(part) if part else None
                for note in () if notes is None else children(notes, "Annot"):
                    yield note, numbers.get(attribute(entry, "PageID"))

    def _gather(self, document: etree._Element, main: str) -> None:
        """Collect the resources that objects refer to: vector units, picture files, fonts, drawing parameters."""
        for item in document.iter():
            if LOCAL_NAME[item.tag] not in {"PublicRes", "DocumentRes"} or not item.text:
                continue
            part = self.target(main, str(item.text))
            root = self.parts.tree(part) if part else None
            if root is None:
                continue
            base = attribute(root, "BaseLoc")
            for unit in root.iter():
                name, known = LOCAL_NAME[unit.tag], attribute(unit, "ID")
                if name == "MultiMedia" and len(self.files) < _RESOURCES_AT_MOST:
                    path = posixpath.join(base, text_of(unit, "MediaFile").strip())
                    self.files[known] = self.target(part, path)
                elif name == "Font" and len(self.fonts) < _RESOURCES_AT_MOST:
                    file = text_of(unit, "FontFile").strip()
                    self.fonts[known] = self.target(part, posixpath.join(base, file)) if file else ""
                elif name == "DrawParam" and len(self.params) < _RESOURCES_AT_MOST:
                    self.params[known] = unit
                elif name == "CompositeGraphicUnit" and len(self.units) < _RESOURCES_AT_MOST:
                    self.units[known] = unit

    def is_solid(self, resource: str) -> bool:
        """Return whether the picture of a resource is opaque."""
        part = self.files.get(resource, "")
        return bool(part) and is_solid(self.parts.content(part))

    def referred(self, element: etree._Element, base: str, name: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield the parts that children called `name` refer to, with their trees."""
        for item in children(element, name):
            part = self.target(base, str(item.text or ""))
            root = self.parts.tree(part) if part else None
            if root is not None:
                yield part, root

    def target(self, base: str, path: str) -> str:
        """Return the part that `path` names relative to the part `base`, "" if there is none."""
        path = path.strip().replace("\\", "/")
        if not path:
            return ""
        folder = "" if path.startswith("/") else posixpath.dirname(base)
        wanted = posixpath.normpath(posixpath.join("/", folder, path.lstrip("/"))).lstrip("/")
        if wanted in self.parts.package:
            return wanted
        from_root = posixpath.normpath(posixpath.join("/", path)).lstrip("/")
        return from_root if from_root in self.parts.package else ""


def blank_page(content: etree._Element, default: tuple[float, float]) -> PageContent:
    """Return an empty page of the size that `content` states."""
    return PageContent(*next((found for item in children(content, "Area") if (found := area_of(item))), default))


def default_page_size(document: etree._Element) -> tuple[float, float]:
    """Return the size in points of the pages of a document that state none."""
    return next((found for item in children(document, "CommonData") if (found := area_of(item))), USUAL_AREA)


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children called `name`."""
    return (item for item in element if LOCAL_NAME[item.tag] == name)


def text_of(element: etree._Element, name: str) -> str:
    """Return the text of the first child called `name`, or ""."""
    return next((str(item.text or "") for item in children(element, name)), "")
