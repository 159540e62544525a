"""Redacted copies of office packages: only parts that are known and reached from the main part, nothing else.

A part of a kind not listed here is left out, never silently kept.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from prescan.formats import pictures
from prescan.formats.office_zip import serialized, zipped
from prescan.formats.package import attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prescan.formats.package import Package

_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_IMAGE_TYPES: Final = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif"}
_REFERRING: Final = ("officeDocument/2006/relationships", "officeDocument/relationships")
"""Attributes of this namespace (transitional, strict) name relations."""


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
        contents = {name: content for name, (_, content) in self._parts.items()}
        return zipped({"[Content_Types].xml": self._content_types(), **self._listings, **contents})

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
        content = serialized(root)
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
        return serialized(root)


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
    return serialized(root)
