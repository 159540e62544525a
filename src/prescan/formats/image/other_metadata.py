"""Texts in picture files apart from EXIF: XMP, IPTC, comments, and bytes appended after the end.

Only long numbers and sentences are reported: programs write much data of their own there.
"""

from __future__ import annotations

import html
import re
import struct
from typing import TYPE_CHECKING, Final

from prescan.formats import binary
from prescan.formats.image.exif import png_texts
from prescan.formats.residue import has_number_or_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

_JPEG: Final = b"\xff\xd8"
_JPEG_END: Final = b"\xff\xd9"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_END: Final = b"IEND\xaeB`\x82"
_GIF: Final = (b"GIF87a", b"GIF89a")
_WEBP: Final = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
#: JPEG segments with texts: Photoshop (IPTC) and comments; XMP, which shares its marker with EXIF; start of the pixels.
_TEXT_SEGMENTS: Final = frozenset({0xED, 0xFE})
_XMP: Final = 0xE1
_START_OF_SCAN: Final = 0xDA
_SEGMENTS_AT_MOST: Final = 1_000
_BLOCKS_AT_MOST: Final = 10_000
_COMMENT: Final = b"!\xfe"
_MARKUP: Final = re.compile(r">([^<>]{4,4000})<|=\"([^\"<>]{4,4000})\"")


def other_texts(data: bytes) -> Iterator[str]:
    """Yield the long numbers and sentences in a picture file outside its EXIF entries, each once."""
    seen: dict[str, None] = {}
    for piece in _pieces(data):
        found = (
            _markup_texts(piece)
            if b"<" in piece and b"rdf:" in piece
            else binary.strings(piece, has_number_or_sentence)
        )
        seen.update(dict.fromkeys(found))
    yield from seen


def _pieces(data: bytes) -> Iterator[bytes]:
    if data.startswith(_JPEG):
        yield from _segments(data)
        yield _after(data, _JPEG_END)
    elif data.startswith(_PNG):
        yield from (text.encode() for _, text in png_texts(data))
        yield _after(data, _PNG_END)
    elif data.startswith(_GIF):
        yield from _comments(data)
    elif _WEBP.match(data) and (at := data.rfind(b"XMP ")) > 0:
        yield data[at + 8 :]


def _markup_texts(piece: bytes) -> list[str]:
    """Return the texts between tags and in attributes."""
    found = _MARKUP.findall(piece.decode("utf-8", "replace"))
    return [text for between, value in found if has_number_or_sentence(text := html.unescape(between or value).strip())]


def _segments(data: bytes) -> Iterator[bytes]:
    """Yield the text segments of a JPEG, all of which come before the pixels."""
    at = 2
    for _ in range(_SEGMENTS_AT_MOST):
        if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] == _START_OF_SCAN:
            return
        size = struct.unpack_from(">H", data, at + 2)[0]
        piece = data[at + 4 : at + 2 + size]
        if data[at + 1] in _TEXT_SEGMENTS or (data[at + 1] == _XMP and piece.startswith(b"http")):
            yield piece
        at += 2 + max(size, 2)


def _after(data: bytes, end: bytes) -> bytes:
    """Return what follows the last end marker of a picture; b"" if it is truncated."""
    at = data.rfind(end)
    return data[at + len(end) :] if at >= 0 else b""


def _comments(data: bytes) -> Iterator[bytes]:
    """Yield the comments of a GIF, each joined from its blocks of up to 255 bytes."""
    at = -1
    for _ in range(_BLOCKS_AT_MOST):
        at = data.find(_COMMENT, at + 1)
        if at < 0:
            return
        piece: list[bytes] = []
        start = at + len(_COMMENT)
        while start < len(data) and data[start] and len(piece) < _BLOCKS_AT_MOST:
            piece.append(data[start + 1 : start + 1 + data[start]])
            start += 1 + data[start]
        yield b"".join(piece)
