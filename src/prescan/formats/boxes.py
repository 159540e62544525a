"""Boxes of a page: four edges each, whichever way the page counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prescan.formats.pdf.grid import Box


def area(box: Box) -> float:
    """Return how large a box is."""
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap(one: Box, other: Box) -> float:
    """Return how large the part is that two boxes share."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def shared(place: Box, box: Box) -> float:
    """Return how much of a box lies in a place: 1 = all of it."""
    return overlap(place, box) / (area(box) or 1.0)


def holds_middle(place: Box, box: Box) -> bool:
    """Tell whether the middle of a box lies in a place."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return place[0] <= x <= place[2] and place[1] <= y <= place[3]


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of some boxes, of which there is at least one."""
    held = list(boxes)
    return (
        min(box[0] for box in held),
        min(box[1] for box in held),
        max(box[2] for box in held),
        max(box[3] for box in held),
    )
