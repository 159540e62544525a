"""The members of a tar: names and places, read without unpacking anything.

The standard library's reader follows what headers claim (negative sizes, header upon header); this one only moves
forwards and never beyond the bytes there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = 512
_FILE: Final = frozenset({b"0", b"\0", b"7"})
_FOLDER: Final = b"5"
_BARE: Final = frozenset({b"1", b"2", b"3", b"4", _FOLDER, b"6"})
_SPARSE: Final = b"S"
#: GNU: the next member's name is longer than its header allows; the same for link targets (not needed).
_LONG_NAME: Final = b"L"
_LONG_LINK: Final = b"K"
#: POSIX: fields of the next member, and of all following ones.
_EXTENDED: Final = frozenset({b"x", b"X"})
_GLOBAL: Final = b"g"
_RECORD: Final = re.compile(rb"(\d{1,9}) ([^=]{1,99})=")


class TarEntry(NamedTuple):
    """A member: where its bytes are, and its sizes."""

    name: bytes
    start: int
    stored: int
    """Its size in the archive."""
    size: int
    """Its size when unpacked; larger than `stored` if it is sparse."""
    plain: bool
    """Whether its bytes are the file; False for a link, a device, a sparse file."""


class TarDamaged(Exception):  # noqa: N818  says where reading ended, not that the program failed
    """Nothing more can be read: a header is wrong, or the archive ends inside a member."""


def is_tar(data: bytes) -> bool:
    """Return whether `data` begins with a tar header, judging by its checksum."""
    return len(data) >= _BLOCK and _has_valid_checksum(data[:_BLOCK])


def content(data: bytes, entry: TarEntry) -> bytes:
    """Return the bytes of a member. Raises ReadError("unsupported")."""
    if not entry.plain:
        raise ReadError("unsupported", "压缩包内的链接、设备或稀疏文件，未读；请解压后逐个扫描")
    return data[entry.start : entry.start + entry.stored]


def entries(data: bytes) -> Iterator[TarEntry]:
    """Yield the members that are not folders. Raises TarDamaged at the first place that cannot be read."""
    reader = _Reader(data)
    at = 0
    while (header := data[at : at + _BLOCK]).strip(b"\0"):
        if not _has_valid_checksum(header):
            raise TarDamaged
        start, stored = _content_start(data, at), reader.stored(header)
        if start + stored > len(data):
            raise TarDamaged
        at = start + -(-stored // _BLOCK) * _BLOCK
        entry = reader.take(header, start, stored)
        if entry:
            yield entry
    if data[at:].strip(b"\0"):  # a second archive, or anything else that unpackers do not show
        raise TarDamaged


class _Reader:
    """Collects what headers say about the members after them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._long_name = b""
        self._next: dict[bytes, bytes] = {}
        self._all: dict[bytes, bytes] = {}

    def stored(self, header: bytes) -> int:
        """Return how many bytes follow a header; links, devices and folders have none, whatever they declare."""
        if header[156:157] in _BARE:
            return 0
        size = self._known(b"size")
        return _field(header[124:136]) if size is None else _number(size)

    def take(self, header: bytes, start: int, stored: int) -> TarEntry | None:
        """Process a header; return its member if that is not a folder."""
        kind, content = header[156:157], slice(start, start + stored)
        if kind == _LONG_NAME:
            self._long_name = self._data[content].rstrip(b"\0")
        elif kind in _EXTENDED:
            self._next = _records(self._data[content])
        elif kind == _GLOBAL:
            self._all |= _records(self._data[content])
        elif kind != _LONG_LINK:
            entry = self._entry(header, start, stored)
            self._long_name, self._next = b"", {}
            return None if kind == _FOLDER or (entry.name.endswith(b"/") and not stored) else entry
        return None

    def _known(self, field: bytes) -> bytes | None:
        return self._next.get(field, self._all.get(field))

    def _entry(self, header: bytes, start: int, stored: int) -> TarEntry:
        short = header[:100].partition(b"\0")[0]
        prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
        name = self._known(b"path") or self._long_name or (prefix + b"/" + short if prefix else short)
        kind = header[156:157]
        if kind != _SPARSE and not any(field.startswith(b"GNU.sparse.") for field in self._next):
            return TarEntry(name, start, stored, stored, kind in _FILE)
        real = self._known(b"GNU.sparse.realsize") or self._known(b"GNU.sparse.size")
        size = _number(real) if real else _field(header[483:495])
        return TarEntry(self._known(b"GNU.sparse.name") or name, start, stored, size, plain=False)


def _content_start(data: bytes, at: int) -> int:
    """Return the offset of a member's bytes: after its header and, if it is sparse, the rest of its map."""
    more = data[at + 156 : at + 157] == _SPARSE and data[at + 482 : at + 483].strip(b"\0")
    at += _BLOCK
    while more:
        more = data[at + 504 : at + 505].strip(b"\0")
        at += _BLOCK
    return at


def _has_valid_checksum(header: bytes) -> bool:
    written = header[148:156].strip(b"\0 ")
    if len(header) < _BLOCK or not written or written.strip(b"01234567"):
        return False
    return sum(header) - sum(header[148:156]) + 8 * 0x20 == int(written, 8)


def _field(raw: bytes) -> int:
    """Return a number in a header: octal, or binary if its first bit is set. Raises TarDamaged."""
    if raw[0] & 0x80:
        return int.from_bytes(bytes([raw[0] & 0x7F]) + raw[1:], "big")
    digits = raw.strip(b"\0 ")
    if digits.strip(b"01234567"):
        raise TarDamaged
    return int(digits or b"0", 8)


def _number(raw: bytes) -> int:
    """Return a number in an extended header. Raises TarDamaged."""
    if not raw.isdigit() or len(raw) > 20:
        raise TarDamaged
    return int(raw)


def _records(raw: bytes) -> dict[bytes, bytes]:
    """Return the fields of an extended header: lines of "length name=value". Raises TarDamaged."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(raw) and (match := _RECORD.match(raw, at)):
        end = at + int(match[1])
        if end <= match.end() or end > len(raw):
            raise TarDamaged
        found[match[2]] = raw[match.end() : end - 1]
        at = end
    return found
