"""The directory of a zip package, checked before anything is inflated, and the parts as they lie in the file.

Number of members, declared sizes, compression ratio, overlaps and duplicate names are checked first. A part is inflated
only when asked for and never beyond its declared size.
"""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prescan.types import Limits

_MEGABYTE: Final = 1 << 20
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_DIRECTORY_RECORD: Final = struct.Struct("<4s2xBxHH4xIIIHHH8xI")
_END_RECORD: Final = struct.Struct("<4s4xHHIIH")
_LOCATOR_64: Final = b"PK\x06\x07"
_LOCATOR_64_BYTES: Final = 20
_NEWEST_VERSION: Final = 63
_BEYOND_32_BITS: Final = 0xFFFFFFFF
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_RECORD_SIGNATURE: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_BROKEN_ZIP: Final = "压缩结构已损坏或不完整，请用原软件打开并另存后重扫"
_BOMB: Final = "压缩内容展开后超过安全上限，请用原软件打开并另存后重扫"


class _Entry(NamedTuple):
    """A member as the zip directory describes it."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def encoding(self) -> str:
        return _encoding(self.flags)


class Member(NamedTuple):
    """A member whose record was checked, and where its bytes lie in the file."""

    name: str
    start: int
    end: int
    size: int
    crc: int
    deflated: bool


#: Member(*…), in half the time.
_MEMBER: Final[Callable[[tuple[str, int, int, int, int, bool]], Member]] = functools.partial(tuple.__new__, Member)


class PackedPart(NamedTuple):
    """A part as it lies in the file, hashable: what was found in one part can be cached for all equal ones."""

    content: bytes
    size: int
    crc: int
    deflated: bool

    def __hash__(self) -> int:
        """Return the checksum: hashing all the bytes takes as long as searching them."""
        return self.crc

    def inflated(self) -> bytes:
        """Return the content. Raises ReadError("corrupted") if it is not what the directory says."""
        content = _inflate(self.content, self.size) if self.deflated else self.content
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise ReadError("corrupted", _BROKEN_ZIP)
        return content

    def head(self, limit: int) -> bytes:
        """Return up to `limit` bytes from the start of the content, as far as they can be inflated."""
        if not self.deflated:
            return self.content[:limit]
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.content, limit)
        except zlib.error:
            return b""


def members(data: bytes, limits: Limits) -> list[Member]:
    """Return the parts of a package. Raises ReadError: corrupted, encrypted, archive_limit."""
    return _members_fast(data, limits) or _members_checked(data, limits)


def _members_fast(data: bytes, limits: Limits) -> list[Member] | None:
    """Return the parts of a package in one pass; None if anything about it is not as office programs write it.

    It refuses nothing by itself: whatever is unusual is left to `_members_checked`, which gives the reasons.
    """
    end = len(data) - _END_RECORD.size
    if end < _LOCATOR_64_BYTES or data.startswith(_LOCATOR_64, end - _LOCATOR_64_BYTES):
        return None
    signature, _, count, length, directory, comment = _END_RECORD.unpack_from(data, end)
    if signature != b"PK\x05\x06" or comment or directory + length != end or not 0 < count <= limits.members:
        return None
    found: list[Member] = []
    at, last, total = directory, 0, 0
    for _ in range(count):
        if at + _DIRECTORY_RECORD.size > end:
            return None
        record = _DIRECTORY_RECORD.unpack_from(data, at)
        signature, version, flags, method, crc, packed, size, name_length, extra, remark, offset = record
        at += _DIRECTORY_RECORD.size + name_length
        name = data[at - name_length : at]
        at += remark
        body = offset + _LOCAL_HEADER.size
        if body > directory or not data.startswith(name, body):
            return None
        local_signature, written, extra_length = _LOCAL_HEADER.unpack_from(data, offset)
        start = body + written + extra_length
        total += size
        if (
            signature != _RECORD_SIGNATURE
            or local_signature != b"PK\x03\x04"
            or written != name_length
            or version > _NEWEST_VERSION
            or extra
            or flags & _ENCRYPTED
            or method not in _METHODS
            or not name.isascii()
            or b"\0" in name
            or b"\\" in name
            or name.startswith(b"/")
            or name.endswith(b"/")
            or size == _BEYOND_32_BITS
            or (size > _MEGABYTE and size > limits.ratio * packed)
            or (offset if last == 0 else start < last)
        ):
            return None
        last = start + packed
        found.append(_MEMBER((name.decode(), start, last, size, crc, method != zipfile.ZIP_STORED)))
    names = {member.name.lower() for member in found}
    ordinary = at == end and last <= directory and total <= limits.expanded_mb * _MEGABYTE and "" not in names
    return found if ordinary and len(names) == count else None


def _members_checked(data: bytes, limits: Limits) -> list[Member]:
    """Return the parts of a package. Raises ReadError: corrupted, encrypted, archive_limit."""
    plain = _ordinary_directory(data, limits.members)
    if plain is None and data.count(_RECORD_SIGNATURE) > limits.members:
        raise ReadError("archive_limit", f"压缩包内文件超过 {limits.members} 个，请用原软件打开并另存后重扫")
    listed, directory = plain or _directory(data)
    entries = [entry for entry in listed if not entry.name.endswith(b"/")]
    _check_sizes(entries, limits)
    if min((entry.offset for entry in listed), default=0):
        raise ReadError("corrupted", "压缩包之前另有内容，不同软件会读到不同内容，请用原软件打开并另存后重扫")
    found = [_member(data, entry) for entry in entries]
    _check_overlap(found, directory)
    if len({member.name.lower() for member in found}) < len(found):
        raise ReadError("corrupted", "压缩包内有重名部件，不同软件会读到不同内容，请用原软件打开并另存后重扫")
    return found


def _ordinary_directory(data: bytes, limit: int) -> tuple[list[_Entry], int] | None:
    """Return the entries of an ordinary zip directory and where it begins; None if it is unusual or has over `limit`.

    Office programs write ordinary ones; going through zipfile takes longer than reading a short document.
    """
    end = len(data) - _END_RECORD.size
    if end < _LOCATOR_64_BYTES or data.startswith(_LOCATOR_64, end - _LOCATOR_64_BYTES):
        return None
    signature, _, count, length, start, comment = _END_RECORD.unpack_from(data, end)
    if signature != b"PK\x05\x06" or comment or start + length != end or count > limit:
        return None
    entries: list[_Entry] = []
    at = start
    while at + _DIRECTORY_RECORD.size <= end and len(entries) < count:
        record = _DIRECTORY_RECORD.unpack_from(data, at)
        signature, version, flags, method, crc, packed, size, name_length, extra, remark, offset = record
        name = data[at + _DIRECTORY_RECORD.size : at + _DIRECTORY_RECORD.size + name_length]
        ordinary = signature == _RECORD_SIGNATURE and version <= _NEWEST_VERSION and not extra and name.isascii()
        if not ordinary or not name or b"\0" in name or _BEYOND_32_BITS in {packed, size, offset}:
            return None
        entries.append(_Entry(name, flags, method, crc, packed, size, offset))
        at += _DIRECTORY_RECORD.size + name_length + remark
    return (entries, start) if at == end and len(entries) == count else None


def _directory(data: bytes) -> tuple[list[_Entry], int]:
    """Return the entries of the zip directory, folders too, and where the directory begins."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_entry(info) for info in archive.infolist()], archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ReadError("corrupted", _BROKEN_ZIP) from error


def _encoding(flags: int) -> str:
    """Return the encoding of a member's name."""
    return "utf-8" if flags & _UTF8_NAME else "cp437"


def _entry(info: zipfile.ZipInfo) -> _Entry:
    name = info.orig_filename.encode(_encoding(info.flag_bits))
    return _Entry(
        name, info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size, info.header_offset
    )


def _check_sizes(entries: Iterable[_Entry], limits: Limits) -> None:
    """Refuse what would expand beyond the limits. The ratio of pictures does not count: they are never inflated."""
    total = 0
    for entry in entries:
        total += entry.size
        grows = entry.size > _MEGABYTE and entry.size > limits.ratio * entry.packed
        if (grows and b"/media/" not in entry.name) or total > limits.expanded_mb * _MEGABYTE:
            raise ReadError("archive_limit", _BOMB)


def _member(data: bytes, entry: _Entry) -> Member:
    """Find a member's bytes after its local header, which must give the same name as the directory."""
    if entry.flags & _ENCRYPTED:
        raise ReadError("encrypted")
    body = entry.offset + _LOCAL_HEADER.size
    if entry.method not in _METHODS or not 0 < body <= len(data):
        raise ReadError("corrupted", _BROKEN_ZIP)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, entry.offset)
    if signature != b"PK\x03\x04" or data[body : body + name_length] != entry.name:
        raise ReadError("corrupted", _BROKEN_ZIP)
    start = body + name_length + extra_length
    deflated = entry.method == zipfile.ZIP_DEFLATED
    name = entry.name.decode() if entry.name.isascii() else entry.name.decode(entry.encoding)
    # Some writers separate folders by backslashes, against the standard; office programs accept it.
    plain = name.replace("\\", "/").lstrip("/")
    return Member(plain, start, start + entry.packed, entry.size, entry.crc, deflated)


def _check_overlap(members: Iterable[Member], directory: int) -> None:
    """Refuse members that share bytes: a small file could inflate without end."""
    last = 0
    for member in sorted(members, key=lambda member: member.start):
        if member.start < last or member.end > directory:
            raise ReadError("corrupted", _BROKEN_ZIP)
        last = member.end


def _inflate(content: bytes, size: int) -> bytes:
    """Inflate at most one byte more than declared: enough to see that the declared size is false."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, size + 1)
    except zlib.error as error:
        raise ReadError("corrupted", _BROKEN_ZIP) from error
