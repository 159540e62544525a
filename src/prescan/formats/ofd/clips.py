"""What is cut away of a filled path: without it, a coloured sheet with a small opening hides a page (GB/T 33190)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.ofd import strokes
from prescan.formats.ofd.place import IDENTITY, NUMBER, multiplied, placed
from prescan.formats.package import LOCAL_NAME, attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from prescan.formats.ofd.place import Matrix
    from prescan.formats.ofd.strokes import Point

_CLIPS_AT_MOST: Final = 8
_FLAT: Final = 1e-9


def clips(item: etree._Element, matrix: Matrix) -> Iterator[list[list[Point]]]:
    """Yield the figures inside of which an object is seen, for each of its clips; `matrix` leads from its own space.

    A clip with text in it is passed over: more is shown then, not less.
    """
    listed = [clip for held in item if LOCAL_NAME[held.tag] == "Clips" for clip in held]
    for clip in listed[:_CLIPS_AT_MOST]:
        held = clip.getparent()
        untouched = held is not None and attribute(held, "TransFlag").lower() == "false"
        base = multiplied(_back(_own(item)), matrix) if untouched else matrix
        found: list[list[Point]] = []
        words = False
        for area in clip:
            inner = multiplied(_own(area), base)
            for shape in area:
                words = words or LOCAL_NAME[shape.tag] != "Path"
                data = (str(one.text) for one in shape if LOCAL_NAME[one.tag] == "AbbreviatedData" and one.text)
                found += strokes.figures(next(data, ""), placed(shape, inner))
        if found and not words:
            yield found


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
