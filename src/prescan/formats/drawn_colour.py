"""Colours of DrawingML: of text, and of the shape or slide it stands on; text that cannot be told from its ground."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.colour import CLEAR, changed, colour_of, hexed, same_as_ground
from prescan.formats.concealment import Concealment, child
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_OPAQUE: Final = 60_000
_FAINT: Final = 5_000
"""Thousandths of a percent: of what is less opaque something is seen below, of what is this faint nothing itself."""
_BROKEN_FILLS: Final = ("noFill", "pattFill", "blipFill")
_FILLS: Final = frozenset({"solidFill", "gradFill", "pattFill", "blipFill", "grpFill"})
_SAYING: Final = _FILLS | {"noFill"}
_PRESETS: Final = {
    "white": "FFFFFF",
    "black": "000000",
    "red": "FF0000",
    "snow": "FFFAFA",
    "ghostWhite": "F8F8FF",
    "whiteSmoke": "F5F5F5",
    "floralWhite": "FFFAF0",
    "ivory": "FFFFF0",
    "mintCream": "F5FFFA",
    "azure": "F0FFFF",
}
_HUNDREDTHS: Final = 100_000
_CIRCLE: Final = 21_600_000
"""A full turn, in sixty thousandths of a degree."""
_GAMMA: Final = 1 / 2.2
_LONGEST: Final = 9
#: Colours a theme has unless it says otherwise, by the names that slides and sheets use for them.
USUAL: Final[Mapping[str, str]] = {"bg1": "FFFFFF", "lt1": "FFFFFF", "tx1": "000000", "dk1": "000000"}


class Said(NamedTuple):
    """What is said of the characters of a text; None where nothing is said."""

    colour: str | None = None
    """Six digits, "" for one that nobody knows."""
    clear: bool | None = None
    """They let everything through."""
    outlined: bool | None = None
    """A line is drawn around each."""
    size: str | None = None
    """In hundredths of a point."""

    def over(self, lower: Said) -> Said:
        """Return what holds where both speak: this, and what `lower` says of the rest."""
        return Said(*[below if own is None else own for own, below in zip(self, lower, strict=True)])  # type: ignore[arg-type]  # field by field


NOTHING: Final = Said()


def said(properties: etree._Element | None, theme: Mapping[str, str]) -> Said:
    """Return what the properties of characters, an `rPr` or a `defRPr`, say."""
    found = Said(size=None if properties is None else attribute(properties, "sz") or None)
    for held in () if properties is None else properties:
        name = LOCAL_NAME[held.tag]
        if name == "ln":
            found = found._replace(outlined=child(held, "noFill") is None)
        elif name == "noFill":
            found = found._replace(colour="", clear=True)
        elif name == "solidFill":
            faint = any(_amount(alpha) <= _FAINT for alpha in descendants(held, "alpha"))
            found = found._replace(colour=colour(held, theme), clear=faint)
        elif name == "gradFill":
            colours = {colour(stop, theme) for stop in descendants(held, "gs")}
            found = found._replace(colour=colours.pop() if len(colours) == 1 else "", clear=False)
        elif name in _FILLS:
            found = found._replace(colour="", clear=False)
    return found


def colour(fill: etree._Element | None, theme: Mapping[str, str]) -> str:
    """Return the one colour of a `solidFill` as six digits; "" for none that is known."""
    told = None if fill is None else next(iter(fill), None)
    if told is None:
        return ""
    kind, value = LOCAL_NAME[told.tag], attribute(told, "val")
    if kind == "srgbClr":
        found = value if colour_of(value) else ""
    elif kind == "sysClr":
        found = attribute(told, "lastClr")
    elif kind == "schemeClr":
        found = theme.get(value, "")
    else:
        found = _mixed(told) if kind in {"hslClr", "scrgbClr"} else _PRESETS.get(value, "")
    for change in told:
        name = LOCAL_NAME[change.tag]
        if found and name != "alpha":
            found = changed(found, name, _amount(change) / _HUNDREDTHS)
    return found


def scheme_colours(scheme: etree._Element) -> dict[str, str]:
    """Return the colours of a theme by the names its `clrScheme` gives them, "" for one that nobody knows."""
    return {LOCAL_NAME[told.tag]: colour(told, {}) for told in scheme}


def _mixed(told: etree._Element) -> str:
    """Return a colour given by hue, saturation and light, or by shares of linear red, green and blue."""
    if LOCAL_NAME[told.tag] == "hslClr":
        hue = _number(attribute(told, "hue")) / _CIRCLE
        strength, light = (_number(attribute(told, key)) / _HUNDREDTHS for key in ("sat", "lum"))
        channels = colorsys.hls_to_rgb(hue, min(1.0, light), min(1.0, strength))
    else:
        shares = [min(1.0, _number(attribute(told, key)) / _HUNDREDTHS) for key in "rgb"]
        channels = (shares[0] ** _GAMMA, shares[1] ** _GAMMA, shares[2] ** _GAMMA)
    return hexed(channel * 255 for channel in channels)


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


def unseen(looks: Said, ground: str) -> Concealment | None:
    """Return the mark of a text whose colour is that of its ground, or that lets everything through, or None."""
    if looks.outlined:
        return None
    if looks.clear:
        return CLEAR
    return same_as_ground(looks.colour, ground) if looks.colour else None


def fill_told(shape: etree._Element) -> bool:
    """Tell whether a shape says how it is filled, be it with nothing."""
    looks = child(shape, "spPr")
    for held in () if looks is None else looks:
        if LOCAL_NAME[held.tag] in _SAYING:
            return True
    return _styled(shape)


def _styled(shape: etree._Element) -> bool:
    style = child(shape, "style")
    reference = None if style is None else child(style, "fillRef")
    return reference is not None and attribute(reference, "idx") not in {"", "0"}


def _amount(alpha: etree._Element) -> int:
    return _number(attribute(alpha, "val"))


def _number(told: str) -> int:
    value = told.removesuffix("%")
    if not (value.isascii() and value.isdecimal()) or len(value) > _LONGEST:
        return 0
    return int(value) * (1_000 if told.endswith("%") else 1)
