"""Shapes of OpenDocument that are hidden, off the page or under another one; the background of their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment
from prescan.formats.odf.styles import TextFormat, box_of
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from prescan.formats.odf.styles import Styles

SHAPES: Final = frozenset(
    "frame custom-shape rect ellipse circle polygon path line polyline regular-polygon caption".split()
)
_OPAQUE: Final = frozenset({"custom-shape", "rect"})
_HIDDEN: Final = "隐藏图形中的文字"
_OUTSIDE: Final = "页面之外的文字"
_SIZELESS: Final = "零尺寸图形中的文字"
_POINT: Final = 1.0
_MOST: Final = 0.8
_FAR: Final = 1_700.0
"""In points: no page is wider."""


def shape_concealment(shape: etree._Element, styles: Styles) -> Concealment | None:
    """Return why a shape cannot be seen: hidden or off the page; None if it can."""
    if attribute(shape, "display") == "none" or attribute(shape, "layer") in styles.hidden_layers:
        return Concealment("hidden", "hidden_text", _HIDDEN)
    box = box_of(shape)
    if box is None:
        return None
    left, top, width, height = box
    if width < _POINT and height < _POINT:
        return Concealment("hidden", "hidden_text", _SIZELESS)
    if attribute(shape, "anchor-type") in {"", "page"} and (
        left + width <= 0 or (height and top + height <= 0) or max(left, top) > _FAR
    ):
        return Concealment("hidden", "hidden_text", _OUTSIDE)
    return None


def is_covered(shape: etree._Element, styles: Styles) -> bool:
    """Return whether a later sibling is opaque and covers the text of a shape."""
    box = box_of(shape)
    if box is None or not _has_text(shape):
        return False
    return any(
        LOCAL_NAME[later.tag] in _OPAQUE
        and not _has_text(later)
        and bool(styles.fill(attribute(later, "style-name")))
        and _covered_share(box_of(later), box) >= _MOST
        for later in shape.itersiblings()
        if isinstance(later.tag, str)
    )


def background(shape: etree._Element, styles: Styles, behind: str | None) -> str | None:
    """Return the background colour of text in a shape: its fill, or `behind` if it has none; None if unknown."""
    own = styles.fill(attribute(shape, "style-name"))
    return behind if own == "" else own


def background_of_slide(page: etree._Element, styles: Styles) -> str | None:
    """Return the colour of a slide; None if shapes on it may lie behind the text."""
    master = styles.masters.get(attribute(page, "master-page-name"))
    holders: list[etree._Element] = [page, *([] if master is None else [master])]
    if any(_is_drawn(shape, styles) for holder in holders for shape in holder):
        return None
    for holder in holders:
        colour = styles.page_fill(attribute(holder, "style-name"))
        if colour != "":
            return colour
    return ""


def with_background(text_format: TextFormat, colour: str | None) -> TextFormat:
    """Return a text format with another background."""
    changed = TextFormat(**{field: getattr(text_format, field) for field in TextFormat.__slots__})
    changed.background = colour
    return changed


def _is_drawn(shape: etree._Element, styles: Styles) -> bool:
    name = LOCAL_NAME[shape.tag]
    if name == "g":
        return any(_is_drawn(inner, styles) for inner in shape)
    pictured = any(LOCAL_NAME[held.tag] in {"image", "object"} for held in _named(shape))
    return name in SHAPES and (pictured or styles.fill(attribute(shape, "style-name")) != "")


def _named(shape: etree._Element) -> Iterable[etree._Element]:
    return (held for held in shape if isinstance(held.tag, str))


def _has_text(shape: etree._Element) -> bool:
    return any((str(text)).strip() for text in shape.itertext())


def _covered_share(over: tuple[float, float, float, float] | None, box: tuple[float, float, float, float]) -> float:
    """Return the share of `box` that `over` covers."""
    if over is None:
        return 0.0
    width = min(over[0] + over[2], box[0] + box[2]) - max(over[0], box[0])
    height = min(over[1] + over[3], box[1] + box[3]) - max(over[1], box[1])
    return max(width, 0) * max(height, 0) / (box[2] * box[3] or 1)
