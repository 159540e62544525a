"""Unpacks streams found in the bytes of a PDF, without its table of objects."""

from __future__ import annotations

import base64
import zlib
from typing import Final

STREAM: Final = b"stream"
ENDSTREAM: Final = b"endstream"
_ASCII_END: Final = b"~>"


def stream_content(data: bytes, begin: int, most: int) -> bytes:
    """Return at most so many bytes of the stream whose keyword begins at an offset."""
    start = begin + len(STREAM)
    start += 2 if data[start : start + 2] == b"\r\n" else 1
    end = data.find(ENDSTREAM, start)
    return data[start : min(end if end >= 0 else len(data), start + most)]


def from_ascii85(content: bytes) -> bytes:
    """Return the content of ASCII base 85, b"" if it is damaged."""
    try:
        return base64.a85decode(content.partition(_ASCII_END)[0].removeprefix(b"<~"))
    except ValueError:
        return b""


def inflate(content: bytes, most: int) -> bytes:
    """Return the content that Flate decompresses, b"" if it is damaged."""
    try:
        return zlib.decompressobj().decompress(content, max(1, most))
    except zlib.error:
        return b""
