"""Drawings of WordprocessingML that cannot be seen: hidden, without size, or off the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import Concealment, child
from prescan.formats.package import LOCAL_NAME, ON, attribute

if TYPE_CHECKING:
    from lxml import etree

_HIDDEN: Final = Concealment("hidden", "hidden_text", "隐藏图形中的文字")
_SIZELESS: Final = Concealment("hidden", "hidden_text", "零尺寸图形中的文字")
_POINT: Final = 12_700
_ZERO_SIZE: Final = re.compile(
    r"(?:^|;)\s*(?:width|height)\s*:\s*0(?:\.\d+)?(?:pt|in|cm|mm|px)?\s*(?=;|$)", re.IGNORECASE
)
_OUTSIDE: Final = Concealment("hidden", "hidden_text", "页面之外图形中的文字")
#: In EMU: a drawing so far left of or above its margin is off any page, and so is one that begins this far away.
_MARGIN: Final = 1_800_000
_WIDEST: Final = 21_000_000
_VML_POSITION: Final = re.compile(
    r"(?:^|;)\s*(?:margin-)?(left|top)\s*:\s*(-?[0-9.]{1,9})(pt|in|cm|mm)?", re.IGNORECASE
)
_POINTS: Final = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "": 1.0}
_FAR: Final = 1_000.0


def drawing_concealment(drawing: etree._Element) -> Concealment | None:
    """Return why a drawing cannot be seen, None if it can."""
    for placed in drawing:
        named = child(placed, "docPr")
        if named is not None and attribute(named, "hidden").lower() in ON:
            return _HIDDEN
        extent = child(placed, "extent")
        if extent is not None and max(_number(attribute(extent, side)) for side in ("cx", "cy")) < _POINT:
            return _SIZELESS
        if LOCAL_NAME[placed.tag] == "anchor" and _is_off_page(placed):
            return _OUTSIDE
    return None


def _is_off_page(anchor: etree._Element) -> bool:
    """Return whether an anchored drawing lies outside its page."""
    extent = child(anchor, "extent")
    for axis, side in (("positionH", "cx"), ("positionV", "cy")):
        position = child(anchor, axis)
        offset = None if position is None else child(position, "posOffset")
        if position is None or offset is None:
            continue
        size = 0 if extent is None else _number(attribute(extent, side))
        begin = _number(offset.text or "")
        edge = 0 if attribute(position, "relativeFrom") == "page" else -_MARGIN
        if begin + size <= edge or begin > _WIDEST:
            return True
    return False


def vml_concealment(shape: etree._Element) -> Concealment | None:
    """Return why a VML shape cannot be seen, None if it can."""
    style = attribute(shape, "style")
    if "hidden" in style and re.search(r"visibility\s*:\s*hidden", style, re.IGNORECASE):
        return _HIDDEN
    if len(_ZERO_SIZE.findall(style)) > 1:
        return _SIZELESS
    for _, length, unit in _VML_POSITION.findall(style) if "-" in style else ():
        if _points(length) * _POINTS[unit.lower()] < -_FAR:
            return _OUTSIDE
    return None


def _number(value: str) -> int:
    value = value.strip()
    return int(value) if value.lstrip("-").isdecimal() and len(value) <= len("-2147483648") else 0


def _points(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
