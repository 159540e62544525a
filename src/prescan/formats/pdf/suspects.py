"""Which text of a page may not be seen, told cheaply from what PDFium knows of each object, without drawing."""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pypdfium2 import raw

from prescan.formats.boxes import contains_centre
from prescan.formats.pdf.shapes import IMAGE, PATH, SHADING, TEXT, address, matrix_of, multiplied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.pdf.grid import Box
    from prescan.formats.pdf.shapes import Colour, PdfBox, Shape
    from prescan.formats.pdf.text import Text

_BROAD: Final = 3.0
"""Thinner shapes are lines and cover nothing."""
_TINY: Final = 1.0
"""Type smaller than this many points cannot be read."""
_NARROW: Final = 0.6
"""A text so much narrower than high is one character, or squeezed."""
_UNDRAWN: Final = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})
_RIM: Final = 2.0
_PATCH: Final = 60_000.0
"""Square points, an eighth of a page."""
#: Characters that are boxes: some people write them over a text they want to hide.
_BLACK: Final = frozenset("█■▇▉▊⬛")
_PALE: Final = 230
_FAINT: Final = 26
_HALF_OPAQUE: Final = 128
_ALIKE: Final = 24
_BAND: Final = 24.0
#: Above this a page is a drawing in which text and shapes lie over each other everywhere.
_MOST_OVERLAPS: Final = 50_000

_FILLED: Final = frozenset({raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_FILL_CLIP})
_COVERS: Final = frozenset({PATH, IMAGE, SHADING})
#: Kinds of annotation that are drawn over what they stand on.
COVERING: Final = frozenset(
    {
        *(raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_HIGHLIGHT),
        *(raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_LINE),
    }
)
_MOST_NOTES: Final = 2_000


@dataclass(eq=False)
class Suspect:
    """A text object that may not be seen, and what speaks against it."""

    shape: Shape
    drawn: bool = True
    """False for text that is only there to be found and copied, as over a scan."""
    transparent: bool = False
    masked: bool = False
    """It may be drawn through a mask: only drawing tells what is left of it."""
    tiny: bool = False
    layer: Any = None
    """Its mark of optional content."""
    clip: PdfBox | None = None
    """What the page shows of it, if that is not all."""
    fill: Colour | None = None
    """Its colour if that may be the colour of its ground."""
    patched: bool = False
    """Its ground is a picture, which may have its colour in places: all of it must be unseen."""
    covers: list[Shape] = field(default_factory=list)
    """What is drawn over it later."""
    characters: list[tuple[int, Box]] = field(default_factory=list)
    """Index and place of its characters, filled in by who looks closer."""


class Cover(NamedTuple):
    """An annotation that stands on text; a mark for redaction that was never applied covers nothing yet."""

    boxes: list[PdfBox]
    redact: bool


def find_suspects(text: Text, shapes: list[Shape], *, layered: bool, masked: bool = False) -> list[Suspect]:
    """Return the text objects that need a closer look.

    If `layered`, forms may belong to layers that are off; if `masked`, something may be drawn through a mask.
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
        text.widen(texts)
    for shape in texts:
        suspect = looked[shape.order] = Suspect(shape)
        suspect.masked = masked and _is_clear(shape, shapes)
        if _look(suspect, fills, layers, broad) or suspect.masked or (layered and shape.form is not None):
            suspects[shape.order] = suspect
    for shape, other, paint in _overlaps(texts, broad):
        if other.order > shape.order:
            suspects.setdefault(shape.order, looked[shape.order]).covers.append(other)
        elif shape.order in fills and (_alike(fills[shape.order], paint) if paint else _is_patch(other)):
            suspect = suspects.setdefault(shape.order, looked[shape.order])
            suspect.fill, suspect.patched = fills[shape.order], suspect.patched or not paint
    return [suspects[order] for order in sorted(suspects)]


def find_covers(page: Any, text: Text, shapes: list[Shape]) -> Iterator[Cover]:  # noqa: ANN401 (pypdfium2 has no types)
    """Yield the annotations of a page that stand on text and may cover it."""
    count = min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)
    if not count:
        return
    text.widen(shapes)
    places = [shape.box for shape in shapes if shape.kind == TEXT]
    for index in range(count):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(note)
            redact = kind == raw.FPDF_ANNOT_REDACT
            boxes = list(_boxes(note, marked=redact)) if redact or kind in COVERING else []
        finally:
            raw.FPDFPage_CloseAnnot(note)
        if any(_overlap(box, place) for box in boxes for place in places):
            yield Cover(boxes, redact)


def _look(suspect: Suspect, fills: dict[int, Colour], layers: dict[int, bool], broad: list[Shape]) -> bool:
    """Take in what PDFium says of a text object; tell whether anything speaks against it.

    Text that is not drawn, over an image, was recognised in it: nothing speaks against it but what covers both.
    """
    shape = suspect.shape
    mode = raw.FPDFTextObj_GetTextRenderMode(shape.handle)
    suspect.drawn = mode not in _UNDRAWN
    if mode == raw.FPDF_TEXTRENDERMODE_CLIP:  # it may be the outline of what is drawn next
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
    suspect.clip = clip if clip and not _holds(clip, shape.box) else None
    over = () if suspect.drawn else (other.box for other in broad if other.kind == IMAGE)
    loose = not suspect.drawn and not any(contains_centre(image, shape.box) for image in over)
    return loose or suspect.transparent or suspect.tiny or bool(suspect.fill or suspect.layer or suspect.clip)


def _size(shape: Shape) -> float:
    """Return the size of type in points on the page, its width if it is squeezed."""
    size = ctypes.c_float()
    if not raw.FPDFTextObj_GetFontSize(shape.handle, size):
        return _TINY
    a, b, c, d, _, _ = multiplied(matrix_of(shape.handle), shape.matrix)
    return abs(size.value) * min(math.hypot(a, b), math.hypot(c, d))


def _is_clear(shape: Shape, shapes: list[Shape]) -> bool:
    """Tell whether an object, or the form that holds it, is drawn with a mask or lets its ground through."""
    held = shapes[shape.form] if shape.form is not None else shape
    return bool(raw.FPDFPageObj_HasTransparency(shape.handle) or raw.FPDFPageObj_HasTransparency(held.handle))


def _layer(shape: Shape, layers: dict[int, bool]) -> Any:  # noqa: ANN401
    """Return the object's mark of optional content, if it has one; neighbours share their marks."""
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
    """Yield each text object with each broad shape that lies over or under it, and the colour of a path."""
    bands: dict[int, list[Shape]] = defaultdict(list)
    for text in texts:
        for band in _bands(text.box):
            bands[band].append(text)
    left = _MOST_OVERLAPS
    for other, paint in _painted(broad):
        first = _bands(other.box).start
        for band in _bands(other.box):
            for text in bands.get(band, ()):
                if band == max(first, _bands(text.box).start) and _overlap(text.box, other.box):
                    yield text, other, paint
                    left -= 1
            if left < 0:
                return


def _painted(shapes: list[Shape]) -> Iterator[tuple[Shape, Colour | None]]:
    """Yield the shapes that may cover something, paths with their colour."""
    for shape in shapes:
        if shape.kind != PATH:
            yield shape, None
        elif (paint := shape.paint()) and paint[3] >= _HALF_OPAQUE:
            yield shape, paint


def _bands(box: PdfBox) -> range:
    """Return the level bands of the page that a box touches; what lies far outside of any page has none."""
    low, high = max(box[1], -20_000.0), min(box[3], 20_000.0)
    return range(int(low // _BAND), int(high // _BAND) + 1)


def _is_broad(box: PdfBox) -> bool:
    return box[2] - box[0] > _BROAD and box[3] - box[1] > _BROAD


def _overlap(one: PdfBox, other: PdfBox) -> bool:
    """Tell whether two boxes share more than a rim."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > 1.0 and height > 0.3 * min(one[3] - one[1], other[3] - other[1])


def _holds(place: PdfBox, box: PdfBox) -> bool:
    """Tell whether a box lies in a place, but for a rim."""
    return (
        place[0] - _RIM <= box[0]
        and place[1] - _RIM <= box[1]
        and box[2] <= place[2] + _RIM
        and box[3] <= place[3] + _RIM
    )


def _is_patch(shape: Shape) -> bool:
    """Tell whether a picture may be a ground for a few words; larger ones are letter paper and scans."""
    left, bottom, right, top = shape.box
    return shape.kind == IMAGE and (right - left) * (top - bottom) <= _PATCH


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _ALIKE for a, b in zip(one[:3], other[:3], strict=True))


def _boxes(note: Any, *, marked: bool) -> Iterator[PdfBox]:  # noqa: ANN401
    """Yield the places of an annotation: those it marks, else the whole of it."""
    count = min(raw.FPDFAnnot_CountAttachmentPoints(note), _MOST_NOTES) if marked else 0
    quad = raw.FS_QUADPOINTSF()
    for index in range(count):
        if raw.FPDFAnnot_GetAttachmentPoints(note, index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            yield min(xs), min(ys), max(xs), max(ys)
    rect = raw.FS_RECTF()
    if not count and raw.FPDFAnnot_GetRect(note, rect):
        yield rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)
