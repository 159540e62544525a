"""The directory of a zip archive, checked before anything is inflated.

Unpackers differ in what they show of a crooked zip, so whatever lies beside the directory's members is said.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import Final, NamedTuple

from prescan.errors import ReadError

_LOCAL: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
#: The end of a folder's name. A folder with content is a file in disguise.
_FOLDERS: Final = (b"/", b"\\")
#: System 3 is Unix: only there do the attributes hold a file mode.
_UNIX: Final = 3
_BROKEN: Final = "压缩结构已损坏或不完整，请解压后逐个扫描"


class ZipEntry(NamedTuple):
    """A member that is a file: where its bytes are, and its record in the directory."""

    name: bytes
    encoding: str
    """The encoding of the name if the zip states it, else ""."""
    start: int
    end: int
    size: int
    crc: int
    method: int
    kind: str
    """ "file", "encrypted", or "other": a link, a device, a method of compression that is not read."""


class Directory(NamedTuple):
    """The members, and whether there is other data beside them."""

    entries: list[ZipEntry]
    crooked: bool
    remarks: list[bytes]
    """The comments on the archive and its members."""


def directory(data: bytes) -> Directory:
    """Return the members in the order of the directory, without folders.

    Raises ReadError("corrupted"): no directory, a member that is not where it should be, members that share bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, begins = archive.infolist(), archive.start_dir
            remarks = [remark for remark in (archive.comment, *(info.comment for info in infos)) if remark.strip()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ReadError("corrupted", _BROKEN) from error
    entries = [(info.header_offset, _entry(data, info)) for info in infos]
    beside, last = [], 0
    for begin, entry in sorted(entries, key=lambda pair: (pair[0], pair[1].end)):
        if begin < last or entry.end > begins:
            raise ReadError("corrupted", "压缩包内的文件互相重叠，请解压后逐个扫描")
        beside.append(data[last:begin])
        last = entry.end
    beside.append(data[last:])
    crooked = sum(piece.count(_END) for piece in beside) > 1 or any(_LOCAL in piece for piece in beside)
    held = [entry for _, entry in entries if entry.size or not entry.name.endswith(_FOLDERS)]
    return Directory(held, crooked, remarks)


def content(data: bytes, entry: ZipEntry) -> bytes:
    """Return the content of a member. Raises ReadError: encrypted, unsupported, corrupted."""
    if entry.kind == "encrypted":
        raise ReadError("encrypted")
    if entry.kind != "file":
        raise ReadError("unsupported", "压缩包内的链接、设备或用少见方法压缩的文件，未读；请解压后逐个扫描")
    found = data[entry.start : entry.end]
    if entry.method == zipfile.ZIP_DEFLATED:
        try:
            found = zlib.decompressobj(-zlib.MAX_WBITS).decompress(found, entry.size + 1)
        except zlib.error as error:
            raise ReadError("corrupted", _BROKEN) from error
    if len(found) != entry.size or zlib.crc32(found) != entry.crc:
        raise ReadError("corrupted", _BROKEN)
    return found


def _entry(data: bytes, info: zipfile.ZipInfo) -> ZipEntry:
    """Find a member's bytes behind its local header."""
    body = info.header_offset + _LOCAL_HEADER.size
    if info.header_offset < 0 or body > len(data):
        raise ReadError("corrupted", _BROKEN)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, info.header_offset)
    if signature != _LOCAL:
        raise ReadError("corrupted", _BROKEN)
    encoding = "utf-8" if info.flag_bits & _UTF8_NAME else ""
    name = info.orig_filename.encode(encoding or "cp437", "replace")
    start = body + name_length + extra_length
    end = start + info.compress_size
    return ZipEntry(name, encoding, start, end, info.file_size, info.CRC, info.compress_type, _kind(info))


def _kind(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
    linked = stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}
    packed = info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return "other" if linked or packed else "file"
