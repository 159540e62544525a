"""Finds text that may not be visible, cheaply from PDFium's data of each object, without rendering."""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pypdfium2 import raw

from prescan.formats.boxes import contains_centre
from prescan.formats.pdf.shapes import IMAGE, PATH, SHADING, TEXT, address, combined, matrix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Colour, PdfBox, Shape
    from prescan.formats.pdf.text import Text

_MIN_COVER: Final = 3.0
"""In points; thinner shapes are lines and cover nothing."""
_TINY: Final = 1.0
"""Text smaller than this many points cannot be read."""
_NARROW: Final = 0.6
"""Text narrower than this share of its height is one character, or squeezed."""
_UNDRAWN: Final = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})
_TOLERANCE: Final = 2.0
_PATCH: Final = 60_000.0
"""Square points, about an eighth of a page."""
#: Box characters: some people print them over text they want to hide.
_BLACK: Final = frozenset("█■▇▉▊⬛")
_PALE: Final = 230
_FAINT: Final = 26
_HALF_OPAQUE: Final = 128
_ALIKE: Final = 24
_BAND: Final = 24.0
#: A page with more overlaps is a drawing in which everything overlaps.
_MOST_OVERLAPS: Final = 50_000

_FILLED: Final = frozenset({raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP})
_COVERS: Final = frozenset({PATH, IMAGE, SHADING})
#: Types of annotations that are drawn over what is below them.
COVERING: Final = frozenset(
    {
        *(raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_HIGHLIGHT),
        *(raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_LINE),
    }
)
_MOST_NOTES: Final = 2_000


@dataclass(eq=False)
class Suspect:
    """A text object that may not be visible, and why."""

    shape: Shape
    drawn: bool = True
    """False for text that is only there to be searched and copied, as over a scan."""
    transparent: bool = False
    masked: bool = False
    """It may be drawn through a soft mask; only rendering shows what is left of it."""
    tiny: bool = False
    layer: Any = None
    """Its optional-content mark, if it has one."""
    clip: PdfBox | None = None
    """Its visible part, None if it is not clipped."""
    fill: Colour | None = None
    """Its colour if that may be the background colour."""
    on_picture: bool = False
    """Its background is a picture, which may have its colour in places: only a completely invisible text counts."""
    covers: list[Shape] = field(default_factory=list)
    """Shapes drawn over it later."""
    characters: list[tuple[int, Box]] = field(default_factory=list)
    """Index and box of its characters, filled in by the visibility check."""


class Cover(NamedTuple):
    """An annotation over text; a redaction annotation that was never applied covers nothing yet."""

    boxes: list[PdfBox]
    redact: bool


def find_suspects(text: Text, shapes: list[Shape], *, layered: bool, masked: bool = False) -> list[Suspect]:
    """Return the text objects that need a closer check.

    `layered`: forms may belong to layers that are off; `masked`: something may be drawn through a soft mask.
    """
    suspects: dict[int, Suspect] = {}
    fills: dict[int, Colour] = {}
    layers: dict[int, bool] = {}
    looked: dict[int, Suspect] = {}
    texts = [shape for shape in shapes if shape.kind == TEXT]
    broad = [shape for shape in shapes if shape.kind in _COVERS and _is_broad(shape.box)]
    written = {text.object_at(index) for index, character in enumerate(text.text) if character in _BLACK}
    if written:
        broad = [shape for shape in shapes if shape in broad or (shape.kind == TEXT and shape.key in written)]
    if broad:
        text.set_missing_boxes(texts)
    for shape in texts:
        suspect = looked[shape.order] = Suspect(shape)
        suspect.masked = masked and _may_be_masked(shape, shapes)
        if _is_suspect(suspect, fills, layers, broad) or suspect.masked or (layered and shape.form is not None):
            suspects[shape.order] = suspect
    for shape, other, paint in _overlaps(texts, broad):
        if other.order > shape.order:
            suspects.setdefault(shape.order, looked[shape.order]).covers.append(other)
        elif shape.order in fills and (_is_similar(fills[shape.order], paint) if paint else _is_patch(other)):
            suspect = suspects.setdefault(shape.order, looked[shape.order])
            suspect.fill, suspect.on_picture = fills[shape.order], suspect.on_picture or not paint
    return [suspects[order] for order in sorted(suspects)]


def find_covers(page: Any, text: Text, shapes: list[Shape]) -> Iterator[Cover]:  # noqa: ANN401 (pypdfium2 has no types)
    """Yield the annotations of a page that are over text and may cover it."""
    count = min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)
    if not count:
        return
    text.set_missing_boxes(shapes)
    places = [shape.box for shape in shapes if shape.kind == TEXT]
    for index in range(count):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            redact = kind == raw.FPDF_ANNOT_REDACT
            boxes = list(_boxes(annotation, marked=redact)) if redact or kind in COVERING else []
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        if any(_overlap(box, place) for box in boxes for place in places):
            yield Cover(boxes, redact)


def _is_suspect(suspect: Suspect, fills: dict[int, Colour], layers: dict[int, bool], broad: list[Shape]) -> bool:
    """Fill in what PDFium knows of a text object; tell whether it may not be visible.

    Invisible text over an image was recognised from it: it is suspect only if something covers both.
    """
    shape = suspect.shape
    mode = raw.FPDFTextObj_GetTextRenderMode(shape.handle)
    suspect.drawn = mode not in _UNDRAWN
    if mode == raw.FPDF_TEXTRENDERMODE_CLIP:  # it may be the clip path of what is drawn next
        suspect.drawn = any(other.order > shape.order and contains_centre(other.box, shape.box) for other in broad)
    if mode in _FILLED and (fill := shape.fill):
        fills[shape.order] = fill
        suspect.transparent = fill[3] < _FAINT
        suspect.fill = fill if min(fill[:3]) >= _PALE else None
    left, bottom, right, top = shape.box
    narrow = right - left < _NARROW * (top - bottom)
    suspect.tiny = (narrow or min(top - bottom, right - left) < _TINY) and _size(shape) < _TINY
    suspect.layer = _layer(shape, layers)
    clip = shape.clip
    suspect.clip = clip if clip and not _contains(clip, shape.box) else None
    over = () if suspect.drawn else (other.box for other in broad if other.kind == IMAGE)
    loose = not suspect.drawn and not any(contains_centre(image, shape.box) for image in over)
    return loose or suspect.transparent or suspect.tiny or bool(suspect.fill or suspect.layer or suspect.clip)


def _size(shape: Shape) -> float:
    """Return the font size in points on the page, its width if it is squeezed."""
    size = ctypes.c_float()
    if not raw.FPDFTextObj_GetFontSize(shape.handle, size):
        return _TINY
    a, b, c, d, _, _ = combined(matrix_of(shape.handle), shape.matrix)
    return abs(size.value) * min(math.hypot(a, b), math.hypot(c, d))


def _may_be_masked(shape: Shape, shapes: list[Shape]) -> bool:
    """Return whether an object, or the form that contains it, uses a mask or transparency."""
    containing = shapes[shape.form] if shape.form is not None else shape
    return bool(raw.FPDFPageObj_HasTransparency(shape.handle) or raw.FPDFPageObj_HasTransparency(containing.handle))


def _layer(shape: Shape, layers: dict[int, bool]) -> Any:  # noqa: ANN401
    """Return the object's optional-content mark, if any; neighbouring objects share marks."""
    for index in range(raw.FPDFPageObj_CountMarks(shape.handle)):
        mark = raw.FPDFPageObj_GetMark(shape.handle, index)
        if not mark:
            continue
        key = address(mark)
        if key not in layers:
            layers[key] = _name(mark) == "OC"
        if layers[key]:
            return mark
    return None


def _name(mark: Any) -> str:  # noqa: ANN401
    buffer, length = (ctypes.c_ushort * 8)(), ctypes.c_ulong()
    if not raw.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length):
        return ""
    return bytes(buffer)[: max(0, length.value - 2)].decode("utf-16-le", "replace")


def _overlaps(texts: list[Shape], broad: list[Shape]) -> Iterator[tuple[Shape, Shape, Colour | None]]:
    """Yield each text object with each broad shape over or under it, and the colour of that if it is a path."""
    bands: dict[int, list[Shape]] = defaultdict(list)
    for text in texts:
        for band in _bands(text.box):
            bands[band].append(text)
    left = _MOST_OVERLAPS
    for other, paint in _possible_covers(broad):
        first = _bands(other.box).start
        for band in _bands(other.box):
            for text in bands.get(band, ()):
                if band == max(first, _bands(text.box).start) and _overlap(text.box, other.box):
                    yield text, other, paint
                    left -= 1
            if left < 0:
                return


def _possible_covers(shapes: list[Shape]) -> Iterator[tuple[Shape, Colour | None]]:
    """Yield the shapes that may cover something, paths with their colours."""
    for shape in shapes:
        if shape.kind != PATH:
            yield shape, None
        elif (paint := shape.paint()) and paint[3] >= _HALF_OPAQUE:
            yield shape, paint


def _bands(box: PdfBox) -> range:
    """Return the horizontal bands of the page that a box touches, none far outside any page."""
    low, high = max(box[1], -20_000.0), min(box[3], 20_000.0)
    return range(int(low // _BAND), int(high // _BAND) + 1)


def _is_broad(box: PdfBox) -> bool:
    return box[2] - box[0] > _MIN_COVER and box[3] - box[1] > _MIN_COVER


def _overlap(one: PdfBox, other: PdfBox) -> bool:
    """Return whether two boxes overlap by more than their edges."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > 1.0 and height > 0.3 * min(one[3] - one[1], other[3] - other[1])


def _contains(place: PdfBox, box: PdfBox) -> bool:
    """Return whether a box is inside another, with some tolerance."""
    return (
        place[0] - _TOLERANCE <= box[0]
        and place[1] - _TOLERANCE <= box[1]
        and box[2] <= place[2] + _TOLERANCE
        and box[3] <= place[3] + _TOLERANCE
    )


def _is_patch(shape: Shape) -> bool:
    """Return whether a picture may be the background of a few words; larger ones are letter paper and scans."""
    left, bottom, right, top = shape.box
    return shape.kind == IMAGE and (right - left) * (top - bottom) <= _PATCH


def _is_similar(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one[:3], other[:3], strict=True))


def _boxes(annotation: Any, *, marked: bool) -> Iterator[PdfBox]:  # noqa: ANN401
    """Yield the boxes of an annotation: its quads if `marked`, else its rectangle."""
    count = min(raw.FPDFAnnot_CountAttachmentPoints(annotation), _MOST_NOTES) if marked else 0
    quad = raw.FS_QUADPOINTSF()
    for index in range(count):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            yield min(xs), min(ys), max(xs), max(ys)
    rect = raw.FS_RECTF()
    if not count and raw.FPDFAnnot_GetRect(annotation, rect):
        yield rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)
