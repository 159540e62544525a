"""Pictures for text recognition: the whole page if it is a scan, else the pictures on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prescan.formats.page_image import png
from prescan.formats.pdf.shapes import IMAGE
from prescan.types import Location, Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from prescan.formats.budget import SharedLimits
    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Shape
    from prescan.formats.pdf.text import Text

_POINTS: Final = 72
_DPI: Final = 200
#: The header (版头) is on the first page, in small type beside large, so that page needs a higher resolution.
_HEAD_DPI: Final = 300
#: A page may claim any size; beyond this number of pixels it is rendered at a lower resolution.
_PIXELS_AT_MOST: Final = 25_000_000
_LEAST_DPI: Final = 20
_LAYERS_LOOKED_AT: Final = 10
"""Pages with a text layer over a picture are compared with the picture, up to so many in a file."""
_SHEET: Final = 0.5
_WIDE, _HIGH = 40.0, 9.0
"""In points. A smaller picture holds no line of text."""
_MANY: Final = 8
"""A page with more pictures is recognised as a whole."""


class Scans:
    """Renders pages and pictures of a document, within the budget."""

    def __init__(self, limits: SharedLimits) -> None:
        """`limits`: those of the file; they count the pictures."""
        self._limits = limits
        self._layers = 0
        self.found = False
        """Whether any picture was found, rendered or not."""

    def pictures(
        self,
        page: Any,  # noqa: ANN401 (pypdfium2 has no types)
        number: int,
        shapes: list[Shape],
        text: Text,
        *,
        whole: bool,
    ) -> Iterator[Picture]:
        """Yield the picture of a page if `whole`, else its pictures that may hold text missing from its text layer."""
        if whole:
            self.found = True
            drawn = self._limits.take_picture("page")
            yield Picture(
                "", Location(page=number), image=self._page_image(page, number) if drawn else b"", size=text.size
            )
            return
        boxes = [box for shape in shapes if shape.kind == IMAGE and (box := _on_page(text.place(shape.box), text.size))]
        if sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) > _SHEET * text.area:
            self._layers += 1
            if self._layers <= _LAYERS_LOOKED_AT and self._limits.take_picture("layer"):
                self.found = True
                image = self._page_image(page, number)
                yield Picture("", Location("image", page=number), image=image, kind="layer", size=text.size)
            return
        boxes = [box for box in boxes if _may_hold_text(box)]
        if len(boxes) > _MANY:
            boxes = [(0.0, 0.0, *text.size)]
        yield from self._insets(page, number, boxes, text.size)

    def _page_image(self, page: Any, number: int) -> bytes:  # noqa: ANN401
        return _png(_render(page, _HEAD_DPI if number == 1 else _DPI))

    def _insets(self, page: Any, number: int, boxes: list[Box], size: tuple[float, float]) -> Iterator[Picture]:  # noqa: ANN401
        if not boxes:
            return
        shown = _render(page, _DPI)
        for left, top, right, bottom in boxes:
            scale = shown.shape[1] / size[0]
            part = shown[int(top * scale) : int(bottom * scale) + 1, int(left * scale) : int(right * scale) + 1]
            image = _png(part)
            if not self._limits.is_new_picture(image):
                continue
            self.found = True
            drawn = self._limits.take_picture("inset")
            place = Location("image", number, bbox=(left, top, right, bottom))
            yield Picture("", place, image=image if drawn else b"", kind="inset", size=(right - left, bottom - top))


def _on_page(box: Box, size: tuple[float, float]) -> Box | None:
    """Return the part of a box that lies on the page."""
    left, top, right, bottom = max(0.0, box[0]), max(0.0, box[1]), min(size[0], box[2]), min(size[1], box[3])
    return (left, top, right, bottom) if right > left and bottom > top else None


def _may_hold_text(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return min(width, height) >= _HIGH and max(width, height) >= _WIDE


def _render(page: Any, dpi: int) -> NDArray[np.uint8]:  # noqa: ANN401
    scale = dpi / _POINTS
    pixels = page.get_width() * page.get_height() * scale * scale
    if pixels > _PIXELS_AT_MOST:
        scale = max(_LEAST_DPI / _POINTS, scale * (_PIXELS_AT_MOST / pixels) ** 0.5)
    shown: NDArray[np.uint8] = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    return shown


def _png(shown: NDArray[np.uint8]) -> bytes:
    """Return pixels as a PNG, in grey if they have no colours."""
    grey = bool((shown[:, :, 0] == shown[:, :, 1]).all() and (shown[:, :, 1] == shown[:, :, 2]).all())
    return png(shown[:, :, 0] if grey else shown, 1)
