"""Properties of characters and paragraphs in a doc that hide text ([MS-DOC] 2.6): hidden, white, tiny."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDDEN, DELETED, INSERTED, ROW_END = 0x083C, 0x0800, 0x0801, 0x2417
#: Derived flags, not properties of the file: combinations of several of them.
WHITE, TINY, BLACKED, SHADED = 0x10000, 0x10001, 0x10002, 0x10003
IN_TABLE: Final = 0x2416
_OPERAND: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION: Final = (0xD606, 0xD608)
_ON: Final = (1, 0x81)
#: Properties: colour by number and as RGB, size in half points, highlighting, shading of characters and paragraphs.
_COLOUR, _RGB, _SIZE, _PEN = 0x2A42, 0x6870, 0x4A43, 0x2A0C
_GROUNDS: Final = (0x4866, 0xCA71, 0x442D, 0xC64D)
_WHITE_COLOUR: Final = b"\x08"
_WHITE_RGB: Final = b"\xff\xff\xff\x00"
_BLACK_PEN: Final = b"\x01"
_NOT_BLACK: Final = (b"\x08", b"\x07", b"\x02", b"\x03", b"\x04", b"\x05", b"\x06")
_BLACKS: Final = (b"\0", b"\0\0\0")
_TINY_HALF_POINTS: Final = 3
#: Shading without a colour: transparent, or automatic on automatic.
_NO_GROUND: Final = (b"", b"\x00\x00", b"\xff\xff")
_CLEAR_GROUND: Final = bytes.fromhex("0a000000ff000000ff0000")
_WHITE_GROUND: Final = bytes.fromhex("0a000000ffffffff000000")


def character_flags(properties: bytes) -> Iterator[int]:
    """Yield the properties that are on for a run of characters, and the flags derived from its colour and size."""
    properties_by_code = dict(_read_properties(properties))
    yield from _switched_on(properties_by_code)
    grounded = _has_background(properties_by_code)
    if (
        properties_by_code.get(_COLOUR) == _WHITE_COLOUR or properties_by_code.get(_RGB) == _WHITE_RGB
    ) and not grounded:
        yield WHITE
    elif (
        properties_by_code.get(_PEN) == _BLACK_PEN
        and properties_by_code.get(_COLOUR) not in _NOT_BLACK
        and properties_by_code.get(_RGB, b"\0")[:3] in _BLACKS
    ):
        yield BLACKED
    if 0 < int.from_bytes(properties_by_code.get(_SIZE, b""), "little") <= _TINY_HALF_POINTS:
        yield TINY


def paragraph_flags(properties: bytes) -> Iterator[int]:
    """Yield the properties that are on for a paragraph, and whether white text can be read on its background."""
    properties_by_code = dict(_read_properties(properties))
    yield from _switched_on(properties_by_code)
    if _has_background(properties_by_code):
        yield SHADED


def _has_background(properties_by_code: dict[int, bytes]) -> bool:
    grounds = (properties_by_code[code] for code in _GROUNDS if code in properties_by_code)
    return properties_by_code.get(_PEN, b"\0") != b"\0" or any(
        ground not in _NO_GROUND and ground not in {_CLEAR_GROUND, _WHITE_GROUND} for ground in grounds
    )


def _switched_on(properties_by_code: dict[int, bytes]) -> Iterator[int]:
    return (code for code, operand in properties_by_code.items() if operand and operand[0] in _ON)


def _read_properties(properties: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield code and operand of each property; the code or the operand itself gives its length (2.6)."""
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
