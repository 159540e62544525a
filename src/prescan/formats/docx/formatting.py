"""Formatting of text in WordprocessingML, as runs and styles specify it, and whether such text can be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.formats.colour import (
    BLACK_ON_BLACK,
    TRANSPARENT,
    background_concealment,
    is_dark,
    parse_rgb,
    to_hex,
    transformed,
)
from prescan.formats.concealment import TINY, WHITE, Concealment, child
from prescan.formats.docx.concealments import VANISHED, is_off
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree

AUTOMATIC: Final = "auto"
_TINY_HALF_POINTS: Final = 3
_TRANSPARENT: Final = 95_000
"""Thousandths of a percent of transparency."""
_PERCENT_100: Final = 100_000
_LOW: Final = 40
"""Twentieths of a point: in lines up to this height nothing is seen."""
#: Settings of a run that may hide it; `w` is the width of characters in percent.
CONCEALING_SETTINGS: Final = frozenset({"vanish", "color", "sz", "w", "rStyle", "textFill", "highlight", "shd"})
#: Names of theme colours as runs and text fills use them → names in the theme itself.
_THEME_NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("background1", "light1", "bg1", "lt1"), "lt1"),
    **dict.fromkeys(("text1", "dark1", "tx1", "dk1"), "dk1"),
    **dict.fromkeys(("background2", "light2", "bg2", "lt2"), "lt2"),
    **dict.fromkeys(("text2", "dark2", "tx2", "dk2"), "dk2"),
    **dict.fromkeys(("hyperlink", "hlink"), "hlink"),
    **dict.fromkeys(("followedHyperlink", "folHlink"), "folHlink"),
    **{f"accent{number}": f"accent{number}" for number in range(1, 7)},
}
DEFAULT_THEME: Final[Mapping[str, str]] = {"lt1": "FFFFFF", "dk1": "000000"}
_HIGHLIGHTS: Final = dict(
    pair.split("=")
    for pair in (
        "black=000000 blue=0000FF cyan=00FFFF darkBlue=000080 darkCyan=008080 darkGray=808080 darkGreen=008000 "
        "darkMagenta=800080 darkRed=800000 darkYellow=808000 green=00FF00 lightGray=C0C0C0 magenta=FF00FF red=FF0000 "
        "white=FFFFFF yellow=FFFF00"
    ).split()
)
_SCHEME: Final = re.compile(
    rb"<a:((?:lt|dk)[12]|accent[1-6]|hlink|folHlink)>\s*<a:(?:sysClr\s[^<>]*?lastClr|srgbClr\s+val)=\"([0-9A-Fa-f]{6})\""
)
_PERCENT_PATTERN: Final = re.compile(r"pct([0-9]{1,2})")


class TextFormat(NamedTuple):
    """Formatting of a text; None where it is not specified."""

    vanish: bool | None = None
    colour: str | None = None
    """Six hexadecimal digits; AUTOMATIC; "" if unknown."""
    size: str | None = None
    """Half points, or the width of the characters in percent if that is tiny."""
    transparent: bool | None = None
    """The fill of its characters is transparent."""
    background: str | None = None
    """The colour of its own shading or highlighting; "" if unknown."""
    block_background: str | None = None
    """The shading of its paragraph or cell."""
    low_lines: bool | None = None
    """Its lines are too low to be seen."""
    highlighted: bool | None = None
    """`background` comes from highlighting."""


UNSPECIFIED: Final = TextFormat()


def merged(lower: TextFormat, upper: TextFormat) -> TextFormat:
    """Return `upper` with what it leaves unspecified taken from `lower`."""
    if upper == UNSPECIFIED:
        return lower
    return lower._replace(**{name: value for name, value in upper._asdict().items() if value is not None})


def run_format(settings: Iterable[etree._Element], theme: Mapping[str, str]) -> TextFormat:
    """Return the format in the properties of a run, the children of its `rPr`."""
    found = UNSPECIFIED
    for setting in settings:
        name = LOCAL_NAME[setting.tag]
        if name not in CONCEALING_SETTINGS:
            continue
        if name == "color":
            if not found.transparent and found.colour is None:
                found = found._replace(colour=colour(setting, theme))
        elif name == "vanish":
            found = found._replace(vanish=not is_off(attribute(setting, "val")))
        elif name in {"sz", "w"}:
            size = attribute(setting, "val")
            found = found._replace(size=size if found.size is None or is_tiny(size) else found.size)
        elif name == "highlight":
            highlighted = _HIGHLIGHTS.get(attribute(setting, "val"))
            found = found._replace(background=highlighted, highlighted=True) if highlighted else found
        elif name == "shd":
            found = (
                found if found.highlighted else found._replace(background=shading(setting, theme), highlighted=False)
            )
        elif name == "textFill":
            transparent = _is_transparent(setting)
            found = found._replace(
                transparent=transparent, colour=found.colour if transparent else _fill_colour(setting, theme)
            )
    return found


def paragraph_format(settings: Iterable[etree._Element], theme: Mapping[str, str]) -> TextFormat:
    """Return the format in the properties of a paragraph, the children of its `pPr`."""
    found = UNSPECIFIED
    for setting in settings:
        name = LOCAL_NAME[setting.tag]
        if name == "shd":
            found = found._replace(block_background=shading(setting, theme))
        elif name == "spacing" and attribute(setting, "line"):
            found = found._replace(low_lines=is_low(setting))
    return found


def concealment_of(text_format: TextFormat, behind: str) -> Concealment | None:
    """Return why a text of this format cannot be seen, None if it can; `behind`: the colour behind it.

    Word writes text of automatic colour in white on dark shading, but not on black highlighting.
    """
    if text_format.vanish:
        return VANISHED
    if text_format.transparent:
        return TRANSPARENT
    same = None
    if text_format.colour and text_format.colour != AUTOMATIC:
        same = background_concealment(text_format.colour, behind)
    elif text_format.colour in {None, AUTOMATIC} and text_format.highlighted and is_dark(behind):
        same = BLACK_ON_BLACK
    if same is WHITE:
        return same
    tiny = text_format.low_lines or (text_format.size is not None and is_tiny(text_format.size))
    return TINY if tiny else same


def is_tiny(half_points: str) -> bool:
    """Return whether text of this size, or of this width in percent, cannot be read."""
    try:
        return float(half_points) <= _TINY_HALF_POINTS
    except ValueError:
        return False


def is_low(spacing: etree._Element) -> bool:
    """Return whether the lines of a paragraph are too low to be seen."""
    line = attribute(spacing, "line")
    return (
        attribute(spacing, "lineRule") == "exact"
        and re.fullmatch(r"-?[0-9]{1,9}", line) is not None
        and int(line) <= _LOW
    )


def colour(element: etree._Element, theme: Mapping[str, str], prefix: str = "theme", plain: str = "val") -> str:
    """Return the colour that an element names: six hexadecimal digits, AUTOMATIC, or "" if unknown.

    A theme colour comes before the plain value, which is what it once was. `prefix` and `plain` name the attributes.
    """
    plain_value = attribute(element, plain)
    named = attribute(element, f"{prefix}Color" if prefix == "theme" else prefix)
    if named:
        found = theme.get(_THEME_NAMES.get(named, ""), "")
        for change in ("Tint", "Shade"):
            amount = attribute(element, f"{prefix}{change}")
            if amount:
                found = transformed(found, change.lower(), _byte(amount))
        if found:
            return found
    if plain_value in {"", AUTOMATIC}:
        return AUTOMATIC
    return plain_value if parse_rgb(plain_value) else ""


def shading(element: etree._Element, theme: Mapping[str, str]) -> str | None:
    """Return the colour of a shading, "" for a pattern without one colour, None if nothing is painted."""
    kind = attribute(element, "val")
    if kind == "nil":
        return None
    fill = colour(element, theme, "themeFill", "fill")
    if kind in {"", "clear"}:
        return None if fill == AUTOMATIC else fill
    ink = colour(element, theme, "theme", "color")
    ink, fill = "000000" if ink == AUTOMATIC else ink, "FFFFFF" if fill == AUTOMATIC else fill
    if kind == "solid":
        return ink
    share = _PERCENT_PATTERN.fullmatch(kind)
    one, other = parse_rgb(ink), parse_rgb(fill)
    if share is None or one is None or other is None:
        return ""
    part = int(share[1]) / 100
    return to_hex(a * part + b * (1 - part) for a, b in zip(one, other, strict=True))


def _byte(amount: str) -> float:
    return int(amount, 16) / 255 if re.fullmatch(r"[0-9A-Fa-f]{2}", amount) else 1.0


def _is_transparent(fill: etree._Element) -> bool:
    """Return whether the fill of characters is transparent."""
    alphas = (attribute(alpha, "val") for alpha in descendants(fill, "alpha"))
    return child(fill, "noFill") is not None or any(
        value.isdecimal() and int(value) >= _TRANSPARENT for value in alphas
    )


def _fill_colour(fill: etree._Element, theme: Mapping[str, str]) -> str:
    """Return the colour of the fill of characters; "" if it is not one known colour."""
    solid = child(fill, "solidFill")
    element = None if solid is None else next(iter(solid), None)
    if element is None:
        return ""
    value = attribute(element, "val")
    found = value if parse_rgb(value) else theme.get(_THEME_NAMES.get(value, ""), "")
    for change in element:
        name, amount = LOCAL_NAME[change.tag], attribute(change, "val")
        if name != "alpha":
            found = transformed(found, name, int(amount) / _PERCENT_100) if amount.isdecimal() else ""
    return found


def theme_colours(content: bytes) -> dict[str, str]:
    """Return the colours in the bytes of a theme, by name."""
    return {
        name.decode(): value.decode() for name, value in _SCHEME.findall(content[: content.find(b"</a:clrScheme>")])
    }
