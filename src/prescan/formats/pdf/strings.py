"""Strings as PDFium hands them on."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_CLOSING_ZERO: Final = 2
_WIDE: Final = ctypes.POINTER(ctypes.c_ushort)


def string(call: Callable[..., int], kind: Any = _WIDE) -> str:  # noqa: ANN401 (pypdfium2 has no types)
    """Return a string of PDFium's: it tells the length in bytes first, then fills a buffer with UTF-16."""
    size = call(None, 0)
    if size <= _CLOSING_ZERO:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, kind), size)
    return _repaired(buffer.raw[: size - _CLOSING_ZERO].decode("utf-16-le", "replace"))


def _repaired(text: str) -> str:
    """Decode UTF-16 that PDFium handed on byte by byte, as it does with some file names."""
    if not text.startswith("\xfe\xff"):
        return text
    return text.encode("latin-1", "replace").decode("utf-16", "replace")
