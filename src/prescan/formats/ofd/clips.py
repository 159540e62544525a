"""What is cut away of an object: of a filled path, that a sheet with an opening hides no page; of text (GB/T 33190)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.ofd.place import IDENTITY, NUMBER, POINTS, STEP, multiplied, placed
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


def clips(
    item: etree._Element, matrix: Matrix, figures: Callable[[str, Matrix], list[list[Point]]]
) -> Iterator[list[list[Point]]]:
    """Yield the figures inside of which an object is seen, for each of its clips; `matrix` leads from its own space.

    `figures` makes them of an AbbreviatedData. A clip with text in it is passed over: more is shown then, not less.
    So is one that names no path; one whose path is empty has no figures: nothing is seen of the object.
    """
    listed = [clip for held in item if LOCAL_NAME[held.tag] == "Clips" for clip in held]
    for clip in listed[:_CLIPS_AT_MOST]:
        held = clip.getparent()
        untouched = held is not None and attribute(held, "TransFlag").lower() == "false"
        base = multiplied(_back(_own(item)), matrix) if untouched else matrix
        found: list[list[Point]] = []
        words = paths = False
        for area in clip:
            inner = multiplied(_own(area), base)
            for shape in area:
                named = LOCAL_NAME[shape.tag] == "Path"
                words, paths = words or not named, paths or named
                data = (str(one.text) for one in shape if LOCAL_NAME[one.tag] == "AbbreviatedData" and one.text)
                found += figures(next(data, ""), placed(shape, inner))
        if paths and not words:
            yield found


def seen(item: etree._Element, matrix: Matrix) -> Box | None:
    """Return the box in points around all that clips leave of an object, None if it has none; an empty one is empty."""
    held: Box | None = None
    for figures in clips(item, matrix, _corners):
        points = [point for figure in figures for point in figure]
        xs, ys = [x * POINTS for x, _ in points] or [0.0], [y * POINTS for _, y in points] or [0.0]
        box = min(xs), min(ys), max(xs), max(ys)
        if held:
            box = max(box[0], held[0]), max(box[1], held[1]), min(box[2], held[2]), min(box[3], held[3])
        held = box
    return held


def _corners(data: str, matrix: Matrix) -> list[list[Point]]:
    """Return the points that steer a path: its lines and curves lie between them; of an arc it may be a little more."""
    a, b, c, d, e, f = matrix
    numbers: list[float] = []
    for step in STEP.finditer(data[:_CHARACTERS_AT_MOST]):
        own = [float(number) for number in NUMBER.findall(step[2])]
        numbers += own[-2:] if step[1].upper() == "A" else own[: len(own) & ~1]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return [[(a * x + c * y + e, b * x + d * y + f) for x, y in pairs]]


def _own(item: etree._Element) -> Matrix:
    """Return the CTM of an object."""
    numbers = [float(value) for value in NUMBER.findall(attribute(item, "CTM"))]
    return tuple(numbers) if len(numbers) == 6 else IDENTITY  # type: ignore[return-value]  # six it is


def _back(matrix: Matrix) -> Matrix:
    """Return the matrix that undoes another; one that cannot be undone is left alone."""
    a, b, c, d, e, f = matrix
    whole = a * d - b * c
    if abs(whole) < _FLAT:
        return IDENTITY
    return d / whole, -b / whole, -c / whole, a / whole, (c * f - d * e) / whole, (b * e - a * f) / whole
