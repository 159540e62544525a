"""Colours of a workbook: as six digits, whatever way its styles name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.colour import is_white, transformed
from prescan.formats.concealment import child
from prescan.formats.drawn_colour import scheme_colours
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

#: The theme by the numbers styles use (ECMA-376-1, 18.8.3): light and dark change places.
_ORDER: Final = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
USUAL: Final = ("FFFFFF", "000000")
_BLACK: Final = "000000"
_FIXED: Final = {
    **dict.fromkeys(("1", "9", "65"), "FFFFFF"),
    **dict.fromkeys(("0", "8", "64"), _BLACK),
    **dict.fromkeys(("2", "10"), "FF0000"),
}


def theme_of(root: etree._Element | None) -> tuple[str, ...]:
    """Return the colours of a theme in the order of their numbers; "" for one that nobody knows."""
    scheme = None if root is None else next(descendants(root, "clrScheme"), None)
    if scheme is None:
        return USUAL
    told = scheme_colours(scheme)
    return tuple(told.get(name, "") for name in _ORDER)


def colour_of(told: etree._Element | None, theme: Sequence[str]) -> str:
    """Return a colour as six digits, or, where nobody knows it, by the words that name it; none is black."""
    if told is None or attribute(told, "auto"):
        return _BLACK
    written, number, tint = attribute(told, "rgb")[-6:], attribute(told, "theme"), attribute(told, "tint")
    found = written or _FIXED.get(attribute(told, "indexed"), "")
    if number.isascii() and number.isdecimal() and len(number) < len("100"):
        found = theme[int(number)] if int(number) < len(theme) else ""
    if not found:
        return f"{number} {attribute(told, 'indexed')} {tint}"
    return _tinted(found, tint) if tint else found


def _tinted(value: str, tint: str) -> str:
    try:
        amount = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        return value
    if amount < 0:
        return transformed(value, "lumMod", 1 + amount)
    return transformed(transformed(value, "lumMod", 1 - amount), "lumOff", amount)


def fill_of(fill: etree._Element, theme: Sequence[str], *, of_condition: bool = False) -> str:
    """Return the colour of a fill without a pattern, "" for none or another; conditions keep theirs elsewhere."""
    pattern = child(fill, "patternFill")
    kind = "" if pattern is None else attribute(pattern, "patternType")
    if pattern is None or (kind != "solid" and not (of_condition and not kind)):
        return ""
    told = child(pattern, "bgColor") if of_condition else None
    return colour_of(child(pattern, "fgColor") if told is None else told, theme)


def is_painted(fill: etree._Element, theme: Sequence[str]) -> bool:
    """Tell whether a fill gives a ground on which white can be read."""
    for pattern in fill:
        if LOCAL_NAME[pattern.tag] != "patternFill":
            return True
        kind, told = attribute(pattern, "patternType"), child(pattern, "fgColor")
        if kind == "solid":
            return told is None or not is_white(colour_of(told, theme))
        return kind not in {"", "none"}
    return False
