"""Styles of WordprocessingML that hide the text they are given to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.colour import ON_DARK, ON_SAME, is_dark, is_like
from prescan.formats.docx.layout import is_low
from prescan.formats.docx.marks import VANISHED, fills, is_off, is_tiny, is_white
from prescan.formats.marks import TINY, WHITE, Mark, child
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_HIDING: Final = re.compile(rb'vanish|val="[Ff]{6}"|background1|light1|:sz w:val="[1-3]"|w:shd |w:line="[0-9]{1,2}"')
_VANISH: Final = b"vanish"
_WAYS: Final = ("vanish", "color", "sz", "line", "ground")


def may_hide(styles: bytes) -> bool:
    """Tell from the bytes of the styles whether one of them may hide text: few do, and parsing them takes long.

    Styles of tables are most of the part, and colour the ground together with the text: they only make text vanish.
    """
    if _VANISH in styles:
        return True
    texts = b"".join([style for style in styles.split(b"<w:style ") if b'"table"' not in style[:80]])
    return _HIDING.search(texts) is not None


def hidden_styles(styles: etree._Element) -> dict[str, Mark]:
    """Return the styles that hide text, themselves or by the style they are based on, with what they do to it."""
    base: dict[str, str] = {}
    says: dict[str, dict[str, Mark | None]] = {}
    for style in styles:
        if LOCAL_NAME[style.tag] == "style":
            name, parent = attribute(style, "styleId"), child(style, "basedOn")
            base[name] = "" if parent is None else attribute(parent, "val")
            said = _said_by_style(style)
            tabled = attribute(style, "type") == "table"
            says[name] = {way: mark for way, mark in said.items() if way == "vanish" or not tabled}
    found = {name: [_inherited(name, way, base, says) for way in _WAYS] for name in base}
    return {name: next(filter(None, marks)) for name, marks in found.items() if any(marks)}


def _said_by_style(style: etree._Element) -> dict[str, Mark | None]:
    """Return what a style says of each way to hide its text."""
    properties, paragraph = child(style, "rPr"), child(style, "pPr")
    settings = [setting for holder in (properties, paragraph) if holder is not None for setting in holder]
    said: dict[str, Mark | None] = {}
    written = ""
    for setting in settings:
        name, value = LOCAL_NAME[setting.tag], attribute(setting, "val")
        if name == "vanish":
            said[name] = None if is_off(value) else VANISHED
        elif name == "color":
            written = value
            said[name] = WHITE if is_white(setting) and not any(map(fills, settings)) else None
        elif name == "sz":
            said[name] = TINY if is_tiny(value) else None
        elif name == "spacing" and attribute(setting, "line"):
            said["line"] = TINY if is_low(setting) else None
    shades = (setting for setting in settings if LOCAL_NAME[setting.tag] == "shd")
    if any(is_like(written, attribute(shade, "fill")) for shade in shades) and said.get("color") is not WHITE:
        said["ground"] = ON_DARK if is_dark(written) else ON_SAME
    return said


def _inherited(
    name: str, kind: str, base: Mapping[str, str], says: Mapping[str, Mapping[str, Mark | None]]
) -> Mark | None:
    """Follow the styles a style is based on to the first that says something; a circle says nothing."""
    seen: set[str] = set()
    while name in base and name not in seen:
        if kind in says[name]:
            return says[name][kind]
        seen.add(name)
        name = base[name]
    return None
