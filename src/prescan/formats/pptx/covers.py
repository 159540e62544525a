"""Shapes of a slide that lie over text: a box somebody drew to hide what it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.marks import child
from prescan.formats.package import attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.formats.drawingml import Box, Shape

_MOST: Final = 0.8
"""So much of a text is covered before it is not read."""
_OPAQUE: Final = 60_000
"""Thousandths of a percent."""


def is_covered(shape: Shape, later: Iterable[Shape]) -> bool:
    """Tell whether one of the shapes that are drawn later lies over a shape's text and lets none of it through."""
    box = shape.box
    if box is None or not _has_text(shape):
        return False
    return any(other.box and _shared(other.box, box) >= _MOST and _hides(other) for other in later)


def _hides(shape: Shape) -> bool:
    """Tell whether a shape is filled and no more than a box: one with text of its own is a design."""
    if shape.hidden or shape.kind != "sp" or _has_text(shape):
        return False
    looks = child(shape.element, "spPr")
    if looks is None or any(child(looks, name) is not None for name in ("noFill", "gradFill", "pattFill", "blipFill")):
        return False
    fill = child(looks, "solidFill")
    if fill is None:
        style = child(shape.element, "style")
        reference = None if style is None else child(style, "fillRef")
        return reference is not None and attribute(reference, "idx") not in {"", "0"}
    clear = (attribute(alpha, "val") for alpha in descendants(fill, "alpha"))
    return all(value.isdecimal() and int(value) >= _OPAQUE for value in clear)


def _has_text(shape: Shape) -> bool:
    return any((text.text or "").strip() for text in descendants(shape.element, "t"))


def _shared(over: Box, box: Box) -> float:
    """Return how much of a box another covers."""
    width = min(over.left + over.width, box.left + box.width) - max(over.left, box.left)
    height = min(over.top + over.height, box.top + box.height) - max(over.top, box.top)
    return max(width, 0) * max(height, 0) / (box.width * box.height or 1)
