"""Colours of a workbook as six hexadecimal digits, in whatever way its styles name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.colour import is_white, transformed
from prescan.formats.concealment import child
from prescan.formats.drawn_colour import scheme_colours
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

#: Theme colours in the order of the numbers that styles use (ECMA-376-1, 18.8.3): light and dark are swapped.
_ORDER: Final = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
DEFAULT_THEME: Final = ("FFFFFF", "000000")
_BLACK: Final = "000000"
_FIXED: Final = {
    **dict.fromkeys(("1", "9", "65"), "FFFFFF"),
    **dict.fromkeys(("0", "8", "64"), _BLACK),
    **dict.fromkeys(("2", "10"), "FF0000"),
}


def theme_colours(root: etree._Element | None) -> tuple[str, ...]:
    """Return the colours of a theme in the order of their numbers; "" for an unknown one."""
    scheme = None if root is None else next(descendants(root, "clrScheme"), None)
    if scheme is None:
        return DEFAULT_THEME
    element = scheme_colours(scheme)
    return tuple(element.get(name, "") for name in _ORDER)


def parse_colour(element: etree._Element | None, theme: Sequence[str]) -> str:
    """Return a colour as six hexadecimal digits; if unknown, a name that is equal for equal colours; None is black."""
    if element is None or attribute(element, "auto"):
        return _BLACK
    rgb, number, tint = attribute(element, "rgb")[-6:], attribute(element, "theme"), attribute(element, "tint")
    found = rgb or _FIXED.get(attribute(element, "indexed"), "")
    if number.isascii() and number.isdecimal() and len(number) < len("100"):
        found = theme[int(number)] if int(number) < len(theme) else ""
    if not found:
        return f"{number} {attribute(element, 'indexed')} {tint}"
    return _tinted(found, tint) if tint else found


def _tinted(value: str, tint: str) -> str:
    try:
        amount = max(-1.0, min(1.0, float(tint)))
    except ValueError:
        return value
    if amount < 0:
        return transformed(value, "lumMod", 1 + amount)
    return transformed(transformed(value, "lumMod", 1 - amount), "lumOff", amount)


def fill_colour(fill: etree._Element, theme: Sequence[str], *, of_condition: bool = False) -> str:
    """Return the colour of a solid fill, "" for any other; `of_condition`: of a conditional format, which differs."""
    pattern = child(fill, "patternFill")
    kind = "" if pattern is None else attribute(pattern, "patternType")
    if pattern is None or (kind != "solid" and not (of_condition and not kind)):
        return ""
    element = child(pattern, "bgColor") if of_condition else None
    return parse_colour(child(pattern, "fgColor") if element is None else element, theme)


def has_coloured_fill(fill: etree._Element, theme: Sequence[str]) -> bool:
    """Return whether white text can be read on a fill."""
    for pattern in fill:
        if LOCAL_NAME[pattern.tag] != "patternFill":
            return True
        kind, element = attribute(pattern, "patternType"), child(pattern, "fgColor")
        if kind == "solid":
            return element is None or not is_white(parse_colour(element, theme))
        return kind not in {"", "none"}
    return False
