"""The words in macros: a VBA project keeps the source of each module, packed, behind what it was compiled to.

The packing is that of MS-OVBA 2.4.1: chunks of at most 4,096 characters, each a row of literals and of copies of what
came before in the same chunk. Where the packed source begins is told by its first words, `Attribute VB_Name`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.html.parts import is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ole import CompoundFile

#: A container, its first chunk, and the first literals in it.
_BEGIN: Final = re.compile(rb"\x01[\x00-\xff][\xb0-\xbf]\x00Attribut[\x00-\xff]e", re.DOTALL)
#: Lines that the editor writes by itself: names of modules and of the classes they are made from.
_OWN: Final = re.compile(r"Attribute VB_(?!Description)")
_CHUNK: Final = 4096
_MOST_CHUNKS: Final = 4096
_UNKNOWN: Final = "宏程序的内容未能读出，请在原软件中查看；不公开的删除宏后另存再扫"


def words(project: CompoundFile) -> Iterator[str]:
    """Yield the lines of source that hold Chinese or a long number. Raises ReadError if no source can be found."""
    found = False
    for stream in project.streams():
        for begin in _BEGIN.finditer(stream):
            found = True
            source = unpacked(stream, begin.start()).decode("gb18030", "replace")
            yield from (line.strip() for line in source.splitlines() if is_telling(line) and not _OWN.match(line))
    if not found:
        raise ReadError("unsupported", _UNKNOWN)


def unpacked(data: bytes, at: int) -> bytes:
    """Return what the container at `at` holds; a damaged one ends where the damage is."""
    out = bytearray()
    at += 1
    for _ in range(_MOST_CHUNKS):
        head = int.from_bytes(data[at : at + 2], "little")
        end = min(len(data), at + (head & 0xFFF) + 3)
        if at + 2 >= end or head >> 12 & 7 != 3:
            break
        chunk = _chunk(data[at + 2 : end]) if head >> 15 else data[at + 2 : at + 2 + _CHUNK]
        out += chunk
        at = end
        if len(chunk) < _CHUNK:
            break
    return bytes(out)


def _chunk(packed: bytes) -> bytes:
    """Unpack one chunk: a byte of flags tells which of the next eight things are copies."""
    out = bytearray()
    at = 0
    while at < len(packed) and len(out) < _CHUNK:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            token = int.from_bytes(packed[at : at + 2], "little")
            at += 2
            bits = max(4, (len(out) - 1).bit_length())
            length, offset = (token & 0xFFFF >> bits) + 3, (token >> 16 - bits) + 1
            if offset > len(out):
                return bytes(out)
            for _ in range(length):
                out.append(out[-offset])
    return bytes(out[:_CHUNK])
