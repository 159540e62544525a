"""Images of the pages of a picture file, for people who look at what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from prescan.formats.image.pixels import decode_picture, open_picture, size_of
from prescan.formats.page_image import POINTS, PageRequest, check_size, cover_box, to_wire

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from prescan.types import Limits


def pages(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return pages first to last as PNGs, as `pdf.images.pages` does; covers are boxes of lines. Raises ReadError."""
    request, image = PageRequest.of(arguments), open_picture(data)
    count = min(getattr(image, "n_frames", 1) if image.format == "TIFF" else 1, limits.pages)
    request.check(count)
    return to_wire(
        (_render(image, number if count > 1 else 0, request), {}) for number in range(request.first, request.last + 1)
    )


def _render(image: Image.Image, frame: int, request: PageRequest) -> NDArray[np.uint8]:
    """Return a page; `frame`: its number in a file of several, or 0."""
    if frame:
        image.seek(frame - 1)
    width, height = (max(1, round(side * request.dpi / POINTS)) for side in size_of(image))
    check_size(width, height)
    pixels = np.array(decode_picture(image).convert("RGB").resize((width, height), Image.Resampling.BILINEAR))
    for _, box in request.covers:
        cover_box(pixels, box or (0, 0, width, height), request.scale)
    return pixels
