"""On what a run of WordprocessingML stands: the colour behind its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.docx.looks import shade
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml import etree


#: What holds a run and may be painted, and where each keeps its settings; of some a style may paint it.
_HOLDERS: Final = {"p": "pPr", "tc": "tcPr", "tbl": "tblPr"}
_STYLED: Final = frozenset({"p", "tc"})
_SHAPES: Final = frozenset({"wsp", "shape", "rect", "roundrect"})
_NAMES: Final = {"white": "FFFFFF", "bg1": "FFFFFF", "lt1": "FFFFFF", "black": "000000", "tx1": "000000"}
_PAGE: Final = re.compile(rb"<w:background\s[^<>]*?w:color=\"([0-9A-Fa-f]{6})\"")


def behind(
    run: etree._Element, theme: Mapping[str, str], page: str, ask: Callable[[etree._Element], str | None]
) -> str:
    """Return the colour behind a run: that of its paragraph, cell, table, shape or page; "" if nobody knows it.

    `ask` says what the style of a paragraph or of a cell paints it with.
    """
    for holder in run.iterancestors():
        name = LOCAL_NAME[holder.tag]
        if name == "txbxContent":
            return _of_shape(holder)
        if name in _HOLDERS:
            settings = child(holder, _HOLDERS[name])
            told = None if settings is None else child(settings, "shd")
            fill = None if told is None else shade(told, theme)
            if fill is None and name in _STYLED and (told is None or attribute(told, "val") != "nil"):
                fill = ask(holder)
            if fill is not None:
                return fill
    return page


def of_page(document: bytes) -> str:
    """Return the colour a document gives its pages, or "" ; whether it is shown, its settings say."""
    found = _PAGE.search(document[: document.find(b"<w:body")])
    return found[1].decode() if found else ""


def _of_shape(box: etree._Element) -> str:
    """Return the colour of the shape around the content of a text box; an unfilled one may lie on anything."""
    shape = box.getparent()
    while shape is not None and LOCAL_NAME[shape.tag] not in _SHAPES:
        shape = shape.getparent()
    if shape is None:
        return ""
    looks = child(shape, "spPr")
    fill = None if looks is None else child(looks, "solidFill")
    if fill is None:
        told = attribute(shape, "fillcolor").split(" ")[0].lower()
        return _NAMES.get(told, _written(told))
    for colour in fill:
        value = attribute(colour, "val")
        return "" if len(colour) else _NAMES.get(value, _written(value))
    return ""


def _written(told: str) -> str:
    digits = told.removeprefix("#")
    if re.fullmatch(r"[0-9A-Fa-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return digits if re.fullmatch(r"[0-9A-Fa-f]{6}", digits) else ""
