"""What workbooks and presentations share: parts read without giving up on a damaged one, and what lies beside the text.

Beside the text lie texts that programs store, addresses that links lead to, properties, embedded files.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import read_member
from prescan.formats.docx.marks import LINK_TARGET, STORED_DATA, Mark, telling
from prescan.formats.package import Package, attribute
from prescan.formats.properties import properties, property_parts
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from prescan.formats.package import Relation
    from prescan.types import Limits

#: What a package holds besides embedded files: markup, fonts, pictures, sound and film.
_OWN_FILES: Final = frozenset(
    "xml rels vml odttf fntdata"
    " png jpg jpeg gif bmp tif tiff emf wmf svg wdp webp ico"
    " mp4 m4v mov wmv avi mpg mpeg mp3 m4a wav wma".split()
)
#: Binary parts that programs write for themselves; they hold no text a person wrote.
_PROGRAM_PART: Final = re.compile(r"(?:^|/)(?:printerSettings|activeX|control)\d*\.bin$", re.IGNORECASE)
#: Embedded, but not a file that could be read: what a reviewer calls it.
_OPAQUE: Final = (
    (re.compile(r"(?:^|/)vbaProject\w*\.bin$", re.IGNORECASE), "宏程序"),
    (re.compile(r"(?:^|/)xl/model/", re.IGNORECASE), "数据模型"),
)
#: Where embedded files are kept. What lies elsewhere is a program's own, and need not be readable.
_EMBEDDED: Final = re.compile(r"(?:^|/)embeddings/", re.IGNORECASE)
#: Parts of a document that say nothing by themselves.
_NOT_WRITTEN: Final = frozenset({"metadata", "attachment", "image"})
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,5}")
_PLAIN_ADDRESS: Final = re.compile(r"https?://[^?]*$", re.IGNORECASE)
_ADDRESS_SIGN: Final = re.compile(r"[:/\\@]")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Parts:
    """The parts of a package by name. One that cannot be read is noted in `unread`, and the reading goes on."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the package. Raises ReadError."""
        self.package = Package(data, limits)
        self.limits = limits
        self.unread: list[Unread] = []
        self._relations: dict[str, list[Relation]] = {}

    def main(self, usual: str) -> str:
        """Return the name of the part that holds the document. Raises ReadError("corrupted") without one."""
        named = (relation.target for relation in self.relations("") if relation.kind == "officeDocument")
        found = next((name for name in (*named, usual) if name in self.package), None)
        if found is None:
            raise ReadError("corrupted", "文件缺少正文部件，请用原软件打开并另存后重扫")
        return found

    def relations(self, name: str) -> list[Relation]:
        """Return what a part refers to, each list read once."""
        if name not in self._relations:
            self._relations[name] = []
            try:
                self._relations[name] = self.package.relations(name)
            except ReadError as error:
                self.miss(name, error)
        return self._relations[name]

    def related(self, name: str, *kinds: str) -> list[str]:
        """Return the parts of these kinds that a part refers to, each once, in the order of the reference."""
        inner = (relation for relation in self.relations(name) if not relation.external and relation.kind in kinds)
        return [target for target in dict.fromkeys(relation.target for relation in inner) if target in self.package]

    def targets(self, name: str) -> dict[str, str]:
        """Return the parts that a part refers to by the id of the reference."""
        return {relation.id: relation.target for relation in self.relations(name) if not relation.external}

    def named(self, folder: str) -> list[str]:
        """Return the XML parts directly inside a folder."""
        lower = folder.lower()
        return [
            name
            for name in self.package.names
            if posixpath.dirname(name).lower() == lower and name.lower().endswith(".xml")
        ]

    def content(self, name: str) -> bytes:
        """Return the bytes of a part; those of a damaged part are missing, and it is noted."""
        try:
            return self.package.bytes_of(name)
        except ReadError as error:
            self.miss(name, error)
            return b""

    def tree(self, name: str) -> etree._Element | None:
        """Return the tree of a part, or None when it is noted as unread."""
        content = self.content(name)
        try:
            return self.package.parsed(content) if content else None
        except ReadError as error:
            self.miss(name, error)
            return None

    def miss(self, name: str, error: ReadError) -> None:
        """Note a part that could not be read."""
        self.unread.append(Unread(name, error.code, error.detail))

    def told(self, items: Iterator[Block | Unread]) -> Iterator[Block | Unread]:
        """Yield what was read and then what was not. Raises ReadError if nothing was read at all."""
        said = written = False
        for item in items:
            if not written and isinstance(item, Block):
                said = True
                written = not item.text.isspace() and item.text != "" and item.location.part not in _NOT_WRITTEN
            yield item
        unread = self.unread or ([] if written else [self._silence()])
        if unread and not said:
            raise ReadError(unread[0].code, unread[0].detail)
        yield from unread

    def _silence(self) -> Unread:
        """Say that nothing is written here: pictures only, or nothing at all."""
        pictures = any("/media/" in part.lower() for part in self.package.names)
        return Unread.of("", "no_text_layer" if pictures else "empty")

    def links(self, name: str, page: int | None = None) -> Iterator[Block]:
        """Yield the addresses a part links to that say more than where a web page is."""
        for relation in self.relations(name):
            if relation.external and _tells(relation.target):
                yield marked(relation.target, LINK_TARGET, page=page)

    def stored(self) -> Iterator[Block]:
        """Yield the telling values of custom XML: data that a program keeps in the file."""
        for name in self.named("customXml"):
            root = None if "itemprops" in name.lower() else self.tree(name)
            for text in () if root is None else root.itertext():
                if telling(str(text)):
                    yield marked(str(text), STORED_DATA)

    def properties(self) -> Iterator[Block]:
        """Yield the properties of the document."""
        for name in property_parts(self.package, self.relations("")):
            root = self.tree(name)
            if root is not None:
                yield from properties(root)

    def embedded(self) -> Iterator[Block | Unread]:
        """Yield a block for each embedded file, and behind it what the file says."""
        for name in self.package.names:
            extension = _extension(name)
            if extension in _OWN_FILES or _PROGRAM_PART.search(name):
                continue
            opaque = next((label for pattern, label in _OPAQUE if pattern.search(name)), None)
            note = opaque or f"内嵌文件：{extension}"
            yield Block("", Location(part="attachment"), hidden="embedded_file", note=note)
            content = b"" if opaque else self.content(name)
            for item in read_member(name, content, self.limits) if content else ():
                if _EMBEDDED.search(name) or isinstance(item, Block) or item.code != "unsupported":
                    yield item


def marked(text: str, mark: Mark, *, page: int | None = None, cell: str | None = None) -> Block:
    """Return the block of a text that does not simply belong to the page."""
    return Block(text, Location(mark.part, page, cell=cell), hidden=mark.hidden, note=mark.note)


def signed(author: str, date: str, what: str) -> str:
    """Say who did `what` and when; of a name only the first character is shown."""
    day = _DAY.match(date)
    who = f"{author.strip()[0]}*" if author.strip() else ""
    return " ".join(word for word in (who, day[0] if day else "", what) if word)


def concealed(block: Block, hidden: str, note: str) -> Block:
    """Return a block as part of something hidden as a whole; what has its own reason to be hidden keeps it."""
    if block.hidden or not (block.text.strip() or block.location.cell is None):
        return block
    return replace(block, location=replace(block.location, part="hidden"), hidden=hidden, note=note)


def once(blocks: Iterable[Block], told: set[tuple[str, str]]) -> Iterator[Block]:
    """Yield the blocks that were not told yet: masters, headers and fallbacks repeat the same text."""
    for block in blocks:
        key = (block.location.part, block.text)
        if key not in told:
            told.add(key)
            yield block


def texts_of(root: etree._Element, *names: str) -> Iterator[str]:
    """Yield the attributes called `names` of all elements from `root` down, where they are not blank."""
    for element, name in itertools.product(root.iter(), names):
        value = attribute(element, name)
        if value.strip():
            yield value


def _tells(address: str) -> bool:
    """Tell whether an address says more than where a web page is: a mailbox, a path, a question with a value."""
    return not _PLAIN_ADDRESS.match(address) and _ADDRESS_SIGN.search(address) is not None


def _extension(name: str) -> str:
    """Return the extension of a name in lower case; what does not look like one may be a value and is not told."""
    extension = posixpath.basename(name).lower().rpartition(".")[2]
    return extension if _EXTENSION.fullmatch(extension) else "未知类型"
