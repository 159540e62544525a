"""Paints the objects of an OFD page on a picture: characters, paths and pictures in their colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageDraw

from prescan.errors import ReadError
from prescan.formats.image.pixels import decode_picture, open_picture
from prescan.formats.ofd import strokes
from prescan.formats.ofd.clips import clip_figures
from prescan.formats.ofd.place import IDENTITY, NUMBER, POINTS, combined, matrix_scale, number, placed, within
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml import etree

    from prescan.formats.ofd.drawing import Placed
    from prescan.formats.ofd.fonts import Fonts, Letter
    from prescan.formats.ofd.place import Matrix

_WORK_AT_MOST: Final = 1_500_000_000
"""Limit of pixels painted on one page, overlapping ones counted each time; the rest of a drawing is left out."""
_PICTURE_PIXELS_AT_MOST: Final = 40_000_000
_PICTURES_HELD: Final = 4
_USUAL_SIZE: Final = 4.0
_USUAL_LINE: Final = 0.353
_LARGEST_LETTER: Final = 800.0
_EVEN: Final = 0.02
"""A letter whose matrix differs less than this from its font's is drawn directly on the page."""
_GREY: Final = (150, 150, 150)
_BLACK: Final = (0, 0, 0)
_ANCESTORS_AT_MOST: Final = 10
_GLYPHS_AT_MOST: Final = 0xFFFF
_HEX: Final = re.compile(r"#([0-9a-fA-F]{1,2})")
_TURNS: Final[dict[str, Matrix]] = {
    "90": (0, 1, -1, 0, 0, 0),
    "180": (-1, 0, 0, -1, 0, 0),
    "270": (0, -1, 1, 0, 0, 0),
}
_BROKEN: Final = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError)

Colour = tuple[tuple[int, ...], int]


class Canvas:
    """The picture of a page, white at first."""

    def __init__(
        self,
        size: tuple[int, int],
        scale: float,
        fonts: Fonts,
        params: Mapping[str, etree._Element],
        picture: Callable[[str], bytes],
    ) -> None:
        """`scale`: pixels per point; `params`: the drawing parameters; `picture`: returns the picture of a resource."""
        self.page = Image.new("RGB", size, "white")
        self._pen = ImageDraw.Draw(self.page)
        millimetre = scale * POINTS
        self._view: Matrix = (millimetre, 0.0, 0.0, millimetre, 0.0, 0.0)
        self._fonts = fonts
        self._params = params
        self._picture = picture
        self._pictures: dict[str, Image.Image | None] = {}
        self._work = 0

    @property
    def is_truncated(self) -> bool:
        """Whether something was left out."""
        return self._work > _WORK_AT_MOST

    def text(self, item: etree._Element, code: etree._Element, chars: list[Placed], matrix: Matrix) -> None:
        """Paint the characters of a TextCode."""
        colour = self._colour(item, "FillColor", _BLACK)
        if attribute(item, "Fill").lower() == "false":
            colour = self._colour(item, "StrokeColor", _BLACK)
        size = number(self._attribute(item, "Size"), _USUAL_SIZE)
        stretch = number(attribute(item, "HScale"), 1.0)
        onto = combined(matrix, self._view)
        pixels = min(_LARGEST_LETTER, size * matrix_scale(onto))
        turn = _TURNS.get(attribute(item, "CharDirection"), IDENTITY)
        glyphs = _glyphs(code, len(chars))
        if not pixels >= 1 or not colour[1]:  # nor if it is no number
            return
        for at, (char, x, y, width) in enumerate(chars):
            if self.is_truncated:
                return
            if char.isspace():
                continue
            letter = self._fonts.letter(attribute(item, "Font"), char, glyphs.get(at), pixels)
            own = combined(turn, (1.0, 0.0, 0.0, 1.0, x, y))
            if letter is None:
                self._frame(combined(own, onto), (0, -0.8 * size, 0.9 * width, 0.1 * size))
                continue
            advance = letter.font.getlength(letter.text) * size / pixels
            squeezed = stretch if letter.own or advance <= width else width / advance
            unit = size / pixels
            self._letter(letter, combined((unit * squeezed, 0, 0, unit, 0, 0), combined(own, onto)), colour)

    def _letter(self, letter: Letter, matrix: Matrix, colour: Colour) -> None:
        """Paint a letter; `matrix`: from the pixels of its font, relative to its base line, to the page."""
        a, b, c, d, e, f = matrix
        left, top, right, bottom = letter.font.getbbox(letter.text, anchor="ls")
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (top, bottom)]
        region = strokes.region_of(corners, 1, self.page.size)
        if region is None:
            return
        if colour[1] == 255 and max(abs(a - 1), abs(b), abs(c), abs(d - 1)) < _EVEN:
            self._work += strokes.work_of(region)
            self._pen.text((e, f), letter.text, fill=colour[0], font=letter.font, anchor="ls")
            return
        width, height = int(right - left) + 4, int(bottom - top) + 4
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).text((2 - left, 2 - top), letter.text, fill=255, font=letter.font, anchor="ls")
        self._paste(colour, mask, combined((1, 0, 0, 1, left - 2, top - 2), matrix), region)

    def path(self, item: etree._Element, matrix: Matrix) -> None:
        """Paint a path object."""
        data = next((str(one.text) for one in item if LOCAL_NAME[one.tag] == "AbbreviatedData" and one.text), "")
        figures = strokes.figures(data, combined(matrix, self._view))
        filled = attribute(item, "Fill").lower() == "true"
        drawn = attribute(item, "Stroke").lower() != "false"
        thick = matrix_scale(combined(matrix, self._view))
        width = number(self._attribute(item, "LineWidth"), _USUAL_LINE) * thick
        points = [point for figure in figures for point in figure]
        region = strokes.region_of(points, width / 2 + 1, self.page.size) if points else None
        if region is None or self.is_truncated:
            return
        if filled:
            even_odd = attribute(item, "Rule").lower() == "even-odd"
            self._work += strokes.work_on(figures, 0, region)
            if self.is_truncated:
                return
            mask = strokes.area(figures, region, even_odd=even_odd)
            for clip in filter(None, clip_figures(item, combined(matrix, self._view), strokes.figures)):
                self._work += strokes.work_on(clip, 0, region)
                if self.is_truncated:
                    return
                mask = ImageChops.multiply(mask, strokes.area(clip, region, even_odd=False))
            self._stain(self._colour(item, "FillColor", _BLACK), mask, region)
        self._work += strokes.work_on(figures, width, region) if drawn and width else 0
        if drawn and not self.is_truncated:
            self._stain(self._colour(item, "StrokeColor", _BLACK), strokes.lines(figures, width, region), region)

    def _resource(self, name: str) -> Image.Image | None:
        """Return the picture of a resource, None if it cannot be shown."""
        if name not in self._pictures:
            if len(self._pictures) >= _PICTURES_HELD:
                self._pictures.clear()
            self._pictures[name] = _decoded(self._picture(name))
            shown = self._pictures[name]
            self._work += shown.width * shown.height if shown else 0
        return self._pictures[name]

    def image(self, item: etree._Element, matrix: Matrix) -> None:
        """Paint an image object, a unit square that its CTM or its Boundary stretches."""
        corner = [float(value) for value in NUMBER.findall(attribute(item, "Boundary"))]
        wide, high = (corner[2], corner[3]) if len(corner) == 4 else (0.0, 0.0)
        square = (1.0, 1.0) if attribute(item, "CTM") else (wide, high)
        own = combined(placed(item, matrix), self._view)
        shown = None if self.is_truncated else self._resource(attribute(item, "ResourceID"))
        a, b, c, d, e, f = own
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (0, square[0]) for y in (0, square[1])]
        region = strokes.region_of(corners, 0, self.page.size)
        if region is None or self.is_truncated:
            return
        if shown is None:
            self._frame(own, (0, 0, *square))
            return
        # Far larger than shown, a picture is first made smaller: every pixel of it then counts.
        spread = max(abs(a) + abs(c), abs(b) + abs(d)) * max(square)
        factor = max(1, int(max(shown.size) / max(1.0, 2 * spread)))
        small = shown.reduce(factor) if factor > 1 else shown
        inner = combined((square[0] / small.width, 0, 0, square[1] / small.height, 0, 0), own)
        self._paste((_BLACK, _opacity(item)), small, inner, region)

    def _frame(self, matrix: Matrix, box: tuple[float, float, float, float]) -> None:
        """Draw a grey frame in place of something that cannot be shown."""
        a, b, c, d, e, f = matrix
        left, top, right, bottom = box
        around = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        points = [(a * x + c * y + e, b * x + d * y + f) for x, y in around]
        if region := strokes.region_of(points, 1, self.page.size):
            self._stain((_GREY, 255), strokes.lines([points], 1.0, region), region)

    def _paste(self, colour: Colour, shown: Image.Image, matrix: Matrix, region: strokes.Region) -> None:
        """Paint a mask in a colour, or a picture, transformed by `matrix`."""
        a, b, c, d, e, f = combined(matrix, (1, 0, 0, 1, -region[0], -region[1]))
        whole = a * d - b * c
        if abs(whole) < 1e-9:
            return
        back = d / whole, -c / whole, (c * f - d * e) / whole, -b / whole, a / whole, (b * e - a * f) / whole
        size = region[2] - region[0], region[3] - region[1]
        affine, smooth = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        if shown.mode == "L":
            self._stain(colour, shown.transform(size, affine, back, smooth), region)
            return
        self._work += size[0] * size[1]
        moved = shown.transform(size, affine, back, smooth)
        mask = moved.getchannel("A").point(lambda value: value * colour[1] // 255)
        self.page.paste(moved.convert("RGB"), region[:2], mask)

    def _stain(self, colour: Colour, mask: Image.Image, region: strokes.Region) -> None:
        self._work += strokes.work_of(region)
        paint, opacity = colour
        mask = mask if opacity == 255 else mask.point(lambda value: value * opacity // 255)
        self.page.paste(paint, region[:2], mask)

    def _attribute(self, item: etree._Element, name: str) -> str:
        """Return an attribute of an object, or of its drawing parameters."""
        return attribute(item, name) or next(filter(None, (attribute(one, name) for one in self._styles(item))), "")

    def _colour(self, item: etree._Element, name: str, default: tuple[int, ...]) -> Colour:
        """Return a colour of an object with its opacity."""
        for one in (item, *self._styles(item)):
            for child in one:
                if LOCAL_NAME[child.tag] == name:
                    paint, opacity = _colour(child, default)
                    return paint, opacity * _opacity(item) // 255
        return default, _opacity(item)

    def _styles(self, item: etree._Element) -> Iterator[etree._Element]:
        """Yield the drawing parameters of an object, and those of its ancestors."""
        above: etree._Element | None = item
        for _ in range(_ANCESTORS_AT_MOST):
            if above is None:
                return
            name = attribute(above, "DrawParam")
            for _ in range(_ANCESTORS_AT_MOST):
                param = self._params.get(name) if name else None
                if param is None:
                    break
                yield param
                name = attribute(param, "Relative")
            above = above.getparent()


def _colour(given: etree._Element, default: tuple[int, ...]) -> Colour:
    """Return the colour in an element; of a shading its first one."""
    inner = [one for one in given.iter() if one is not given and LOCAL_NAME[one.tag] == "Color"]
    values = next((held for one in [*inner, given] if (held := _channels(attribute(one, "Value")))), [])
    if len(values) == 4:
        values = [(255 - value) * (255 - values[3]) // 255 for value in values[:3]]
    values = values * 3 if len(values) == 1 else values
    return (tuple(values[:3]) if len(values) >= 3 else default), _opacity(given)


def _channels(text: str) -> list[int]:
    hexadecimal = [float(int(value, 16)) for value in _HEX.findall(text)]
    return [within(value, 255) for value in hexadecimal or map(float, NUMBER.findall(text))]


def _opacity(item: etree._Element) -> int:
    return within(number(attribute(item, "Alpha"), 255), 255)


def _glyphs(code: etree._Element, count: int) -> dict[int, int]:
    """Return the glyph numbers of characters, where one glyph stands for one character."""
    found: dict[int, int] = {}
    before = code.getprevious()
    while before is not None and LOCAL_NAME[before.tag] == "CGTransform":
        at = within(number(attribute(before, "CodePosition"), 0), count)
        glyphs = [
            within(float(value), _GLYPHS_AT_MOST) for one in before for value in NUMBER.findall(str(one.text or ""))
        ]
        if number(attribute(before, "CodeCount"), 1) == len(glyphs):
            found.update((at + step, glyph) for step, glyph in enumerate(glyphs[:count]))
        before = before.getprevious()
    return found


def _decoded(data: bytes) -> Image.Image | None:
    """Return a picture with its transparency, None if it cannot be shown."""
    try:
        image = open_picture(data) if data else None
        if image is None or image.width * image.height > _PICTURE_PIXELS_AT_MOST:
            return None
        clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
        return (image if clear else decode_picture(image)).convert("RGBA")
    except (ReadError, Image.DecompressionBombError, *_BROKEN):
        return None
