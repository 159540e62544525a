"""The objects drawn on a page, in drawing order, including those inside forms."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

from pypdfium2 import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PdfBox = tuple[float, float, float, float]
"""Left, bottom, right, top in points, in PDF coordinates."""
Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[int, int, int, int]
"""Red, green, blue, alpha from 0 to 255."""

TEXT: Final = raw.FPDF_PAGEOBJ_TEXT
PATH: Final = raw.FPDF_PAGEOBJ_PATH
IMAGE: Final = raw.FPDF_PAGEOBJ_IMAGE
SHADING: Final = raw.FPDF_PAGEOBJ_SHADING
FORM: Final = raw.FPDF_PAGEOBJ_FORM

_UPRIGHT: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: The fonts that PDFium has built in (ISO 32000-2, 9.6.2.2), except symbol fonts.
_STANDARD: Final = (b"Helvetica", b"Times-", b"Courier")
_LONGEST_NAME: Final = 40
#: A page with more objects is a drawing; the rest is not looked at.
_MOST_OBJECTS: Final = 20_000
_DEEPEST: Final = 8
#: Clip paths of an object, and segments of a path, beyond which the rest is ignored.
_MOST_CLIPS: Final = 8
_MOST_SEGMENTS: Final = 200
#: How many segments a rectangle has: closed implicitly or by a last line.
_RECTANGLE: Final = (4, 5)

# PDFium fills these; one worker reads one page at a time.
_EDGES: Final = [ctypes.c_float() for _ in range(4)]
_EDGE_REFERENCES: Final = [ctypes.byref(edge) for edge in _EDGES]
_CHANNELS: Final = [ctypes.c_uint() for _ in range(4)]
_CHANNEL_REFERENCES: Final = [ctypes.byref(channel) for channel in _CHANNELS]
_FILL_MODE: Final = ctypes.c_int()
_STROKED: Final = ctypes.c_int()
_WIDTH: Final = ctypes.c_float()


class Shape:
    """One object of a page: text, path, image, shading, or a form with more of them."""

    __slots__ = ("_box", "form", "handle", "kind", "matrix", "order")

    def __init__(self, handle: Any, kind: int, order: int, form: int | None, matrix: Matrix) -> None:  # noqa: ANN401
        """`matrix`: from the form's space to the page's; `form`: the order of the form that contains the object."""
        self.handle = handle
        self.kind = kind
        self.order = order
        self.form = form
        self.matrix = matrix
        self._box: PdfBox | None = None

    @property
    def key(self) -> int:
        """PDFium's key of the object."""
        return address(self.handle)

    @property
    def box(self) -> PdfBox:
        """Its bounds on the page; an empty box if PDFium has none."""
        if self._box is None:
            self._box = self._bounds()
        return self._box

    @box.setter
    def box(self, box: PdfBox) -> None:
        self._box = box

    def _bounds(self) -> PdfBox:
        if not raw.FPDFPageObj_GetBounds(self.handle, *_EDGE_REFERENCES):
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top = (edge.value for edge in _EDGES)
        if self.matrix is _UPRIGHT:
            return left, bottom, right, top
        corners = [self.point(x, y) for x in (left, right) for y in (bottom, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Convert a point from the form's space to the page's."""
        a, b, c, d, e, f = self.matrix
        return a * x + c * y + e, b * x + d * y + f

    @property
    def clip(self) -> PdfBox | None:
        """The bounds of its visible part; None if it is not clipped."""
        path = raw.FPDFPageObj_GetClipPath(self.handle)
        count = raw.FPDFClipPath_CountPaths(path) if path else 0
        held: PdfBox | None = None
        for index in range(min(count, _MOST_CLIPS)):
            box = self._clip_box(path, index)
            if box and held:
                held = max(box[0], held[0]), max(box[1], held[1]), min(box[2], held[2]), min(box[3], held[3])
            else:
                held = held or box
        return held

    def _clip_box(self, path: Any, index: int) -> PdfBox | None:  # noqa: ANN401
        """Return the bounds of one clip path. Nearly all are rectangles, for which two corners suffice."""
        count = min(raw.FPDFClipPath_CountPathSegments(path, index), _MOST_SEGMENTS)
        points = []
        for at in range(0, count, 2 if count in _RECTANGLE else 1):
            segment = raw.FPDFClipPath_GetPathSegment(path, index, at)
            if segment and raw.FPDFPathSegment_GetPoint(segment, *_EDGE_REFERENCES[:2]):
                x, y = _EDGES[0].value, _EDGES[1].value
                points.append((x, y) if self.matrix is _UPRIGHT else self.point(x, y))
        if not points:
            return None
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def fill(self) -> Colour | None:
        """Its fill colour."""
        return self._colour(raw.FPDFPageObj_GetFillColor)

    @property
    def stroke(self) -> Colour | None:
        """Its stroke colour."""
        return self._colour(raw.FPDFPageObj_GetStrokeColor)

    def _colour(self, get: Callable[..., int]) -> Colour | None:
        if not get(self.handle, *_CHANNEL_REFERENCES):
            return None
        red, green, blue, alpha = (channel.value for channel in _CHANNELS)
        return red, green, blue, alpha

    @property
    def origin(self) -> tuple[int, int]:
        """Its origin, rounded to points; that of a text does not depend on its font."""
        *_, x, y = combined(matrix_of(self.handle), self.matrix)
        return round(x), round(y)

    @property
    def always_draws(self) -> bool:
        """Whether the object is drawn on any machine: a text only if its font is embedded or built in."""
        if self.kind != TEXT:
            return bool(self.kind != FORM)
        font = raw.FPDFTextObj_GetFont(self.handle)
        return bool(font) and (raw.FPDFFont_GetIsEmbedded(font) == 1 or _base_name(font).startswith(_STANDARD))

    def paint(self) -> Colour | None:
        """Return the colour of a path that covers an area: its fill, else that of a very broad line."""
        raw.FPDFPath_GetDrawMode(self.handle, _FILL_MODE, _STROKED)
        if _FILL_MODE.value:
            return self.fill
        if _STROKED.value and raw.FPDFPageObj_GetStrokeWidth(self.handle, _WIDTH) and _WIDTH.value >= 3.0:
            return self.stroke
        return None


def _base_name(font: Any) -> bytes:  # noqa: ANN401 (pypdfium2 has no types)
    """Return the name of a font, b"" if it is longer than any built-in one's."""
    buffer = ctypes.create_string_buffer(_LONGEST_NAME)
    size = raw.FPDFFont_GetBaseFontName(font, buffer, _LONGEST_NAME)
    return buffer.value if size <= _LONGEST_NAME else b""


def address(handle: Any) -> int:  # noqa: ANN401 (pypdfium2 has no types)
    """Return the identity of a PDFium object."""
    return ctypes.addressof(handle.contents)


def page_shapes(page: Any) -> list[Shape]:  # noqa: ANN401 (pypdfium2 has no types)
    """Return the objects of a pdfium page; a form comes before its content."""
    shapes: list[Shape] = []
    total = min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    _gather((raw.FPDFPage_GetObject(page, index) for index in range(total)), shapes, None, _UPRIGHT, 0)
    return shapes


def _gather(handles: Iterator[Any], shapes: list[Shape], form: int | None, matrix: Matrix, depth: int) -> None:
    for handle in handles:
        kind = raw.FPDFPageObj_GetType(handle)
        shape = Shape(handle, kind, len(shapes), form, matrix)
        shapes.append(shape)
        if len(shapes) >= _MOST_OBJECTS:
            return
        if kind == FORM and depth < _DEEPEST:
            total = min(raw.FPDFFormObj_CountObjects(handle), _MOST_OBJECTS)
            inside = (raw.FPDFFormObj_GetObject(handle, index) for index in range(total))
            _gather(inside, shapes, shape.order, combined(matrix_of(handle), matrix), depth + 1)


def matrix_of(handle: Any) -> Matrix:  # noqa: ANN401
    """Return the object's own matrix."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def combined(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that does `first` and then `then`."""
    if then is _UPRIGHT:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
