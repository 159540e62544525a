"""Colours of DrawingML: of text, of the shape or slide behind it, and text that cannot be seen against it."""

from __future__ import annotations

import colorsys
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.colour import TRANSPARENT, background_concealment, parse_rgb, to_hex, transformed
from prescan.formats.concealment import Concealment, child
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_OPAQUE: Final = 60_000
_FAINT: Final = 5_000
"""Opacity in thousandths of a percent: below the first something shows through; up to the second nothing is seen."""
_BROKEN_FILLS: Final = ("noFill", "pattFill", "blipFill")
_FILLS: Final = frozenset({"solidFill", "gradFill", "pattFill", "blipFill", "grpFill"})
_FILL_ELEMENTS: Final = _FILLS | {"noFill"}
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
_PERCENT_100: Final = 100_000
"""100 %, in thousandths of a percent."""
_FULL_TURN: Final = 21_600_000
"""360°, in sixty-thousandths of a degree."""
_GAMMA: Final = 1 / 2.2
_MAX_DIGITS: Final = 9
#: Theme colours where a theme does not define them, by the names that slides and sheets use.
DEFAULT_THEME: Final[Mapping[str, str]] = {"bg1": "FFFFFF", "lt1": "FFFFFF", "tx1": "000000", "dk1": "000000"}


class RunFormat(NamedTuple):
    """Character formatting given in one place; None where that place does not specify it."""

    colour: str | None = None
    """Six hexadecimal digits, "" if unknown."""
    transparent: bool | None = None
    """No fill, or one that cannot be seen."""
    outlined: bool | None = None
    """The glyphs have an outline."""
    size: str | None = None
    """In hundredths of a point."""

    def over(self, lower: RunFormat) -> RunFormat:
        """Return this format with what it leaves unspecified taken from `lower`."""
        return RunFormat(*[below if own is None else own for own, below in zip(self, lower, strict=True)])  # type: ignore[arg-type]  # field by field


UNSPECIFIED: Final = RunFormat()


def run_format(properties: etree._Element | None, theme: Mapping[str, str]) -> RunFormat:
    """Return the format in the properties of a run, an `rPr` or a `defRPr`."""
    found = RunFormat(size=None if properties is None else attribute(properties, "sz") or None)
    for element in () if properties is None else properties:
        name = LOCAL_NAME[element.tag]
        if name == "ln":
            found = found._replace(outlined=child(element, "noFill") is None)
        elif name == "noFill":
            found = found._replace(colour="", transparent=True)
        elif name == "solidFill":
            faint = any(_amount(alpha) <= _FAINT for alpha in descendants(element, "alpha"))
            found = found._replace(colour=colour(element, theme), transparent=faint)
        elif name == "gradFill":
            colours = {colour(stop, theme) for stop in descendants(element, "gs")}
            found = found._replace(colour=colours.pop() if len(colours) == 1 else "", transparent=False)
        elif name in _FILLS:
            found = found._replace(colour="", transparent=False)
    return found


def colour(fill: etree._Element | None, theme: Mapping[str, str]) -> str:
    """Return the colour of a `solidFill` as six hexadecimal digits; "" if unknown."""
    value_element = None if fill is None else next(iter(fill), None)
    if value_element is None:
        return ""
    kind, value = LOCAL_NAME[value_element.tag], attribute(value_element, "val")
    if kind == "srgbClr":
        found = value if parse_rgb(value) else ""
    elif kind == "sysClr":
        found = attribute(value_element, "lastClr")
    elif kind == "schemeClr":
        found = theme.get(value, "")
    else:
        found = _from_channels(value_element) if kind in {"hslClr", "scrgbClr"} else _PRESETS.get(value, "")
    for change in value_element:
        name = LOCAL_NAME[change.tag]
        if found and name != "alpha":
            found = transformed(found, name, _amount(change) / _PERCENT_100)
    return found


def scheme_colours(scheme: etree._Element) -> dict[str, str]:
    """Return the colours of a theme by their names in its `clrScheme`; "" for an unknown one."""
    return {LOCAL_NAME[value_element.tag]: colour(value_element, {}) for value_element in scheme}


def _from_channels(value_element: etree._Element) -> str:
    """Return a colour given as an `hslClr` (hue, saturation, lightness) or an `scrgbClr` (linear red, green, blue)."""
    if LOCAL_NAME[value_element.tag] == "hslClr":
        hue = _number(attribute(value_element, "hue")) / _FULL_TURN
        strength, light = (_number(attribute(value_element, key)) / _PERCENT_100 for key in ("sat", "lum"))
        channels = colorsys.hls_to_rgb(hue, min(1.0, light), min(1.0, strength))
    else:
        shares = [min(1.0, _number(attribute(value_element, key)) / _PERCENT_100) for key in "rgb"]
        channels = (shares[0] ** _GAMMA, shares[1] ** _GAMMA, shares[2] ** _GAMMA)
    return to_hex(channel * 255 for channel in channels)


def is_opaque_box(shape: etree._Element) -> bool:
    """Return whether a shape is an opaque box without text, which may cover something; one with text is a design."""
    if LOCAL_NAME[shape.tag] != "sp" or has_text(shape):
        return False
    properties = child(shape, "spPr")
    if properties is None or any(child(properties, name) is not None for name in _BROKEN_FILLS):
        return False
    fills = [fill for name in ("solidFill", "gradFill") if (fill := child(properties, name)) is not None]
    if not fills:
        return _has_style_fill(shape)
    return all(_amount(alpha) >= _OPAQUE for alpha in descendants(fills[0], "alpha"))


def has_text(shape: etree._Element) -> bool:
    """Return whether anything is written in a shape."""
    return any((text.text or "").strip() for text in descendants(shape, "t"))


def is_painted(shape: etree._Element) -> bool:
    """Return whether a shape itself is visible behind text that stands on it."""
    if LOCAL_NAME[shape.tag] != "sp":
        return True
    properties = child(shape, "spPr")
    names = () if properties is None else [LOCAL_NAME[element.tag] for element in properties]
    return any(name in _FILLS for name in names) or ("noFill" not in names and _has_style_fill(shape))


def background_of(shape: etree._Element, theme: Mapping[str, str], behind: str) -> str:
    """Return the background colour of text in a shape: its fill, or `behind` if it has none; "" if unknown."""
    properties = child(shape, "spPr")
    for element in () if properties is None else properties:
        if LOCAL_NAME[element.tag] == "solidFill":
            faint = any(_amount(alpha) < _OPAQUE for alpha in descendants(element, "alpha"))
            return "" if faint else colour(element, theme)
        if LOCAL_NAME[element.tag] in _FILLS:
            return ""
        if LOCAL_NAME[element.tag] == "noFill":
            return behind
    return "" if _has_style_fill(shape) else behind


def format_concealment(text_format: RunFormat, background: str) -> Concealment | None:
    """Return why text in this format cannot be seen: transparency or background colour; None if it can."""
    if text_format.outlined:
        return None
    if text_format.transparent:
        return TRANSPARENT
    return background_concealment(text_format.colour, background) if text_format.colour else None


def specifies_fill(shape: etree._Element) -> bool:
    """Return whether a shape specifies its fill, be it "no fill"."""
    properties = child(shape, "spPr")
    for element in () if properties is None else properties:
        if LOCAL_NAME[element.tag] in _FILL_ELEMENTS:
            return True
    return _has_style_fill(shape)


def _has_style_fill(shape: etree._Element) -> bool:
    style = child(shape, "style")
    reference = None if style is None else child(style, "fillRef")
    return reference is not None and attribute(reference, "idx") not in {"", "0"}


def _amount(alpha: etree._Element) -> int:
    return _number(attribute(alpha, "val"))


def _number(text: str) -> int:
    value = text.removesuffix("%")
    if not (value.isascii() and value.isdecimal()) or len(value) > _MAX_DIGITS:
        return 0
    return int(value) * (1_000 if text.endswith("%") else 1)
