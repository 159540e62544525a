"""Pages that become pictures: rendered as seen, with values painted over, and nothing else kept."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, StreamObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.formats.pdf.grid import Box

_DOTS_PER_INCH: Final = 200
_POINTS_PER_INCH: Final = 72
_MARGIN: Final = 1.0
"""Points painted around a value, as strokes reach beyond their boxes."""
_MOST_PIXELS: Final = 60_000_000
_UP: Final = 2
"""The PNG filter "Up"."""


def page_picture(page: Any, boxes: Iterable[Box]) -> tuple[StreamObject, float, float]:  # noqa: ANN401
    """Return an open pdfium page as a picture with `boxes` painted over, and the page's size in points.

    At least 200 dots per inch, fewer only where the page is larger than any printer.
    """
    width, height = page.get_size()
    scale = _DOTS_PER_INCH / _POINTS_PER_INCH
    if width * height * scale * scale > _MOST_PIXELS:
        scale = (_MOST_PIXELS / (width * height)) ** 0.5
    bitmap = page.render(scale=scale, may_draw_forms=True, rev_byteorder=True)
    pixels = np.array(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    for left, top, right, bottom in boxes:
        rows = slice(max(0, int((top - _MARGIN) * scale)), max(0, int((bottom + _MARGIN) * scale) + 1))
        columns = slice(max(0, int((left - _MARGIN) * scale)), max(0, int((right + _MARGIN) * scale) + 1))
        pixels[rows, columns] = 0
    grey = bool((pixels[:, :, 0] == pixels[:, :, 1]).all() and (pixels[:, :, 1] == pixels[:, :, 2]).all())
    return _image(pixels[:, :, :1] if grey else pixels), width, height


def _image(pixels: np.ndarray[Any, Any]) -> StreamObject:
    height, width, colours = pixels.shape
    rows = pixels.reshape(height, width * colours)
    filtered = np.empty((height, width * colours + 1), dtype=np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    image = StreamObject()
    names = {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/FlateDecode"}
    names["/ColorSpace"] = "/DeviceGray" if colours == 1 else "/DeviceRGB"
    image.update({NameObject(key): NameObject(value) for key, value in names.items()})
    numbers = {"/Width": width, "/Height": height, "/BitsPerComponent": 8}
    image.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    form = {"/Predictor": 15, "/Colors": colours, "/BitsPerComponent": 8, "/Columns": width}
    image[NameObject("/DecodeParms")] = DictionaryObject(
        {NameObject(key): NumberObject(value) for key, value in form.items()}
    )
    image._data = zlib.compress(filtered.tobytes(), 6)  # noqa: SLF001  pypdf has no other way to give packed bytes
    return image


def page_of(image: Any, width: float, height: float) -> tuple[DictionaryObject, StreamObject]:  # noqa: ANN401
    """Return a page that shows a picture, given by reference, over its whole area, and the content of the page."""
    content = StreamObject()
    content.set_data(f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Page Do Q".encode())
    page = DictionaryObject({NameObject("/Type"): NameObject("/Page")})
    page[NameObject("/MediaBox")] = ArrayObject(map(FloatObject, (0, 0, round(width, 3), round(height, 3))))
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/Page"): image})}
    )
    return page, content
