"""Archives (zip, tar, rar, 7z) and compressed files (gz, bz2, xz): every member is read as a file of its own.

Members come in the archive's order. Nothing is written anywhere: a member's path is only a name. Bytes are counted
while they are expanded, for all members together and however deep they lie; what is over a limit is said by name, and
what was read stays.
"""

from __future__ import annotations

import bz2
import functools
import lzma
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from prescan.errors import ReadError
from prescan.formats import read_member
from prescan.formats.archive import packed
from prescan.formats.archive import tar as tar_entries
from prescan.formats.archive import zip as zip_entries
from prescan.formats.budget import MEGABYTE, TOO_MANY, TOO_MUCH, SharedLimits
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prescan.types import Limits

#: Files that file managers leave behind.
_LITTER: Final = frozenset({"__MACOSX", ".DS_Store"})
_CROOKED: Final = "压缩包内另有目录没有列出的内容，未读，不同软件会解出不同内容；请解压后逐个扫描"
_CUT: Final = "压缩包已损坏或不完整，其后的文件未读；请重新压缩后重扫"
_EMPTY: Final = "压缩包内没有文件，请确认是否放错了文件"
_NAMELESS: Final = "未命名"
_NOWHERE: Final = frozenset({"", ".", ".."})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_CHUNK: Final = 1 << 16
#: The header of a gz, and the flags for extra fields and a name after it.
_GZ_HEADER: Final = 10
_GZ_EXTRA: Final = 4
_GZ_NAMED: Final = 8
_GZ_REMARKED: Final = 16
_LONGEST_REMARK: Final = 4_000
_LONGEST_NAME: Final = 1024
#: The memory an xz may need for decompression; one that needs more is not read.
_XZ_MEMORY: Final = 256 * MEGABYTE


class _Decompressor(Protocol):
    """The common interface of zlib, bz2 and lzma."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """The data after its end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most `max_length` bytes."""


_PACKERS: Final[dict[bytes, Callable[[], _Decompressor]]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY),
}


class _Member(NamedTuple):
    """A member still to be read."""

    path: str
    size: int
    """Its declared size."""
    packed: int
    """Its compressed size."""
    content: Callable[[], bytes]
    """Returns the content. Raises ReadError: encrypted, unsupported, corrupted."""


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the members. Raises ReadError if there are none, or nothing can be unpacked."""
    shared = SharedLimits.of(limits)
    shared.deeper()
    packer = next((make for magic, make in _PACKERS.items() if data.startswith(magic)), None)
    items = _single(data, packer, shared) if packer else _several(data, shared)
    first = next(items, None)
    if first is None:
        raise ReadError("empty", _EMPTY)
    yield first
    yield from items


def _single(data: bytes, packer: Callable[[], _Decompressor], limits: SharedLimits) -> Iterator[Block | Unread]:
    """Read the content of a gz, bz2 or xz: a tar together with it as one archive, any other file as its member."""
    content, lack = _expand(data, packer, limits)
    name = _clean(_gz_name(data), "")
    if remark := _gz_comment(data):
        yield _comment(remark)
    if tar_entries.is_tar(content):
        yield from _several(content, limits)
    elif lack and lack.code == "archive_limit":
        raise lack
    else:
        yield from read_member(name, content, limits)
    if lack:
        yield Unread(name, lack.code, lack.detail)


def _several(data: bytes, limits: SharedLimits) -> Iterator[Block | Unread]:
    """Read the members of an archive that has a directory."""
    for number, item in enumerate(_members(data, limits)):
        if isinstance(item, (Unread, Block)):
            yield item
            continue
        if not limits.enter_member(number, item.path):
            continue
        if limits.full:
            yield Unread(item.path, "archive_limit", f"{TOO_MANY}；从这个文件起未读")
            return
        yield from _one(item, limits)


def _members(data: bytes, limits: SharedLimits) -> Iterator[_Member | Unread | Block]:
    if data.startswith(tuple(packed.PACKERS)):
        return _packed(data, limits)
    return _tar(data) if tar_entries.is_tar(data) else _zip(data)


def _one(member: _Member, limits: SharedLimits) -> Iterator[Block | Unread]:
    try:
        limits.check(member.size, member.packed)
        content = member.content()
    except ReadError as error:
        yield Unread(member.path, error.code, error.detail)
    else:
        yield from read_member(member.path, content, limits)


def _comment(raw: bytes) -> Block:
    return Block(_decoded(raw, ""), Location("metadata"), hidden="metadata", note="压缩包注释")


def _zip(data: bytes) -> Iterator[_Member | Unread | Block]:
    found = zip_entries.directory(data)
    paths = _Paths()
    for entry in found.entries:
        if path := paths.unique(entry.name, entry.encoding):
            content = functools.partial(zip_entries.content, data, entry)
            yield _Member(path, entry.size, entry.end - entry.start, content)
    for remark in dict.fromkeys(found.remarks):
        yield _comment(remark)
    if found.crooked:
        yield Unread("", "corrupted", _CROOKED)


def _tar(data: bytes) -> Iterator[_Member | Unread]:
    paths = _Paths()
    try:
        for entry in tar_entries.entries(data):
            if path := paths.unique(entry.name, ""):
                content = functools.partial(tar_entries.content, data, entry)
                yield _Member(path, entry.size, entry.stored, content)
    except tar_entries.TarDamaged:
        yield Unread("", "corrupted", _CUT)


def _packed(data: bytes, limits: SharedLimits) -> Iterator[_Member | Unread]:
    """Yield the members of a rar or 7z; each may expand to as much as the whole archive may."""
    paths = _Paths()
    try:
        for entry in packed.entries(data):
            if path := paths.unique(entry.name, ""):
                content = functools.partial(entry.content, limits.max_expanded(len(data)))
                yield _Member(path, entry.size, len(data), content)
    except packed.PackedDamaged:
        yield Unread("", "corrupted", _CUT)


def _expand(data: bytes, packer: Callable[[], _Decompressor], limits: SharedLimits) -> tuple[bytes, ReadError | None]:
    """Return the decompressed content, and an error if it is incomplete; concatenated streams are one file.

    Raises ReadError("corrupted") if nothing came out.
    """
    pieces: list[bytes] = []
    left = limits.max_expanded(len(data))
    stream, fresh = packer(), True
    for at in range(0, len(data), _CHUNK):
        chunk = data[at : at + _CHUNK]
        while chunk := chunk.lstrip(b"\0") if fresh else chunk:
            try:
                pieces.append(stream.decompress(chunk, left + 1))
            except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
                if not any(pieces):
                    raise ReadError("corrupted", _CUT) from error
                return b"".join(pieces), ReadError("corrupted", _CUT)
            left -= len(pieces[-1])
            if left < 0:
                return b"".join(pieces)[:left], ReadError("archive_limit", TOO_MUCH)
            fresh = stream.eof
            chunk = stream.unused_data
            stream = packer() if fresh else stream
    return b"".join(pieces), None if fresh else ReadError("corrupted", _CUT)


def _gz_name(data: bytes) -> str:
    """Return the file name in a gz header, "" if there is none."""
    if not data.startswith(b"\x1f\x8b") or len(data) < _GZ_HEADER or not data[3] & _GZ_NAMED:
        return ""
    at = _GZ_HEADER
    if data[3] & _GZ_EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    return _decoded(data[at : at + _LONGEST_NAME].partition(b"\0")[0], "")


def _gz_comment(data: bytes) -> bytes:
    """Return the comment in a gz header (RFC 1952, 2.3), b"" if there is none."""
    if not data.startswith(b"\x1f\x8b") or len(data) < _GZ_HEADER or not data[3] & _GZ_REMARKED:
        return b""
    at = _GZ_HEADER
    if data[3] & _GZ_EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    if data[3] & _GZ_NAMED:
        at = data.find(b"\0", at) + 1
    return data[at : at + _LONGEST_REMARK].partition(b"\0")[0].strip()


class _Paths:
    """Makes the paths of one archive unique: two members with one name are two files."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def unique(self, raw: bytes, encoding: str) -> str:
        """Return the path of a member, "" for files that file managers leave behind."""
        path = _clean(_decoded(raw, encoding), _NAMELESS)
        if not _LITTER.isdisjoint(path.split("/")):
            return ""
        self._given[path] += 1
        return f"{path}（{self._given[path]}）" if self._given[path] > 1 else path


def _decoded(raw: bytes, encoding: str) -> str:
    """Decode a name; unless the archive states the encoding, it is UTF-8 or that of Chinese systems."""
    for codec in filter(None, (encoding, "utf-8", "gb18030")):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _clean(name: str, nameless: str) -> str:
    """Return a path without parts that lead out of the folder; it is only displayed, never written."""
    parts = name.replace("\0", "").replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in _NOWHERE and not _DRIVE.fullmatch(part)) or nameless
