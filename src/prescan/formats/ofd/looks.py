"""How objects of an OFD look: text that cannot be seen, fills, and the lines of paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.ofd.place import (
    NUMBER,
    STEP,
    edge,
    within,
)
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from lxml import etree

    from prescan.formats.ofd.place import Matrix
    from prescan.formats.pdf.grid import Box

_TINY: Final = 2.0
"""In points; smaller text is not meant to be read."""
WHITE: Final = 245
WHITE_TEXT: Final = "白色的文字"
_PATH_CHARACTERS_AT_MOST: Final = 50_000


def text_concealment(item: etree._Element, points: float) -> tuple[str | None, str]:  # noqa: PLR0911  one for each reason
    """Return the finding type and note for a text object that cannot be seen."""
    if attribute(item, "Visible").lower() == "false":
        return "hidden_text", "设为不可见的文字"
    if points < _TINY:
        return "hidden_text", "极小的文字"
    if attribute(item, "Fill").lower() == "false" and attribute(item, "Stroke").lower() != "true":
        return "hidden_text", "既不填充也不描边的文字"
    if attribute(item, "Alpha") == "0":
        return "hidden_text", "全透明的文字"
    for child in item:
        if LOCAL_NAME[child.tag] == "FillColor":
            values = [within(float(number), 255) for number in NUMBER.findall(attribute(child, "Value"))]
            if attribute(child, "Alpha") == "0":
                return "hidden_text", "全透明的文字"
            if len(values) == 3 and min(values) >= WHITE:
                return "hidden_text", WHITE_TEXT
    return None, ""


def fill_of(item: etree._Element) -> list[int] | None:
    """Return the colour of an opaque fill ([] if unspecified), None if a path is unfilled or transparent."""
    if attribute(item, "Fill").lower() != "true" or attribute(item, "Alpha") not in {"", "255"}:
        return None
    for child in item:
        if LOCAL_NAME[child.tag] == "FillColor":
            if attribute(child, "Alpha") not in {"", "255"}:
                return None
            return [within(float(number), 255) for number in NUMBER.findall(attribute(child, "Value"))]
    return []


def edges_of(item: etree._Element, matrix: Matrix) -> tuple[list[Box], int]:
    """Return the boxes of a path's straight lines, and its number of figures."""
    data = next((str(child.text) for child in item if LOCAL_NAME[child.tag] == "AbbreviatedData" and child.text), "")
    points: list[tuple[float, float]] = []
    edges: list[Box] = []
    moves = 0
    for step in STEP.finditer(data[:_PATH_CHARACTERS_AT_MOST]):
        numbers = [float(number) for number in NUMBER.findall(step[2])]
        kind = step[1].upper()
        if kind == "C" and points:
            edges.append(edge(points[-1], points[0], matrix))
        elif kind in {"M", "S"} and len(numbers) > 1:
            points, moves = [(numbers[0], numbers[1])], moves + 1
        elif len(numbers) > 1:
            point = (numbers[-2], numbers[-1])
            if kind == "L" and points:
                edges.append(edge(points[-1], point, matrix))
            points.append(point)
    return edges, moves
