"""Archives (zip, tar, rar, 7z, and what gz, bz2 or xz packs): every member read as a file of its own.

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

#: What file managers leave behind.
_LITTER: Final = frozenset({"__MACOSX", ".DS_Store"})
_CROOKED: Final = "压缩包内另有目录没有列出的内容，未读，不同软件会解出不同内容；请解压后逐个扫描"
_CUT: Final = "压缩包已损坏或不完整，其后的文件未读；请重新压缩后重扫"
_EMPTY: Final = "压缩包内没有文件，请确认是否放错了文件"
_NAMELESS: Final = "未命名"
_NOWHERE: Final = frozenset({"", ".", ".."})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_CHUNK: Final = 1 << 16
#: The header of a gz, and the bits of its flags that say that extra fields and a name follow.
_GZ_HEADER: Final = 10
_GZ_EXTRA: Final = 4
_GZ_NAMED: Final = 8
_GZ_REMARKED: Final = 16
_LONGEST_REMARK: Final = 4_000
_LONGEST_NAME: Final = 1024
#: How much memory an xz may ask for; what is packed with more is not read.
_XZ_MEMORY: Final = 256 * MEGABYTE


class _Decompressor(Protocol):
    """What zlib, bz2 and lzma have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""

    @property
    def unused_data(self) -> bytes:
        """What followed its end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Return at most `max_length` bytes."""


_PACKERS: Final[dict[bytes, Callable[[], _Decompressor]]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY),
}


class _Member(NamedTuple):
    """A member that waits to be read."""

    path: str
    size: int
    """How many bytes it says it has."""
    packed: int
    """How many bytes those come from."""
    content: Callable[[], bytes]
    """Returns the bytes, or raises ReadError: encrypted, unsupported, corrupted."""


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the members say. Raises ReadError if there are none, or nothing can be unpacked."""
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
    """Read what a gz, bz2 or xz packs: a tar counts as one archive with it, any other file as its member."""
    content, lack = _expand(data, packer, limits)
    name = _clean(_gz_name(data), "")
    if remark := _gz_remark(data):
        yield _remark(remark)
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


def _remark(raw: bytes) -> Block:
    return Block(_decoded(raw, ""), Location("metadata"), hidden="metadata", note="压缩包注释")


def _zip(data: bytes) -> Iterator[_Member | Unread | Block]:
    found = zip_entries.directory(data)
    paths = _Paths()
    for entry in found.entries:
        if path := paths.of(entry.name, entry.encoding):
            content = functools.partial(zip_entries.content, data, entry)
            yield _Member(path, entry.size, entry.end - entry.start, content)
    for remark in dict.fromkeys(found.remarks):
        yield _remark(remark)
    if found.crooked:
        yield Unread("", "corrupted", _CROOKED)


def _tar(data: bytes) -> Iterator[_Member | Unread]:
    paths = _Paths()
    try:
        for entry in tar_entries.entries(data):
            if path := paths.of(entry.name, ""):
                content = functools.partial(tar_entries.content, data, entry)
                yield _Member(path, entry.size, entry.stored, content)
    except tar_entries.TarDamaged:
        yield Unread("", "corrupted", _CUT)


def _packed(data: bytes, limits: SharedLimits) -> Iterator[_Member | Unread]:
    """Members share what they are packed into: each may take as much as the whole archive expands to."""
    paths = _Paths()
    try:
        for entry in packed.entries(data):
            if path := paths.of(entry.name, ""):
                content = functools.partial(entry.content, limits.max_expanded(len(data)))
                yield _Member(path, entry.size, len(data), content)
    except packed.PackedDamaged:
        yield Unread("", "corrupted", _CUT)


def _expand(data: bytes, packer: Callable[[], _Decompressor], limits: SharedLimits) -> tuple[bytes, ReadError | None]:
    """Return what `data` packs and why it is not all of it; several streams in a row are one file.

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
    """Return the name a gz gives its content, or ""."""
    if not data.startswith(b"\x1f\x8b") or len(data) < _GZ_HEADER or not data[3] & _GZ_NAMED:
        return ""
    at = _GZ_HEADER
    if data[3] & _GZ_EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    return _decoded(data[at : at + _LONGEST_NAME].partition(b"\0")[0], "")


def _gz_remark(data: bytes) -> bytes:
    """Return what somebody wrote into the head of a gz (RFC 1952, 2.3), or nothing."""
    if not data.startswith(b"\x1f\x8b") or len(data) < _GZ_HEADER or not data[3] & _GZ_REMARKED:
        return b""
    at = _GZ_HEADER
    if data[3] & _GZ_EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    if data[3] & _GZ_NAMED:
        at = data.find(b"\0", at) + 1
    return data[at : at + _LONGEST_REMARK].partition(b"\0")[0].strip()


class _Paths:
    """The paths of one archive, each given once: two members of one name are two files."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def of(self, raw: bytes, encoding: str) -> str:
        """Return the path of a member, or "" if it is what a file manager left behind."""
        path = _clean(_decoded(raw, encoding), _NAMELESS)
        if not _LITTER.isdisjoint(path.split("/")):
            return ""
        self._given[path] += 1
        return f"{path}（{self._given[path]}）" if self._given[path] > 1 else path


def _decoded(raw: bytes, encoding: str) -> str:
    """Return a name; unless the archive tells its encoding, it is UTF-8 or that of Chinese systems."""
    for codec in filter(None, (encoding, "utf-8", "gb18030")):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _clean(name: str, nameless: str) -> str:
    """Return a path without what would lead out of a folder; it is never written, only shown."""
    parts = name.replace("\0", "").replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in _NOWHERE and not _DRIVE.fullmatch(part)) or nameless
