"""OLE compound files: the streams in them, and the file that an office program packed into one.

A compound file is a small file system whose sectors are chained by a table. No chain is followed for more sectors than
exist, so a cyclic chain ends.
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
#: Numbers from here on are not sectors but markers: end of chain, free, part of the table.
_FIRST_SPECIAL_SECTOR: Final = 0xFFFFFFFA
_HEADER: Final = 512
_LISTED_IN_HEADER: Final = 109
_ENTRY_BYTES: Final = 128
#: Offset in a directory entry of the number of its child entry.
_CHILD_OFFSET: Final = 76
_STORAGE, _STREAM, _ROOT = 1, 2, 5
#: The stream of a formula editor: formulas need no scanning.
_FORMULA: Final = "Equation Native"
#: Streams that consist of a whole file, and the one that holds a file after a header with its name.
_FILE_STREAMS: Final = ("Package", "package", "CONTENTS")
_NATIVE: Final = "\x01Ole10Native"
_NATIVE_FILE: Final = b"\x02\0"
#: A storage that has one of these is an embedded object: a packed file, or a document of an old office program.
_OBJECTS: Final = frozenset({*_FILE_STREAMS, _NATIVE, "WordDocument", "Workbook", "Book", "PowerPoint Document"})


def read_embedded(path: str, data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of an embedded file, taken out of its OLE object if it lies in one. Raises only MemoryError."""
    try:
        packed = _packed_file(data) if data.startswith(MAGIC) else ("", data)
    except ReadError as error:
        yield Unread(path, error.code, error.detail)
        return
    if packed:
        name, content = packed
        yield from read_member(f"{path}/{name}" if name else path, content, limits)


def _packed_file(data: bytes) -> tuple[str, bytes] | None:
    """Return the name (or "") and the bytes of the file in an OLE object; None if there is nothing to scan.

    An object that is itself a file of an old office program is returned whole.
    """
    holder = CompoundFile(data)
    if _FORMULA in holder.names or not holder.names:
        return None
    if _NATIVE in holder.names:
        return _ole10native_file(holder.bytes_of(_NATIVE))
    whole = next((name for name in _FILE_STREAMS if name in holder.names), None)
    return ("", holder.bytes_of(whole) if whole else data)


def _ole10native_file(stream: bytes) -> tuple[str, bytes]:
    """Return the name and the bytes of the file in an Ole10Native stream: size, flag, label, two paths, file."""
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
    """The streams of a compound file by name, whatever storage they lie in.

    Of several with one name the one at the top counts, else the first: embedded files use the same names.
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
        self._entries = entries = self._chain_bytes(directory)
        self._root = next((at for at in _entry_offsets(entries) if entries[at + 66] == _ROOT), 0)
        top = _children(entries, self._root)
        for at in sorted(_entry_offsets(entries), key=lambda at: at not in top):
            if entries[at + 66] == _STREAM:
                self._streams.setdefault(_name(entries, at), _stream(entries, at))
            elif entries[at + 66] == _ROOT:
                root = _stream(entries, at)
        if root is None:
            raise ReadError("corrupted", _BROKEN)
        self._small_sectors = self._chain_bytes(root.first)[: root.size]

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams."""
        return frozenset(self._streams)

    def streams(self) -> Iterator[bytes]:
        """Yield the bytes of every stream that is not damaged."""
        for name in self._streams:
            try:
                yield self.bytes_of(name)
            except ReadError:
                continue

    def embedded_objects(self) -> Iterator[bytes]:
        """Yield each storage that holds an embedded object, as a compound file with that storage as its root."""
        yielded: set[int] = set()
        for at in _entry_offsets(self._entries):
            children = _children(self._entries, at) if self._entries[at + 66] == _STORAGE else set()
            if at not in yielded and not _OBJECTS.isdisjoint(_name(self._entries, child) for child in children):
                yielded |= _descendants(self._entries, at)
                yield self._extracted(at)

    def _extracted(self, storage: int) -> bytes:
        """Return a copy of the file in which only the entries of `storage` are left, at the top."""
        entries, kept = bytearray(self._entries), _descendants(self._entries, storage)
        for at in _entry_offsets(self._entries):
            if at not in kept and at != self._root:
                entries[at : at + _ENTRY_BYTES] = bytes(_ENTRY_BYTES)
        entries[self._root + _CHILD_OFFSET : self._root + _CHILD_OFFSET + 4] = self._entries[
            storage + _CHILD_OFFSET : storage + _CHILD_OFFSET + 4
        ]
        data = bytearray(self._data)
        for number, sector in enumerate(self._chain(self._directory, self._table)):
            at = (sector + 1) * self._sector
            data[at : at + self._sector] = entries[number * self._sector : (number + 1) * self._sector]
        return bytes(data)

    @property
    def root(self) -> Storage:
        """The storage at the top."""
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
            content = self._chain_bytes(first)
        if len(content) < size:
            raise ReadError("corrupted", _BROKEN)
        return content[:size]

    def _table_sectors(self) -> list[int]:
        """Return the sectors that hold the table of chains: listed in the header, then in sectors of their own."""
        listed = [*_numbers(self._data, 76, _LISTED_IN_HEADER)]
        more, most = int.from_bytes(self._data[68:72], "little"), len(self._data) // self._sector
        while more < _FIRST_SPECIAL_SECTOR and len(listed) <= most + _LISTED_IN_HEADER:
            *numbers, more = self._numbers_in([more]) or [_FIRST_SPECIAL_SECTOR]
            listed += numbers
        return [number for number in listed if number < _FIRST_SPECIAL_SECTOR][: most + 1]

    def _numbers_in(self, sectors: list[int]) -> list[int]:
        content = b"".join(map(self._sector_bytes, sectors))
        return _numbers(content, 0, len(content) // 4)

    def _chain_bytes(self, first: int) -> bytes:
        return b"".join(map(self._sector_bytes, self._chain(first, self._table)))

    def _sector_bytes(self, number: int) -> bytes:
        at = (number + 1) * self._sector
        return self._data[at : at + self._sector]

    @staticmethod
    def _chain(first: int, table: list[int]) -> list[int]:
        """Return the sectors from `first` on. Raises ReadError("corrupted") if they form a cycle or leave the file."""
        chain: list[int] = []
        while first < _FIRST_SPECIAL_SECTOR:
            if first >= len(table) or len(chain) >= len(table):
                raise ReadError("corrupted", _BROKEN)
            chain.append(first)
            first = table[first]
        return chain


class Storage:
    """One storage of a compound file: what lies directly in it."""

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

    def storages_named(self, beginning: str) -> Iterator[Storage]:
        """Yield the storages in it whose names begin with `beginning`, in the order of their names."""
        for name in sorted(self._inner):
            if name.startswith(beginning):
                yield Storage(self._holder, self._inner[name])

    def as_file(self) -> bytes:
        """Return a compound file with this storage as its root."""
        return self._holder._extracted(self._at)  # noqa: SLF001  its own file


def _stream(entries: bytes, at: int) -> _Stream:
    return _Stream(*struct.unpack_from("<II", entries, at + 116))


def _entry_offsets(entries: bytes) -> range:
    """Return the offsets of the entries in a directory."""
    return range(0, len(entries) - _ENTRY_BYTES + 1, _ENTRY_BYTES)


def _name(entries: bytes, at: int) -> str:
    length = min(64, int.from_bytes(entries[at + 64 : at + 66], "little"))
    return entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")


def _children(entries: bytes, parent: int) -> set[int]:
    """Return the offsets of the entries directly below `parent`, which form a binary tree of siblings."""
    waiting = [int.from_bytes(entries[parent + _CHILD_OFFSET : parent + _CHILD_OFFSET + 4], "little")]
    found: set[int] = set()
    while waiting:
        at = waiting.pop() * _ENTRY_BYTES
        if at + _ENTRY_BYTES <= len(entries) and at not in found:
            found.add(at)
            waiting += struct.unpack_from("<II", entries, at + 68)
    return found


def _descendants(entries: bytes, storage: int) -> set[int]:
    """Return the offsets of all entries in `storage`, at any depth."""
    waiting, found = [storage], set[int]()
    while waiting:
        fresh = _children(entries, waiting.pop()) - found
        found |= fresh
        waiting += (at for at in fresh if entries[at + 66] == _STORAGE)
    return found


def _numbers(data: bytes, at: int, count: int) -> list[int]:
    return list(struct.unpack_from(f"<{count}I", data, at))
