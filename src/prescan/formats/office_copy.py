"""Redacted copies of office packages: only parts of known kinds that are reached from the main part.

A part of any other kind is left out, never silently kept.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from prescan.formats import picture_cleaning
from prescan.formats.office_zip import make_zip, serialise
from prescan.formats.package import attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prescan.formats.package import Package

_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_IMAGE_TYPES: Final = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif"}
_REFERENCE_NAMESPACES: Final = ("officeDocument/2006/relationships", "officeDocument/relationships")
"""Attributes in namespaces with these endings (transitional, strict) hold ids of relationships."""


@dataclass
class Relationship:
    """A relationship, one line of a `.rels` part, as written."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """The last segment of the type, as "hyperlink"."""
        return self.type.rpartition("/")[2]


@dataclass
class PackageCopy:
    """A package that is being copied."""

    package: Package
    kinds: Mapping[str, str]
    """Kind of relationship to keep → content type of the part it leads to ("" = a picture)."""
    clean: Callable[[str, str, etree._Element], None]
    """Cleans the tree of a part in place. Called with its name, the kind of the relationship to it, and its tree."""
    implied: frozenset[str] = frozenset()
    """Kinds of relationships to keep even if nothing in the part's tree refers to them."""
    keeps_link: Callable[[str], bool] = lambda _: False
    """Tells whether an external address may stay."""
    trees: dict[str, etree._Element] = field(default_factory=dict)
    """Trees that were already changed, by part name."""
    blanked: int = 0
    """Number of pictures replaced by a blank one because their kind cannot be cleaned."""
    pictures: int = 0
    """Number of pictures copied."""
    _parts: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    """Name of a part in the source → its name in the copy, "" if it is left out."""
    _rels_parts: dict[str, bytes] = field(default_factory=dict)

    def write(self, main: str, content_type: str) -> bytes:
        """Return the bytes of the copy; `main` is the name of the main part."""
        self._copy_part(main, "officeDocument", content_type)
        top = Relationship("rId1", f"{_OFFICE}officeDocument", main, external=False)
        self._rels_parts["_rels/.rels"] = _rels_part([top])
        contents = {name: content for name, (_, content) in self._parts.items()}
        return make_zip({"[Content_Types].xml": self._content_types(), **self._rels_parts, **contents})

    @property
    def left_out(self) -> list[str]:
        """The parts of the source that are missing from the copy."""
        taken = {source.lower() for source, name in self._names.items() if name}
        return [
            name
            for name in self.package.names
            if name.lower() not in taken and not name.lower().endswith(".rels") and name != "[Content_Types].xml"
        ]

    def tree(self, name: str) -> etree._Element:
        """Return the tree of a part, parsed only once."""
        if name not in self.trees:
            self.trees[name] = self.package.xml(name)
        return self.trees[name]

    def relationships(self, name: str) -> list[Relationship]:
        """Return the relationships of a part, with targets inside the package as part names."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if listing not in self.package:
            return []
        found = []
        for line in self.package.xml(listing):
            target, external = attribute(line, "Target"), attribute(line, "TargetMode") == "External"
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found.append(Relationship(attribute(line, "Id"), attribute(line, "Type"), target, external))
        return found

    def _copy_part(self, name: str, kind: str, content_type: str) -> str:
        """Copy a part with all it refers to; return its name in the copy, "" if it is left out."""
        if name in self._names:
            return self._names[name]
        if name not in self.package:
            return ""
        if not content_type:
            return self._picture(name)
        self._names[name] = name
        root = self.tree(name)
        self.clean(name, kind, root)
        self._parts[name] = content_type, b""  # reserves its place before the parts it refers to
        kept = self._kept_relationships(name, root)
        _drop_dangling(root, {relationship.id for relationship in kept})
        if kept:
            folder, base = posixpath.split(name)
            self._rels_parts[posixpath.join(folder, "_rels", f"{base}.rels")] = _rels_part(kept)
        content = serialise(root)
        self._parts[name] = content_type, content
        return name

    def _kept_relationships(self, name: str, root: etree._Element) -> list[Relationship]:
        """Return the relationships of a part that stay, and copy the parts they lead to."""
        named = {value for element in root.iter(etree.Element) for value in _references(element).values()}
        kept = []
        for relationship in self.relationships(name):
            if relationship.id not in named and relationship.kind not in self.implied:
                continue
            if relationship.external:
                if relationship.kind == "hyperlink" and self.keeps_link(relationship.target):
                    kept.append(relationship)
            elif relationship.kind in self.kinds and (
                target := self._copy_part(relationship.target, relationship.kind, self.kinds[relationship.kind])
            ):
                kept.append(Relationship(relationship.id, relationship.type, target, external=False))
        return kept

    def _picture(self, name: str) -> str:
        """Copy a picture without its metadata; one of a kind that cannot be cleaned becomes a blank one."""
        cleaned = picture_cleaning.clean(self.package.bytes_of(name))
        extension, content = cleaned or ("png", picture_cleaning.blank_png())
        self.blanked += cleaned is None
        self.pictures += cleaned is not None
        named = f"{posixpath.dirname(name)}/image{len(self._names) + 1}.{extension}"
        self._names[name] = named
        self._parts[named] = _IMAGE_TYPES[extension], content
        return named

    def _content_types(self) -> bytes:
        root = etree.Element(f"{{{_TYPES}}}Types", nsmap=_default_namespace(_TYPES))
        for extension, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            *_IMAGE_TYPES.items(),
        ):
            etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
        for name, (kind, _) in self._parts.items():
            if not kind.startswith("image/"):
                etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
        return serialise(root)


def _references(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element that hold ids of relationships."""
    return {
        str(key): str(value)
        for key, value in element.items()
        if str(key).partition("}")[0].endswith(_REFERENCE_NAMESPACES)
    }


def _drop_dangling(root: etree._Element, ids: set[str]) -> None:
    """Remove references to relationships that were left out."""
    for element in root.iter(etree.Element):
        for key, value in _references(element).items():
            if value not in ids:
                del element.attrib[key]


def _default_namespace(namespace: str) -> Any:  # noqa: ANN401  lxml's types lack the default namespace
    """Return the `nsmap` that makes a namespace the default one."""
    return {None: namespace}


def _rels_part(relationships: Iterable[Relationship]) -> bytes:
    root = etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap=_default_namespace(_RELATIONSHIPS))
    for relationship in relationships:
        line = etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", Id=relationship.id, Type=relationship.type)
        line.set("Target", relationship.target if relationship.external else f"/{relationship.target}")
        if relationship.external:
            line.set("TargetMode", "External")
    return serialise(root)
