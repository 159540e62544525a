"""The members of rar and 7z files, unpacked by libarchive in the order they are stored.

libarchive is a library of the system (Debian: libarchive13); without it these archives are said to be unread.
"""

from __future__ import annotations

import ctypes
import functools
import logging
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from prescan.errors import ReadError
from prescan.formats.budget import TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

#: First bytes of an archive → names of its formats in libarchive.
PACKERS: Final = MappingProxyType(
    {
        b"Rar!\x1a\x07\x01\0": "rar5",
        b"Rar!\x1a\x07\0": "rar",
        b"7z\xbc\xaf\x27\x1c": "7zip",
    }
)
_MISSING: Final = (
    "读取 rar、7z 压缩包需要系统库 libarchive，本机没有；"
    "请安装后重扫（Debian、统信、麒麟：apt install libarchive13），或解压后逐个扫描"
)
_BROKEN: Final = "压缩包已损坏、不完整、有口令或是分卷中的一卷，未读；请解压后逐个扫描"
_LINK: Final = "压缩包内的链接或设备，未读；请解压后逐个扫描"
_ENCRYPTED: Final = re.compile(r"encrypt|crypto|passphrase|password", re.IGNORECASE)
_BLOCK: Final = 1 << 16


class _Entry(Protocol):
    """The part of libarchive's entry that is used here."""

    _archive_p: int
    _entry_p: int

    @property
    def isfile(self) -> bool:
        """Whether it is a file, not a folder, link or device."""


class PackedEntry(NamedTuple):
    """A member that is, or claims to be, a file."""

    name: bytes
    size: int
    """Its declared size, 0 if unknown."""
    content: Callable[[int], bytes]
    """Returns the content, given how many bytes are allowed; only until the next member is requested.

    Raises ReadError: encrypted, unsupported, corrupted, archive_limit.
    """


class PackedDamaged(Exception):  # noqa: N818  says where reading ended, not that the program failed
    """The following members cannot be read."""


def entries(data: bytes) -> Iterator[PackedEntry]:
    """Yield the members that are not folders.

    Raises ReadError: external_tool without libarchive; encrypted if the names are. Raises PackedDamaged at the first
    place that cannot be understood.
    """
    libarchive = _library()
    form = next(form for magic, form in PACKERS.items() if data.startswith(magic))
    try:
        with libarchive.memory_reader(data, format_name=form, filter_name="none") as archive:
            for entry in archive:
                if not entry.isdir:
                    pieces = _pieces(libarchive, entry)
                    content = functools.partial(_content, pieces, *_begun(pieces))
                    name = entry.pathname or b""  # bytes if the archive does not state their encoding
                    name = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
                    yield PackedEntry(name, entry.size or 0, content)
    except libarchive.ArchiveError as error:
        raise _failure(error) or PackedDamaged from error


def _pieces(libarchive: ModuleType, entry: _Entry) -> Iterator[bytes]:
    """Yield the content of libarchive's current member.

    Raises ReadError: unsupported, encrypted, corrupted.
    """
    # The binding's own reader returns wrong bytes on a warning, so libarchive is called directly.
    archive, pointer = entry._archive_p, ctypes.c_void_p(entry._entry_p)  # noqa: SLF001 (they have no public name)
    if not entry.isfile:
        raise ReadError("unsupported", _LINK)
    if libarchive.ffi.libarchive.archive_entry_is_encrypted(pointer):
        raise ReadError("encrypted")
    buffer = ctypes.create_string_buffer(_BLOCK)
    try:
        while (count := libarchive.ffi.read_data(archive, buffer, _BLOCK)) > 0:
            yield buffer.raw[:count]
    except libarchive.ArchiveError as error:
        raise _failure(error) or ReadError("corrupted", _BROKEN) from error
    if count < 0:  # a warning: the bytes may be wrong
        raise ReadError("corrupted", _BROKEN)


def _begun(pieces: Iterator[bytes]) -> tuple[bytes, ReadError | None]:
    """Return the first piece: libarchive skips the rest of a member safely only after reading some of it."""
    try:
        return next(pieces, b""), None
    except ReadError as error:
        return b"", error


def _content(pieces: Iterator[bytes], first: bytes, problem: ReadError | None, allowed: int) -> bytes:
    """Return all pieces joined. Raises `problem`, errors of reading the pieces, and archive_limit."""
    if problem:
        raise problem
    held = bytearray(first)
    for piece in pieces:
        if len(held) + len(piece) > allowed:
            raise ReadError("archive_limit", TOO_MUCH)
        held += piece
    return bytes(held)


def _failure(error: Exception) -> ReadError | None:
    """Return the ReadError for a password if libarchive's message mentions one, else None."""
    return ReadError("encrypted") if _ENCRYPTED.search(str(error)) else None


def _library() -> ModuleType:
    """Return libarchive, with its warnings (they quote names) not logged. Raises ReadError("external_tool")."""
    try:
        import libarchive  # noqa: PLC0415 (loads a system library)
    except (ImportError, OSError, AttributeError) as error:
        raise ReadError("external_tool", _MISSING) from error
    logging.getLogger("libarchive").setLevel(logging.CRITICAL)
    module: ModuleType = libarchive
    return module
