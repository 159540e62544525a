"""Shapes of a slide that lie over text: a box somebody drew to hide what it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.drawn_colour import has_text, is_opaque_box
from prescan.formats.media import is_opaque

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.formats.drawingml import Box, Shape
    from prescan.formats.office_parts import Parts

_MOST: Final = 0.8
"""So much of a text is covered before it is not read."""


def is_covered(shape: Shape, later: Iterable[Shape], parts: Parts, part: str) -> bool:
    """Tell whether one of the shapes that are drawn later lies over a shape's text and lets none of it through."""
    box = shape.box
    if box is None or not has_text(shape.element):
        return False
    return any(other.box and _shared(other.box, box) >= _MOST and _hides(other, parts, part) for other in later)


def _hides(shape: Shape, parts: Parts, part: str) -> bool:
    if shape.hidden:
        return False
    return is_opaque(parts, part, shape.element) if shape.kind == "pic" else is_opaque_box(shape.element)


def _shared(over: Box, box: Box) -> float:
    """Return how much of a box another covers."""
    width = min(over.left + over.width, box.left + box.width) - max(over.left, box.left)
    height = min(over.top + over.height, box.top + box.height) - max(over.top, box.top)
    return max(width, 0) * max(height, 0) / (box.width * box.height or 1)
