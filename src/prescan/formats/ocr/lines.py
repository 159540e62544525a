"""The output of a recogniser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from prescan.formats.pdf.grid import Box

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Top left, top right, bottom right, bottom left."""


class RecognisedLine(NamedTuple):
    """A recognised line of text."""

    text: str
    score: float
    """How sure the recogniser is, 0 to 1."""
    corners: Corners

    @property
    def box(self) -> Box:
        """Its bounding box."""
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        return min(xs), min(ys), max(xs), max(ys)

    def moved(self, scale: float, left: float = 0.0, top: float = 0.0) -> RecognisedLine:
        """Return the line with its corners scaled, then moved."""
        first, second, third, fourth = ((x * scale + left, y * scale + top) for x, y in self.corners)
        return self._replace(corners=(first, second, third, fourth))


Recogniser = Callable[[Any], list[RecognisedLine]]
"""Takes a picture as an array of RGB pixels, rows from the top; corners are in pixels."""


class Sheet(NamedTuple):
    """The content of a picture, in points from its top left."""

    lines: list[RecognisedLine]
    rules: list[Box]
    """Straight lines, after the picture was turned upright by `angle`."""
    size: tuple[float, float]
    angle: float
    """Slope of the text lines in degrees to the right; 0 for a straight scan."""
    blank: bool
