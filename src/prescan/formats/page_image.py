"""Images of pages, whatever draws them: what is asked for, what may be drawn, covers, and how images go back."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

POINTS: Final = 72
"""A point is this part of an inch."""
_DPI_AT_MOST: Final = 300
#: A page may claim any size; more pixels than this are not drawn.
_PIXELS_AT_MOST: Final = 40_000_000
_PAGES_AT_MOST: Final = 20
_COVER: Final = 150
_EDGE: Final = 1.5


class PageRequest(NamedTuple):
    """Which pages are to be drawn, and what must not be seen on them."""

    first: int
    last: int
    """From 1."""
    dpi: int
    covers: list[Any]
    """[text, box of its paragraph in points from the top left, or None] for each."""

    @classmethod
    def of(cls, arguments: Sequence[Any]) -> PageRequest:
        """Return what the arguments of a `pages` task say: first, last, dpi, and optionally covers."""
        first, last, dpi = (int(argument) for argument in arguments[:3])
        return cls(first, last, dpi, arguments[3] if len(arguments) > 3 else [])

    @property
    def scale(self) -> float:
        """Pixels a point."""
        return self.dpi / POINTS

    def check(self, count: int) -> None:
        """Raise ReadError("unsupported") if a file of `count` pages does not have them, or they are too many."""
        held = 1 <= self.first <= self.last <= count and self.last - self.first < _PAGES_AT_MOST
        if not held or not 1 <= self.dpi <= _DPI_AT_MOST:
            raise ReadError("unsupported", f"没有这一页，文件共 {count} 页")


def check_size(width: float, height: float) -> None:
    """Raise ReadError("archive_limit") if so many pixels are not drawn."""
    if width * height > _PIXELS_AT_MOST:
        raise ReadError("archive_limit", "这一页的幅面太大，画不出来")


def cover(shown: NDArray[np.uint8], box: Iterable[float], scale: float) -> None:
    """Cover a box, in points, of a page drawn with `scale` pixels a point."""
    left, top, right, bottom = box
    low, high = max(0, int((top - _EDGE) * scale)), max(0, int((bottom + _EDGE) * scale) + 1)
    shown[low:high, max(0, int((left - _EDGE) * scale)) : max(0, int((right + _EDGE) * scale) + 1)] = _COVER


def packed(drawn: Iterable[tuple[NDArray[np.uint8], dict[str, Any]]]) -> tuple[dict[str, Any], bytes]:
    """Return pages as PNGs, one after another, and of each the width, height (pixels), length and what else is said."""
    told, made = [], []
    for shown, said in drawn:
        image = png(shown)
        told.append({"width": shown.shape[1], "height": shown.shape[0], "length": len(image), **said})
        made.append(image)
    return {"pages": told}, b"".join(made)


def png(shown: NDArray[np.uint8], effort: int = 4) -> bytes:
    """Return rows of RGB or grey pixels as PNG (8 bits, filter 0); `effort` of packing from 1, quick, to 9."""
    height, width = shown.shape[:2]
    colours = shown.shape[2] if shown.ndim > 2 else 1
    rows = np.zeros((height, 1 + width * colours), dtype=np.uint8)
    rows[:, 1:] = shown.reshape(height, width * colours)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if colours > 1 else 0, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), effort)
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + name + d + struct.pack(">I", zlib.crc32(name + d)) for name, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
