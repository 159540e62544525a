"""Access to the parts of an office package; each is read at most once, and damaged ones are recorded."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, TypeVar

from prescan.errors import ReadError
from prescan.formats.package import Package
from prescan.formats.part_names import part_name
from prescan.formats.residue import Residue, compute_once
from prescan.types import Unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from prescan.formats.package import Relationship
    from prescan.types import Limits

_T = TypeVar("_T")


class PackageParts:
    """The parts of a package by name. One that cannot be read is noted in `unread` and costs only itself."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the package. Raises ReadError."""
        self.package = Package(data, limits)
        self.limits = limits
        self.unread: list[Unread] = []
        self._relationships: dict[str, list[Relationship]] = {}
        self._read: set[str] = set()
        """The names in lower case of all parts that were read."""
        self._data = data
        self._residue = Residue()

    def main(self, usual: str) -> str:
        """Return the name of the part that holds the document. Raises ReadError("corrupted") without one."""
        targets = (
            relationship.target for relationship in self.relationships("") if relationship.kind == "officeDocument"
        )
        found = next((name for name in (*targets, usual) if name in self.package), None)
        if found is None:
            raise ReadError("corrupted", "文件缺少正文部件，请用原软件打开并另存后重扫")
        return found

    def relationships(self, name: str) -> list[Relationship]:
        """Return the relationships of a part, read only once."""
        if name not in self._relationships:
            self._relationships[name] = []
            try:
                self._relationships[name] = self.package.relationships(name)
            except ReadError as error:
                self.note_unread(name, error)
        return self._relationships[name]

    def related(self, name: str, *kinds: str) -> list[str]:
        """Return the existing parts that a part has a relationship of these kinds to, each once, in order."""
        inner = (
            relationship
            for relationship in self.relationships(name)
            if not relationship.external and relationship.kind in kinds
        )
        return [
            target for target in dict.fromkeys(relationship.target for relationship in inner) if target in self.package
        ]

    def targets(self, name: str) -> dict[str, str]:
        """Return the parts that a part refers to, by the id of the relationship."""
        return {
            relationship.id: relationship.target
            for relationship in self.relationships(name)
            if not relationship.external
        }

    def xml_parts_in(self, folder: str) -> list[str]:
        """Return the XML parts directly inside a folder."""
        lower = folder.lower()
        return [
            name
            for name in self.package.names
            if posixpath.dirname(name).lower() == lower and name.lower().endswith(".xml")
        ]

    def content(self, name: str) -> bytes:
        """Return the bytes of a part; b"" if it is damaged, which is noted."""
        try:
            content = self.package.bytes_of(name)
        except ReadError as error:
            self.note_unread(name, error)
            content = b""
        part = part_name(name)
        if part.lower not in self._read and part.is_markup:
            self._residue.scan_markup(part.lower, content)
        self._read.add(part.lower)
        return content

    def computed(self, name: str, function: Callable[[bytes], _T]) -> _T | None:
        """Return `function` of the bytes of a part that exists; None if it is damaged, which is noted.

        Cached across documents: use it for parts that come from a template and are the same in many documents.
        """
        lower = name.lower()
        self._read.add(lower)
        try:
            result, residue = compute_once(self.package.packed(name), lower, function)
        except ReadError as error:
            self.note_unread(name, error)
            return None
        self._residue.add(residue)
        return result

    def tree(self, name: str) -> etree._Element | None:
        """Return the tree of a part; None if it cannot be read, which is noted."""
        return self.parsed(name, self.content(name))

    def parsed(self, name: str, content: bytes) -> etree._Element | None:
        """Return the tree of a part from its bytes: `tree` for callers that already have the content."""
        try:
            return self.package.parsed(content) if content else None
        except ReadError as error:
            self.note_unread(name, error)
            return None

    def note_unread(self, name: str, error: ReadError) -> None:
        """Note a part that could not be read."""
        self.unread.append(Unread(name, error.code, error.detail))
