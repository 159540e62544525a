"""Clips of objects: of a filled path, so that a sheet with an opening does not hide the page; of text (GB/T 33190)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.ofd.place import IDENTITY, NUMBER, POINTS, STEP, combined, placed
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree

    from prescan.formats.ofd.place import Matrix
    from prescan.formats.pdf.grid import Box

Point = tuple[float, float]

_CLIPS_AT_MOST: Final = 8
_CHARACTERS_AT_MOST: Final = 50_000
_FLAT: Final = 1e-9


def clip_figures(
    item: etree._Element, matrix: Matrix, figures: Callable[[str, Matrix], list[list[Point]]]
) -> Iterator[list[list[Point]]]:
    """Yield, for each clip of an object, the figures inside which it is visible; `matrix`: from its space to the page.

    `figures` makes them from an AbbreviatedData. A clip with text is skipped, which rather shows too much than too
    little; so is one without a path. An empty path gives no figures: nothing of the object is visible.
    """
    listed = [clip for visible in item if LOCAL_NAME[visible.tag] == "Clips" for clip in visible]
    for clip in listed[:_CLIPS_AT_MOST]:
        visible = clip.getparent()
        untouched = visible is not None and attribute(visible, "TransFlag").lower() == "false"
        base = combined(_inverse(_ctm(item)), matrix) if untouched else matrix
        found: list[list[Point]] = []
        has_text = has_paths = False
        for area in clip:
            inner = combined(_ctm(area), base)
            for shape in area:
                named = LOCAL_NAME[shape.tag] == "Path"
                has_text, has_paths = has_text or not named, has_paths or named
                data = (str(one.text) for one in shape if LOCAL_NAME[one.tag] == "AbbreviatedData" and one.text)
                found += figures(next(data, ""), placed(shape, inner))
        if has_paths and not has_text:
            yield found


def visible_box(item: etree._Element, matrix: Matrix) -> Box | None:
    """Return the bounds, in points, of what clips leave of an object; None if it has none; may be empty."""
    visible: Box | None = None
    for figures in clip_figures(item, matrix, _corners):
        points = [point for figure in figures for point in figure]
        xs, ys = [x * POINTS for x, _ in points] or [0.0], [y * POINTS for _, y in points] or [0.0]
        box = min(xs), min(ys), max(xs), max(ys)
        if visible:
            box = max(box[0], visible[0]), max(box[1], visible[1]), min(box[2], visible[2]), min(box[3], visible[3])
        visible = box
    return visible


def _corners(data: str, matrix: Matrix) -> list[list[Point]]:
    """Return the control points of a path, whose hull contains it (of an arc possibly a little more)."""
    a, b, c, d, e, f = matrix
    numbers: list[float] = []
    for step in STEP.finditer(data[:_CHARACTERS_AT_MOST]):
        own = [float(number) for number in NUMBER.findall(step[2])]
        numbers += own[-2:] if step[1].upper() == "A" else own[: len(own) & ~1]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [[(a * x + c * y + e, b * x + d * y + f) for x, y in pairs]]


def _ctm(item: etree._Element) -> Matrix:
    """Return the transformation matrix (CTM) of an object."""
    numbers = [float(value) for value in NUMBER.findall(attribute(item, "CTM"))]
    return tuple(numbers) if len(numbers) == 6 else IDENTITY  # type: ignore[return-value]  # six it is


def _inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a matrix; a singular one is returned as it is."""
    a, b, c, d, e, f = matrix
    determinant = a * d - b * c
    if abs(determinant) < _FLAT:
        return IDENTITY
    return (
        d / determinant,
        -b / determinant,
        -c / determinant,
        a / determinant,
        (c * f - d * e) / determinant,
        (b * e - a * f) / determinant,
    )
