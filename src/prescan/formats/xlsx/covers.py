"""Shapes and pictures of a sheet that lie over its cells: boxes somebody drew to hide what they stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.drawingml import SHAPES, integer
from prescan.formats.drawn_colour import lets_nothing_through
from prescan.formats.marks import child
from prescan.formats.media import is_opaque
from prescan.formats.package import LOCAL_NAME, descendants
from prescan.formats.xlsx.grid import LAST_COLUMN, LAST_ROW, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.office_parts import Parts

_COVERS_AT_MOST: Final = 1_000


def covers(parts: Parts, sheet: str) -> list[Range]:
    """Return the cells that lie wholly under an opaque shape or picture of a sheet."""
    found: list[Range] = []
    for drawing in parts.related(sheet, "drawing"):
        root = parts.tree(drawing)
        for anchor in () if root is None else descendants(root, "twoCellAnchor"):
            if len(found) < _COVERS_AT_MOST and (place := _place(anchor)) and _covers(parts, drawing, anchor):
                found.append(place)
    return found


def _covers(parts: Parts, drawing: str, anchor: etree._Element) -> bool:
    return any(_hides(parts, drawing, shape) for shape in _shapes(anchor))


def _shapes(anchor: etree._Element) -> Iterator[etree._Element]:
    return (shape for shape in anchor if LOCAL_NAME[shape.tag] in SHAPES)


def _hides(parts: Parts, drawing: str, shape: etree._Element) -> bool:
    if LOCAL_NAME[shape.tag] == "pic":
        return is_opaque(parts, drawing, shape)
    return lets_nothing_through(shape)


def _place(anchor: etree._Element) -> Range | None:
    """Return the cells between the corners of an anchor that lie under it as a whole."""
    corners = child(anchor, "from"), child(anchor, "to")
    if corners[0] is None or corners[1] is None:
        return None
    (left, before), (top, above) = (_edge(corners[0], name) for name in ("col", "row"))
    (right, _), (bottom, _) = (_edge(corners[1], name) for name in ("col", "row"))
    place = Range(top + 1 + (above > 0), left + 1 + (before > 0), min(bottom, LAST_ROW), min(right, LAST_COLUMN))
    return place if place.top <= place.bottom and place.left <= place.right else None


def _edge(corner: etree._Element, name: str) -> tuple[int, int]:
    """Return the row or column of a corner, from 0, and how far behind its beginning it lies."""
    at, beyond = child(corner, name), child(corner, f"{name}Off")
    return tuple(0 if held is None else max(0, integer((held.text or "").strip())) for held in (at, beyond))  # type: ignore[return-value]  # two
