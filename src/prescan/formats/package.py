"""Office packages (docx, xlsx, pptx): a zip of XML parts, opened without trusting it.

The zip directory is judged before anything is inflated: number of members, declared sizes, ratio, overlaps, names given
twice. A part is inflated only when asked for and never beyond its declared size. XML is parsed without entities, DTD or
network. Names of elements are compared without their namespace, so that strict OOXML reads like transitional.
"""

from __future__ import annotations

import functools
import io
import posixpath
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

from lxml import etree

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prescan.types import Limits

_MEGABYTE: Final = 1 << 20
_REMEMBERED_TAGS: Final = 5_000
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_LISTED: Final = struct.Struct("<4s2xBxHH4xIIIHHH8xI")
_END_RECORD: Final = struct.Struct("<4s4xHHIIH")
_LOCATOR_64: Final = b"PK\x06\x07"
_LOCATOR_64_BYTES: Final = 20
_NEWEST_VERSION: Final = 63
_BEYOND_32_BITS: Final = 0xFFFFFFFF
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_NO_MEMORY: Final = 2
"""XML_ERR_NO_MEMORY of libxml2: exhaustion, though it arrives as a syntax error."""
_BEYOND_PARSER: Final = 114
"""XML_ERR_RESOURCE_LIMIT of libxml2: a text over 10 MB, 256 levels, or entities that grow."""


class _Settings(TypedDict):
    resolve_entities: bool
    no_network: bool
    huge_tree: bool
    load_dtd: bool
    remove_comments: bool
    remove_pis: bool


#: How every parser of a part is set. Comments and instructions go, so that a text they cut in two is one text again.
#: `collect_ids` stays on: without it lxml 6.1 opens an external DTD in spite of `load_dtd=False`.
XML_SETTINGS: Final = _Settings(
    resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
)

ENTITIES: Final = "文件内含有办公软件不会写入的实体声明，未读，请用原软件打开并另存后重扫"
_BROKEN_ZIP: Final = "压缩结构已损坏或不完整，请用原软件打开并另存后重扫"
_BOMB: Final = "压缩内容展开后超过安全上限，请用原软件打开并另存后重扫"


class Relation(NamedTuple):
    """One line of a `.rels` part: what a part refers to."""

    id: str
    kind: str
    """The last word of the type: "officeDocument", "hyperlink", "aFChunk"."""
    target: str
    """The name of a part, or the address as written if `external`."""
    external: bool


class _Entry(NamedTuple):
    """What the zip directory says of a member."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def encoding(self) -> str:
        return "utf-8" if self.flags & _UTF8_NAME else "cp437"


class _Member(NamedTuple):
    """Where a member's bytes lie in the file."""

    name: str
    start: int
    end: int
    size: int
    crc: int
    deflated: bool


class Packed(NamedTuple):
    """A part as it lies in the file. Equal ones hold the same: what was found in one holds for the other."""

    content: bytes
    size: int
    crc: int
    deflated: bool

    def inflated(self) -> bytes:
        """Return the part. Raises ReadError("corrupted") if it is not what the directory says."""
        content = _inflate(self.content, self.size) if self.deflated else self.content
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise ReadError("corrupted", _BROKEN_ZIP)
        return content


class _LocalNames(dict[object, str]):
    """Maps an element's tag to its name without the namespace; each tag is taken apart once."""

    def __missing__(self, tag: object) -> str:
        """Take apart a tag seen for the first time; a file with endless tags does not fill the memory."""
        name = str(tag).rpartition("}")[2]
        if len(self) < _REMEMBERED_TAGS:
            self[tag] = name
        return name


LOCAL_NAME: Final = _LocalNames()


def attribute(element: etree._Element, name: str) -> str:
    """Return the attribute `name` in whatever namespace, or "" if there is none."""
    for key, value in element.items():
        if LOCAL_NAME[key] == name:
            return str(value)
    return ""


class Package:
    """The parts of an office package by name. Names are compared without regard to case, as the standard has it."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Judge the zip directory. Raises ReadError: corrupted, encrypted, archive_limit."""
        if data.count(_DIRECTORY_ENTRY) > limits.members:
            raise ReadError("archive_limit", f"压缩包内文件超过 {limits.members} 个，请用原软件打开并另存后重扫")
        listed, directory = _plain_directory(data) or _directory(data)
        entries = [entry for entry in listed if not entry.name.endswith(b"/")]
        _check_sizes(entries, limits)
        if min((entry.offset for entry in listed), default=0):
            raise ReadError("corrupted", "压缩包之前另有内容，不同软件会读到不同内容，请用原软件打开并另存后重扫")
        members = [_member(data, entry) for entry in entries]
        _check_overlap(members, directory)
        self._data = data
        self._members = {member.name.lower(): member for member in members}
        if len(self._members) < len(members):
            raise ReadError("corrupted", "压缩包内有重名部件，不同软件会读到不同内容，请用原软件打开并另存后重扫")
        self._parser = etree.XMLParser(**XML_SETTINGS)

    @property
    def names(self) -> list[str]:
        """The names of all parts, in the order of the zip directory."""
        return [member.name for member in self._members.values()]

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part `name`."""
        return name.lower() in self._members

    def bytes_of(self, name: str) -> bytes:
        """Inflate a part. Raises ReadError("corrupted") if it is missing or not what the directory says."""
        try:
            member = self._members[name.lower()]
        except KeyError as error:
            raise ReadError("corrupted", "文件缺少应有的部件，请用原软件打开并另存后重扫") from error
        return self._packed(member).inflated()

    def packed(self, name: str) -> Packed:
        """Return a part that exists as it lies in the file."""
        return self._packed(self._members[name.lower()])

    def _packed(self, member: _Member) -> Packed:
        return Packed(self._data[member.start : member.end], member.size, member.crc, member.deflated)

    def checksum_of(self, name: str) -> int:
        """Return the checksum of a part that exists, as the directory tells it."""
        return self._members[name.lower()].crc

    def xml(self, name: str) -> etree._Element:
        """Parse a part. Raises ReadError("corrupted"), and MemoryError when that is what stopped the parser."""
        return self.parsed(self.bytes_of(name))

    def parsed(self, content: bytes) -> etree._Element:
        """Parse the bytes of a part; like `xml` for those who looked into the bytes first."""
        return parsed(content, self._parser)

    def relations(self, name: str) -> list[Relation]:
        """Return what the part `name` refers to; the package itself is ""."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if listing not in self:
            return []
        return [*_relations(self.packed(listing), folder)]


def parsed(content: bytes, parser: etree.XMLParser | None = None) -> etree._Element:
    """Parse the bytes of a part. Raises ReadError("corrupted"), and MemoryError if that stopped the parser."""
    try:
        root = etree.fromstring(content, parser or etree.XMLParser(**XML_SETTINGS))
    except etree.XMLSyntaxError as error:
        raise refusal(error, "未读") from error
    if declares_entities(root):
        raise ReadError("corrupted", ENTITIES)
    return root


def refusal(error: etree.XMLSyntaxError, lost: str, otherwise: str = "") -> ReadError:
    """Return what is wrong with a part; `lost` says how much of it is not read. Raises MemoryError if it is that."""
    code = getattr(error, "code", None)
    if code == _NO_MEMORY:
        raise MemoryError from error
    if code == _BEYOND_PARSER:
        return ReadError("corrupted", f"文件内有一段文字超过 10 MB 或嵌套过深，{lost}，请用原软件打开并另存后重扫")
    return ReadError("corrupted", otherwise)


def declares_entities(root: etree._Element) -> bool:
    """Tell whether a part declares entities, as no office program does."""
    return root.getroottree().docinfo.internalDTD is not None


def _plain_directory(data: bytes) -> tuple[list[_Entry], int] | None:
    """Return the entries of an ordinary zip directory and where it begins; None if anything about it is not.

    Office programs write ordinary ones, and making objects of zipfile's of them took longer than a short document.
    """
    end = len(data) - _END_RECORD.size
    if end < _LOCATOR_64_BYTES or data.startswith(_LOCATOR_64, end - _LOCATOR_64_BYTES):
        return None
    signature, _, count, length, start, comment = _END_RECORD.unpack_from(data, end)
    if signature != b"PK\x05\x06" or comment or start + length != end:
        return None
    entries, at = [], start
    while at + _LISTED.size <= end:
        said = _LISTED.unpack_from(data, at)
        signature, version, flags, method, crc, packed, size, name_length, extra, remark, offset = said
        name = data[at + _LISTED.size : at + _LISTED.size + name_length]
        usual = signature == _DIRECTORY_ENTRY and version <= _NEWEST_VERSION and not extra and name.isascii()
        if not usual or not name or b"\0" in name or _BEYOND_32_BITS in {packed, size, offset}:
            return None
        entries.append(_Entry(name, flags, method, crc, packed, size, offset))
        at += _LISTED.size + name_length + remark
    return (entries, start) if at == end and len(entries) == count else None


def _directory(data: bytes) -> tuple[list[_Entry], int]:
    """Return the entries of the zip directory, folders too, and where the directory begins."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_entry(info) for info in archive.infolist()], archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ReadError("corrupted", _BROKEN_ZIP) from error


def _entry(info: zipfile.ZipInfo) -> _Entry:
    encoding = "utf-8" if info.flag_bits & _UTF8_NAME else "cp437"
    name = info.orig_filename.encode(encoding)
    return _Entry(
        name, info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size, info.header_offset
    )


def _check_sizes(entries: Iterable[_Entry], limits: Limits) -> None:
    """Refuse what would grow beyond the limits. Pictures are never inflated, so their ratio does not matter."""
    total = 0
    for entry in entries:
        total += entry.size
        grows = entry.size > _MEGABYTE and entry.size > limits.ratio * entry.packed
        if (grows and b"/media/" not in entry.name) or total > limits.expanded_mb * _MEGABYTE:
            raise ReadError("archive_limit", _BOMB)


def _member(data: bytes, entry: _Entry) -> _Member:
    """Find a member's bytes behind its local header, which must tell the same name as the directory."""
    if entry.flags & _ENCRYPTED:
        raise ReadError("encrypted")
    body = entry.offset + _LOCAL_HEADER.size
    if entry.method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or not 0 < body <= len(data):
        raise ReadError("corrupted", _BROKEN_ZIP)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, entry.offset)
    if signature != b"PK\x03\x04" or data[body : body + name_length] != entry.name:
        raise ReadError("corrupted", _BROKEN_ZIP)
    start = body + name_length + extra_length
    deflated = entry.method == zipfile.ZIP_DEFLATED
    # Some writers separate folders by backslashes, against the standard; offices read them all the same.
    plain = entry.name.decode(entry.encoding).replace("\\", "/").lstrip("/")
    return _Member(plain, start, start + entry.packed, entry.size, entry.crc, deflated)


def _check_overlap(members: Iterable[_Member], directory: int) -> None:
    """Refuse members that share bytes: a small file that inflates again and again."""
    last = 0
    for member in sorted(members, key=lambda member: member.start):
        if member.start < last or member.end > directory:
            raise ReadError("corrupted", _BROKEN_ZIP)
        last = member.end


def _inflate(content: bytes, size: int) -> bytes:
    """Inflate at most one byte more than declared: enough to see that a size is a lie."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, size + 1)
    except zlib.error as error:
        raise ReadError("corrupted", _BROKEN_ZIP) from error


@functools.lru_cache(maxsize=64)
def _relations(listing: Packed, folder: str) -> tuple[Relation, ...]:
    """Return what a `.rels` part tells. Those of files made with one template are the same."""
    return tuple(_relation(element, folder) for element in parsed(listing.inflated()))


def _relation(element: etree._Element, folder: str) -> Relation:
    """Read one line of a `.rels` part; targets are relative to the folder of the part that refers."""
    told = {LOCAL_NAME[key]: str(value) for key, value in element.items()}
    target, kind = told.get("Target", ""), told.get("Type", "").rpartition("/")[2]
    external = told.get("TargetMode") == "External"
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation(told.get("Id", ""), kind, target, external)


def descendants(root: etree._Element, *wanted: str) -> Iterator[etree._Element]:
    """Yield the elements from `root` down that are called one of `wanted`, in document order."""
    return (element for element in root.iter() if LOCAL_NAME[element.tag] in wanted)
