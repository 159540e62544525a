"""Colours of DrawingML: of text, and of the shape or slide it stands on; text that cannot be told from its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.colour import CLEAR, ON_DARK, ON_SAME, colour_of, is_dark, is_like
from prescan.formats.marks import WHITE, Mark, child
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_OPAQUE: Final = 60_000
_FAINT: Final = 5_000
"""Thousandths of a percent: of what is less opaque something is seen below, of what is this faint nothing itself."""
_BROKEN_FILLS: Final = ("noFill", "pattFill", "blipFill")
_FILLS: Final = frozenset({"solidFill", "gradFill", "pattFill", "blipFill", "grpFill"})
_PRESETS: Final = {"white": "FFFFFF", "black": "000000", "red": "FF0000"}
_CHANGES: Final = frozenset({"alpha"})
#: Colours a theme has unless it says otherwise, by the names that slides and sheets use for them.
USUAL: Final[Mapping[str, str]] = {"bg1": "FFFFFF", "lt1": "FFFFFF", "tx1": "000000", "dk1": "000000"}


def colour(fill: etree._Element | None, theme: Mapping[str, str]) -> str:
    """Return the one colour of a `solidFill` as six digits; "" for none and for one that is made of another."""
    for told in () if fill is None else fill:
        if any(LOCAL_NAME[change.tag] not in _CHANGES for change in told):
            return ""
        kind, value = LOCAL_NAME[told.tag], attribute(told, "val")
        if kind == "srgbClr":
            return value if colour_of(value) else ""
        if kind == "sysClr":
            return attribute(told, "lastClr")
        return theme.get(value, "") if kind == "schemeClr" else _PRESETS.get(value, "")
    return ""


def is_faint(properties: etree._Element) -> bool:
    """Tell whether the properties of a run let everything through its characters."""
    if child(properties, "noFill") is not None:
        return True
    fill = child(properties, "solidFill")
    return fill is not None and any(_amount(alpha) <= _FAINT for alpha in descendants(fill, "alpha"))


def lets_nothing_through(shape: etree._Element) -> bool:
    """Tell whether a shape is filled and no more than a box: one with text of its own is a design."""
    if LOCAL_NAME[shape.tag] != "sp" or has_text(shape):
        return False
    looks = child(shape, "spPr")
    if looks is None or any(child(looks, name) is not None for name in _BROKEN_FILLS):
        return False
    fills = [fill for name in ("solidFill", "gradFill") if (fill := child(looks, name)) is not None]
    if not fills:
        return _styled(shape)
    return all(_amount(alpha) >= _OPAQUE for alpha in descendants(fills[0], "alpha"))


def has_text(shape: etree._Element) -> bool:
    """Tell whether anything is written in a shape."""
    return any((text.text or "").strip() for text in descendants(shape, "t"))


def is_painted(shape: etree._Element) -> bool:
    """Tell whether something of a shape is seen below a text that stands on it."""
    if LOCAL_NAME[shape.tag] != "sp":
        return True
    looks = child(shape, "spPr")
    told = () if looks is None else [LOCAL_NAME[held.tag] for held in looks]
    return any(name in _FILLS for name in told) or ("noFill" not in told and _styled(shape))


def ground_of(shape: etree._Element, theme: Mapping[str, str], behind: str) -> str:
    """Return the colour text in a shape stands on: that of the shape if it is filled, else what is `behind` it."""
    looks = child(shape, "spPr")
    for held in () if looks is None else looks:
        if LOCAL_NAME[held.tag] == "solidFill":
            faint = any(_amount(alpha) < _OPAQUE for alpha in descendants(held, "alpha"))
            return "" if faint else colour(held, theme)
        if LOCAL_NAME[held.tag] in _FILLS:
            return ""
        if LOCAL_NAME[held.tag] == "noFill":
            return behind
    return "" if _styled(shape) else behind


def unseen(properties: etree._Element, theme: Mapping[str, str], ground: str) -> Mark | None:
    """Return the mark of a run whose own colour is that of its ground, or that lets everything through, or None."""
    if child(properties, "ln") is not None:
        return None
    if is_faint(properties):
        return CLEAR
    written = colour(child(properties, "solidFill"), theme)
    if not written or not is_like(written, ground):
        return None
    return ON_DARK if is_dark(written) else WHITE if is_like(written, "FFFFFF") else ON_SAME


def _styled(shape: etree._Element) -> bool:
    style = child(shape, "style")
    reference = None if style is None else child(style, "fillRef")
    return reference is not None and attribute(reference, "idx") not in {"", "0"}


def _amount(alpha: etree._Element) -> int:
    value = attribute(alpha, "val").removesuffix("%")
    if not value.isdecimal():
        return 0
    return int(value) * (1_000 if attribute(alpha, "val").endswith("%") else 1)
