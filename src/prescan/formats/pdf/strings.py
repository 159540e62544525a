"""Strings: from PDFium's functions, and as written in the file."""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TERMINATOR_BYTES: Final = 2
_ESCAPE: Final = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r?\n)")
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_WIDE: Final = ctypes.POINTER(ctypes.c_ushort)


def pdfium_string(call: Callable[..., int], kind: Any = _WIDE) -> str:  # noqa: ANN401 (pypdfium2 has no types)
    """Return a string from a PDFium function that returns the length in bytes and fills a buffer with UTF-16."""
    size = call(None, 0)
    if size <= _TERMINATOR_BYTES:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, kind), size)
    return _repaired(buffer.raw[: size - _TERMINATOR_BYTES].decode("utf-16-le", "replace"))


def _repaired(text: str) -> str:
    """Decode UTF-16 that PDFium returns byte by byte, as with some file names."""
    if not text.startswith("\xfe\xff"):
        return text
    return text.encode("latin-1", "replace").decode("utf-16", "replace")


def decode_string(written: bytes | None, hexadecimal: bytes | None) -> str:
    """Decode a string as written in the file: literal (`written`) or hexadecimal."""
    if written is None:
        digits = b"".join((hexadecimal or b"").split())
        content = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        content = _ESCAPE.sub(_unescaped, written)
    if content.startswith(_UTF8_MARK):
        return content.decode("utf-8-sig", "replace")
    return content.decode("utf-16" if content.startswith((b"\xfe\xff", b"\xff\xfe")) else "latin-1", "replace")


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code[:1] in b"01234567":
        return bytes([int(code, 8) & 0xFF])
    return b"" if code in {b"\n", b"\r\n"} else _ESCAPED.get(code, code)
