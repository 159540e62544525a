"""What workbooks and presentations share: parts read without giving up on a damaged one, and what lies beside the text.

Beside the text lie texts that programs store, addresses that links lead to, properties, embedded files.
"""

from __future__ import annotations

import functools
import itertools
import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from lxml import etree

from prescan.errors import ReadError
from prescan.formats import binary, ole, vba
from prescan.formats.marks import LINK_TARGET, STORED_DATA, Mark, kept_for_people, telling, worded
from prescan.formats.media import holds_pictures, pictures, recorded_in
from prescan.formats.package import LOCAL_NAME, XML_SETTINGS, Package, attribute, parsed
from prescan.formats.part_names import named
from prescan.formats.properties import commenters, properties, property_parts, thumbnails
from prescan.formats.residue import Residue, any_long, ask_once
from prescan.types import Block, Location, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from prescan.formats.package import Relation
    from prescan.types import Limits

_T = TypeVar("_T")

_QUERY: Final = Mark("hidden", "hidden_text", "查询（Power Query）的代码")
_MACROS: Final = re.compile(r"(?:^|/)vbaProject\.bin$", re.IGNORECASE)
#: A database inside a workbook, in a form that only Excel reads.
_MODEL: Final = re.compile(r"(?:^|/)xl/model/", re.IGNORECASE)
_MODEL_UNREAD: Final = "工作簿内的数据模型（Power Pivot）未读，请在 Excel 中查看；不公开的删除后另存再扫"
#: What is wrong with a part that is no file of a person's: a program's own data, or a picture by another name.
_NO_FILE: Final = frozenset({"unsupported", "no_text_layer"})
#: Parts of a document that say nothing by themselves.
_NOT_WRITTEN: Final = frozenset({"metadata", "attachment", "image"})
#: Parts that hold no text of their own, or text told elsewhere: properties, looks, drawings of diagrams.
_SETTINGS: Final = re.compile(
    r"(?:^|/)(?:docprops|theme|printersettings|customxml|_xmlsignatures)/|diagrams/(?:drawing|layout|colors|quickstyle)\d*\.xml$"
    r"|\[content_types\]\.xml$|(?:^|/)(?:calcchain|styles|presprops|viewprops|tablestyles|metadata)\.xml$"
)
_PLAIN_ADDRESS: Final = re.compile(r"https?://[^?]*$", re.IGNORECASE)
_ADDRESS_SIGN: Final = re.compile(r"[:/\\@]")


class Parts:
    """The parts of a package by name. One that cannot be read is noted in `unread`, and the reading goes on."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the package. Raises ReadError."""
        self.package = Package(data, limits)
        self.limits = limits
        self.unread: list[Unread] = []
        self._relations: dict[str, list[Relation]] = {}
        self._read: set[str] = set()
        """The parts whose bytes were asked for, in lower case."""
        self._data = data
        self._residue = Residue()

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
            content = self.package.bytes_of(name)
        except ReadError as error:
            self.miss(name, error)
            content = b""
        called = named(name)
        if called.lower not in self._read and called.markup:
            self._residue.look(called.lower, content)
        self._read.add(called.lower)
        return content

    def asked(self, name: str, ask: Callable[[bytes], _T]) -> _T | None:
        """Return what `ask` says of the bytes of a part that exists; None if it is damaged, which is noted.

        For parts that come from a template: what was said of one is said of all that are the same, byte by byte.
        """
        lower = name.lower()
        self._read.add(lower)
        try:
            said, found = ask_once(self.package.packed(name), lower, ask)
        except ReadError as error:
            self.miss(name, error)
            return None
        self._residue.take(found)
        return said

    def tree(self, name: str) -> etree._Element | None:
        """Return the tree of a part, or None when it is noted as unread."""
        return self.parsed(name, self.content(name))

    def parsed(self, name: str, content: bytes) -> etree._Element | None:
        """Return the tree of a part given its bytes; like `tree` for those who looked into the bytes first."""
        try:
            return self.package.parsed(content) if content else None
        except ReadError as error:
            self.miss(name, error)
            return None

    def miss(self, name: str, error: ReadError) -> None:
        """Note a part that could not be read."""
        self.unread.append(Unread(name, error.code, error.detail))

    def told(
        self,
        items: Iterator[Block | Unread],
        pages: Callable[[], Mapping[str, int]] = dict,
        whole: Collection[int] = (),
    ) -> Iterator[Block | Unread]:
        """Yield what was read, then pictures whose text is wanted, then what was not read.

        `pages` gives the page of the parts that stand on one, `whole` the pages of nothing but pictures.
        Raises ReadError if nothing was read at all.
        """
        said = written = shown = False
        texts: list[str] = []
        sheets: dict[str, None] = {}
        for item in items:
            shown = shown or isinstance(item, Picture)
            if isinstance(item, Block):
                said = True
                if not written:
                    written = not item.text.isspace() and item.text != "" and item.location.part not in _NOT_WRITTEN
                texts.append(item.text)
                if item.location.cell:
                    sheets[item.location.cell.rpartition("!")[0]] = None
            yield item
        yield from self.residue([*texts, *sheets])
        for picture in pictures(self, pages(), alone=not (written or shown), whole=whole):
            said = shown = True
            yield picture
        unread = self.unread or ([] if written or shown else [self._silence()])
        if unread and not said:
            raise ReadError(unread[0].code, unread[0].detail)
        yield from unread

    def residue(self, told: Iterable[str]) -> Iterator[Block]:
        """Yield what the parts hold for people beside all that was `told`. To be asked when everything else was read.

        The parts that nothing asked for are looked through too; a damaged one says nothing.
        """
        names = self.package.names
        long_names = any_long("\n".join(names))
        for name in names:
            if long_names:
                self._residue.name(name)
            called = named(name)
            if called.lower not in self._read and (called.markup or called.program):
                try:
                    self._residue.look_unread(name, self.package.packed(name))
                except ReadError:
                    continue
        self._residue.package(self._data)
        yield from (marked(text, mark) for text, mark in self._residue.untold(told))
        yield from recorded_in(self.package)

    def _silence(self) -> Unread:
        """Say that nothing is written here: pictures only, or nothing at all."""
        return Unread.of("", "no_text_layer" if holds_pictures(self.package.names) else "empty")

    def links(self, name: str, page: int | None = None) -> Iterator[Block]:
        """Yield the addresses a part links to that say more than where a web page is."""
        for relation in self.relations(name):
            if relation.external and tells(relation.target):
                yield marked(relation.target, LINK_TARGET, page=page)

    def stored(self) -> Iterator[Block]:
        """Yield the telling values of custom XML, and of parts that nothing of the document leads to: left-overs.

        To be asked when everything else was read.
        """
        for name in self.named("customXml"):
            root = None if "itemprops" in name.lower() else self.tree(name)
            if root is not None and LOCAL_NAME[root.tag] == "DataMashup":
                lines = binary.query(root.text or "").splitlines()
                yield from (marked(line.strip(), _QUERY) for line in lines if telling(line) or worded(line))
                continue
            for text in () if root is None else root.itertext():
                if kept_for_people(str(text)):
                    yield marked(str(text), STORED_DATA)
        left: dict[str, None] = {}
        for name in self.package.names:
            root = self.tree(name) if self._is_left_over(name) else None
            left.update(dict.fromkeys(() if root is None else map(str, root.itertext())))
        yield from (marked(text, STORED_DATA) for text in left if worded(text))

    def _is_left_over(self, name: str) -> bool:
        """Tell whether a part may hold text and was not asked for."""
        lower = name.lower()
        return lower.endswith(".xml") and lower not in self._read and not _SETTINGS.search(lower)

    @functools.cached_property
    def property_parts(self) -> list[str]:
        """The names of the parts that hold properties of the document."""
        return property_parts(self.package, self.relations(""))

    def properties(self) -> Iterator[Block]:
        """Yield the properties of the document."""
        for name in self.property_parts:
            told = self.asked(name, _properties_in)
            if isinstance(told, ReadError):
                self.miss(name, told)
            else:
                yield from told or ()
        yield from commenters(self.package.names, self.tree)
        yield from thumbnails(self.package, self.relations(""))

    def embedded(self, inserted: Collection[str] = ()) -> Iterator[Block | Unread]:
        """Yield a block for each embedded file, and behind it what it says; `inserted` ones whatever they are called.

        What no text refers to and lies elsewhere is a program's own, and need not be readable.
        """
        for name in self.package.names:
            called = named(name)
            put_in = name in inserted or called.embedded
            if called.control:
                texts = binary.shown(self.content(name))
                yield from (Block(text, Location(part="form"), note="控件中的文字") for text in texts)
            if not put_in and (called.own or called.program):
                continue
            if _MACROS.search(name):
                yield from self._macros(name)
                continue
            note = "数据模型" if _MODEL.search(name) else f"内嵌文件：{called.extension}"
            yield Block("", Location(part="attachment"), hidden="embedded_file", note=note)
            if _MODEL.search(name):
                self.miss(name, ReadError("unsupported", _MODEL_UNREAD))
            elif content := self.content(name):
                for item in ole.read_embedded(name, content, self.limits):
                    if put_in or isinstance(item, Block) or item.code not in _NO_FILE:
                        yield item

    def _macros(self, name: str) -> Iterator[Block]:
        """Yield a block for the macros of a document, and the lines in them that say something."""
        place = Location(part="attachment")
        yield Block("", place, hidden="embedded_file", note="宏程序")
        try:
            for line in vba.words(ole.CompoundFile(self.content(name))):
                yield Block(line, place, hidden="embedded_file", note="宏程序")
        except ReadError as error:
            self.miss(name, error)


def _properties_in(content: bytes) -> list[Block] | ReadError:
    """Return the properties in a part, or why they cannot be read; many documents have the same part."""
    try:
        return list(properties(parsed(content, _parser()))) if content else []
    except ReadError as error:
        return ReadError(error.code, error.detail)


@functools.cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(**XML_SETTINGS)


def marked(text: str, mark: Mark, *, page: int | None = None, cell: str | None = None) -> Block:
    """Return the block of a text that does not simply belong to the page."""
    return Block(text, Location(mark.part, page, cell=cell), hidden=mark.hidden, note=mark.note)


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


def tells(address: str) -> bool:
    """Tell whether an address says more than where a web page is: a mailbox, a path, a question with a value."""
    return not _PLAIN_ADDRESS.match(address) and _ADDRESS_SIGN.search(address) is not None
