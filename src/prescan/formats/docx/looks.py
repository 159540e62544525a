"""How text of WordprocessingML looks: what runs and styles say of it, and whether it can be seen at all."""

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
from prescan.formats.docx.marks import VANISHED, is_off
from prescan.formats.package import LOCAL_NAME, attribute, descendants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree

AUTOMATIC: Final = "auto"
_TINY_HALF_POINTS: Final = 3
_CLEAR: Final = 95_000
"""Thousandths of a percent of transparency."""
_HUNDREDTHS: Final = 100_000
_LOW: Final = 40
"""Twentieths of a point: lines this low show nothing."""
#: Settings of a run that may hide it. The width of characters is in percent: two of them are as tiny as one point.
TELLING: Final = frozenset({"vanish", "color", "sz", "w", "rStyle", "textFill", "highlight", "shd"})
#: Names of the colours of a theme: as runs call them, as characters with a fill of their own do, and as the theme does.
_THEME_NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("background1", "light1", "bg1", "lt1"), "lt1"),
    **dict.fromkeys(("text1", "dark1", "tx1", "dk1"), "dk1"),
    **dict.fromkeys(("background2", "light2", "bg2", "lt2"), "lt2"),
    **dict.fromkeys(("text2", "dark2", "tx2", "dk2"), "dk2"),
    **dict.fromkeys(("hyperlink", "hlink"), "hlink"),
    **dict.fromkeys(("followedHyperlink", "folHlink"), "folHlink"),
    **{f"accent{number}": f"accent{number}" for number in range(1, 7)},
}
USUAL_THEME: Final[Mapping[str, str]] = {"lt1": "FFFFFF", "dk1": "000000"}
_PENS: Final = dict(
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
_SHARE: Final = re.compile(r"pct([0-9]{1,2})")


class Looks(NamedTuple):
    """What is said of a text; None where nothing is said."""

    vanish: bool | None = None
    colour: str | None = None
    """Six digits; AUTOMATIC; "" for one that nobody knows."""
    size: str | None = None
    """Half points, or the width of the characters in percent if that is smaller."""
    clear: bool | None = None
    """Its characters let everything through."""
    ground: str | None = None
    """The colour its characters stand on; "" for one that nobody knows."""
    field: str | None = None
    """The colour its paragraph or its cell stands on."""
    low: bool | None = None
    """Its lines are too low to be seen."""
    pen: bool | None = None
    """Its ground is that of the marker pen."""


NOTHING: Final = Looks()


def over(lower: Looks, upper: Looks) -> Looks:
    """Return what holds where both speak: what `upper` says, and what `lower` says of the rest."""
    if upper == NOTHING:
        return lower
    return lower._replace(**{name: said for name, said in upper._asdict().items() if said is not None})


def of_settings(settings: Iterable[etree._Element], theme: Mapping[str, str]) -> Looks:
    """Return what the properties of a run, the children of its `rPr`, say."""
    said = NOTHING
    for setting in settings:
        name = LOCAL_NAME[setting.tag]
        if name not in TELLING:
            continue
        if name == "color":
            if not said.clear and said.colour is None:
                said = said._replace(colour=colour(setting, theme))
        elif name == "vanish":
            said = said._replace(vanish=not is_off(attribute(setting, "val")))
        elif name in {"sz", "w"}:
            size = attribute(setting, "val")
            said = said._replace(size=size if said.size is None or is_tiny(size) else said.size)
        elif name == "highlight":
            pen = _PENS.get(attribute(setting, "val"))
            said = said._replace(ground=pen, pen=True) if pen else said
        elif name == "shd":
            said = said if said.pen else said._replace(ground=shade(setting, theme), pen=False)
        elif name == "textFill":
            clear = _is_clear(setting)
            said = said._replace(clear=clear, colour=said.colour if clear else _filled(setting, theme))
    return said


def of_paragraph(settings: Iterable[etree._Element], theme: Mapping[str, str]) -> Looks:
    """Return what the properties of a paragraph, the children of its `pPr`, say of its text."""
    said = NOTHING
    for setting in settings:
        name = LOCAL_NAME[setting.tag]
        if name == "shd":
            said = said._replace(field=shade(setting, theme))
        elif name == "spacing" and attribute(setting, "line"):
            said = said._replace(low=is_low(setting))
    return said


def judged(looks: Looks, behind: str) -> Concealment | None:
    """Return the mark of a text that cannot be seen, or None; `behind` is the colour it stands on.

    On a dark ground Word writes text without a colour of its own in white, but not on the marker pen's black.
    """
    if looks.vanish:
        return VANISHED
    if looks.clear:
        return TRANSPARENT
    same = None
    if looks.colour and looks.colour != AUTOMATIC:
        same = background_concealment(looks.colour, behind)
    elif looks.colour in {None, AUTOMATIC} and looks.pen and is_dark(behind):
        same = BLACK_ON_BLACK
    if same is WHITE:
        return same
    tiny = looks.low or (looks.size is not None and is_tiny(looks.size))
    return TINY if tiny else same


def is_tiny(half_points: str) -> bool:
    """Tell whether type of a size, or of a width in percent, cannot be read."""
    try:
        return float(half_points) <= _TINY_HALF_POINTS
    except ValueError:
        return False


def is_low(spacing: etree._Element) -> bool:
    """Tell whether the lines of a paragraph are too low to be seen."""
    line = attribute(spacing, "line")
    return (
        attribute(spacing, "lineRule") == "exact"
        and re.fullmatch(r"-?[0-9]{1,9}", line) is not None
        and int(line) <= _LOW
    )


def colour(told: etree._Element, theme: Mapping[str, str], prefix: str = "theme", plain: str = "val") -> str:
    """Return the colour an element names: six digits, AUTOMATIC, or "" for none that is known.

    What it is called in the theme goes before what a program once noted of it.
    """
    written = attribute(told, plain)
    named = attribute(told, f"{prefix}Color" if prefix == "theme" else prefix)
    if named:
        found = theme.get(_THEME_NAMES.get(named, ""), "")
        for change in ("Tint", "Shade"):
            amount = attribute(told, f"{prefix}{change}")
            if amount:
                found = transformed(found, change.lower(), _byte(amount))
        if found:
            return found
    if written in {"", AUTOMATIC}:
        return AUTOMATIC
    return written if parse_rgb(written) else ""


def shade(told: etree._Element, theme: Mapping[str, str]) -> str | None:
    """Return the colour of a shading, "" for a pattern nobody can name, or None if nothing is painted."""
    kind = attribute(told, "val")
    if kind == "nil":
        return None
    fill = colour(told, theme, "themeFill", "fill")
    if kind in {"", "clear"}:
        return None if fill == AUTOMATIC else fill
    ink = colour(told, theme, "theme", "color")
    ink, fill = "000000" if ink == AUTOMATIC else ink, "FFFFFF" if fill == AUTOMATIC else fill
    if kind == "solid":
        return ink
    share = _SHARE.fullmatch(kind)
    one, other = parse_rgb(ink), parse_rgb(fill)
    if share is None or one is None or other is None:
        return ""
    part = int(share[1]) / 100
    return to_hex(a * part + b * (1 - part) for a, b in zip(one, other, strict=True))


def _byte(amount: str) -> float:
    return int(amount, 16) / 255 if re.fullmatch(r"[0-9A-Fa-f]{2}", amount) else 1.0


def _is_clear(fill: etree._Element) -> bool:
    """Tell whether the fill of characters lets everything through."""
    alphas = (attribute(alpha, "val") for alpha in descendants(fill, "alpha"))
    return child(fill, "noFill") is not None or any(value.isdecimal() and int(value) >= _CLEAR for value in alphas)


def _filled(fill: etree._Element, theme: Mapping[str, str]) -> str:
    """Return the one colour that characters are filled with, or ""."""
    solid = child(fill, "solidFill")
    told = None if solid is None else next(iter(solid), None)
    if told is None:
        return ""
    value = attribute(told, "val")
    found = value if parse_rgb(value) else theme.get(_THEME_NAMES.get(value, ""), "")
    for change in told:
        name, amount = LOCAL_NAME[change.tag], attribute(change, "val")
        if name != "alpha":
            found = transformed(found, name, int(amount) / _HUNDREDTHS) if amount.isdecimal() else ""
    return found


def theme_of(content: bytes) -> dict[str, str]:
    """Return the colours of a theme by the names it gives them."""
    return {
        name.decode(): value.decode() for name, value in _SCHEME.findall(content[: content.find(b"</a:clrScheme>")])
    }
