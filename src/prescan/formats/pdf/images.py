"""Images of pages for people who look at a document: what was found of somebody can be covered.

Runs in a worker, like every other use of PDFium.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pypdfium2 as pdfium

from prescan.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from prescan.types import Limits

_POINTS: Final = 72
_DPI_AT_MOST: Final = 300
#: A page may claim any size; more pixels than this are not drawn.
_PIXELS_AT_MOST: Final = 40_000_000
_PAGES_AT_MOST: Final = 20
_COVER: Final = 150
_EDGE: Final = 1.5


def pages(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return pages first to last as PNGs, one after another, and the width, height (pixels) and length of each.

    `arguments`: first, last (from 1), dpi, and optionally covers: [text, box of its paragraph or None] for what must
    not be seen; a text that cannot be found on the page is covered with its paragraph. Raises ReadError.
    """
    first, last, dpi = (int(argument) for argument in arguments[:3])
    covers = arguments[3] if len(arguments) > 3 else []
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError("corrupted") from error
    try:
        count = min(len(document), limits.pages)
        if not 1 <= first <= last <= count or last - first >= _PAGES_AT_MOST or not 1 <= dpi <= _DPI_AT_MOST:
            raise ReadError("unsupported", f"没有这一页，文件共 {count} 页")
        if document.get_formtype():
            document.init_forms()
        drawn = [_drawn(document[number - 1], dpi, covers) for number in range(first, last + 1)]
    except pdfium.PdfiumError as error:
        raise ReadError("corrupted") from error
    finally:
        document.close()
    told = [{"width": shown.shape[1], "height": shown.shape[0], "length": len(image)} for shown, image in drawn]
    return {"pages": told}, b"".join(image for _, image in drawn)


def _drawn(page: Any, dpi: int, covers: list[Any]) -> tuple[NDArray[np.uint8], bytes]:  # noqa: ANN401
    scale = dpi / _POINTS
    if page.get_width() * page.get_height() * scale * scale > _PIXELS_AT_MOST:
        raise ReadError("archive_limit", "这一页的幅面太大，画不出来")
    shown: NDArray[np.uint8] = np.array(page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3])
    for left, top, right, bottom in _boxes(page, covers):
        low, high = max(0, int((top - _EDGE) * scale)), max(0, int((bottom + _EDGE) * scale) + 1)
        shown[low:high, max(0, int((left - _EDGE) * scale)) : max(0, int((right + _EDGE) * scale) + 1)] = _COVER
    return shown, png(shown)


def _boxes(page: Any, covers: list[Any]) -> Iterator[tuple[float, float, float, float]]:  # noqa: ANN401
    """Yield what to cover, in points from the top left."""
    if not covers:
        return
    height = page.get_height()
    text = page.get_textpage()
    try:
        for value, paragraph in covers:
            found = list(_found(text, value, height))
            if found:
                yield from found
            elif paragraph:
                yield tuple(paragraph)
            else:
                yield 0, 0, page.get_width(), height
    finally:
        text.close()


def _found(text: Any, value: str, height: float) -> Iterator[tuple[float, float, float, float]]:  # noqa: ANN401
    """Yield the boxes of a text wherever it stands on a page."""
    wanted = value.strip()
    searcher = text.search(wanted, match_case=True) if wanted else None
    while searcher and (place := searcher.get_next()) is not None:
        start, count = place
        for number in range(text.count_rects(start, count)):
            left, bottom, right, top = text.get_rect(number)
            yield left, height - top, right, height - bottom


def png(shown: NDArray[np.uint8]) -> bytes:
    """Return rows of RGB pixels as PNG (8 bits, filter 0)."""
    height, width, _ = shown.shape
    rows = np.zeros((height, 1 + width * 3), dtype=np.uint8)
    rows[:, 1:] = shown.reshape(height, width * 3)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 4)
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + name + d + struct.pack(">I", zlib.crc32(name + d)) for name, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
