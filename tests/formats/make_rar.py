"""Rar archives of stored members, written to the format's own description: no free program writes rar."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE_5 = b"Rar!\x1a\x07\x01\0"
SIGNATURE_4 = b"Rar!\x1a\x07\0"
_FILE_CRC = 0x0004
_HAS_PASSWORD = 0x0004


def _vint(number: int) -> bytes:
    """Return a number seven bits a byte, low bits first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _block(kind: int, fields: bytes, data: bytes = b"") -> bytes:
    """Return a block of rar 5: checksum, size, kind, flags, what it says, and its data."""
    head = _vint(kind) + (_vint(2) + _vint(len(data)) if data else _vint(0)) + fields
    head = _vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(head)) + head + data


def rar5(members: Mapping[str, bytes], claim: int | None = None) -> bytes:
    """Return a rar 5; its members may be said to have `claim` bytes."""
    out = SIGNATURE_5 + _block(1, _vint(0))
    for name, content in members.items():
        size = len(content) if claim is None else claim
        said = _vint(_FILE_CRC) + _vint(size) + _vint(0o100644) + struct.pack("<I", zlib.crc32(content))
        said += _vint(0) + _vint(1) + _vint(len(name.encode())) + name.encode()
        out += _block(2, said, content)
    return out + _block(5, _vint(0))


def rar4(members: Mapping[bytes, bytes], encrypted: bool = False) -> bytes:
    """Return a rar of the older kind; its members may be said to have a password."""

    def block(kind: int, flags: int, rest: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    out = SIGNATURE_4 + block(0x73, 0, bytes(6))
    for name, content in members.items():
        size, crc = len(content), zlib.crc32(content)
        rest = struct.pack("<IIBIIBBHI", size, size, 3, crc, 0x5A000000, 20, 0x30, len(name), 0o100644) + name
        out += block(0x74, 0x8000 | (_HAS_PASSWORD if encrypted else 0), rest) + content
    return out + block(0x7B, 0x4000, b"")
