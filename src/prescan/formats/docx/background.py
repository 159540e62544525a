"""The background colour of a run in WordprocessingML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.docx.formatting import shading
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml import etree


#: Ancestors of a run that may be shaded → the element with their properties; those whose style may shade them.
_HOLDERS: Final = {"p": "pPr", "tc": "tcPr", "tbl": "tblPr"}
_STYLED: Final = frozenset({"p", "tc"})
_SHAPES: Final = frozenset({"wsp", "shape", "rect", "roundrect"})
_NAMES: Final = {"white": "FFFFFF", "bg1": "FFFFFF", "lt1": "FFFFFF", "black": "000000", "tx1": "000000"}
_PAGE: Final = re.compile(rb"<w:background\s[^<>]*?w:color=\"([0-9A-Fa-f]{6})\"")


def background_of_run(
    run: etree._Element, theme: Mapping[str, str], page: str, style_shading: Callable[[etree._Element], str | None]
) -> str:
    """Return the colour behind a run: that of its paragraph, cell, table, shape or page; "" if unknown.

    `page`: the colour of the page; `style_shading`: returns the shading that the style of a paragraph or cell gives.
    """
    for holder in run.iterancestors():
        name = LOCAL_NAME[holder.tag]
        if name == "txbxContent":
            return _shape_fill(holder)
        if name in _HOLDERS:
            settings = child(holder, _HOLDERS[name])
            element = None if settings is None else child(settings, "shd")
            fill = None if element is None else shading(element, theme)
            if fill is None and name in _STYLED and (element is None or attribute(element, "val") != "nil"):
                fill = style_shading(holder)
            if fill is not None:
                return fill
    return page


def page_colour(document: bytes) -> str:
    """Return the page colour in the bytes of a document, or ""; its settings decide whether it is shown."""
    found = _PAGE.search(document[: document.find(b"<w:body")])
    return found[1].decode() if found else ""


def _shape_fill(box: etree._Element) -> str:
    """Return the fill of the shape around a text box; "" if unknown or unfilled, as anything may be behind it."""
    shape = box.getparent()
    while shape is not None and LOCAL_NAME[shape.tag] not in _SHAPES:
        shape = shape.getparent()
    if shape is None:
        return ""
    properties = child(shape, "spPr")
    fill = None if properties is None else child(properties, "solidFill")
    if fill is None:
        element = attribute(shape, "fillcolor").split(" ")[0].lower()
        return _NAMES.get(element, _parse_colour(element))
    for colour in fill:
        value = attribute(colour, "val")
        return "" if len(colour) else _NAMES.get(value, _parse_colour(value))
    return ""


def _parse_colour(element: str) -> str:
    digits = element.removeprefix("#")
    if re.fullmatch(r"[0-9A-Fa-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return digits if re.fullmatch(r"[0-9A-Fa-f]{6}", digits) else ""
