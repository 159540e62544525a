"""Images of the pages of a picture file, for people who look at what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from prescan.errors import ReadError
from prescan.formats.image import decoded, opened, size_of
from prescan.formats.pdf.images import png

if TYPE_CHECKING:
    from prescan.types import Limits

_POINTS: Final = 72
_DPI_AT_MOST: Final = 300
_PIXELS_AT_MOST: Final = 40_000_000
_PAGES_AT_MOST: Final = 20
_COVER: Final = 150
_EDGE: Final = 1.5


def pages(data: bytes, arguments: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return pages first to last as PNGs, as `pdf.images.pages` does; covers are boxes of lines. Raises ReadError."""
    first, last, dpi = (int(argument) for argument in arguments[:3])
    covers = arguments[3] if len(arguments) > 3 else []
    image = opened(data)
    count = min(getattr(image, "n_frames", 1) if image.format == "TIFF" else 1, limits.pages)
    if not 1 <= first <= last <= count or last - first >= _PAGES_AT_MOST or not 1 <= dpi <= _DPI_AT_MOST:
        raise ReadError("unsupported", f"没有这一页，文件共 {count} 页")
    told, made = [], []
    for number in range(first, last + 1):
        if count > 1:
            image.seek(number - 1)
        width, height = (max(1, round(side * dpi / _POINTS)) for side in size_of(image))
        if width * height > _PIXELS_AT_MOST:
            raise ReadError("archive_limit", "这一页的幅面太大，画不出来")
        shown = np.array(decoded(image).convert("RGB").resize((width, height), Image.Resampling.BILINEAR))
        for _, box in covers:
            _cover(shown, box or (0, 0, width, height), dpi / _POINTS)
        drawn = png(shown)
        told.append({"width": width, "height": height, "length": len(drawn)})
        made.append(drawn)
    return {"pages": told}, b"".join(made)


def _cover(shown: Any, box: Any, scale: float) -> None:  # noqa: ANN401  an array, four numbers
    left, top, right, bottom = box
    low, high = max(0, int((top - _EDGE) * scale)), max(0, int((bottom + _EDGE) * scale) + 1)
    shown[low:high, max(0, int((left - _EDGE) * scale)) : max(0, int((right + _EDGE) * scale) + 1)] = _COVER
