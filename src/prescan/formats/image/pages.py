"""Images of the pages of a picture file, for people who look at what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from prescan.formats.image.pixels import decoded, opened, size_of
from prescan.formats.page_image import POINTS, Asked, check_size, cover, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from prescan.types import Limits


def pages(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return pages first to last as PNGs, as `pdf.images.pages` does; covers are boxes of lines. Raises ReadError."""
    asked, image = Asked.of(arguments), opened(data)
    count = min(getattr(image, "n_frames", 1) if image.format == "TIFF" else 1, limits.pages)
    asked.check(count)
    return packed(
        (_drawn(image, number if count > 1 else 0, asked), {}) for number in range(asked.first, asked.last + 1)
    )


def _drawn(image: Image.Image, frame: int, asked: Asked) -> NDArray[np.uint8]:
    """Return a page; `frame`: its number in a file of several, or 0."""
    if frame:
        image.seek(frame - 1)
    width, height = (max(1, round(side * asked.dpi / POINTS)) for side in size_of(image))
    check_size(width, height)
    shown = np.array(decoded(image).convert("RGB").resize((width, height), Image.Resampling.BILINEAR))
    for _, box in asked.covers:
        cover(shown, box or (0, 0, width, height), asked.scale)
    return shown
