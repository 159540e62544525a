"""Images of pages for people who look at a document: what was found of somebody can be covered.

Runs in a worker, like every other use of PDFium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2 as pdfium

from prescan.errors import ReadError
from prescan.formats.page_image import PageRequest, check_size, cover_box, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from prescan.types import Limits


def pages(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return pages first to last as PNGs, one after another, and the width, height (pixels) and length of each.

    `arguments`: first, last (from 1), dpi, and optionally covers: [text, box of its paragraph or None] for what must
    not be seen; a text that cannot be found on the page is covered with its paragraph. Raises ReadError.
    """
    request = PageRequest.of(arguments)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError("corrupted") from error
    try:
        request.check(min(len(document), limits.pages))
        if document.get_formtype():
            document.init_forms()
        return to_wire(
            (_render(document[number - 1], request), {}) for number in range(request.first, request.last + 1)
        )
    except pdfium.PdfiumError as error:
        raise ReadError("corrupted") from error
    finally:
        document.close()


def _render(page: Any, request: PageRequest) -> NDArray[np.uint8]:  # noqa: ANN401
    check_size(page.get_width() * request.scale, page.get_height() * request.scale)
    shown: NDArray[np.uint8] = np.array(page.render(scale=request.scale, rev_byteorder=True).to_numpy()[:, :, :3])
    for box in _boxes(page, request.covers):
        cover_box(shown, box, request.scale)
    return shown


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
