"""Entries in picture files: EXIF (CIPA DC-008) and text chunks of PNG (ISO 15948).

The pixels are not looked at, so this works without an imaging library.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = bytes | tuple[float, ...]

#: What stands before the TIFF header of EXIF in JPEG, HEIC and AVIF; in PNG; in WebP, where a length follows.
_MARKS: Final = ((b"Exif\0\0", 6), (b"eXIf", 4), (b"EXIF", 8), (b"EXIF", 14))
_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_EXIF: Final = 0x8769
_GPS: Final = 0x8825
#: Type of a value → its format and its length.
_NUMBERS: Final = {3: ("H", 2), 4: ("I", 4), 9: ("i", 4)}
_RATIOS: Final = {5: ("II", 8), 10: ("ii", 8)}
_BYTES: Final = (1, 2, 7)
_ENTRIES_AT_MOST: Final = 1_000
_NUMBERS_AT_MOST: Final = 16
_BYTES_AT_MOST: Final = 1 << 16
_MARKS_AT_MOST: Final = 100
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS_AT_MOST: Final = 200_000
_PROFILE: Final = "Raw profile type exif"


class Entries(NamedTuple):
    """Values by tag: of the picture and its EXIF block, and of the GPS block."""

    tags: dict[int, Value]
    place: dict[int, Value]


def exif(data: bytes) -> Entries:
    """Return the EXIF entries of a picture file; none if it has none or they are broken. Bytes stay as they are."""
    start = _start(data)
    if start < 0:
        return Entries({}, {})
    block = memoryview(data)[start:]
    order = _ORDERS[bytes(block[:4])]
    first = _directory(block, _number(block, 4, order), order)
    inner, place = (_directory(block, _first(first.get(tag)), order) for tag in (_EXIF, _GPS))
    return Entries({**first, **inner}, place)


def png_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield key and text of each text chunk of a PNG."""
    at = len(_PNG) if data.startswith(_PNG) else len(data)
    for _ in range(_CHUNKS_AT_MOST):
        if at + 12 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind in {b"tEXt", b"zTXt", b"iTXt"}:
            key, _, rest = data[at + 8 : at + 8 + size].partition(b"\0")
            yield key.decode("latin-1"), _text(kind, rest)
        at += 12 + size


def profile(data: bytes) -> bytes:
    """Return the EXIF block that older programs wrote as digits in a text chunk of a PNG; b"" if there is none."""
    for key, text in png_texts(data):
        if key == _PROFILE:
            try:
                return bytes.fromhex("".join(text.split("\n")[3:]))
            except ValueError:
                return b""
    return b""


def _text(kind: bytes, rest: bytes) -> str:
    packed, codec = kind == b"zTXt", "latin-1"
    if packed:
        rest = rest[1:]
    elif kind == b"iTXt":
        packed, codec = rest[:1] == b"\1", "utf-8"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if packed:
        try:
            rest = zlib.decompressobj().decompress(rest, _BYTES_AT_MOST)
        except zlib.error:
            return ""
    return rest[:_BYTES_AT_MOST].decode(codec, "replace")


def _start(data: bytes) -> int:
    """Return where the TIFF header stands, or -1."""
    if data[:4] in _ORDERS:
        return 0
    for mark, skipped in _MARKS:
        at = -1
        for _ in range(_MARKS_AT_MOST):
            at = data.find(mark, at + 1)
            if at < 0:
                break
            if data[at + skipped : at + skipped + 4] in _ORDERS:
                return at + skipped
    return -1


def _number(block: memoryview, at: int, order: str) -> int:
    return int(struct.unpack_from(order + "I", block, at)[0]) if 0 <= at <= len(block) - 4 else 0


def _first(value: Value | None) -> int:
    return int(value[0]) if isinstance(value, tuple) and value else 0


def _directory(block: memoryview, at: int, order: str) -> dict[int, Value]:
    """Return the values of a directory by tag; what points outside of the file is left out."""
    found: dict[int, Value] = {}
    if not 8 <= at <= len(block) - 2:
        return found
    count = struct.unpack_from(order + "H", block, at)[0]
    for entry in range(at + 2, at + 2 + 12 * min(count, _ENTRIES_AT_MOST), 12):
        if entry + 12 > len(block):
            break
        tag, kind, many = struct.unpack_from(order + "HHI", block, entry)
        value = _value(block, entry + 8, kind, many, order)
        if value is not None:
            found.setdefault(tag, value)
    return found


def _value(block: memoryview, at: int, kind: int, many: int, order: str) -> Value | None:
    form, each = ("", 1) if kind in _BYTES else {**_NUMBERS, **_RATIOS}.get(kind, ("", 0))
    size = each * many
    if size > len(block) or not size:
        return None
    start = at if size <= 4 else _number(block, at, order)
    if start + size > len(block):
        return None
    if not form:
        return bytes(block[start : start + min(size, _BYTES_AT_MOST)])
    held = struct.unpack_from(order + form * min(many, _NUMBERS_AT_MOST), block, start)
    if kind in _NUMBERS:
        return held
    return tuple(above / below if below else float("nan") for above, below in zip(held[::2], held[1::2], strict=True))
