"""Renders chosen objects of a page, small and in memory, to find out what covers what. Nothing of it is kept."""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Any, Final

from pypdfium2 import raw

from prescan.formats.pdf.shapes import FORM, IMAGE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Colour, Shape

WHITE: Final = (255, 255, 255)
GREY: Final = (128, 128, 128)
BLACK: Final = (0, 0, 0)

_SCALE: Final = 2.0
_MOST_PIXELS: Final = 300_000
_SAMPLES: Final = 6
"""A box is sampled in at most so many rows and columns."""
_NEAR: Final = 16
_OPAQUE: Final = 128
#: Larger pictures, in pixels, each and in total per document, are not rendered: that takes seconds.
_MOST_IMAGE_PIXELS: Final = 50_000_000
_MOST_PIXELS_IN_ALL: Final = 500_000_000

Pixel = tuple[int, int, int]


class Picture:
    """A rendered part of a page."""

    def __init__(self, pixels: bytes, width: int, height: int, area: Box, scale: float) -> None:
        """`pixels`: four bytes each (blue, green, red, unused)."""
        self._pixels = pixels
        self._width = width
        self._height = height
        self._area = area
        self._scale = scale

    def samples(self, box: Box) -> list[Pixel]:
        """Return pixels (blue, green, red) evenly distributed over a box of the page."""
        left, top = self._area[0], self._area[1]
        xs = _sample_positions((box[0] - left) * self._scale, (box[2] - left) * self._scale, self._width)
        ys = _sample_positions((box[1] - top) * self._scale, (box[3] - top) * self._scale, self._height)
        pixels = self._pixels
        starts = [4 * (y * self._width + x) for y in ys for x in xs]
        return [(pixels[at], pixels[at + 1], pixels[at + 2]) for at in starts]

    def is_blank(self, background: Pixel) -> bool:
        """Return whether nothing was drawn over the background."""
        size = len(self._pixels)
        return all(self._pixels[at::4] == bytes([background[at]]) * (size // 4) for at in range(3))


class Budget:
    """The number of picture pixels that may still be rendered for a document: decoding them takes the time."""

    def __init__(self) -> None:
        """Start with the full budget."""
        self._left = _MOST_PIXELS_IN_ALL

    def allows(self, shape: Shape) -> bool:
        """Return whether the budget allows rendering an object."""
        return self._pixels(shape) <= min(_MOST_IMAGE_PIXELS, self._left)

    def take(self, shape: Shape) -> bool:
        """Take an object out of the budget; False if it is not allowed."""
        allowed = self.allows(shape)
        self._left -= self._pixels(shape) if allowed else 0
        return allowed

    @staticmethod
    def _pixels(shape: Shape) -> int:
        if shape.kind != IMAGE:
            return 0
        width, height = ctypes.c_uint(), ctypes.c_uint()
        raw.FPDFImageObj_GetImagePixelSize(shape.handle, width, height)
        return int(width.value * height.value)


class Painter:
    """Renders some objects of a page without the others."""

    def __init__(self, page: Any, shapes: list[Shape], size: tuple[float, float], budget: Budget) -> None:  # noqa: ANN401
        """`size`: that of the displayed page."""
        self._page = page
        self._size = size
        self._budget = budget
        for shape in shapes:
            if shape.kind != FORM:
                raw.FPDFPageObj_SetIsActive(shape.handle, 0)

    def paint(
        self, chosen: Iterable[Shape], area: Box, background: Pixel = WHITE, *, annotations: bool = False
    ) -> Picture:
        """Render only these objects in a part of the page."""
        active = [shape for shape in chosen if shape.kind != FORM and self._budget.take(shape)]
        for shape in active:
            raw.FPDFPageObj_SetIsActive(shape.handle, 1)
        try:
            return self._paint(area, background, raw.FPDF_ANNOT if annotations else 0)
        finally:
            for shape in active:
                raw.FPDFPageObj_SetIsActive(shape.handle, 0)

    def shows(self, mark: Any) -> bool:  # noqa: ANN401
        """Return whether content with a marked-content mark is visible, by rendering a rectangle with that mark."""
        patch = raw.FPDFPageObj_CreateNewRect(*self._corner(), 8.0, 8.0)
        raw.FPDFPageObj_SetFillColor(patch, 0, 0, 0, 255)
        raw.FPDFPath_SetDrawMode(patch, raw.FPDF_FILLMODE_WINDING, 0)
        raw.FPDFPageObj_AddExistingMark(patch, mark)
        raw.FPDFPage_InsertObject(self._page, patch)
        width, height = self._size
        try:
            return not self._paint((0.0, 0.0, width, height), WHITE, 0).is_blank(WHITE)
        finally:
            raw.FPDFPageObj_SetIsActive(patch, 0)

    def _corner(self) -> tuple[float, float]:
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(self._page, bounds)
        return (bounds.left + bounds.right) / 2, (bounds.bottom + bounds.top) / 2

    def _paint(self, area: Box, background: Pixel, flags: int) -> Picture:
        page_width, page_height = self._size
        left, top = max(area[0], 0.0), max(area[1], 0.0)
        right, bottom = max(min(area[2], page_width), left + 1.0), max(min(area[3], page_height), top + 1.0)
        scale = min(_SCALE, math.sqrt(_MOST_PIXELS / ((right - left) * (bottom - top))))
        from_x, from_y = math.floor(left * scale), math.floor(top * scale)
        width, height = math.ceil(right * scale) - from_x, math.ceil(bottom * scale) - from_y
        bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, None, 0)
        if not bitmap:
            raise MemoryError
        try:
            colour = 0xFF000000 | background[2] << 16 | background[1] << 8 | background[0]
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, colour)
            size = math.ceil(page_width * scale), math.ceil(page_height * scale)
            flags |= raw.FPDF_RENDER_LIMITEDIMAGECACHE
            raw.FPDF_RenderPageBitmap(bitmap, self._page, -from_x, -from_y, *size, 0, flags)
            stride = raw.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), stride * height)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
        return Picture(pixels, stride // 4, height, (from_x / scale, from_y / scale, right, bottom), scale)


class OpacityMap:
    """Some objects rendered over white and over black: where both agree, nothing behind them is seen."""

    def __init__(self, painter: Painter, covers: Collection[Shape], area: Box, *, annotations: bool = False) -> None:
        """Render `covers`, or the page's annotations, in a part of the page."""
        self._over_white = painter.paint(covers, area, WHITE, annotations=annotations)
        self._over_black = painter.paint(covers, area, BLACK, annotations=annotations)

    def share(self, box: Box) -> float:
        """Return the opaque share of a box, whatever the blend mode."""
        samples = self._samples(box)
        return sum(opaque for opaque, _ in samples) / (len(samples) or 1)

    def shades(self, box: Box) -> tuple[float, float]:
        """Return the darkest and lightest channel, 0 to 255, of the mean colour of the opaque part."""
        colours = [colour for opaque, colour in self._samples(box) if opaque]
        means = [sum(channel) / len(colours) for channel in zip(*colours, strict=True)]
        return (min(means), max(means)) if means else (255.0, 255.0)

    def _samples(self, box: Box) -> list[tuple[bool, Pixel]]:
        pairs = zip(self._over_white.samples(box), self._over_black.samples(box), strict=True)
        return [(max(abs(a - b) for a, b in zip(one, other, strict=True)) < _OPAQUE, one) for one, other in pairs]


def share_of_colour(picture: Picture, box: Box, colour: Colour) -> float:
    """Return the share of a box that has a colour."""
    red, green, blue, _ = colour
    samples = picture.samples(box)
    near = [abs(b - blue) <= _NEAR and abs(g - green) <= _NEAR and abs(r - red) <= _NEAR for b, g, r in samples]
    return sum(near) / (len(near) or 1)


def is_uniform(picture: Picture, box: Box) -> bool:
    """Return whether a box has only one colour, so that nothing is drawn in it."""
    samples = picture.samples(box)
    return all(max(channel) - min(channel) <= 2 * _NEAR for channel in zip(*samples, strict=True))


def _sample_positions(start: float, end: float, most: int) -> list[int]:
    """Return at most _SAMPLES integers from `start` to `end` within the picture; the middle one if it is thin."""
    first, last = max(math.ceil(start), 0), min(math.floor(end), most) - 1
    if last <= first:
        return [min(max(int((start + end) / 2), 0), most - 1)]
    step = max(1, math.ceil((last - first + 1) / _SAMPLES))
    return list(range(first, last + 1, step))
