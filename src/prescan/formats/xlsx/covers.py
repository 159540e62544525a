"""Shapes and pictures of a sheet that cover its cells: boxes somebody drew to hide values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.formats.concealment import child
from prescan.formats.drawingml import SHAPES, parse_int
from prescan.formats.drawn_colour import is_opaque_box
from prescan.formats.media import is_opaque
from prescan.formats.package import LOCAL_NAME, attribute, descendants
from prescan.formats.xlsx.grid import LAST_COLUMN, LAST_ROW, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.office_parts import Parts

_COVERS_AT_MOST: Final = 1_000
_SIZES_AT_MOST: Final = 16_384
_STEPS_AT_MOST: Final = 5_000
_COLUMN, _ROW = 8.43, 15.0
"""Default width in characters and height in points."""
_POINT: Final = 12_700
_TOLERANCE: Final = 0.15
"""This share of a cell may remain visible at each edge of a cover."""
_ON: Final = frozenset({b"1", b"true"})
_SHEET_FORMAT: Final = re.compile(rb"<(?:\w+:)?sheetFormatPr\s[^<>]*>")
_COLUMNS: Final = re.compile(rb"<(?:\w+:)?col\s[^<>]*>")
_ROWS: Final = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*?\br="(\d{1,7})")[^<>]*?\bht="([0-9.]{1,12})"')
_NAMED: Final = re.compile(rb'(\w+)="([^"]*)"')


def covered_ranges(parts: Parts, sheet: str, content: bytes) -> list[Range]:
    """Return the cells that are covered by an opaque shape or picture; `content`: the bytes of the sheet."""
    found: list[Range] = []
    sizes: _Sizes | None = None
    for drawing in parts.related(sheet, "drawing"):
        root = parts.tree(drawing)
        for anchor in () if root is None else descendants(root, "twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
            if len(found) >= _COVERS_AT_MOST or not _has_cover(parts, drawing, anchor):
                continue
            sizes = sizes or _Sizes(content)
            if (
                covered_cells := _covered_cells(anchor)
                if LOCAL_NAME[anchor.tag] == "twoCellAnchor"
                else sizes.covered_cells(anchor)
            ):
                found.append(covered_cells)
    return found


class _Sizes:
    """The widths of columns and heights of rows of a sheet, in EMU, for anchors that state only the size of a shape."""

    def __init__(self, content: bytes) -> None:
        default = _SHEET_FORMAT.search(content)
        attributes = dict(_NAMED.findall(default[0])) if default else {}
        self._width = _width_emu(_to_float(attributes.get(b"defaultColWidth"), _COLUMN))
        self._height = _to_float(attributes.get(b"defaultRowHeight"), _ROW) * _POINT
        self._widths: dict[int, float] = {}
        for column in _COLUMNS.findall(content[: content.find(b"<sheetData")])[:_SIZES_AT_MOST]:
            attributes = dict(_NAMED.findall(column))
            first, last = int(_to_float(attributes.get(b"min"), 0)), int(_to_float(attributes.get(b"max"), 0))
            wide = 0.0 if attributes.get(b"hidden") in _ON else _width_emu(_to_float(attributes.get(b"width"), _COLUMN))
            self._widths.update(dict.fromkeys(range(first, min(last, first + _SIZES_AT_MOST) + 1), wide))
        self._heights = {int(row): _to_float(high, _ROW) * _POINT for row, high in _ROWS.findall(content)}

    def covered_cells(self, anchor: etree._Element) -> Range | None:
        """Return the cells covered by a shape that is anchored at one corner, None if there are none."""
        corner, point, extent = child(anchor, "from"), child(anchor, "pos"), child(anchor, "ext")
        if extent is None:
            return None
        if corner is not None:
            (column, across), (row, down) = _anchor_edge(corner, "col"), _anchor_edge(corner, "row")
        elif point is not None:
            (column, across), (row, down) = (0, parse_int(attribute(point, "x"))), (0, parse_int(attribute(point, "y")))
        else:
            return None
        left, right = self._within(column, across, parse_int(attribute(extent, "cx")), self._widths, self._width)
        top, bottom = self._within(row, down, parse_int(attribute(extent, "cy")), self._heights, self._height)
        return Range(top, left, bottom, right) if top <= bottom and left <= right else None

    @staticmethod
    def _within(at: int, offset: int, length: int, sizes: dict[int, float], default: float) -> tuple[int, int]:
        """Return the first and the last column or row, from 1, that are covered but for the tolerance."""
        start, end = float(offset), float(offset + length)
        edge, number, first = 0.0, at, 0
        while number - at < _STEPS_AT_MOST:
            number += 1
            size = sizes.get(number, default)
            if edge + _TOLERANCE * size >= start and not first:
                first = number
            if edge + (1 - _TOLERANCE) * size > end:
                break
            edge += size
        return first or number, number - 1


def _width_emu(characters: float) -> float:
    """Return the width of a column in EMU: characters of seven pixels and a margin (ECMA-376-1, 18.3.1.13)."""
    return (characters * 7 + 5) * 9_525


def _to_float(written: bytes | None, default: float) -> float:
    try:
        return min(float(written), 1e6) if written else default
    except ValueError:
        return default


def _has_cover(parts: Parts, drawing: str, anchor: etree._Element) -> bool:
    return any(_is_cover(parts, drawing, shape) for shape in _shapes(anchor))


def _shapes(anchor: etree._Element) -> Iterator[etree._Element]:
    return (shape for shape in anchor if LOCAL_NAME[shape.tag] in SHAPES)


def _is_cover(parts: Parts, drawing: str, shape: etree._Element) -> bool:
    if LOCAL_NAME[shape.tag] == "pic":
        return is_opaque(parts, drawing, shape)
    return is_opaque_box(shape)


def _covered_cells(anchor: etree._Element) -> Range | None:
    """Return the cells completely between the two corners of an anchor, None if there are none."""
    corners = child(anchor, "from"), child(anchor, "to")
    if corners[0] is None or corners[1] is None:
        return None
    (left, before), (top, above) = (_anchor_edge(corners[0], name) for name in ("col", "row"))
    (right, _), (bottom, _) = (_anchor_edge(corners[1], name) for name in ("col", "row"))
    covered_cells = Range(
        top + 1 + (above > 0), left + 1 + (before > 0), min(bottom, LAST_ROW), min(right, LAST_COLUMN)
    )
    return (
        covered_cells
        if covered_cells.top <= covered_cells.bottom and covered_cells.left <= covered_cells.right
        else None
    )


def _anchor_edge(corner: etree._Element, name: str) -> tuple[int, int]:
    """Return the row or column of a corner, from 0, and its offset from the start of that, in EMU."""
    at, beyond = child(corner, name), child(corner, f"{name}Off")
    return tuple(
        0 if attributes is None else max(0, parse_int((attributes.text or "").strip())) for attributes in (at, beyond)
    )  # type: ignore[return-value]  # two
