"""Office packages (docx, xlsx, pptx): a zip of XML parts, opened without trusting it.

The zip directory is judged before anything is inflated: number of members, declared sizes, ratio, overlaps, names given
twice. A part is inflated only when asked for and never beyond its declared size. XML is parsed without entities, DTD or
network. Names of elements are compared without their namespace, so that strict OOXML reads like transitional.
"""

from __future__ import annotations

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


class _Member(NamedTuple):
    """Where a member's bytes lie in the file."""

    name: str
    start: int
    end: int
    size: int
    crc: int
    deflated: bool


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
        entries, directory = _directory(data)
        infos = [info for info in entries if not info.is_dir()]
        _check_sizes(infos, limits)
        if min((info.header_offset for info in entries), default=0):
            raise ReadError("corrupted", "压缩包之前另有内容，不同软件会读到不同内容，请用原软件打开并另存后重扫")
        members = [_member(data, info) for info in infos]
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
        content = self._data[member.start : member.end]
        if member.deflated:
            content = _inflate(content, member.size)
        if len(content) != member.size or zlib.crc32(content) != member.crc:
            raise ReadError("corrupted", _BROKEN_ZIP)
        return content

    def checksum_of(self, name: str) -> int:
        """Return the checksum of a part that exists, as the directory tells it."""
        return self._members[name.lower()].crc

    def xml(self, name: str) -> etree._Element:
        """Parse a part. Raises ReadError("corrupted"), and MemoryError when that is what stopped the parser."""
        return self.parsed(self.bytes_of(name))

    def parsed(self, content: bytes) -> etree._Element:
        """Parse the bytes of a part; like `xml` for those who looked into the bytes first."""
        try:
            root = etree.fromstring(content, self._parser)
        except etree.XMLSyntaxError as error:
            raise refusal(error, "未读") from error
        if declares_entities(root):
            raise ReadError("corrupted", ENTITIES)
        return root

    def relations(self, name: str) -> list[Relation]:
        """Return what the part `name` refers to; the package itself is ""."""
        folder, base = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{base}.rels")
        if listing not in self:
            return []
        return [_relation(element, folder) for element in self.xml(listing)]


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


def _directory(data: bytes) -> tuple[list[zipfile.ZipInfo], int]:
    """Return the entries of the zip directory, folders too, and where the directory begins."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ReadError("corrupted", _BROKEN_ZIP) from error


def _check_sizes(infos: Iterable[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse what would grow beyond the limits. Pictures are never inflated, so their ratio does not matter."""
    total = 0
    for info in infos:
        total += info.file_size
        grows = info.file_size > _MEGABYTE and info.file_size > limits.ratio * info.compress_size
        if (grows and "/media/" not in info.filename) or total > limits.expanded_mb * _MEGABYTE:
            raise ReadError("archive_limit", _BOMB)


def _member(data: bytes, info: zipfile.ZipInfo) -> _Member:
    """Find a member's bytes behind its local header, which must tell the same name as the directory."""
    if info.flag_bits & _ENCRYPTED:
        raise ReadError("encrypted")
    body = info.header_offset + _LOCAL_HEADER.size
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} or not 0 < body <= len(data):
        raise ReadError("corrupted", _BROKEN_ZIP)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, info.header_offset)
    encoding = "utf-8" if info.flag_bits & _UTF8_NAME else "cp437"
    name = data[body : body + name_length].decode(encoding, "replace")
    if signature != b"PK\x03\x04" or name != info.orig_filename:
        raise ReadError("corrupted", _BROKEN_ZIP)
    start = body + name_length + extra_length
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    # Some writers separate folders by backslashes, against the standard; offices read them all the same.
    plain = name.replace("\\", "/").lstrip("/")
    return _Member(plain, start, start + info.compress_size, info.file_size, info.CRC, deflated)


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
