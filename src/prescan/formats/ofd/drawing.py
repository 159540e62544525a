"""The content of an OFD page in drawing order: characters with their concealment, lines, pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from prescan.formats.boxes import contains_centre, union
from prescan.formats.ofd import clips
from prescan.formats.ofd.looks import WHITE, WHITE_TEXT, edges_of, fill_of, text_concealment
from prescan.formats.ofd.place import (
    IDENTITY,
    box_of,
    deltas,
    is_rectangle,
    mapped_box,
    matrix_scale,
    number,
    placed,
)
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from prescan.formats.ofd.place import Matrix
    from prescan.formats.pdf.grid import Box

_DEEPEST: Final = 20
_OBJECTS_AT_MOST: Final = 200_000
"""Objects and characters of one page; beyond this limit the rest is not read, which is reported."""
_ASCENT: Final = 0.86
_USUAL_SIZE: Final = 4.0
_CUT_OFF: Final = ("hidden_text", "被裁去、看不到的文字")
_SHEET: Final = 0.5
_SAME_LINE: Final = 0.5
_LAYERS: Final = {"Background": -1, "Foreground": 1}
_HALF_WIDTH: Final = re.compile(r"[\x20-\x7e]")
_RULES_AT_MOST: Final = 50_000


@dataclass(slots=True)
class Glyph:
    """One character, its box, and why it cannot be seen."""

    char: str
    box: Box
    hidden: str | None = None
    note: str = ""


class Placed(NamedTuple):
    """A character, its origin on the base line and its advance, in the space of its object."""

    char: str
    x: float
    y: float
    width: float


@dataclass
class PageContent:
    """The content of a page."""

    width: float
    height: float
    segments: list[list[Glyph]] = field(default_factory=list)
    """Runs of characters on one line, in drawing order."""
    rules: list[Box] = field(default_factory=list)
    """Straight lines and the edges of rectangles."""
    pictures: list[Box] = field(default_factory=list)
    picture_resources: list[str] = field(default_factory=list)
    """The resource ids of the pictures."""
    paths: int = 0
    objects: int = 0
    """Number of objects and characters so far; beyond the limit the rest was left out."""

    @property
    def is_truncated(self) -> bool:
        """Whether something was left out."""
        return self.objects > _OBJECTS_AT_MOST


class Painter(Protocol):
    """Paints what a pen draws on a picture; matrices map from the space of an object to the page."""

    def text(self, item: etree._Element, code: etree._Element, chars: list[Placed], matrix: Matrix) -> None:
        """Paint the characters of a TextCode."""

    def path(self, item: etree._Element, matrix: Matrix) -> None:
        """Paint a path object."""

    def image(self, item: etree._Element, matrix: Matrix) -> None:
        """Paint an image object; `matrix`: that of its parent."""


class Pen:
    """Collects the objects of pages; `resource` finds the vector unit of a composite object."""

    def __init__(
        self,
        page: PageContent,
        resource: Callable[[str], etree._Element | None],
        painter: Painter | None = None,
        is_opaque: Callable[[str], bool] | None = None,
    ) -> None:
        """Collect into `page`, and paint with `painter`; `is_opaque`: tells whether a picture resource is opaque."""
        self._solid = is_opaque
        self._painter = painter
        self._drawn = page
        self._resource = resource
        self._fills: list[tuple[Box, list[int]]] = []

    def draw(self, element: etree._Element, matrix: Matrix = IDENTITY, depth: int = 0, *, visible: bool = True) -> None:
        """Draw everything below `element`; painted only if `visible`."""
        if depth > _DEEPEST:
            return
        for item in sorted(element, key=_layer):
            self._drawn.objects += 1
            if self._drawn.is_truncated:
                return
            name = LOCAL_NAME[item.tag]
            item_visible = visible and attribute(item, "Visible").lower() != "false"
            if name in {"Content", "Layer", "PageBlock", "Block", "Appearance"}:
                self.draw(
                    item, placed(item, matrix) if name == "Appearance" else matrix, depth + 1, visible=item_visible
                )
            elif name == "CompositeObject":
                unit = self._resource(attribute(item, "ResourceID"))
                if unit is not None:
                    self.draw(unit, placed(item, matrix), depth + 1, visible=item_visible)
            else:
                self._object(name, item, matrix, self._painter if item_visible else None, visible=item_visible)

    def cover(self, drawn_later: Pen) -> None:
        """Cover what was drawn with the opaque rectangles of another pen: annotations come after the page."""
        for area, colour in drawn_later._fills:
            self._cover(area, colour)

    def _object(
        self, name: str, item: etree._Element, matrix: Matrix, painter: Painter | None, *, visible: bool
    ) -> None:
        """Draw an object without children; one that is not `visible` covers nothing."""
        if name == "TextObject":
            self._text(item, placed(item, matrix), painter)
        elif name == "PathObject":
            self._path(item, placed(item, matrix), visible=visible)
            if painter:
                painter.path(item, placed(item, matrix))
        elif name == "ImageObject":
            self._drawn.pictures.append(box_of(item, matrix))
            self._drawn.picture_resources.append(attribute(item, "ResourceID"))
            if visible and self._solid:
                self._picture(item, matrix, self._solid)
            if painter:
                painter.image(item, matrix)

    def _text(self, item: etree._Element, matrix: Matrix, painter: Painter | None) -> None:
        size = number(attribute(item, "Size"), _USUAL_SIZE)
        stretch = number(attribute(item, "HScale"), 1.0)
        hidden, note = text_concealment(item, size * matrix_scale(matrix))
        left_over = clips.visible_box(item, matrix)
        for code in item:
            if LOCAL_NAME[code.tag] != "TextCode" or not code.text:
                continue
            text = str(code.text)
            left = deltas(attribute(code, "DeltaX"))
            down = deltas(attribute(code, "DeltaY"))
            x, y = number(attribute(code, "X"), 0.0), number(attribute(code, "Y"), size)
            segment: list[Glyph] = []
            chars: list[Placed] = []
            for at, char in enumerate(text):
                self._drawn.objects += 1
                if self._drawn.is_truncated:
                    return
                advance = size * stretch * (0.5 if _HALF_WIDTH.match(char) else 1.0)
                step = left[at] if at < len(left) else (0.0 if down else advance)
                width = min(advance, step) if 0 < step < advance else advance
                chars.append(Placed(char, x, y, width))
                box = mapped_box((x, y - size * _ASCENT, x + width, y + size * (1 - _ASCENT)), matrix)
                visible = note == WHITE_TEXT and not self._on_white(box)
                reason = (None, "") if visible else (hidden, note)
                if left_over and not hidden and _is_apart(left_over, box):
                    reason = _CUT_OFF
                segment.append(Glyph(char, box, *reason))
                fall = down[at] if at < len(down) else 0.0
                x, y = x + step, y + fall
                if abs(fall) > size * _SAME_LINE or step < 0:
                    self._drawn.segments.append(segment)
                    segment = []
            if segment:
                self._drawn.segments.append(segment)
            if painter:
                painter.text(item, code, chars, matrix)

    def _picture(self, item: etree._Element, matrix: Matrix, is_opaque: Callable[[str], bool]) -> None:
        """Cover what is behind a picture, unless it fills most of the page: that is a scan with its text."""
        area, own = box_of(item, matrix), placed(item, matrix)
        area = _intersection(area, mapped_box((0.0, 0.0, 1.0, 1.0), own)) if attribute(item, "CTM") else area
        large = _SHEET * self._drawn.width * self._drawn.height
        plain = attribute(item, "Alpha") in {"", "255"} and not attribute(item, "ImageMask")
        behind = any(contains_centre(area, glyph.box) for segment in self._drawn.segments for glyph in segment)
        small = (area[2] - area[0]) * (area[3] - area[1]) < large
        if plain and behind and small and is_opaque(attribute(item, "ResourceID")):
            self._hide(_clipped_box(item, own, area), "图片下的文字")

    def _path(self, item: etree._Element, matrix: Matrix, *, visible: bool) -> None:
        self._drawn.paths += 1
        edges, moves = edges_of(item, matrix)
        if len(self._drawn.rules) < _RULES_AT_MOST:
            self._drawn.rules += edges
        colour = fill_of(item)
        if visible and colour is not None and moves == 1 and is_rectangle(edges):
            self._cover(_clipped_box(item, matrix, union(edges)), colour)

    def _cover(self, area: Box, colour: list[int]) -> None:
        """Paint a rectangle: characters drawn before are hidden, white ones drawn later may be visible."""
        self._fills.append((area, colour))
        self._hide(area, "方块下的文字")

    def _hide(self, area: Box, note: str) -> None:
        for segment in self._drawn.segments:
            for glyph in segment:
                if contains_centre(area, glyph.box):
                    glyph.hidden, glyph.note = "fake_redaction", note

    def _on_white(self, box: Box) -> bool:
        """Return whether the background at `box` is white."""
        if any(contains_centre(picture, box) for picture in self._drawn.pictures):
            return False
        painted = next((colour for area, colour in reversed(self._fills) if contains_centre(area, box)), None)
        return painted is None or (bool(painted) and min(painted) >= WHITE)


def _layer(item: etree._Element) -> int:
    """Return the position of an object in drawing order: layers lie below or above the body."""
    return _LAYERS.get(attribute(item, "Type"), 0) if LOCAL_NAME[item.tag] == "Layer" else 0


def _clipped_box(item: etree._Element, matrix: Matrix, area: Box) -> Box:
    """Return the part of an object's box that clips leave."""
    cut = clips.visible_box(item, matrix)
    return area if cut is None else _intersection(area, cut)


def _intersection(one: Box, other: Box) -> Box:
    """Return the intersection of two boxes; if they are disjoint, right < left or bottom < top."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _is_apart(one: Box, other: Box) -> bool:
    """Return whether two boxes are disjoint."""
    left, top, right, bottom = _intersection(one, other)
    return left >= right or top >= bottom
