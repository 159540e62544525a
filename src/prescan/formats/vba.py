"""Source of macros: a VBA project holds the compressed source of each module after its compiled code.

The compression is that of MS-OVBA 2.4.1: chunks of at most 4,096 characters, each a sequence of literals and of copies
of earlier characters of the chunk. The source is found by its first words, `Attribute VB_Name`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.html.parts import is_telling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ole import CompoundFile

#: Signature of a compressed container, header of its first chunk, and the first literals in it.
_BEGIN: Final = re.compile(rb"\x01[\x00-\xff][\xb0-\xbf]\x00Attribut[\x00-\xff]e", re.DOTALL)
#: Lines that the editor writes: names of modules and of their classes.
_EDITOR_LINE: Final = re.compile(r"Attribute VB_(?!Description)")
_CHUNK: Final = 4096
_MOST_CHUNKS: Final = 4096
_UNKNOWN: Final = "宏程序的内容未能读出，请在原软件中查看；不公开的删除宏后另存再扫"


def source_lines(project: CompoundFile) -> Iterator[str]:
    """Yield the lines of source that hold Chinese or a long number. Raises ReadError if no source can be found."""
    found = False
    for stream in project.streams():
        for begin in _BEGIN.finditer(stream):
            found = True
            source = decompressed(stream, begin.start()).decode("gb18030", "replace")
            yield from (
                line.strip() for line in source.splitlines() if is_telling(line) and not _EDITOR_LINE.match(line)
            )
    if not found:
        raise ReadError("unsupported", _UNKNOWN)


def decompressed(data: bytes, at: int) -> bytes:
    """Return the content of the compressed container at offset `at`, up to the first damage."""
    out = bytearray()
    at += 1
    for _ in range(_MOST_CHUNKS):
        head = int.from_bytes(data[at : at + 2], "little")
        end = min(len(data), at + (head & 0xFFF) + 3)
        if at + 2 >= end or head >> 12 & 7 != 3:
            break
        chunk = _decompress_chunk(data[at + 2 : end]) if head >> 15 else data[at + 2 : at + 2 + _CHUNK]
        out += chunk
        at = end
        if len(chunk) < _CHUNK:
            break
    return bytes(out)


def _decompress_chunk(compressed: bytes) -> bytes:
    """Decompress one chunk; each byte of flags tells which of the next eight tokens are copies."""
    out = bytearray()
    at = 0
    while at < len(compressed) and len(out) < _CHUNK:
        flags = compressed[at]
        at += 1
        for bit in range(8):
            if at >= len(compressed):
                break
            if not flags >> bit & 1:
                out.append(compressed[at])
                at += 1
                continue
            token = int.from_bytes(compressed[at : at + 2], "little")
            at += 2
            bits = max(4, (len(out) - 1).bit_length())
            length, offset = (token & 0xFFFF >> bits) + 3, (token >> 16 - bits) + 1
            if offset > len(out):
                return bytes(out)
            for _ in range(length):
                out.append(out[-offset])
    return bytes(out[:_CHUNK])
