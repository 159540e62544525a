"""The pieces of which the text of a doc file is made."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from prescan.errors import ReadError

_COMPRESSED: Final = 1 << 30
BROKEN: Final = "文件结构已损坏或不完整，请用原软件打开并另存为 docx 后重扫"


class Piece(NamedTuple):
    """A piece of the text: its characters from `start` to `end`."""

    start: int
    """The number of its first character."""
    end: int
    at: int
    """The offset of its bytes in the stream."""
    wide: bool


def pieces_in(table: bytes, at: int, length: int) -> list[Piece]:
    """Return the pieces of the text in order (2.9.38)."""
    clx = table[at : at + length]
    at = 0
    while clx[at] == 1:
        at += 3 + word_at(clx, at + 1)
    if clx[at] != 2:
        raise ReadError("corrupted", BROKEN)
    listing = clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]
    count = (len(listing) - 4) // 12
    marks = struct.unpack_from(f"<{count + 1}I", listing)
    pieces = []
    for number in range(count):
        place = struct.unpack_from("<I", listing, 4 * (count + 1) + 8 * number + 2)[0]
        wide = not place & _COMPRESSED
        start = place & (_COMPRESSED - 1)
        pieces.append(Piece(marks[number], marks[number + 1], start if wide else start // 2, wide))
    return pieces


def word_at(data: bytes, at: int) -> int:
    """Return the two-byte number at an offset."""
    return int(struct.unpack_from("<H", data, at)[0])
