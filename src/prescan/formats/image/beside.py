"""What picture files say beside EXIF: XMP, IPTC, comments, and what was appended behind their end.

Only what is for people is told, a long number or a sentence: programs write much of their own into these places.
"""

from __future__ import annotations

import html
import re
import struct
from typing import TYPE_CHECKING, Final

from prescan.formats import binary
from prescan.formats.image.exif import texts
from prescan.formats.residue import is_long

if TYPE_CHECKING:
    from collections.abc import Iterator

_JPEG: Final = b"\xff\xd8"
_JPEG_END: Final = b"\xff\xd9"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_END: Final = b"IEND\xaeB`\x82"
_GIF: Final = (b"GIF87a", b"GIF89a")
_WEBP: Final = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
#: Segments of a JPEG that hold texts: of Photoshop (IPTC), and comments. What begins the picture.
_TEXTUAL: Final = frozenset({0xED, 0xFE})
_XMP: Final = 0xE1
_PICTURE: Final = 0xDA
_SEGMENTS_AT_MOST: Final = 1_000
_BLOCKS_AT_MOST: Final = 10_000
_COMMENT: Final = b"!\xfe"
_MARKUP: Final = re.compile(r">([^<>]{4,4000})<|=\"([^\"<>]{4,4000})\"")


def beside(data: bytes) -> Iterator[str]:
    """Yield the texts for people in a picture file beside its EXIF entries, each once."""
    told: dict[str, None] = {}
    for held in _held(data):
        found = _of_markup(held) if b"<" in held and b"rdf:" in held else binary.texts(held, is_long)
        told.update(dict.fromkeys(found))
    yield from told


def _held(data: bytes) -> Iterator[bytes]:
    if data.startswith(_JPEG):
        yield from _segments(data)
        yield _behind(data, _JPEG_END)
    elif data.startswith(_PNG):
        yield from (text.encode() for _, text in texts(data))
        yield _behind(data, _PNG_END)
    elif data.startswith(_GIF):
        yield from _comments(data)
    elif _WEBP.match(data) and (at := data.rfind(b"XMP ")) > 0:
        yield data[at + 8 :]


def _of_markup(held: bytes) -> list[str]:
    """Return what stands between tags, and in attributes."""
    found = _MARKUP.findall(held.decode("utf-8", "replace"))
    return [text for between, value in found if is_long(text := html.unescape(between or value).strip())]


def _segments(data: bytes) -> Iterator[bytes]:
    """Yield the segments before the picture of a JPEG that hold texts."""
    at = 2
    for _ in range(_SEGMENTS_AT_MOST):
        if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] == _PICTURE:
            return
        size = struct.unpack_from(">H", data, at + 2)[0]
        held = data[at + 4 : at + 2 + size]
        if data[at + 1] in _TEXTUAL or (data[at + 1] == _XMP and held.startswith(b"http")):
            yield held
        at += 2 + max(size, 2)


def _behind(data: bytes, end: bytes) -> bytes:
    """Return what follows the last end of a picture; a file that is cut has none."""
    at = data.rfind(end)
    return data[at + len(end) :] if at >= 0 else b""


def _comments(data: bytes) -> Iterator[bytes]:
    """Yield the comments of a GIF, which stand in blocks of up to 255 bytes."""
    at = -1
    for _ in range(_BLOCKS_AT_MOST):
        at = data.find(_COMMENT, at + 1)
        if at < 0:
            return
        held: list[bytes] = []
        start = at + len(_COMMENT)
        while start < len(data) and data[start] and len(held) < _BLOCKS_AT_MOST:
            held.append(data[start + 1 : start + 1 + data[start]])
            start += 1 + data[start]
        yield b"".join(held)
