"""Shapes of a slide that cover text: boxes somebody drew to hide something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.drawn_colour import has_text, is_opaque_box
from prescan.formats.media import is_opaque

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.formats.drawingml import Box, Shape
    from prescan.formats.office_parts import Parts

_COVERED_SHARE: Final = 0.8
"""A text counts as covered if this share of its box is."""


def is_covered(shape: Shape, later: Iterable[Shape], parts: Parts, part: str) -> bool:
    """Return whether one of the shapes drawn later is opaque and covers the text of a shape."""
    box = shape.box
    if box is None or not has_text(shape.element):
        return False
    return any(
        other.box and _covered_share(other.box, box) >= _COVERED_SHARE and _is_cover(other, parts, part)
        for other in later
    )


def _is_cover(shape: Shape, parts: Parts, part: str) -> bool:
    if shape.hidden:
        return False
    return is_opaque(parts, part, shape.element) if shape.kind == "pic" else is_opaque_box(shape.element)


def _covered_share(over: Box, box: Box) -> float:
    """Return the share of `box` that `over` covers."""
    width = min(over.left + over.width, box.left + box.width) - max(over.left, box.left)
    height = min(over.top + over.height, box.top + box.height) - max(over.top, box.top)
    return max(width, 0) * max(height, 0) / (box.width * box.height or 1)
