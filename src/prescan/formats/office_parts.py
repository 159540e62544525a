"""What readers of office packages yield besides the text: stored data, link addresses, properties, embedded files."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from prescan.errors import ReadError
from prescan.formats import binary, ole, vba
from prescan.formats.concealment import (
    LINK_TARGET,
    STORED_DATA,
    Concealment,
    concealed_block,
    is_for_people,
    is_substantial,
    is_substantial_data,
)
from prescan.formats.media import has_picture_parts, picture_metadata, pictures
from prescan.formats.package import LOCAL_NAME, XML_SETTINGS, parsed
from prescan.formats.package_parts import PackageParts
from prescan.formats.part_names import part_name
from prescan.formats.properties import commenters, properties, property_parts, thumbnails
from prescan.formats.residue import any_has_number_or_sentence
from prescan.types import Block, Location, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping


_QUERY: Final = Concealment("hidden", "hidden_text", "查询（Power Query）的代码")
_MACROS: Final = re.compile(r"(?:^|/)vbaProject\.bin$", re.IGNORECASE)
#: A database inside a workbook, in a form that only Excel reads.
_DATA_MODEL: Final = re.compile(r"(?:^|/)xl/model/", re.IGNORECASE)
_MODEL_UNREAD: Final = "工作簿内的数据模型（Power Pivot）未读，请在 Excel 中查看；不公开的删除后另存再扫"
#: Codes of an Unread that is ignored where no person inserted the file: a program's own data, a misnamed picture.
_PROGRAM_DATA_CODES: Final = frozenset({"unsupported", "no_text_layer"})
#: Blocks in these parts of a document do not count as its text.
_NOT_TEXT: Final = frozenset({"metadata", "attachment", "image"})
#: Parts of a package without text, or with text that is read elsewhere: properties, formatting, drawings of diagrams.
_NO_OWN_TEXT: Final = re.compile(
    r"(?:^|/)(?:docprops|theme|printersettings|customxml|_xmlsignatures)/|diagrams/(?:drawing|layout|colors|quickstyle)\d*\.xml$"
    r"|\[content_types\]\.xml$|(?:^|/)(?:calcchain|styles|presprops|viewprops|tablestyles|metadata)\.xml$"
)
_PLAIN_ADDRESS: Final = re.compile(r"https?://[^?]*$", re.IGNORECASE)
_ADDRESS_SIGN: Final = re.compile(r"[:/\\@]")


class Parts(PackageParts):
    """The parts of a package, and what readers of office packages yield besides the text."""

    def complete(
        self,
        items: Iterator[Block | Unread],
        pages: Callable[[], Mapping[str, int]] = dict,
        picture_pages: Collection[int] = (),
    ) -> Iterator[Block | Unread]:
        """Yield `items`, then the residue, pictures for recognition, and the Unread.

        `pages` returns the page of some parts; `picture_pages`: pages with nothing but pictures.
        Raises ReadError if nothing was read at all.
        """
        yielded = has_text = has_picture = False
        texts: list[str] = []
        sheets: dict[str, None] = {}
        for item in items:
            has_picture = has_picture or isinstance(item, Picture)
            if isinstance(item, Block):
                yielded = True
                if not has_text:
                    has_text = not item.text.isspace() and item.text != "" and item.location.part not in _NOT_TEXT
                texts.append(item.text)
                if item.location.cell:
                    sheets[item.location.cell.rpartition("!")[0]] = None
            yield item
        yield from self.residue([*texts, *sheets])
        for picture in pictures(self, pages(), without_text=not (has_text or has_picture), picture_pages=picture_pages):
            yielded = has_picture = True
            yield picture
        unread = self.unread or ([] if has_text or has_picture else [self._no_text()])
        if unread and not yielded:
            raise ReadError(unread[0].code, unread[0].detail)
        yield from unread

    def residue(self, reported: Iterable[str]) -> Iterator[Block]:
        """Yield texts in the parts that are not among those `reported`. Call it after everything else was read.

        Parts that nothing read are searched too; damaged ones among them are skipped.
        """
        names = self.package.names
        long_names = any_has_number_or_sentence("\n".join(names))
        for name in names:
            if long_names:
                self._residue.scan_name(name)
            part = part_name(name)
            if part.lower not in self._read and (part.is_markup or part.is_program_data):
                try:
                    self._residue.scan_unread_part(name, self.package.packed(name))
                except ReadError:
                    continue
        self._residue.scan_zip_comment(self._data)
        yield from (concealed_block(text, concealment) for text, concealment in self._residue.unreported(reported))
        yield from picture_metadata(self.package)

    def _no_text(self) -> Unread:
        """Return the Unread for a document without text: it has only pictures, or nothing at all."""
        return Unread.of("", "no_text_layer" if has_picture_parts(self.package.names) else "empty")

    def links(self, name: str, page: int | None = None) -> Iterator[Block]:
        """Yield the addresses a part links to that reveal more than a web page."""
        for relationship in self.relationships(name):
            if relationship.external and is_revealing_address(relationship.target):
                yield concealed_block(relationship.target, LINK_TARGET, page=page)

    def stored(self) -> Iterator[Block]:
        """Yield substantial values in custom XML, and texts in left-over parts that the document does not refer to.

        Call it after everything else was read.
        """
        for name in self.xml_parts_in("customXml"):
            root = None if "itemprops" in name.lower() else self.tree(name)
            if root is not None and LOCAL_NAME[root.tag] == "DataMashup":
                lines = binary.power_query_code(root.text or "").splitlines()
                yield from (
                    concealed_block(line.strip(), _QUERY)
                    for line in lines
                    if is_substantial(line) or is_for_people(line)
                )
                continue
            for text in () if root is None else root.itertext():
                if is_substantial_data(str(text)):
                    yield concealed_block(str(text), STORED_DATA)
        left: dict[str, None] = {}
        for name in self.package.names:
            root = self.tree(name) if self._is_left_over(name) else None
            left.update(dict.fromkeys(() if root is None else map(str, root.itertext())))
        yield from (concealed_block(text, STORED_DATA) for text in left if is_for_people(text))

    def _is_left_over(self, name: str) -> bool:
        """Return whether a part may hold text and was not read."""
        lower = name.lower()
        return lower.endswith(".xml") and lower not in self._read and not _NO_OWN_TEXT.search(lower)

    @functools.cached_property
    def property_parts(self) -> list[str]:
        """The names of the parts that hold properties of the document."""
        return property_parts(self.package, self.relationships(""))

    def properties(self) -> Iterator[Block]:
        """Yield the properties of the document."""
        for name in self.property_parts:
            found = self.computed(name, _properties_in)
            if isinstance(found, ReadError):
                self.note_unread(name, found)
            else:
                yield from found or ()
        yield from commenters(self.package.names, self.tree)
        yield from thumbnails(self.package, self.relationships(""))

    def embedded(self, inserted: Collection[str] = ()) -> Iterator[Block | Unread]:
        """Yield an empty block for each embedded file, followed by its own blocks.

        `inserted`: parts that the document refers to as embedded files, whatever their names. Other parts outside the
        folder of embedded files belong to programs and need not be readable.
        """
        for name in self.package.names:
            part = part_name(name)
            is_inserted = name in inserted or part.is_embedded
            if part.is_control:
                texts = binary.control_strings(self.content(name))
                yield from (Block(text, Location(part="form"), note="控件中的文字") for text in texts)
            if not is_inserted and (part.is_package_file or part.is_program_data):
                continue
            if _MACROS.search(name):
                yield from self._macros(name)
                continue
            note = "数据模型" if _DATA_MODEL.search(name) else f"内嵌文件：{part.extension}"
            yield Block("", Location(part="attachment"), hidden="embedded_file", note=note)
            if _DATA_MODEL.search(name):
                self.note_unread(name, ReadError("unsupported", _MODEL_UNREAD))
            elif content := self.content(name):
                for item in ole.read_embedded(name, content, self.limits):
                    if is_inserted or isinstance(item, Block) or item.code not in _PROGRAM_DATA_CODES:
                        yield item

    def _macros(self, name: str) -> Iterator[Block]:
        """Yield a block for the macros of a document, and one for each line in them with Chinese or a long number."""
        place = Location(part="attachment")
        yield Block("", place, hidden="embedded_file", note="宏程序")
        try:
            for line in vba.source_lines(ole.CompoundFile(self.content(name))):
                yield Block(line, place, hidden="embedded_file", note="宏程序")
        except ReadError as error:
            self.note_unread(name, error)


def _properties_in(content: bytes) -> list[Block] | ReadError:
    """Return the properties in a part, or why they cannot be read."""
    try:
        return list(properties(parsed(content, _parser()))) if content else []
    except ReadError as error:
        return ReadError(error.code, error.detail)


@functools.cache
def _parser() -> etree.XMLParser:
    return etree.XMLParser(**XML_SETTINGS)


def is_revealing_address(address: str) -> bool:
    """Return whether an address reveals more than a web page: a mailbox, a file path, a query with a value."""
    return not _PLAIN_ADDRESS.match(address) and _ADDRESS_SIGN.search(address) is not None
