"""Office packages (docx, xlsx, pptx): a zip of XML parts, opened without trusting it.

The zip directory is checked before anything is inflated (`zip_directory`). XML is parsed without entities, DTD or
network. Element names are compared without their namespace, so that strict and transitional OOXML read alike.
"""

from __future__ import annotations

import functools
import itertools
import posixpath
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

from lxml import etree

from prescan.errors import ReadError
from prescan.formats.zip_directory import PackedPart, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.zip_directory import Member
    from prescan.types import Limits

#: Values of attributes that mean true and false (ST_OnOff).
ON: Final = frozenset({"1", "true", "on"})
OFF: Final = frozenset({"0", "false", "off"})
_REMEMBERED_TAGS: Final = 5_000
_OUT_OF_MEMORY_CODE: Final = 2
"""XML_ERR_NO_MEMORY of libxml2, which arrives as a syntax error."""
_RESOURCE_LIMIT_CODE: Final = 114
"""XML_ERR_RESOURCE_LIMIT of libxml2: a text over 10 MB, 256 levels, or entities that grow."""


class _Settings(TypedDict):
    resolve_entities: bool
    no_network: bool
    huge_tree: bool
    load_dtd: bool
    remove_comments: bool
    remove_pis: bool


#: Settings of every parser of a part. Comments and instructions are removed, so that a text they divide is one again.
#: `collect_ids` stays on: without it lxml 6.1 opens an external DTD in spite of `load_dtd=False`.
XML_SETTINGS: Final = _Settings(
    resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
)

ENTITIES: Final = "文件内含有办公软件不会写入的实体声明，未读，请用原软件打开并另存后重扫"


class Relationship(NamedTuple):
    """A relationship, one line of a `.rels` part: something that a part refers to."""

    id: str
    kind: str
    """The last segment of the type: "officeDocument", "hyperlink", "aFChunk"."""
    target: str
    """The name of a part, or the address as written if `external`."""
    external: bool


class _LocalNames(dict[object, str]):
    """Cache: tag of an element → its name without the namespace."""

    def __missing__(self, tag: object) -> str:
        """Split a new tag; the cache is limited, so a file with endless tags does not fill the memory."""
        name = str(tag).rpartition("}")[2]
        if len(self) < _REMEMBERED_TAGS:
            self[tag] = name
        return name


LOCAL_NAME: Final = _LocalNames()


def attribute(element: etree._Element, name: str) -> str:
    """Return the attribute `name` in any namespace, "" if there is none."""
    for key, value in element.items():
        if LOCAL_NAME[key] == name:
            return str(value)
    return ""


class Package:
    """The parts of an office package by name. Names are compared without regard to case, as the standard has it."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Check the zip directory. Raises ReadError: corrupted, encrypted, archive_limit."""
        self._data = data
        self._members = {member.name.lower(): member for member in members(data, limits)}
        self._parser = etree.XMLParser(**XML_SETTINGS)
        self.names = [member.name for member in self._members.values()]
        """The names of all parts, in the order of the zip directory."""

    def __contains__(self, name: str) -> bool:
        """Return whether there is a part `name`."""
        return name.lower() in self._members

    def bytes_of(self, name: str) -> bytes:
        """Inflate a part. Raises ReadError("corrupted") if it is missing or not what the directory says."""
        try:
            member = self._members[name.lower()]
        except KeyError as error:
            raise ReadError("corrupted", "文件缺少应有的部件，请用原软件打开并另存后重扫") from error
        return self._packed(member).inflated()

    def packed(self, name: str) -> PackedPart:
        """Return a part as it lies in the file. Raises KeyError if there is none."""
        return self._packed(self._members[name.lower()])

    def _packed(self, member: Member) -> PackedPart:
        return PackedPart(self._data[member.start : member.end], member.size, member.crc, member.deflated)

    def checksum_of(self, name: str) -> int:
        """Return the checksum of a part according to the directory. Raises KeyError if there is none."""
        return self._members[name.lower()].crc

    def xml(self, name: str) -> etree._Element:
        """Parse a part. Raises ReadError("corrupted"), and MemoryError when that is what stopped the parser."""
        return self.parsed(self.bytes_of(name))

    def parsed(self, content: bytes) -> etree._Element:
        """Parse the bytes of a part: `xml` for callers that already have the content."""
        return parsed(content, self._parser)

    def relationships(self, name: str) -> list[Relationship]:
        """Return the relationships of the part `name`; "" is the package itself."""
        folder, listing = _rels_name(name)
        return [*_relationships(self.packed(listing), folder)] if listing in self else []


def parsed(content: bytes, parser: etree.XMLParser | None = None) -> etree._Element:
    """Parse the bytes of a part. Raises ReadError("corrupted"), and MemoryError if that stopped the parser."""
    try:
        root = etree.fromstring(content, parser or etree.XMLParser(**XML_SETTINGS))
    except etree.XMLSyntaxError as error:
        raise parse_failure(error, "未读") from error
    if declares_entities(root):
        raise ReadError("corrupted", ENTITIES)
    return root


def parse_failure(error: etree.XMLSyntaxError, lost: str, otherwise: str = "") -> ReadError:
    """Return the ReadError for a part that cannot be parsed. Raises MemoryError if the parser ran out of memory.

    `lost`: how much is not read, for a part beyond the parser's limits; `otherwise`: the detail for any other error.
    """
    code = getattr(error, "code", None)
    if code == _OUT_OF_MEMORY_CODE:
        raise MemoryError from error
    if code == _RESOURCE_LIMIT_CODE:
        return ReadError("corrupted", f"文件内有一段文字超过 10 MB 或嵌套过深，{lost}，请用原软件打开并另存后重扫")
    return ReadError("corrupted", otherwise)


def declares_entities(root: etree._Element) -> bool:
    """Return whether a part declares entities; no office program does."""
    return root.getroottree().docinfo.internalDTD is not None


@functools.lru_cache(maxsize=1_024)
def _rels_name(name: str) -> tuple[str, str]:
    """Return the folder of a part and the name of its `.rels` part. Cached: documents have much the same names."""
    folder, base = posixpath.split(name)
    return folder, posixpath.join(folder, "_rels", f"{base}.rels")


@functools.lru_cache(maxsize=64)
def _relationships(listing: PackedPart, folder: str) -> tuple[Relationship, ...]:
    """Return the relationships in a `.rels` part. Cached: files made from one template share it."""
    return tuple(_relationship(element, folder) for element in parsed(listing.inflated()))


def _relationship(element: etree._Element, folder: str) -> Relationship:
    """Parse one line of a `.rels` part; a target is relative to the folder of the part that refers to it."""
    attributes = {LOCAL_NAME[key]: str(value) for key, value in element.items()}
    target, kind = attributes.get("Target", ""), attributes.get("Type", "").rpartition("/")[2]
    external = attributes.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relationship(attributes.get("Id", ""), kind, target, external)


def descendants(root: etree._Element, *wanted: str) -> Iterator[etree._Element]:
    """Yield the elements from `root` down whose local name is in `wanted`, in document order."""
    return (element for element in root.iter() if LOCAL_NAME[element.tag] in wanted)


def attribute_texts(root: etree._Element, *names: str) -> Iterator[str]:
    """Yield the non-blank attributes called `names` of all elements from `root` down."""
    for element, name in itertools.product(root.iter(), names):
        value = attribute(element, name)
        if value.strip():
            yield value
