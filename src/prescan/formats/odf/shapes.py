"""Shapes of OpenDocument that are not shown, beside the page, or under another one; the ground of their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment
from prescan.formats.odf.styles import Looks, box_of
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
"""Points: no page is wider."""


def out_of_sight(shape: etree._Element, styles: Styles) -> Concealment | None:
    """Return the mark of a shape that is not shown, or that stands beside the page, or None."""
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


def covered(shape: etree._Element, styles: Styles) -> bool:
    """Tell whether a shape that is drawn later lies over a text and lets none of it through; siblings only."""
    box = box_of(shape)
    if box is None or not _has_text(shape):
        return False
    return any(
        LOCAL_NAME[later.tag] in _OPAQUE
        and not _has_text(later)
        and bool(styles.fill(attribute(later, "style-name")))
        and _shared(box_of(later), box) >= _MOST
        for later in shape.itersiblings()
        if isinstance(later.tag, str)
    )


def ground(shape: etree._Element, styles: Styles, behind: str | None) -> str | None:
    """Return the colour that text in a shape stands on: its own, or what is `behind` it; None if nobody knows."""
    own = styles.fill(attribute(shape, "style-name"))
    return behind if own == "" else own


def slide_ground(page: etree._Element, styles: Styles) -> str | None:
    """Return the colour of a slide if nothing is drawn on it that text may stand on, else None."""
    master = styles.masters.get(attribute(page, "master-page-name"))
    holders: list[etree._Element] = [page, *([] if master is None else [master])]
    if any(_is_drawn(shape, styles) for holder in holders for shape in holder):
        return None
    for holder in holders:
        told = styles.page_fill(attribute(holder, "style-name"))
        if told != "":
            return told
    return ""


def on(looks: Looks, colour: str | None) -> Looks:
    """Return the looks of text on a ground."""
    made = Looks(**{field: getattr(looks, field) for field in Looks.__slots__})
    made.ground = colour
    return made


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


def _shared(over: tuple[float, float, float, float] | None, box: tuple[float, float, float, float]) -> float:
    """Return how much of a box another covers."""
    if over is None:
        return 0.0
    width = min(over[0] + over[2], box[0] + box[2]) - max(over[0], box[0])
    height = min(over[1] + over[3], box[1] + box[3]) - max(over[1], box[1])
    return max(width, 0) * max(height, 0) / (box[2] * box[3] or 1)
