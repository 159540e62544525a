"""What the properties of characters and paragraphs in a doc say of being seen ([MS-DOC] 2.6): hidden, white, tiny."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN, DELETED, INSERTED, ROW_END = 0x083C, 0x0800, 0x0801, 0x2417
#: Not properties of the file's own: what several of them come to.
WHITE, TINY, BLACKED, SHADED = 0x10000, 0x10001, 0x10002, 0x10003
IN_TABLE: Final = 0x2416
_OPERAND: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION: Final = (0xD606, 0xD608)
_ON: Final = (1, 0x81)
#: Colour by number and by red, green, blue; size in half points; marker pen; ground of characters and paragraphs.
_COLOUR, _RGB, _SIZE, _PEN = 0x2A42, 0x6870, 0x4A43, 0x2A0C
_GROUNDS: Final = (0x4866, 0xCA71, 0x442D, 0xC64D)
_WHITE_COLOUR: Final = b"\x08"
_WHITE_RGB: Final = b"\xff\xff\xff\x00"
_BLACK_PEN: Final = b"\x01"
_NOT_BLACK: Final = (b"\x08", b"\x07", b"\x02", b"\x03", b"\x04", b"\x05", b"\x06")
_BLACKS: Final = (b"\0", b"\0\0\0")
_TINY_HALF_POINTS: Final = 3
#: A ground without a colour: transparent, or automatic on automatic.
_NO_GROUND: Final = (b"", b"\x00\x00", b"\xff\xff")
_CLEAR_GROUND: Final = bytes.fromhex("0a000000ff000000ff0000")
_WHITE_GROUND: Final = bytes.fromhex("0a000000ffffffff000000")


def of_characters(properties: bytes) -> Iterator[int]:
    """Yield what is switched on for a run of characters, and what its colour and size come to."""
    said = dict(_said(properties))
    yield from _switched_on(said)
    grounded = _is_grounded(said)
    if (said.get(_COLOUR) == _WHITE_COLOUR or said.get(_RGB) == _WHITE_RGB) and not grounded:
        yield WHITE
    elif said.get(_PEN) == _BLACK_PEN and said.get(_COLOUR) not in _NOT_BLACK and said.get(_RGB, b"\0")[:3] in _BLACKS:
        yield BLACKED
    if 0 < int.from_bytes(said.get(_SIZE, b""), "little") <= _TINY_HALF_POINTS:
        yield TINY


def of_paragraphs(properties: bytes) -> Iterator[int]:
    """Yield what is switched on for a paragraph, and whether it has a ground on which white can be read."""
    said = dict(_said(properties))
    yield from _switched_on(said)
    if _is_grounded(said):
        yield SHADED


def _is_grounded(said: dict[int, bytes]) -> bool:
    grounds = (said[code] for code in _GROUNDS if code in said)
    return said.get(_PEN, b"\0") != b"\0" or any(
        ground not in _NO_GROUND and ground not in {_CLEAR_GROUND, _WHITE_GROUND} for ground in grounds
    )


def _switched_on(said: dict[int, bytes]) -> Iterator[int]:
    return (code for code, operand in said.items() if operand and operand[0] in _ON)


def _said(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield code and operand of each property; the length of an operand is told by the code (2.6), or by itself."""
    at = 0
    while at + 3 <= len(properties):
        code = struct.unpack_from("<H", properties, at)[0]
        at += 2
        size = _OPERAND.get(code >> 13)
        if size is None:
            long = code in _TABLE_DEFINITION
            known = long and at + 2 <= len(properties)
            size = struct.unpack_from("<H", properties, at)[0] + 1 if known else properties[at] + 1
        yield code, properties[at : at + size]
        at += size
