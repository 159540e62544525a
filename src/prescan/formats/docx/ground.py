"""On what a run of WordprocessingML stands: the colour behind its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.marks import child
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from lxml import etree

#: What holds a run and may be painted, and where each keeps its settings.
_HOLDERS: Final = {"p": "pPr", "tc": "tcPr"}
_WHITES: Final = frozenset({"ffffff", "#ffffff", "#fff", "white", "bg1", "lt1"})
_ENDS: Final = frozenset({"tbl", "body", "txbxContent"})


def ground_of(run: etree._Element) -> str:
    """Return the colour behind a run: that of its own shading, its paragraph's or its cell's; "" if none is told."""
    if fill := _fill(child(run, "rPr")):
        return fill
    holder = run.getparent()
    while holder is not None and (name := LOCAL_NAME[holder.tag]) not in _ENDS:
        if name in _HOLDERS and (fill := _fill(child(holder, _HOLDERS[name]))):
            return fill
        holder = holder.getparent()
    return ""


def _fill(settings: etree._Element | None) -> str:
    shade = None if settings is None else child(settings, "shd")
    if shade is None:
        return ""
    return attribute(shade, "color" if attribute(shade, "val") == "solid" else "fill")


def stands_on_white(box: etree._Element) -> bool:
    """Tell whether the shape around the content of a text box is white; an unfilled one may lie on anything."""
    shape = box.getparent()
    while shape is not None and LOCAL_NAME[shape.tag] not in {"wsp", "shape", "rect", "roundrect"}:
        shape = shape.getparent()
    if shape is None:
        return False
    looks = child(shape, "spPr")
    fill = None if looks is None else child(looks, "solidFill")
    if fill is None:
        return attribute(shape, "fillcolor").split(" ")[0].lower() in _WHITES
    return any(attribute(colour, "val").lower() in _WHITES and not len(colour) for colour in fill)
