"""Pictures in redacted copies: metadata is removed from JPEG, PNG and GIF; other kinds are replaced by a blank one."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_GIF: Final = (b"GIF87a", b"GIF89a")
#: JPEG markers without a length; segments with metadata: comments and all APPn but JFIF (0), ICC (2) and Adobe (14).
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_METADATA_SEGMENTS: Final = frozenset({0xFE, *(0xE0 + number for number in range(16) if number not in {0, 2, 14})})
_START_OF_SCAN: Final = 0xDA
_KEPT_CHUNKS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"bKGD", b"sBIT"}
)


def clean(data: bytes) -> tuple[str, bytes] | None:
    """Return the extension and the bytes of a picture without its metadata; None if it cannot be cleaned."""
    if data.startswith(_JPEG):
        return ("jpeg", cleaned) if (cleaned := clean_jpeg(data)) else None
    if data.startswith(_PNG):
        return ("png", cleaned) if (cleaned := _clean_png(data)) else None
    if data.startswith(_GIF):
        return ("gif", cleaned) if (cleaned := _clean_gif(data)) else None
    return None


def clean_jpeg(data: bytes) -> bytes:
    """Return a JPEG without EXIF, XMP, IPTC and comments; b"" if it is damaged."""
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == _START_OF_SCAN:
            end = data.rfind(b"\xff\xd9")
            return b"".join([*kept, data[at : end + 2 if end > at else len(data)]])
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker not in _METADATA_SEGMENTS:
            kept.append(data[at : at + 2 + size])
        at += 2 + size
    return b""


def _clean_png(data: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind in _KEPT_CHUNKS:
            kept.append(data[at : at + 12 + size])
        at += 12 + size
        if kind == b"IEND":
            return b"".join(kept)
    return b""


def _clean_gif(data: bytes) -> bytes:
    """Return a GIF without comments and application data; b"" if it is damaged."""
    colours = (3 << ((data[10] & 7) + 1)) if data[10] & 0x80 else 0
    at = 13 + colours
    kept = [data[:at]]
    while at < len(data):
        start, kind = at, data[at]
        if kind == 0x3B:
            return b"".join([*kept, b"\x3b"])
        if kind == 0x21:
            label = data[at + 1 : at + 2]
            at = _after_blocks(data, at + 2)
            if label == b"\xf9":
                kept.append(data[start:at])
        elif kind == 0x2C and at + 10 <= len(data):
            packed = data[at + 9]
            at = _after_blocks(data, at + 11 + ((3 << ((packed & 7) + 1)) if packed & 0x80 else 0))
            kept.append(data[start:at])
        else:
            return b""
    return b""


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def blank_png() -> bytes:
    """Return a PNG of one white pixel."""
    pieces = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\xff")),
        (b"IEND", b""),
    )
    return _PNG + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in pieces
    )
