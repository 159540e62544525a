"""OLE compound files: the streams in them, and the file that an office program packed into one.

A compound file is a small file system: sectors chained by a table. No chain is followed for more sectors than there
are, so one that bites its own tail ends.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats import read_member
from prescan.types import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Block, Limits

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN: Final = "内嵌对象已损坏或不完整，未读；请在原软件中打开该对象并另存后重扫"
#: Numbers from here on are no sectors but signs: end of chain, free, part of the table.
_NO_SECTOR: Final = 0xFFFFFFFA
_HEADER: Final = 512
_LISTED_IN_HEADER: Final = 109
_ENTRY_BYTES: Final = 128
#: Where in an entry the number of the first one below it stands.
_CHILD: Final = 76
_STORAGE, _STREAM, _ROOT = 1, 2, 5
#: The stream of a formula editor: a formula says nothing that must be scanned.
_FORMULA: Final = "Equation Native"
#: Streams that hold a whole file as it is, and the one that holds a file behind its name.
_WHOLE: Final = ("Package", "package", "CONTENTS")
_NATIVE: Final = "\x01Ole10Native"
_NATIVE_FILE: Final = b"\x02\0"
#: A storage that has one of these is an embedded object: a packed file, or a document of an old office program.
_OBJECTS: Final = frozenset({*_WHOLE, _NATIVE, "WordDocument", "Workbook", "Book", "PowerPoint Document"})


def read_embedded(path: str, data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what an embedded file says, taken out of its OLE object if it lies in one. Raises only MemoryError."""
    try:
        packed = _take_out(data) if data.startswith(MAGIC) else ("", data)
    except ReadError as error:
        yield Unread(path, error.code, error.detail)
        return
    if packed:
        name, content = packed
        yield from read_member(f"{path}/{name}" if name else path, content, limits)


def _take_out(data: bytes) -> tuple[str, bytes] | None:
    """Return the name, if it has one, and the bytes of the file in an OLE object; None if that says nothing.

    An object that is itself a file of an old office program is returned whole.
    """
    holder = CompoundFile(data)
    if _FORMULA in holder.names or not holder.names:
        return None
    if _NATIVE in holder.names:
        return _native(holder.bytes_of(_NATIVE))
    whole = next((name for name in _WHOLE if name in holder.names), None)
    return ("", holder.bytes_of(whole) if whole else data)


def _native(stream: bytes) -> tuple[str, bytes]:
    """Return the name and the bytes in an Ole10Native stream: size, mark, label, path, path of a copy, file."""
    if stream[4:6] != _NATIVE_FILE:
        return "", stream[4:]
    label, at = _string(stream, 6)
    _, at = _string(stream, at)
    at += 8 + int.from_bytes(stream[at + 4 : at + 8], "little")
    size = int.from_bytes(stream[at : at + 4], "little")
    content = stream[at + 4 : at + 4 + size]
    if len(content) < size:
        raise ReadError("corrupted", _BROKEN)
    return label.replace("\\", "/").rpartition("/")[2], content


def _string(stream: bytes, at: int) -> tuple[str, int]:
    end = stream.find(b"\0", at)
    if end < 0:
        raise ReadError("corrupted", _BROKEN)
    return stream[at:end].decode("gb18030", "replace"), end + 1


class _Stream(NamedTuple):
    first: int
    size: int


class CompoundFile:
    """The streams of a compound file by their names, whatever storage they lie in.

    Of two alike the one at the top counts, else the first: embedded files have streams of the same names.
    """

    def __init__(self, data: bytes) -> None:
        """Read the directory. Raises ReadError("corrupted")."""
        if len(data) < _HEADER or not data.startswith(MAGIC) or data[30:31] not in {b"\x09", b"\x0c"}:
            raise ReadError("corrupted", _BROKEN)
        self._data = data
        self._sector = 1 << data[30]
        self._small = 1 << min(data[32], data[30])
        directory, self._cutoff, small_table = (*_numbers(data, 48, 1), *_numbers(data, 56, 1), *_numbers(data, 60, 1))
        self._table = self._numbers_in(self._table_sectors())
        self._small_table = self._numbers_in(self._chain(small_table, self._table))
        self._streams: dict[str, _Stream] = {}
        root: _Stream | None = None
        self._directory = directory
        self._entries = entries = self._joined(directory)
        self._root = next((at for at in _places(entries) if entries[at + 66] == _ROOT), 0)
        top = _children(entries, self._root)
        for at in sorted(_places(entries), key=lambda at: at not in top):
            if entries[at + 66] == _STREAM:
                self._streams.setdefault(_name(entries, at), _stream(entries, at))
            elif entries[at + 66] == _ROOT:
                root = _stream(entries, at)
        if root is None:
            raise ReadError("corrupted", _BROKEN)
        self._small_sectors = self._joined(root.first)[: root.size]

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams."""
        return frozenset(self._streams)

    def streams(self) -> Iterator[bytes]:
        """Yield every stream that is whole."""
        for name in self._streams:
            try:
                yield self.bytes_of(name)
            except ReadError:
                continue

    def objects(self) -> Iterator[bytes]:
        """Yield each storage that holds an embedded object, as a compound file of which it is the root."""
        told: set[int] = set()
        for at in _places(self._entries):
            children = _children(self._entries, at) if self._entries[at + 66] == _STORAGE else set()
            if at not in told and not _OBJECTS.isdisjoint(_name(self._entries, child) for child in children):
                told |= _descendants(self._entries, at)
                yield self._apart(at)

    def _apart(self, storage: int) -> bytes:
        """Return the file with a directory in which nothing but what lies in `storage` is left, at the top."""
        entries, kept = bytearray(self._entries), _descendants(self._entries, storage)
        for at in _places(self._entries):
            if at not in kept and at != self._root:
                entries[at : at + _ENTRY_BYTES] = bytes(_ENTRY_BYTES)
        entries[self._root + _CHILD : self._root + _CHILD + 4] = self._entries[storage + _CHILD : storage + _CHILD + 4]
        data = bytearray(self._data)
        for number, sector in enumerate(self._chain(self._directory, self._table)):
            at = (sector + 1) * self._sector
            data[at : at + self._sector] = entries[number * self._sector : (number + 1) * self._sector]
        return bytes(data)

    @property
    def root(self) -> Storage:
        """What lies at the top."""
        return Storage(self, self._root)

    def bytes_of(self, name: str) -> bytes:
        """Return a stream. Raises ReadError("corrupted") if it is shorter than it should be, KeyError if missing."""
        return self._content(self._streams[name])

    def _content(self, stream: _Stream) -> bytes:
        first, size = stream
        if size < self._cutoff:
            width, held = self._small, self._small_sectors
            content = b"".join(held[at * width : (at + 1) * width] for at in self._chain(first, self._small_table))
        else:
            content = self._joined(first)
        if len(content) < size:
            raise ReadError("corrupted", _BROKEN)
        return content[:size]

    def _table_sectors(self) -> list[int]:
        """Return the sectors that hold the table of chains: listed in the header, then in sectors of their own."""
        listed = [*_numbers(self._data, 76, _LISTED_IN_HEADER)]
        more, most = int.from_bytes(self._data[68:72], "little"), len(self._data) // self._sector
        while more < _NO_SECTOR and len(listed) <= most + _LISTED_IN_HEADER:
            *numbers, more = self._numbers_in([more]) or [_NO_SECTOR]
            listed += numbers
        return [number for number in listed if number < _NO_SECTOR][: most + 1]

    def _numbers_in(self, sectors: list[int]) -> list[int]:
        content = b"".join(map(self._bytes_in, sectors))
        return _numbers(content, 0, len(content) // 4)

    def _joined(self, first: int) -> bytes:
        return b"".join(map(self._bytes_in, self._chain(first, self._table)))

    def _bytes_in(self, number: int) -> bytes:
        at = (number + 1) * self._sector
        return self._data[at : at + self._sector]

    @staticmethod
    def _chain(first: int, table: list[int]) -> list[int]:
        """Return the sectors from `first` on. Raises ReadError("corrupted") if they lead back or out of the file."""
        chain: list[int] = []
        while first < _NO_SECTOR:
            if first >= len(table) or len(chain) >= len(table):
                raise ReadError("corrupted", _BROKEN)
            chain.append(first)
            first = table[first]
        return chain


class Storage:
    """One storage of a compound file: what lies in it and in no storage below."""

    def __init__(self, holder: CompoundFile, at: int) -> None:
        """`at` is where its entry in the directory of `holder` begins."""
        self._holder = holder
        self._at = at
        entries = holder._entries  # noqa: SLF001  its own file
        children = _children(entries, at)
        self._streams = {_name(entries, at): _stream(entries, at) for at in children if entries[at + 66] == _STREAM}
        self._inner = {_name(entries, at): at for at in children if entries[at + 66] == _STORAGE}

    def get(self, name: str) -> bytes | None:
        """Return a stream, None if there is none of that name. Raises ReadError("corrupted") if it is too short."""
        stream = self._streams.get(name)
        return None if stream is None else self._holder._content(stream)  # noqa: SLF001  its own file

    def inner(self, beginning: str) -> Iterator[Storage]:
        """Yield the storages in it whose names begin so, in the order of the names."""
        for name in sorted(self._inner):
            if name.startswith(beginning):
                yield Storage(self._holder, self._inner[name])

    def apart(self) -> bytes:
        """Return a compound file of which it is the root."""
        return self._holder._apart(self._at)  # noqa: SLF001  its own file


def _stream(entries: bytes, at: int) -> _Stream:
    return _Stream(*struct.unpack_from("<II", entries, at + 116))


def _places(entries: bytes) -> range:
    """Return where the entries of a directory begin."""
    return range(0, len(entries) - _ENTRY_BYTES + 1, _ENTRY_BYTES)


def _name(entries: bytes, at: int) -> str:
    length = min(64, int.from_bytes(entries[at + 64 : at + 66], "little"))
    return entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")


def _children(entries: bytes, parent: int) -> set[int]:
    """Return where the entries directly below `parent` begin: a tree of left and right neighbours."""
    waiting = [int.from_bytes(entries[parent + _CHILD : parent + _CHILD + 4], "little")]
    found: set[int] = set()
    while waiting:
        at = waiting.pop() * _ENTRY_BYTES
        if at + _ENTRY_BYTES <= len(entries) and at not in found:
            found.add(at)
            waiting += struct.unpack_from("<II", entries, at + 68)
    return found


def _descendants(entries: bytes, storage: int) -> set[int]:
    """Return where the entries in `storage` begin, however deep they lie."""
    waiting, found = [storage], set[int]()
    while waiting:
        fresh = _children(entries, waiting.pop()) - found
        found |= fresh
        waiting += (at for at in fresh if entries[at + 66] == _STORAGE)
    return found


def _numbers(data: bytes, at: int, count: int) -> list[int]:
    return list(struct.unpack_from(f"<{count}I", data, at))
