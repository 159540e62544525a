"""Geometry of boxes on a page: (left, top, right, bottom) or (left, bottom, right, top)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.formats.pdf.grid import Box


def area(box: Box) -> float:
    """Return the area of a box."""
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap(one: Box, other: Box) -> float:
    """Return the area of the intersection of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def covered_share(place: Box, box: Box) -> float:
    """Return which share of the area of `box` lies in `place`, 0 to 1."""
    return overlap(place, box) / (area(box) or 1.0)


def contains_centre(place: Box, box: Box) -> bool:
    """Return whether the centre of `box` lies in `place`."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return place[0] <= x <= place[2] and place[1] <= y <= place[3]


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that contains all of `boxes`, which must not be empty."""
    listed = list(boxes)
    return (
        min(box[0] for box in listed),
        min(box[1] for box in listed),
        max(box[2] for box in listed),
        max(box[3] for box in listed),
    )
