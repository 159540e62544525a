"""Images of pages, whatever renders them: the request, limits, covers over values, and the encoding of the result."""

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
"""Points in an inch."""
_DPI_AT_MOST: Final = 300
#: A page may claim any size; more pixels than this are not drawn.
_PIXELS_AT_MOST: Final = 40_000_000
_PAGES_AT_MOST: Final = 20
_COVER_GREY: Final = 150
_MARGIN: Final = 1.5


class PageRequest(NamedTuple):
    """Which pages are to be rendered, and what must not be seen on them."""

    first: int
    last: int
    """From 1."""
    dpi: int
    covers: list[Any]
    """[text, box of its paragraph in points from the top left, or None] for each."""

    @classmethod
    def of(cls, arguments: Sequence[Any]) -> PageRequest:
        """Return the request in the arguments of the task "pages": first, last, dpi, and optionally covers."""
        first, last, dpi = (int(argument) for argument in arguments[:3])
        return cls(first, last, dpi, arguments[3] if len(arguments) > 3 else [])

    @property
    def scale(self) -> float:
        """Pixels per point."""
        return self.dpi / POINTS

    def check(self, count: int) -> None:
        """Raise ReadError("unsupported") if a file of `count` pages lacks these, or the request is too large."""
        exists = 1 <= self.first <= self.last <= count and self.last - self.first < _PAGES_AT_MOST
        if not exists or not 1 <= self.dpi <= _DPI_AT_MOST:
            raise ReadError("unsupported", f"没有这一页，文件共 {count} 页")


def check_size(width: float, height: float) -> None:
    """Raise ReadError("archive_limit") if a page of this size in pixels is too large."""
    if width * height > _PIXELS_AT_MOST:
        raise ReadError("archive_limit", "这一页的幅面太大，画不出来")


def cover_box(pixels: NDArray[np.uint8], box: Iterable[float], scale: float) -> None:
    """Paint over a box, in points, in the pixels of a page rendered with `scale` pixels per point."""
    left, top, right, bottom = box
    low, high = max(0, int((top - _MARGIN) * scale)), max(0, int((bottom + _MARGIN) * scale) + 1)
    pixels[low:high, max(0, int((left - _MARGIN) * scale)) : max(0, int((right + _MARGIN) * scale) + 1)] = _COVER_GREY


def to_wire(pages: Iterable[tuple[NDArray[np.uint8], dict[str, Any]]]) -> tuple[dict[str, Any], bytes]:
    """Return the PNGs of pages, one after another, and a description of each.

    `pages`: the pixels of each page and what to add to its description (width and height in pixels, length in bytes).
    """
    descriptions, images = [], []
    for pixels, extra in pages:
        image = png(pixels)
        descriptions.append({"width": pixels.shape[1], "height": pixels.shape[0], "length": len(image), **extra})
        images.append(image)
    return {"pages": descriptions}, b"".join(images)


def png(pixels: NDArray[np.uint8], effort: int = 4) -> bytes:
    """Return rows of RGB or grey pixels as PNG (8 bits, filter 0); `effort` of compression from 1, fastest, to 9."""
    height, width = pixels.shape[:2]
    colours = pixels.shape[2] if pixels.ndim > 2 else 1
    rows = np.zeros((height, 1 + width * colours), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, width * colours)
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if colours > 1 else 0, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), effort)
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + name + d + struct.pack(">I", zlib.crc32(name + d)) for name, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
