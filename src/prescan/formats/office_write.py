"""Writing redacted office packages: only parts that are known and reached from the main part, nothing else.

A part of a kind not listed here is left out, never silently kept.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from prescan.formats import pictures
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prescan.formats.package import Package

_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_IMAGE_TYPES: Final = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif"}
#: The oldest date a zip can tell: when the copy was made is nobody's business.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_REFERRING: Final = ("officeDocument/2006/relationships", "officeDocument/relationships")
"""Attributes of this namespace (transitional, strict) name relations."""

#: What office programs read as part of a page.
_KNOWN: Final = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/office/",
    "http://purl.oclc.org/ooxml/",
    "urn:schemas-microsoft-com:",
    "http://www.w3.org/XML/1998/namespace",
)


@dataclass
class Relation:
    """One line of a `.rels` part, as written."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last word of the type."""
        return self.type.rpartition("/")[2]


@dataclass
class Copy:
    """A package in the making: `kinds` maps the kinds of relations that are kept to content types ("" = a picture)."""

    package: Package
    kinds: Mapping[str, str]
    clean: Callable[[str, str, etree._Element], None]
    """Cleans the tree of a part: its name, the kind of the relation that led to it, the tree."""
    implied: frozenset[str] = frozenset()
    """Kinds that a part needs although nothing in its tree names the relation."""
    keeps_link: Callable[[str], bool] = lambda _: False
    """Tells whether an address may stay."""
    trees: dict[str, etree._Element] = field(default_factory=dict)
    """Trees that were changed already."""
    blanked: int = 0
    """Pictures of kinds that cannot be cleaned."""
    pictures: int = 0
    _parts: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """Source part → its name in the copy, or "" if it is left out."""
    _listings: dict[str, bytes] = field(default_factory=dict)

    def write(self, main: str, content_type: str) -> bytes:
        """Return the bytes of the copy."""
        self._take(main, "officeDocument", content_type)
        top = Relation("rId1", f"{_OFFICE}officeDocument", main, external=False)
        self._listings["_rels/.rels"] = _listing([top])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "[Content_Types].xml", self._content_types())
            for name, content in self._listings.items():
                _add(archive, name, content)
            for name, (_, content) in self._parts.items():
                _add(archive, name, content)
        return out.getvalue()

    @property
    def left_out(self) -> list[str]:
        """The parts of the source that the copy does not hold."""
        taken = {source.lower() for source, name in self._names.items() if name}
        return [
            name
            for name in self.package.names
            if name.lower() not in taken and not name.lower().endswith(".rels") and name != "[Content_Types].xml"
        ]

    def tree(self, name: str) -> etree._Element:
        """Return the tree of a part, parsed once."""
        if name not in self.trees:
            self.trees[name] = self.package.xml(name)
        return self.trees[name]

    def relations(self, name: str) -> list[Relation]:
        """Return what a part refers to, targets as part names."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if listing not in self.package:
            return []
        found = []
        for line in self.package.xml(listing):
            target, external = attribute(line, "Target"), attribute(line, "TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found.append(Relation(attribute(line, "Id"), attribute(line, "Type"), target, external))
        return found

    def _take(self, name: str, kind: str, content_type: str) -> str:
        """Take a part into the copy with all it needs; return its name there, "" if it is left out."""
        if name in self._names:
            return self._names[name]
        if name not in self.package:
            return ""
        if not content_type:
            return self._picture(name)
        self._names[name] = name
        root = self.tree(name)
        self.clean(name, kind, root)
        self._parts[name] = content_type, b""  # its place in the order; what it refers to follows
        kept = self._kept(name, root)
        _drop_dangling(root, {relation.id for relation in kept})
        if kept:
            folder, base = posixpath.split(name)
            self._listings[posixpath.join(folder, "_rels", f"{base}.rels")] = _listing(kept)
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        self._parts[name] = content_type, content
        return name

    def _kept(self, name: str, root: etree._Element) -> list[Relation]:
        """Return the relations of a part that stay, with what they lead to taken in."""
        named = {value for element in root.iter(etree.Element) for value in _references(element).values()}
        kept = []
        for relation in self.relations(name):
            if relation.id not in named and relation.kind not in self.implied:
                continue
            if relation.external:
                if relation.kind == "hyperlink" and self.keeps_link(relation.target):
                    kept.append(relation)
            elif relation.kind in self.kinds and (
                target := self._take(relation.target, relation.kind, self.kinds[relation.kind])
            ):
                kept.append(Relation(relation.id, relation.type, target, external=False))
        return kept

    def _picture(self, name: str) -> str:
        """Take in a picture without its metadata; a kind that cannot be cleaned gives way to a blank one."""
        cleaned = pictures.clean(self.package.bytes_of(name))
        extension, content = cleaned or ("png", pictures.blank())
        self.blanked += cleaned is None
        self.pictures += cleaned is not None
        named = f"{posixpath.dirname(name)}/image{len(self._names) + 1}.{extension}"
        self._names[name] = named
        self._parts[named] = _IMAGE_TYPES[extension], content
        return named

    def _content_types(self) -> bytes:
        root = etree.Element(f"{{{_TYPES}}}Types", nsmap=_plain(_TYPES))
        for extension, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            *_IMAGE_TYPES.items(),
        ):
            etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
        for name, (kind, _) in self._parts.items():
            if not kind.startswith("image/"):
                etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _references(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element that name relations."""
    return {str(key): str(value) for key, value in element.items() if str(key).partition("}")[0].endswith(_REFERRING)}


def _drop_dangling(root: etree._Element, ids: set[str]) -> None:
    """Remove references to relations that were left out."""
    for element in root.iter(etree.Element):
        for key, value in _references(element).items():
            if value not in ids:
                del element.attrib[key]


def _plain(namespace: str) -> Any:  # noqa: ANN401  lxml's types know no default namespace
    """Return the prefixes of a part in which a namespace needs none."""
    return {None: namespace}


def _listing(relations: Iterable[Relation]) -> bytes:
    root = etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap=_plain(_RELATIONSHIPS))
    for relation in relations:
        line = etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", Id=relation.id, Type=relation.type)
        line.set("Target", relation.target if relation.external else f"/{relation.target}")
        if relation.external:
            line.set("TargetMode", "External")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _NO_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


# Small changes of trees


def remove(element: etree._Element) -> None:
    """Remove an element, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def unwrap(element: etree._Element, holder: etree._Element | None = None) -> None:
    """Put the children of `holder` (of the element itself) in the element's place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for offset, inner in enumerate(list(element if holder is None else holder)):
        parent.insert(at + offset, inner)
    parent.remove(element)


def drop(root: etree._Element, names: Iterable[str]) -> int:
    """Remove all elements called one of `names`; return how many there were."""
    wanted = frozenset(names)
    found = [element for element in root.iter(etree.Element) if LOCAL_NAME[element.tag] in wanted]
    for element in found:
        remove(element)
    return len(found)


def discard(element: etree._Element, *names: str) -> None:
    """Remove the attributes called one of `names`, in whatever namespace."""
    for key in [key for key in element.attrib if LOCAL_NAME[key] in names]:
        del element.attrib[key]


def strip_attributes(root: etree._Element, unwanted: Callable[[str, str], bool]) -> None:
    """Remove attributes for which `unwanted(element name, attribute name)` holds."""
    for element in root.iter(etree.Element):
        name = LOCAL_NAME[element.tag]
        for key in list(element.attrib):
            if unwanted(name, LOCAL_NAME[key]):
                del element.attrib[key]


def drop_foreign(root: etree._Element) -> None:
    """Remove elements and attributes of namespaces that no office program reads as part of the page."""
    for element in list(root.iter(etree.Element)):
        namespace = str(element.tag).partition("}")[0][1:]
        if not namespace.startswith(_KNOWN):
            remove(element)
            continue
        for key in list(element.attrib):
            held, brace, _ = str(key).partition("}")
            if brace and not held[1:].startswith(_KNOWN):
                del element.attrib[key]
